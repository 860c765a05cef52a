"""The transfer clocks: one, three and eight office hours, from the right moment, said in words, told once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints import alerts, escalation, handing, workflow
from complaints.models import Alert, Complaint, Escalation, Stage
from complaints.pages import rows
from departments import working_time
from departments.models import Agency, Department, Holiday, Membership, Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


def ends(complaint: Complaint) -> dict[str, datetime]:
    row = handing.with_given(Complaint.objects.filter(pk=complaint.pk)).get()
    calendar = working_time.calendar_for()
    return {one.step.value: one.due_at for one in handing.steps_of(row, calendar=calendar)}


def assign(complaint: Complaint, department: Department, now: datetime) -> None:
    officer = make_person(Role.OFFICER)
    workflow.assign(complaint, by=officer, version=complaint.version, now=now, department=department)


def send_back(complaint: Complaint, now: datetime) -> None:
    staff = make_person(Role.STAFF, complaint.department)
    workflow.send_back(complaint, by=staff, version=complaint.version, now=now, reason="소관이 아님")


def test_from_the_receipt_one_hour_to_the_department_and_eight_to_another_agency() -> None:
    complaint = make_complaint()
    assert ends(complaint) == {
        "to-department": seoul("2026-11-24T14:00"),
        "to-other-agency": seoul("2026-11-25T12:00"),
        "supplement": seoul("2026-11-25T12:00"),
    }


def test_from_a_wrong_department_three_hours_since_it_got_it_also_by_way_of_the_desk() -> None:
    complaint, tour = make_complaint(), make_department()
    assign(complaint, tour, NOON + HOUR)
    due_at = ends(complaint)["to-other-department"]
    assert due_at == seoul("2026-11-24T16:00")
    send_back(complaint, NOON + 2 * HOUR)
    assert ends(complaint)["to-other-department"] == due_at
    assert "to-department" not in ends(complaint)


def test_it_ends_with_the_acceptance_and_a_reopening_begins_anew() -> None:
    complaint, tour = make_complaint(), make_department()
    assign(complaint, tour, NOON)
    workflow.accept(complaint, by=make_person(Role.STAFF, tour), version=complaint.version, now=NOON + HOUR)
    assert ends(complaint) == {}
    again = make_complaint()
    assign(again, tour, NOON)
    send_back(again, NOON + HOUR)
    officer = make_person(Role.OFFICER)
    workflow.dismiss(again, by=officer, version=again.version, now=NOON + HOUR, reason="광고")
    assert ends(again) == {}
    later = seoul("2026-11-26T10:00")
    workflow.reopen(again, by=officer, version=again.version, now=later, reason="다시")
    assert ends(again)["to-department"] == seoul("2026-11-26T11:00")


def test_a_list_says_it_in_words() -> None:
    complaint = make_complaint()
    user = make_person(Role.OFFICER)

    def said(now: datetime) -> list[str]:
        found = rows.rows_of(rows.for_list(Complaint.objects.filter(pk=complaint.pk)), user, now=now)
        return [due.text for due in found[0].dues]

    assert said(seoul("2026-11-24T13:30"))[-1] == "이송 기한 30분 남음"
    assert said(seoul("2026-11-24T16:00"))[-1] == "이송 기한 2근무시간 초과"
    assert len(said(seoul("2026-11-24T16:00"))) == 2


def told(now: datetime, stage: Stage = Stage.TRANSFER) -> set[Any]:
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    before = set(Alert.objects.values_list("pk", flat=True))
    escalation.escalate(now=now)
    return {row.user for row in Alert.objects.exclude(pk__in=before).filter(stage=stage)}


def test_what_passed_is_told_once_to_who_has_it() -> None:
    officer, tour = make_person(Role.OFFICER), make_department()
    staff, head = make_person(Role.STAFF, tour), make_person(Role.HEAD, tour)
    complaint = make_complaint()
    assert told(seoul("2026-11-24T13:59")) == set()
    assert told(seoul("2026-11-24T14:00")) == {officer}
    assert told(seoul("2026-11-24T14:01")) == set()
    workflow.assign(complaint, by=officer, version=complaint.version, now=seoul("2026-11-24T14:30"), department=tour)
    assert told(seoul("2026-11-24T17:29")) == set()
    assert told(seoul("2026-11-24T17:30")) == {staff, head}
    assert told(seoul("2026-11-24T17:31")) == set()
    assert Escalation.objects.filter(complaint=complaint, stage="TRANSFER").count() == 2


def test_eight_hours_to_another_agency_are_told_once_to_the_desk_and_a_reopening_begins_anew() -> None:
    officer = make_person(Role.OFFICER)
    complaint, agency = make_complaint(), Stage.AGENCY
    assert told(seoul("2026-11-25T11:59"), agency) == set()
    assert told(seoul("2026-11-25T12:00"), agency) == {officer}
    assert told(seoul("2026-11-25T12:01"), agency) == set()
    assert Alert.objects.filter(stage=agency).get().due_at == seoul("2026-11-25T12:00")
    workflow.dismiss(complaint, by=officer, version=complaint.version, now=seoul("2026-11-25T13:00"), reason="광고")
    workflow.reopen(complaint, by=officer, version=complaint.version, now=seoul("2026-11-26T10:00"), reason="다시")
    assert told(seoul("2026-11-27T09:59"), agency) == set()
    assert told(seoul("2026-11-27T10:00"), agency) == {officer}
    assert told(seoul("2026-11-27T10:01"), agency) == set()


def test_the_eight_hours_are_told_to_who_may_transfer_it_and_not_while_a_department_has_it() -> None:
    officer, tour = make_person(Role.OFFICER), make_department()
    make_person(Role.STAFF, tour)
    complaint, late = make_complaint(), seoul("2026-11-25T13:00")
    assign(complaint, tour, seoul("2026-11-25T11:30"))
    complaint.refresh_from_db()
    alert = Alert(complaint=complaint, stage=Stage.AGENCY, due_at=late)
    assert told(late, Stage.AGENCY) == set()
    assert not alerts._is_needed(alert)
    send_back(complaint, late)
    complaint.refresh_from_db()
    assert alerts._is_needed(alert)
    assert officer in told(late, Stage.AGENCY)


@pytest.mark.parametrize("priority", ["NORMAL", "URGENT"])
def test_what_came_before_the_arbiter_is_told_to_him_and_an_emergency_to_the_desk_as_well(priority: str) -> None:
    officer, arbiter = make_person(Role.OFFICER), make_person(Role.ARBITER)
    make_complaint(status="TRIAGED", arbitration="WAITING", priority=priority)
    expected = {arbiter, officer} if priority == "URGENT" else {arbiter}
    assert told(seoul("2026-11-25T12:00"), Stage.AGENCY) == expected


def test_after_an_outage_only_the_later_of_the_two_is_told() -> None:
    officer = make_person(Role.OFFICER)
    make_complaint()
    assert told(seoul("2026-11-25T12:00"), Stage.AGENCY) == {officer}
    assert told(seoul("2026-11-25T12:05")) == set()
    assert not Escalation.objects.filter(stage=Stage.TRANSFER).exists()


@pytest.mark.parametrize("move", ["accept", "transfer"])
def test_of_what_was_accepted_or_transferred_in_time_the_eight_hours_are_not_told(move: str) -> None:
    officer, tour, at = make_person(Role.OFFICER), make_department(), seoul("2026-11-25T11:00")
    complaint = make_complaint()
    if move == "accept":
        assign(complaint, tour, at)
        workflow.accept(complaint, by=make_person(Role.STAFF, tour), version=complaint.version, now=at)
    else:
        agency = Agency.objects.create(code="haeundae", name="해운대구청")
        workflow.transfer(complaint, by=officer, version=complaint.version, now=at, agency=agency, reason="구 소관")
    assert told(seoul("2026-11-25T13:00"), Stage.AGENCY) == set()
    assert not alerts._is_needed(Alert(complaint=complaint, stage=Stage.AGENCY, due_at=at))


def test_holidays_of_more_than_a_week_do_not_swallow_it_and_what_is_long_past_is_not_told() -> None:
    officer = make_person(Role.OFFICER)
    for day in range(1, 11):
        Holiday.objects.create(date=date(2026, 12, day), name="긴 연휴", reason="시험")
    make_complaint(received_at=seoul("2026-11-30T17:30"), due_at=seoul("2027-01-30T18:00"))
    assert told(seoul("2026-12-11T09:30")) == {officer}
    assert told(seoul("2026-12-11T17:30"), Stage.AGENCY) == {officer}
    make_complaint(received_at=seoul("2026-11-27T10:00"), due_at=seoul("2027-01-30T18:00"))
    assert told(seoul("2026-12-18T18:00"), Stage.AGENCY) == set()


def test_a_message_goes_no_more_when_somebody_has_accepted_it() -> None:
    complaint, tour = make_complaint(), make_department()
    row = Alert(complaint=complaint, stage=Stage.TRANSFER, due_at=NOON)
    assert alerts._is_needed(row)
    assign(complaint, tour, NOON)
    complaint.refresh_from_db()
    assert alerts._is_needed(row)
    workflow.accept(complaint, by=make_person(Role.STAFF, tour), version=complaint.version, now=NOON)
    assert not alerts._is_needed(Alert(complaint=complaint, stage=Stage.TRANSFER, due_at=NOON))
