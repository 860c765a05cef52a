"""Accepted, sent back, taken back, decided: no complaint falls between two departments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from complaints import bulk, idle, tasks, workflow
from complaints.models import Complaint, Status
from departments import directory, working_time
from departments.models import Department, Holiday, OfficeHours, Role
from tests.make import NOON, make_agency, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def assigned(department: Department, *, now: datetime = NOON, **values: Any) -> Complaint:
    complaint = make_complaint(**values)
    workflow.assign(complaint, by=make_person(Role.OFFICER), version=1, now=now, department=department)
    return complaint


def send_back(complaint: Complaint, *, now: datetime = NOON) -> User:
    by = make_person(Role.STAFF, complaint.department)
    workflow.send_back(complaint, by=by, version=complaint.version, now=now, reason="저희 소관이 아닙니다")
    return by


def bounced(times: int = 2, **values: Any) -> Complaint:
    """Assigned and sent back so often."""
    complaint = make_complaint(**values)
    for _time in range(times):
        officer = make_person(Role.OFFICER)
        workflow.assign(complaint, by=officer, version=complaint.version, now=NOON, department=make_department())
        send_back(complaint)
    return complaint


def may(user: User, complaint: Complaint) -> set[str]:
    return {move.name for move in workflow.moves_for(complaint, user)}


# --- accepting ------------------------------------------------------------------------------------------------------


def test_a_department_accepts_once_and_stays_where_it_is() -> None:
    tour = make_department()
    complaint, staff = assigned(tour), make_person(Role.STAFF, tour)
    assert {"accept", "send_back", "start"} <= may(staff, complaint)
    workflow.accept(complaint, by=staff, version=complaint.version, now=NOON + HOUR)
    assert (complaint.status, complaint.accepted_at, complaint.assignee) == (Status.ASSIGNED, NOON + HOUR, None)
    assert "accept" not in may(staff, complaint)
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.accept(complaint, by=staff, version=complaint.version, now=NOON + HOUR)
    assert "send_back" in may(staff, complaint)


@pytest.mark.parametrize("step", ["start", "hold"])
def test_who_begins_or_waits_has_accepted_since_the_first_time(step: str) -> None:
    tour = make_department()
    complaint, staff = assigned(tour), make_person(Role.STAFF, tour)
    given: dict[str, Any] = {"reason": "부품을 기다립니다"} if step == "hold" else {}
    getattr(workflow, step)(complaint, by=staff, version=complaint.version, now=NOON + HOUR, **given)
    assert complaint.accepted_at == NOON + HOUR
    if step == "start":
        workflow.hold(complaint, by=staff, version=complaint.version, now=NOON + 2 * HOUR, reason="기다립니다")
        assert complaint.accepted_at == NOON + HOUR


def test_what_nobody_has_cannot_be_accepted_by_waiting() -> None:
    complaint = make_complaint(status=Status.TRIAGED)
    workflow.hold(complaint, by=make_person(Role.OFFICER), version=1, now=NOON, reason="시민의 답을 기다립니다")
    assert complaint.accepted_at is None


def test_another_department_must_accept_anew() -> None:
    tour, road = make_department(), make_department("도로계획과")
    complaint = assigned(tour)
    workflow.accept(complaint, by=make_person(Role.HEAD, tour), version=complaint.version, now=NOON)
    workflow.assign(
        complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON + HOUR, department=road
    )
    assert (complaint.handed_at, complaint.accepted_at) == (NOON + HOUR, None)


# --- idle -----------------------------------------------------------------------------------------------------------


def test_what_nobody_accepts_in_time_goes_back_with_an_event() -> None:
    tour = make_department()
    complaint = assigned(tour)  # at noon: the lunch hour does not count
    assert idle.take_back(now=NOON + 3 * HOUR - timedelta(seconds=1)) == 0
    assert idle.take_back(now=NOON + 3 * HOUR) == 1
    complaint.refresh_from_db()
    assert (complaint.status, complaint.department, complaint.handed_at) == (Status.TRIAGED, None, None)
    event = complaint.events.get(move="take_back")
    assert (event.by, event.department, complaint.bounces) == (None, tour, 0)
    assert idle.take_back(now=NOON + 3 * HOUR) == 0
    stay = complaint.durations.get(figure="IN_DEPARTMENT")
    assert (stay.state, stay.department, stay.working_seconds, stay.wall_seconds) == ("DONE", tour, 7200, 10800)


def test_the_time_is_that_of_the_departments_own_office() -> None:
    night, tour, evening = make_department("당직실"), make_department(), NOON + 10 * HOUR
    for weekday in range(7):
        OfficeHours.objects.create(department=night, weekday=weekday, opens="00:00", closes="00:00")
    late, calm = assigned(night, now=evening), assigned(tour, now=evening)
    assert idle.take_back(now=evening + 2 * HOUR) == 1
    late.refresh_from_db()
    calm.refresh_from_db()
    assert (late.status, calm.status) == (Status.TRIAGED, Status.ASSIGNED)


def test_a_holiday_declared_meanwhile_counts() -> None:
    assigned(make_department())
    Holiday.objects.create(date="2026-11-24", name="임시공휴일", reason="시험")
    assert idle.take_back(now=NOON + 9 * HOUR) == 0
    assert idle.take_back(now=NOON + 23 * HOUR) == 1


@pytest.mark.parametrize("step", ["accept", "start", "hold"])
def test_what_is_accepted_or_waits_stays(step: str) -> None:
    tour = make_department()
    complaint, staff = assigned(tour), make_person(Role.STAFF, tour)
    given: dict[str, Any] = {"reason": "기다립니다"} if step == "hold" else {}
    getattr(workflow, step)(complaint, by=staff, version=complaint.version, now=NOON, **given)
    assert idle.take_back(now=NOON + timedelta(days=9)) == 0


def test_who_accepts_at_that_moment_is_faster_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    tour = make_department()
    complaint, staff = assigned(tour), make_person(Role.STAFF, tour)
    seen = Complaint.objects.get(pk=complaint.pk)
    workflow.accept(complaint, by=staff, version=complaint.version, now=NOON)
    monkeypatch.setattr(idle, "_waiting", lambda _now: [seen])
    assert idle.take_back(now=NOON + 9 * HOUR) == 0


def test_what_was_assigned_before_anybody_wrote_that_down_stays() -> None:
    make_complaint(status=Status.ASSIGNED)
    assert idle.take_back(now=NOON + timedelta(days=9)) == 0
    assert idle.accept_until(make_complaint(), working_time.calendar_for()) is None


def test_the_clock_takes_back(settings: Any) -> None:
    settings.ACCEPT_HOURS = 1
    complaint = assigned(make_department(), now=NOON - timedelta(days=400))
    tasks.take_back_idle()
    complaint.refresh_from_db()
    assert complaint.status == Status.TRIAGED


# --- arbitration ----------------------------------------------------------------------------------------------------


def test_the_second_return_goes_to_the_arbiter_who_decides_for_good() -> None:
    arbiter, officer, road = make_person(Role.ARBITER), make_person(Role.OFFICER), make_department("도로계획과")
    once, complaint = bounced(1), bounced(2)
    assert (once.arbitration, once.bounces) == ("", 1)
    assert "assign" in may(officer, once)
    assert may(arbiter, once) == set()
    assert (complaint.arbitration, complaint.bounces, complaint.status) == ("WAITING", 2, Status.TRIAGED)
    assert complaint.events.filter(move="arbiter", by=None).count() == 1
    assert not {"assign", "decide", "transfer"} & may(officer, complaint)
    assert {"decide", "transfer"} <= may(arbiter, complaint)
    workflow.decide(
        complaint, by=arbiter, version=complaint.version, now=NOON, department=road, reason="도로 표지판입니다"
    )
    head = make_person(Role.HEAD, road)
    assert (complaint.status, complaint.department, complaint.arbitration) == (Status.ASSIGNED, road, "DECIDED")
    assert complaint.accepted_at == NOON
    assert may(head, complaint) >= {"start", "hold"}
    assert not {"send_back", "accept"} & may(head, complaint)
    assert not {"assign", "transfer"} & may(officer, complaint)
    assert idle.take_back(now=NOON + timedelta(days=9)) == 0
    assert "decide" in may(arbiter, complaint)


def test_only_what_came_before_the_arbiter_is_seen_by_him() -> None:
    arbiter, tour = make_person(Role.ARBITER), make_department()
    mine, _other, bound = bounced(2), make_complaint(), make_complaint(status=Status.ASSIGNED, department=tour)
    assert list(Complaint.objects.visible_to(arbiter)) == [mine]
    both = make_person(Role.HEAD, tour)
    directory.grant(both, Role.ARBITER)
    assert set(Complaint.objects.visible_to(both)) == {mine, bound}


def test_without_an_arbiter_and_in_an_emergency_an_officer_stands_in() -> None:
    officer, complaint = make_person(Role.OFFICER), bounced(2)
    assert "decide" in may(officer, complaint)
    gone = make_person(Role.ARBITER, is_active=False)
    assert gone.memberships.exists()
    assert "decide" in may(officer, complaint)
    make_person(Role.ARBITER)
    assert "decide" not in may(officer, complaint)
    urgent = bounced(2, priority=Complaint.Priority.URGENT)
    assert "decide" in may(officer, urgent)
    workflow.decide(
        urgent, by=officer, version=urgent.version, now=NOON, department=make_department(), reason="급합니다"
    )
    assert "decide" not in may(officer, urgent)


def test_a_reopened_complaint_begins_without_its_past() -> None:
    arbiter, complaint = make_person(Role.ARBITER), bounced(2)
    workflow.transfer(
        complaint, by=arbiter, version=complaint.version, now=NOON, agency=make_agency(), reason="구청 일입니다"
    )
    assert complaint.status == Status.TRANSFERRED
    workflow.reopen(complaint, by=None, version=None, now=NOON, reason="다시 쓰셨습니다")
    assert (complaint.arbitration, complaint.bounces) == ("", 0)


def test_how_many_returns_are_too_many_is_the_citys_choice(settings: Any) -> None:
    settings.BOUNCES = 3
    assert bounced(2).arbitration == ""
    assert bounced(3).arbitration == "WAITING"


def test_a_step_for_many_leaves_the_arbiters_alone_and_says_why() -> None:
    officer, complaint = make_person(Role.OFFICER), bounced(2)
    version = complaint.version
    assert bulk.obstacle(complaint, "assign", version=version, user=officer) == "arbiter"
    assert bulk.obstacle(complaint, "dismiss", version=version, user=officer) == ""
