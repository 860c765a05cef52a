"""Durations are written in the transaction of the event; what is measured later from the events is the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from complaints import measures, workflow
from complaints.models import Complaint, Duration, Reply
from departments.models import Role
from departments.models.calendar import Holiday, HolidayKind
from tests.complaints.reports.office import Office, at, make_hand_counted
from tests.make import make_complaint, make_person

pytestmark = pytest.mark.django_db

COLUMNS = (
    "complaint_id", "figure", "state", "excluded", "account_id", "district_id", "department_id", "began_at", "ended_at",
    "due_at", "wall_seconds", "working_seconds", "reopened_at",
)  # fmt: skip


def rows() -> list[tuple[Any, ...]]:
    return sorted(Duration.objects.values_list(*COLUMNS), key=lambda row: (row[0], row[1], row[7]))


def test_the_history_measured_again_gives_the_same() -> None:
    make_hand_counted()
    live = rows()
    # Only where a reply stood on the network: here none was really sent, and the event alone is later.
    settled = {row for row in live if row[1] in ("FIRST_RESPONSE", "DELIVERY") and row[8] == at("11-02 10:30:20")}
    Duration.objects.all().delete()
    call_command("backfill_measures")
    assert {*live} - settled == {row for row in rows() if row[:2] not in {one[:2] for one in settled}}


def test_backfill_takes_the_time_of_the_posted_reply() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    office.assign(complaint, "11-02 09:10", office.tour)
    office.answer(complaint, start="11-02 09:30", approved="11-02 10:30", stands="11-02 10:31", settled="11-02 10:40")
    Reply.objects.create(
        complaint=complaint, number=1, text="고쳤습니다", state=Reply.State.SENT, drafted_by=office.officer,
        drafted_at=at("11-02 10:00"), approved_by=office.officer, approved_at=at("11-02 10:30"),
        settled_at=at("11-02 10:31"), parts=1,
    )  # fmt: skip
    live = rows()
    Duration.objects.all().delete()
    assert list(measures.backfill()) == [1]
    assert list(measures.backfill()) == []
    assert rows() == live


def test_a_complaint_from_before_is_measured_with_its_next_step() -> None:
    office, complaint = Office(), make_complaint(status="RECEIVED", received_at=at("11-02 09:00"))
    assert not complaint.durations.exists()
    office.assign(complaint, "11-02 10:00", office.road)
    touch = complaint.durations.get(figure="FIRST_TOUCH")
    assert (touch.wall_seconds, touch.department) == (3600, office.road)


def test_a_step_that_fails_leaves_no_measure() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    before = rows()
    with pytest.raises(workflow.MoveNotAllowed):
        office.step(complaint, "11-02 09:10", "start")
    with pytest.raises(ZeroDivisionError):
        assign_and_fail(office, complaint)
    assert rows() == before


def assign_and_fail(office: Office, complaint: Complaint) -> None:
    with transaction.atomic():
        office.assign(complaint, "11-02 09:10", office.road)
        raise ZeroDivisionError


def test_a_holiday_added_later_changes_no_report() -> None:
    make_hand_counted()
    before = rows()
    Holiday.objects.create(date=at("11-09 00:00").date(), kind=HolidayKind.ADD, name="임시공휴일")
    assert rows() == before


def test_a_note_is_a_first_look_and_ends_nothing_else() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    workflow.note(complaint, by=office.officer, now=at("11-02 09:05"), text="확인 중")
    states = dict(complaint.durations.values_list("figure", "state"))
    assert states == {"FIRST_TOUCH": "DONE", "FIRST_RESPONSE": "OPEN", "RESOLUTION": "OPEN"}


def test_a_dismissal_that_was_wrong_does_not_stop_the_clock() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    office.step(complaint, "11-02 09:10", "dismiss", reason="광고")
    assert set(Duration.objects.values_list("excluded", flat=True)) == {"DISMISSED"}
    office.step(complaint, "11-03 09:00", "reopen", reason="잘못 종결")
    first = complaint.durations.get(figure="FIRST_RESPONSE")
    assert (first.state, first.excluded, first.began_at) == ("OPEN", "", at("11-02 09:00"))
    assert first.due_at == at("11-02 12:00")
    assert not complaint.durations.filter(figure="RESPONSE_AGAIN").exists()


def test_a_recalled_reply_was_never_delivered() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    office.assign(complaint, "11-02 09:10", office.tour)
    office.step(complaint, "11-02 09:20", "start")
    office.step(complaint, "11-02 09:30", "answer")
    office.step(complaint, "11-02 09:31", "recall")
    assert complaint.durations.get(figure="DELIVERY").state == "LEFT"
    assert complaint.durations.get(figure="FIRST_RESPONSE").state == "OPEN"


def test_a_reassignment_within_a_department_is_one_stay() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    for minute in (10, 20):
        office.assign(complaint, f"11-02 09:{minute}", office.tour)
    office.assign(complaint, "11-02 09:50", office.road)
    stays = list(complaint.durations.filter(figure="IN_DEPARTMENT").values_list("department", "wall_seconds"))
    assert stays == [(office.tour.pk, 2400), (office.road.pk, None)]


def test_a_manager_gets_figures_of_every_complaint_he_may_see() -> None:
    make_hand_counted()
    manager = make_person(Role.MANAGER)
    seen = Complaint.objects.visible_to(manager)
    assert set(Duration.objects.reported_to(manager)) == set(Duration.objects.filter(complaint__in=seen))
    assert not Duration.objects.reported_to(make_person(Role.OFFICER)).exists()


def test_backwards_clocks_make_no_negative_length() -> None:
    office = Office()
    complaint = office.receive("11-02 09:00")
    workflow.note(complaint, by=office.officer, now=at("11-02 09:00") - timedelta(seconds=2), text="x")
    assert complaint.durations.get(figure="FIRST_TOUCH").wall_seconds == 0
