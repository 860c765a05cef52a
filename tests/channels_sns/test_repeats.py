"""What is said again and again: drafts days ahead, none on holidays, none twice, nothing by itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from channels_sns import broadcasts, releases, repeats
from channels_sns.models import Broadcast, Occurrence, OutboundPost, Repeat
from channels_sns.models.broadcast import Kind
from channels_sns.models.repeat import Days
from departments.models import Role
from tests.make import NOON, make_account, make_person

pytestmark = pytest.mark.django_db
#: NOON is Tuesday, 24 November 2026.
THURSDAY = date(2026, 11, 26)


def no_holiday(_day: date) -> bool:
    return False


def make_repeat(by: User | None = None, **values: Any) -> Repeat:
    known = {"kind": Kind.MORNING, "title": "아침인사", "text": "좋은 아침입니다", "days": "WORKING", "at": time(8, 30)}
    accounts = values.pop("accounts", None) or [make_account()]
    return repeats.begin(accounts=accounts, by=by or make_person(Role.OFFICER), now=NOON, **{**known, **values})


def days() -> list[date]:
    return list(Occurrence.objects.order_by("day").values_list("day", flat=True))


def test_working_days_get_a_draft_each_and_holidays_none() -> None:
    repeat = make_repeat()
    assert repeats.make_ahead(now=NOON, is_holiday=lambda day: day == THURSDAY) == 4
    assert [f"{day:%m-%d}" for day in days()] == ["11-25", "11-27", "11-30", "12-01"]
    first = Broadcast.objects.order_by("publish_at").first()
    assert first is not None
    assert (first.state, first.title, first.text) == ("DRAFT", "아침인사 11-25", "좋은 아침입니다")
    assert first.publish_at == datetime.fromisoformat("2026-11-25T08:30+09:00")
    assert first.written_by == repeat.written_by
    assert [variant.account for variant in first.variants.all()] == list(repeat.accounts.all())


def test_twice_is_once_and_a_given_up_day_stays_given_up() -> None:
    make_repeat(days=Days.DAILY, ahead_days=2)
    assert repeats.make_ahead(now=NOON, is_holiday=no_holiday) == 2
    given_up = Broadcast.objects.order_by("publish_at")[0]
    broadcasts.cancel(given_up, by=make_person(Role.OFFICER), version=1, now=NOON)
    assert repeats.make_ahead(now=NOON, is_holiday=no_holiday) == 0


def test_two_at_once_make_one_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    repeat = make_repeat(days=Days.DAILY, ahead_days=1)
    missing = repeats._missing(repeat, NOON, no_holiday)
    assert repeats.make_ahead(now=NOON, is_holiday=no_holiday) == 1
    monkeypatch.setattr(repeats, "_missing", lambda *_any: missing)
    assert repeats.make_ahead(now=NOON, is_holiday=no_holiday) == 0
    assert Broadcast.objects.count() == 1, "what lost the race leaves no draft behind"


def test_nothing_is_posted_that_nobody_approved() -> None:
    make_repeat()
    repeats.make_ahead(now=NOON, is_holiday=no_holiday)
    releases.release_due(now=NOON + timedelta(days=30))
    assert not OutboundPost.objects.exists()


def test_todays_passed_hour_is_left_out_and_the_one_to_come_is_not() -> None:
    make_repeat(days=Days.DAILY, ahead_days=1)
    make_repeat(days=Days.DAILY, ahead_days=1, at=time(12, 1))
    repeats.make_ahead(now=NOON, is_holiday=no_holiday)
    assert [f"{day:%m-%d}" for day in days()] == ["11-24", "11-25", "11-25"]


@pytest.mark.parametrize(
    ("rhythm", "holiday", "expected"),
    [
        (Days.DAILY, True, [24, 25, 26, 27, 28, 29, 30]),
        (Days.WORKING, False, [24, 25, 26, 27, 30]),
        (Days.THU, False, [26]),
        (Days.THU, True, []),
        (Days.SUN, False, [29]),
    ],
)
def test_days(rhythm: str, holiday: bool, expected: list[int]) -> None:
    found = repeats.days_of(
        Repeat(days=rhythm), date(2026, 11, 24), date(2026, 11, 30), lambda day: holiday and day == THURSDAY
    )
    assert [day.day for day in found] == expected


def test_a_change_makes_untouched_drafts_anew_and_leaves_what_somebody_wrote() -> None:
    officer = make_person(Role.OFFICER)
    repeat = make_repeat(days=Days.DAILY, ahead_days=2)
    repeats.make_ahead(now=NOON, is_holiday=no_holiday)
    written = Broadcast.objects.order_by("publish_at")[0]
    broadcasts.change(written, version=1, by=officer, now=NOON, text="오늘은 눈이 옵니다")
    accounts = list(repeat.accounts.all())
    repeats.change(repeat, accounts=accounts, version=1, by=officer, now=NOON, text="새 인사", at=time(9, 0))
    assert repeats.make_ahead(now=NOON, is_holiday=no_holiday) == 1
    kept = Broadcast.objects.filter(state="DRAFT").order_by("publish_at")
    assert [one.text for one in kept] == ["오늘은 눈이 옵니다", "새 인사"]
    assert Broadcast.objects.get(state="CANCELLED").reason


def test_a_stopped_one_makes_nothing_more() -> None:
    officer, repeat = make_person(Role.OFFICER), make_repeat()
    repeats.make_ahead(now=NOON, is_holiday=no_holiday)
    repeats.stop(repeat, version=1, by=officer, now=NOON)
    assert repeats.make_ahead(now=NOON, is_holiday=no_holiday) == 0
    assert not Broadcast.objects.filter(state="DRAFT").exists()
    with pytest.raises(broadcasts.NotPossible):
        repeats.stop(repeat, version=2, by=officer, now=NOON)


def test_the_slower_of_two_officers_is_told() -> None:
    officer, repeat = make_person(Role.OFFICER), make_repeat()
    seen = Repeat.objects.get()
    repeats.change(repeat, accounts=repeat.accounts.all(), version=1, by=officer, now=NOON, title="아침")
    with pytest.raises(broadcasts.Conflict):
        repeats.change(seen, accounts=repeat.accounts.all(), version=1, by=officer, now=NOON, title="밤")
    assert Repeat.objects.get().title == "아침"


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(broadcasts.NotPossible):
        make_repeat(title=" ")
    with pytest.raises(broadcasts.NotPossible):
        make_repeat(ahead_days=32)
    with pytest.raises(broadcasts.NotPossible):
        repeats.begin(accounts=[], by=make_person(Role.OFFICER), now=NOON, title="t", at=time(9, 0))
    with pytest.raises(TypeError):
        make_repeat(stopped_at=NOON)
    with pytest.raises(IntegrityError):
        make_repeat(kind=Kind.EMERGENCY)
