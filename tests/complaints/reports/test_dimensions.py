"""Broken down by everything there is: each group is what the slow reference makes of the same complaints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from complaints import clocks, ledger, workflow
from complaints.models import Complaint, ComplaintEvent, Duration, Figure, Status
from complaints.models.complaint import HELD
from complaints.models.kinds import LegalKind
from complaints.moves import MOVES
from complaints.packs import ENDINGS
from complaints.reports import numbers
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.slices import Slice, read
from complaints.spans import HANDS_ON
from departments.bureaus import bureau_of_departments
from departments.models import Department, Role
from tests.complaints.reports import reference
from tests.complaints.reports.office import Office
from tests.complaints.reports.reference import KST, Span
from tests.make import make_complaint, make_department, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.unmeasured]

STAY = "IN_DEPARTMENT"
NOW = datetime(2026, 12, 24, 3, 0, 0, tzinfo=UTC)
YEAR = {"period": "range", "from": "2026-01-01", "to": "2026-12-31"}


def first_people() -> dict[int, int]:
    """Complaint → who took its first step."""
    events = ComplaintEvent.objects.filter(by__isnull=False).order_by("-id")
    return dict(events.values_list("complaint_id", "by_id"))


def keys() -> dict[str, Callable[[int, Span], Any]]:
    """Dimension → the value of a complaint's span, found without the reports."""
    rows = Complaint.objects.select_related("account").in_bulk()
    people, bureaus, stays = first_people(), dict(Department.objects.values_list("pk", "bureau")), endings()
    return {
        "department": lambda _pk, span: span.department_id,
        "bureau": lambda _pk, span: bureaus.get(span.department_id or 0),
        "network": lambda pk, _span: rows[pk].account.kind,
        "account": lambda pk, _span: rows[pk].account_id,
        "district": lambda pk, _span: rows[pk].district_id,
        "officer": lambda pk, _span: people.get(pk),
        "kind": lambda _pk, _span: None,
        "priority": lambda pk, _span: rows[pk].priority,
        "weekday": lambda _pk, span: span.began_at.astimezone(KST).isoweekday(),
        "hour": lambda _pk, span: span.began_at.astimezone(KST).hour,
        "legal_kind": lambda pk, _span: rows[pk].legal_kind,
        "ending": lambda pk, span: stays[pk][span.began_at][0] if span.figure == "IN_DEPARTMENT" else None,
        "onward": lambda pk, span: stays[pk][span.began_at][1] if span.figure == "IN_DEPARTMENT" else None,
    }


def endings() -> dict[int, dict[datetime, tuple[str | None, int | None]]]:
    """Complaint → the begin of each stay → the move that ended it, and who got it next; walked event by event."""
    found: dict[int, dict[datetime, tuple[str | None, int | None]]] = defaultdict(dict)
    for pk in Complaint.objects.values_list("pk", flat=True):
        steps = list(ComplaintEvent.objects.filter(complaint=pk).exclude(to_status="").order_by("id"))
        stays = [stay for stay in reference.spans_of(Complaint.objects.get(pk=pk), steps) if stay.figure == STAY]
        for number, stay in enumerate(stays):
            move = next((step.move for step in steps if step.at == stay.ended_at), None)
            after = stays[number + 1].department_id if number + 1 < len(stays) else None
            found[pk][stay.began_at] = (move, after if move in ("assign", "decide", "send_back", "take_back") else None)
    return found


def test_every_group_is_the_references(histories: dict[int, list[Span]]) -> None:
    for by, key_of in keys().items():
        groups: dict[Any, list[Span]] = defaultdict(list)
        for pk, spans in histories.items():
            for span in spans:
                groups[(span.figure, key_of(pk, span))].append(span)
        for figure in Figure.values:
            asked = read({"figure": figure, "by": by, **YEAR}, now=NOW)
            found = numbers.by_group(asked, Duration.objects.all(), now=NOW)
            assert {(figure, key) for key in found} == {key for key in groups if key[0] == figure}
            for key, values in found.items():
                expected = reference.numbers_of(groups[(figure, key)], now=NOW)
                assert {name: getattr(values, name) for name in expected} == expected, (by, figure, key)


