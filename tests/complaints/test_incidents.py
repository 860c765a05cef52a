"""Incidents: complaints are tied together, split again, offered by what they share; each keeps its own way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from complaints import incidents, workflow
from complaints.models import Complaint, ComplaintEvent, Incident, IncidentComplaint, IncidentEvent
from departments.models import Role
from tests.make import NOON, make_complaint, make_department, make_district, make_person

pytestmark = pytest.mark.django_db

LEAK = "우동 사거리 상수도관이 터져서 물이 도로로 넘칩니다"


def officer() -> User:
    return make_person(Role.OFFICER)


def begin(title: str = "우동 상수도 누수", **more: Any) -> Incident:
    return incidents.begin(title, by=more.pop("by", None), now=more.pop("now", NOON), **more)


def moves(complaint: Complaint) -> list[str]:
    return list(complaint.events.values_list("move", flat=True))


def tied(incident: Incident) -> list[int]:
    return list(incident.members.filter(left_at=None).values_list("complaint_id", flat=True))


def test_a_complaint_that_nobody_holds_is_tied_and_assigned_in_one_step_and_both_are_undone() -> None:
    by, water = officer(), make_department("상수도사업본부")
    incident, complaint = begin(by=by, department=water), make_complaint(LEAK)
    incidents.join(incident, complaint, by=by, version=complaint.version, now=NOON)
    assert (complaint.status, complaint.department) == ("ASSIGNED", water)
    assert moves(complaint) == ["tie", "assign"]
    assert incidents.of(complaint) == incident
    assert [event.what for event in incident.events.all()] == ["begin", "join"]
    incidents.undo(complaint, by=by, version=complaint.version, now=NOON + timedelta(seconds=9))
    assert (complaint.status, complaint.department) == ("TRIAGED", None)
    assert incidents.of(complaint) is None
    assert moves(complaint) == ["tie", "assign", "undo", "untie"]


def test_an_undo_of_something_else_leaves_the_tie() -> None:
    by, water = officer(), make_department("상수도사업본부")
    incident, complaint = begin(by=by), make_complaint(LEAK)
    incidents.join(incident, complaint, by=by, version=None, now=NOON)
    assert complaint.status == "RECEIVED"
    workflow.assign(complaint, by=by, version=complaint.version, now=NOON + timedelta(minutes=1), department=water)
    incidents.undo(complaint, by=by, version=complaint.version, now=NOON + timedelta(minutes=2))
    assert incidents.of(complaint) == incident


def test_what_somebody_holds_stays_where_it_is() -> None:
    by, road = officer(), make_department("도로계획과")
    incident = begin(by=by, department=make_department("상수도사업본부"))
    complaint = make_complaint(LEAK, status="IN_PROGRESS", department=road)
    incidents.join(incident, complaint, by=by, version=None, now=NOON)
    assert (complaint.status, complaint.department) == ("IN_PROGRESS", road)


def test_a_complaint_is_in_one_incident_at_a_time_and_its_history_says_all_of_it() -> None:
    by, complaint = officer(), make_complaint(LEAK)
    first, second = begin(by=by), begin("좌동 누수", by=by)
    incidents.join(first, complaint, by=by, version=None, now=NOON)
    with pytest.raises(incidents.NotPossible):
        incidents.join(second, complaint, by=by, version=None, now=NOON)
    assert moves(complaint) == ["tie"]
    incidents.split(first, complaint, by=by, now=NOON)
    with pytest.raises(incidents.NotPossible):
        incidents.split(first, complaint, by=by, now=NOON)
    incidents.join(second, complaint, by=by, version=None, now=NOON)
    assert incidents.of(complaint) == second
    assert IncidentComplaint.objects.filter(complaint=complaint).count() == 2
    notes = list(complaint.events.values_list("move", "note"))
    assert notes == [("tie", first.title), ("untie", first.title), ("tie", second.title)]


def test_what_is_no_complaint_or_has_moved_on_is_not_tied() -> None:
    by, incident = officer(), begin()
    with pytest.raises(incidents.NotPossible):
        incidents.join(incident, make_complaint(status="DISMISSED"), by=by, version=None, now=NOON)
    complaint = make_complaint(LEAK)
    with pytest.raises(workflow.Conflict):
        incidents.join(incident, complaint, by=by, version=complaint.version + 1, now=NOON)
    with pytest.raises(workflow.Conflict):
        incidents.begin_with(complaint, title="누수", department=None, by=by, version=99, now=NOON)
    assert list(Incident.objects.all()) == [incident]
    assert tied(incident) == []


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_officers_lead(role: Role) -> None:
    person, incident, complaint = make_person(role), begin(), make_complaint(LEAK)
    who: dict[str, Any] = {"by": person, "now": NOON}
    attempts: list[Callable[[], object]] = [
        partial(incidents.begin, "누수", **who),
        partial(incidents.join, incident, complaint, version=None, **who),
        partial(incidents.gather, incident, [complaint], **who),
        partial(incidents.split, incident, complaint, **who),
        partial(incidents.change, incident, title="x", department=None, version=1, **who),
        partial(incidents.close, incident, version=1, **who),
    ]
    for attempt in attempts:
        with pytest.raises(workflow.MoveNotAllowed):
            attempt()
    assert ComplaintEvent.objects.count() == 0


def test_of_many_those_that_can_be_tied_are() -> None:
    by, incident, other = officer(), begin(), begin("다른 일")
    rows = [make_complaint(f"{LEAK} {n}") for n in range(3)]
    incidents.join(other, rows[1], by=by, version=None, now=NOON)
    assert incidents.gather(incident, reversed(rows), by=by, now=NOON) == [rows[0], rows[2]]
    assert tied(incident) == [rows[0].pk, rows[2].pk]
    assert moves(rows[1]) == ["tie"]


def test_the_desk_itself_gathers_without_assigning() -> None:
    incident, complaint = begin(department=make_department("상수도사업본부")), make_complaint(LEAK)
    incidents.gather(incident, [complaint], by=None, now=NOON)
    complaint.refresh_from_db()
    assert (complaint.status, complaint.department) == ("RECEIVED", None)


def test_a_new_department_gets_what_nobody_holds() -> None:
    by, water, incident = officer(), make_department("상수도사업본부"), begin()
    free, held = make_complaint(LEAK), make_complaint(LEAK, status="ASSIGNED", department=make_department("도로계획과"))
    incidents.gather(incident, [free, held], by=by, now=NOON)
    seen = incident.version
    incidents.change(incident, title="  우동   누수 ", department=water, by=by, version=seen, now=NOON)
    assert (incident.title, incident.department, incident.version) == ("우동 누수", water, seen + 1)
    free.refresh_from_db()
    held.refresh_from_db()
    assert (free.status, free.department) == ("ASSIGNED", water)
    assert held.department != water
    with pytest.raises(workflow.Conflict):
        incidents.change(incident, title="x", department=None, by=by, version=seen, now=NOON)
    with pytest.raises(incidents.NotPossible):
        incidents.change(incident, title=" \x00 ", department=None, by=by, version=incident.version, now=NOON)
    incidents.change(incident, title="누수", department=None, by=by, version=incident.version, now=NOON)
    assert incident.department is None


def test_a_closed_incident_takes_no_more_until_it_is_reopened() -> None:
    by, incident, complaint = officer(), begin(), make_complaint(LEAK)
    incidents.close(incident, by=by, version=incident.version, now=NOON, note="복구 완료")
    assert (incident.state, incident.closed_at) == ("CLOSED", NOON)
    with pytest.raises(incidents.NotPossible):
        incidents.join(incident, complaint, by=by, version=None, now=NOON)
    with pytest.raises(incidents.NotPossible):
        incidents.gather(incident, [complaint], by=by, now=NOON)
    with pytest.raises(incidents.NotPossible):
        incidents.close(incident, by=by, version=incident.version, now=NOON)
    incidents.reopen(incident, by=by, version=incident.version, now=NOON)
    incidents.join(incident, complaint, by=by, version=None, now=NOON)
    assert [event.what for event in incident.events.all()] == ["begin", "close", "reopen", "join"]


def test_incidents_with_a_like_complaint_are_offered_first_then_the_newest() -> None:
    by, here = officer(), make_district("해운대구")
    old = begin(by=by, now=NOON - timedelta(hours=5))
    incidents.join(old, make_complaint(LEAK, district=here), by=by, version=None, now=NOON)
    recent = [begin(f"행사 {n}", by=by, now=NOON + timedelta(minutes=n)) for n in range(3)]
    closed = begin("끝난 일", by=by, now=NOON + timedelta(hours=1))
    incidents.close(closed, by=by, version=closed.version, now=NOON)
    found = incidents.near(make_complaint("우동 사거리 상수도관 터져서 물이 넘쳐요", district=here), by, now=NOON)
    assert [one.incident for one in found] == [old, recent[2], recent[1]]
    assert "사거리" in found[0].words
    assert found[1].words == ()
    assert incidents.near(make_complaint("전혀 다른 이야기"), make_person(Role.ADMINISTRATOR), now=NOON) == []


def test_who_sees_which() -> None:
    water = make_department("상수도사업본부")
    mine, other = begin(department=water), begin("다른 일", department=make_department("도로계획과"))
    seen = {role: set(Incident.objects.visible_to(make_person(role, water))) for role in (Role.STAFF, Role.HEAD, *Role)}
    assert seen[Role.STAFF] == seen[Role.HEAD] == {mine}
    assert seen[Role.OFFICER] == seen[Role.MANAGER] == seen[Role.AUDITOR] == {mine, other}
    assert seen[Role.ADMINISTRATOR] == set()
    gone = make_person(Role.OFFICER, is_active=False)
    assert not Incident.objects.visible_to(gone).exists()


def test_what_happened_cannot_be_changed() -> None:
    begin()
    with pytest.raises(DatabaseError), transaction.atomic():
        IncidentEvent.objects.update(note="anders")


@pytest.mark.needs_pg
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_ties_it() -> None:
    officers, complaint = [officer(), officer()], make_complaint(LEAK)
    both, gate, ends = [begin("하나"), begin("둘")], threading.Barrier(2), list[str]()

    def work(at: int) -> None:
        try:
            gate.wait(timeout=30)
            row = Complaint.objects.get(pk=complaint.pk)
            incidents.join(both[at], row, by=officers[at], version=row.version, now=NOON)
            ends.append("tied")
        except (workflow.Conflict, incidents.NotPossible):
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[at]) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(ends) == ["refused", "tied"]
    assert IncidentComplaint.objects.filter(left_at=None).count() == 1
