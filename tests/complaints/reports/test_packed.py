"""Packed columns say what the table says: every number of every slice, while things go on, equal to the second."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from channels_sns.adapters.contract import PostKind
from channels_sns.clock import database_now
from complaints import packs, tasks, workflow
from complaints.models import Complaint, ComplaintPost, Duration, Figure, PackState, SpanPack
from complaints.reports import frames
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.dimensions import KINDS as KIND_WORDS
from complaints.reports.packed import Packed
from complaints.reports.slices import Slice, read
from complaints.reports.sources import Exact
from departments.models import Role
from tests.complaints.reports.office import Office
from tests.complaints.reports.reference import Span
from tests.make import make_person, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.unmeasured]

NOW = datetime(2026, 12, 24, 3, 0, 0, tzinfo=UTC)
PERIODS: tuple[dict[str, str], ...] = (
    {"period": "range", "from": "2026-01-01", "to": "2026-12-31"},
    {"period": "range", "from": "2026-02-14", "to": "2026-09-03"},
    {"period": "month", "on": "2026-05-05"},
    {"period": "quarter", "on": "2026-12-05"},
    {"period": "week", "on": "2026-03-01"},
    {"period": "day", "on": "2026-07-07"},
    {"period": "month", "on": "2020-01-01"},
)


def pack() -> int:
    """As if everything written so far had settled."""
    return packs.refresh(now=database_now() + packs.SETTLED)


def sources() -> tuple[Exact, Packed]:
    rows = Duration.objects.all()
    found = Exact(rows), Packed(rows)
    assert found[1].frames.are_there
    return found


def same_everywhere(dice: random.Random, *, rounds: int = 25) -> None:
    """Random slices of every shape, asked both ways."""
    exact, packed = sources()
    for period in PERIODS:
        asked = read(period, now=NOW)
        assert packed.by_figure(asked, now=NOW) == exact.by_figure(asked, now=NOW)
        several = (asked.period, asked.period.before(), asked.period.year_before())
        assert packed.of_periods(asked, several, now=NOW) == exact.of_periods(asked, several, now=NOW)
        assert packed.by_week(asked, now=NOW) == exact.by_week(asked, now=NOW)
        assert packed.arrivals(asked, now=NOW) == exact.arrivals(asked, now=NOW)
    for by in DIMENSIONS:
        for figure in Figure.values:
            asked = read({**PERIODS[0], "figure": figure, "by": by}, now=NOW)
            assert packed.by_group(asked, now=NOW) == exact.by_group(asked, now=NOW), (by, figure)
    rows = list(Duration.objects.select_related("account", "department"))
    for _round in range(rounds):
        asked = random_slice(dice, dice.choice(rows))
        assert packed.by_group(asked, now=NOW) == exact.by_group(asked, now=NOW), asked
        other = dice.choice(sorted({*DIMENSIONS} - {asked.by}))
        assert packed.by_pair(asked, other, now=NOW) == exact.by_pair(asked, other, now=NOW), (asked, other)
        assert packed.of_slice(asked, now=NOW) == exact.of_slice(asked, now=NOW), asked
        assert packed.backlog(asked, now=NOW) == exact.backlog(asked, now=NOW)


def random_slice(dice: random.Random, row: Duration) -> Slice:
    """Narrowed to what this span has, in two dimensions."""
    values: dict[str, Any] = {
        "department": row.department_id, "network": row.account.kind, "account": row.account_id,
        "bureau": row.department.bureau if row.department else None, "district": row.district_id,
        "officer": row.first_by_id, "priority": row.priority, "kind": dice.choice([None, "mention", "comment"]),
        "hour": (row.began_at.hour + 9) % 24, "weekday": dice.randrange(1, 8), "legal_kind": row.legal_kind,
        "ending": row.ending or None, "onward": row.onward_id,
    }  # fmt: skip
    where = {name: "none" if values[name] is None else str(values[name]) for name in dice.sample(sorted(values), 2)}
    asked = {"figure": row.figure, "by": dice.choice(sorted(DIMENSIONS)), **dice.choice(PERIODS), **where}
    return read(asked, now=NOW)


def give_posts(dice: random.Random) -> None:
    """Most complaints have an opening post, of some kind."""
    for complaint in Complaint.objects.select_related("account"):
        if dice.random() < 0.8:
            post = make_post(complaint.account, kind=dice.choice(packs.KINDS[1:]))
            ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=NOW, opened=True)


def live_on(dice: random.Random) -> None:
    """What happens next: reopened, looked at anew, more urgent, taken up, back from the dismissed."""
    officer = make_person(Role.OFFICER)
    for complaint in Complaint.objects.order_by("pk"):
        now = NOW - timedelta(seconds=dice.randrange(1, 9_000_000))
        moves = [move.name for move in workflow.moves_for(complaint, officer) if move.name in ("reopen", "triage")]
        if moves and dice.random() < 0.3:
            more = {"reason": "다시"} if moves[0] == "reopen" else {}
            getattr(workflow, moves[0])(complaint, by=officer, version=complaint.version, now=now, **more)
        elif dice.random() < 0.2:
            workflow.note(complaint, by=officer, now=now, text="봄")


def test_every_slice_is_the_same_while_things_go_on(histories: dict[int, list[Span]]) -> None:
    dice = random.Random(7)
    give_posts(dice)
    assert pack() > 50
    same_everywhere(dice)
    live_on(dice)
    same_everywhere(dice)
    assert 0 < pack_what_is_new() <= SpanPack.objects.filter(column="id").count()
    same_everywhere(dice, rounds=10)


def pack_what_is_new() -> int:
    """As after another day."""
    through = PackState.objects.get().through
    found = packs.refresh(now=through + packs.AT_LEAST_EVERY)
    PackState.objects.update(through=database_now())
    return found


def test_little_news_wait_for_the_night() -> None:
    Office().receive("11-02 09:00")
    assert pack() == 3
    assert packs.refresh(now=database_now()) == 0
    through = PackState.objects.get().through
    assert packs.refresh(now=database_now() + packs.AT_LEAST_EVERY + packs.SETTLED) == 0
    assert PackState.objects.get().through > through


def test_much_news_are_packed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    pack()
    monkeypatch.setattr(packs, "ENOUGH", 4)
    complaint = office.receive("11-02 09:00")
    assert packs.refresh(now=database_now() + packs.SETTLED) == 0
    office.step(complaint, "11-02 09:05", "triage")
    office.receive("11-03 09:00")
    assert packs.refresh(now=database_now() + packs.SETTLED) > 0
    assert SpanPack.objects.get(column="id").figure == "FIRST_TOUCH"


def test_what_was_deleted_leaves_the_packs(histories: dict[int, list[Span]]) -> None:
    pack()
    Duration.objects.filter(pk__in=Duration.objects.exclude(state="OPEN")[:10].values("pk")).delete()
    assert 0 < pack_what_is_new() <= 10
    same_everywhere(random.Random(1), rounds=5)
    Duration.objects.all().delete()
    pack_what_is_new()
    assert not SpanPack.objects.exists()


def test_without_packs_or_with_too_much_news_the_table_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    office.receive("11-02 09:00")
    rows, asked = Duration.objects.all(), read({"on": "2026-11-02"}, now=NOW)
    for _again in range(2):
        packed = Packed(rows)
        assert not packed.frames.are_there
        assert packed.of_slice(asked, now=NOW).open == 1
        assert packed.by_figure(asked, now=NOW) == Exact(rows).by_figure(asked, now=NOW)
        assert packed.by_group(asked, now=NOW) == Exact(rows).by_group(asked, now=NOW)
        assert packed.by_pair(asked, "hour", now=NOW) == Exact(rows).by_pair(asked, "hour", now=NOW)
        assert packed.by_week(asked, now=NOW) == Exact(rows).by_week(asked, now=NOW)
        assert packed.arrivals(asked, now=NOW) == {(1, 9): 1}
        pack()
        monkeypatch.setattr(frames, "MOST_FRESH", 2)
        Duration.objects.update(changed_at=database_now() + timedelta(seconds=1))


def test_the_clock_packs() -> None:
    Office().receive("11-02 09:00")
    tasks.pack_spans()
    assert PackState.objects.exists()


def test_every_kind_of_post_has_a_code_and_a_word() -> None:
    assert set(packs.KINDS) == {"", *get_args(PostKind)}
    assert set(KIND_WORDS) == set(get_args(PostKind))