def test_a_group_alone_is_the_same_as_among_the_others(histories: dict[int, list[Span]]) -> None:
    for by in DIMENSIONS:
        asked = read({"figure": Figure.RESOLUTION, "by": by, **YEAR}, now=NOW)
        for key, expected in numbers.by_group(asked, Duration.objects.all(), now=NOW).items():
            alone = Slice(asked.figure, asked.period, where={by: "none" if key is None else str(key)})
            assert numbers.of_slice(alone, Duration.objects.all(), now=NOW) == expected, (by, key)


def test_the_kind_is_that_of_the_opening_post() -> None:
    office, complaint = Office(), make_complaint(status="RECEIVED")
    complaint.thread.get().post.__class__.objects.update(kind="comment")
    office.step(complaint, "11-24 13:00", "triage")
    asked = read({"figure": "FIRST_TOUCH", "by": "kind", "on": "2026-11-24"}, now=NOW)
    assert {kind: found.n for kind, found in numbers.by_group(asked, Duration.objects.all(), now=NOW).items()} == {
        "comment": 1
    }
    assert (
        numbers.of_slice(
            read({"figure": "FIRST_TOUCH", "kind": "comment", "on": "2026-11-24"}, now=NOW),
            Duration.objects.all(),
            now=NOW,
        ).n
        == 1
    )


def test_who_took_the_first_step_keeps_it_and_a_new_priority_reaches_every_span() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    other = make_person(Role.OFFICER)
    office.step(complaint, "11-02 09:10", "triage")
    office.step(complaint, "11-02 09:20", "assign", by=other, department=office.road)
    assert set(complaint.durations.values_list("first_by", flat=True)) == {office.officer.pk}
    now = complaint.received_at
    workflow.prioritise(complaint, by=other, version=complaint.version, now=now, urgent=True)
    assert set(complaint.durations.values_list("priority", flat=True)) == {"URGENT"}
    assert complaint.durations.count() == 4


def test_every_pair_of_dimensions_is_the_references(histories: dict[int, list[Span]]) -> None:
    known = keys()
    for by, other in (("department", "onward"), ("officer", "hour"), ("legal_kind", "department")):
        groups: dict[Any, list[Span]] = defaultdict(list)
        for pk, spans in histories.items():
            for span in spans:
                if span.figure == STAY:
                    groups[known[by](pk, span), known[other](pk, span)].append(span)
        found = numbers.by_pair(
            read({"figure": STAY, "by": by, **YEAR}, now=NOW), other, Duration.objects.all(), now=NOW
        )
        assert found.keys() == groups.keys()
        for key, values in found.items():
            expected = reference.numbers_of(groups[key], now=NOW)
            assert {name: getattr(values, name) for name in expected} == expected, (by, other, key)


def test_a_new_legal_kind_reaches_every_span() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    now, who = complaint.received_at, office.officer
    clocks.set_kind(complaint, by=who, version=complaint.version, now=now, kind=LegalKind.GRIEVANCE)
    assert set(complaint.durations.values_list("legal_kind", flat=True)) == {"GRIEVANCE"}


def test_every_move_that_takes_a_complaint_from_a_department_has_a_code() -> None:
    """A move without one could not be packed. What goes on after a hold goes on in the same department."""
    leaving = {
        move.name
        for move in MOVES.values()
        if {*move.froms} & {*HELD, Status.ON_HOLD}
        and (move.to not in (*HELD, Status.ON_HOLD) or "department" in move.needs)
    }
    assert leaving - {"resume"} <= set(ENDINGS)


def test_every_ending_has_a_code_and_a_word() -> None:
    assert set(ENDINGS) == {"", *ledger.ENDS}
    assert set(HANDS_ON) < set(ENDINGS)


def test_a_bureau_is_the_top_of_the_tree() -> None:
    bureau = make_department("도시혁신균형실", code="B1")
    division = make_department("도로국", code="B2", parent=bureau)
    office = make_department("도로계획과", code="B3", parent=division, bureau="다른 실")
    alone, named = make_department("감사위원회", code="B4"), make_department("홍보담당관", code="B5", bureau="대변인")
    found = bureau_of_departments()
    assert [found[row.pk] for row in (bureau, division, office, alone, named)] == [
        "도시혁신균형실", "도시혁신균형실", "도시혁신균형실", "감사위원회", "대변인",
    ]  # fmt: skip
    Department.objects.filter(pk=bureau.pk).update(parent=office)
    assert set(bureau_of_departments()) == set(found)
