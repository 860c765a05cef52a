"""An officer names the legal kind; a changed calendar moves open due times, bit by bit, and keeps the old value."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints import clocks, deadlines, recount, workflow
from complaints.models import Complaint, DueBasis
from complaints.models.kinds import LegalKind
from departments.models import Holiday, HolidayKind, Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
LATER = NOON + timedelta(hours=2)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def received(at: str, **values: Any) -> Complaint:
    """A complaint on its right clock."""
    complaint = make_complaint(received_at=seoul(at), **values)
    complaint.due_at = deadlines.due_of(complaint)
    complaint.save()
    return complaint


def test_a_promoted_complaint_gets_the_clock_of_its_kind_and_keeps_the_old_due_time() -> None:
    officer, complaint = make_person(Role.OFFICER), received("2026-11-24T12:00")
    before = complaint.due_at
    clocks.set_kind(complaint, by=officer, version=1, now=LATER, kind=LegalKind.GRIEVANCE, note="이름을 확인함")
    assert complaint.legal_kind == LegalKind.GRIEVANCE
    assert complaint.due_at == seoul("2026-12-02T18:00")
    event = complaint.events.get()
    assert (event.move, event.by, event.note) == ("kind", officer, "이름을 확인함")
    assert event.data == {"legal_kind": ["SNS", "GRIEVANCE"], "due_at": [str(before), str(complaint.due_at)]}


def test_the_city_may_let_the_clock_begin_with_the_promotion(settings: Any) -> None:
    settings.PROMOTED_CLOCK = "promotion"
    officer, complaint = make_person(Role.OFFICER), received("2026-11-20T12:00")
    clocks.set_kind(complaint, by=officer, version=1, now=seoul("2026-11-24T12:00"), kind=LegalKind.GRIEVANCE)
    assert complaint.due_at == seoul("2026-12-02T18:00")


def test_the_head_of_the_holder_names_the_kind_too() -> None:
    head = make_person(Role.HEAD, department := make_department())
    complaint = received("2026-11-24T12:00", status="ASSIGNED", department=department)
    clocks.set_kind(complaint, by=head, version=1, now=LATER, kind=LegalKind.PROPOSAL)
    assert complaint.due_at == seoul("2026-12-11T18:00")


def test_others_do_not_name_the_kind_and_nobody_of_what_is_closed() -> None:
    officer, head = make_person(Role.OFFICER), make_person(Role.HEAD)
    staff = make_person(Role.STAFF, department := make_department())
    held = received("2026-11-24T12:00", status="ASSIGNED", department=department)
    done = received("2026-11-24T12:00", status="COMPLETED")
    for by, complaint, kind in (
        (head, held, LegalKind.GRIEVANCE),
        (staff, held, LegalKind.GRIEVANCE),
        (officer, done, LegalKind.GRIEVANCE),
        (officer, held, LegalKind.STATUTORY),
    ):
        with pytest.raises(workflow.MoveNotAllowed):
            clocks.set_kind(complaint, by=by, version=1, now=LATER, kind=kind)
    with pytest.raises(workflow.Conflict):
        clocks.set_kind(held, by=officer, version=7, now=LATER, kind=LegalKind.OTHER)


def test_a_reopened_complaint_keeps_its_kind_on_a_new_clock() -> None:
    complaint = received("2026-11-02T12:00", status="COMPLETED", legal_kind=LegalKind.GRIEVANCE, priority="URGENT")
    workflow.reopen(complaint, by=None, version=None, now=NOON, reason="again")
    assert complaint.clock_from == NOON
    assert complaint.due_at == seoul("2026-12-02T18:00")
    assert complaint.emergency_due_at == NOON + timedelta(minutes=30)


def test_what_an_officer_calls_urgent_has_an_emergency_clock() -> None:
    officer, complaint = make_person(Role.OFFICER), received("2026-11-24T12:00")
    workflow.prioritise(complaint, by=officer, version=1, now=LATER, urgent=True)
    assert complaint.emergency_due_at == LATER + timedelta(minutes=30)
    workflow.prioritise(complaint, by=officer, version=2, now=LATER, urgent=False)
    assert complaint.emergency_due_at is None


# --- a changed calendar --------------------------------------------------------------------------------------------


def settled() -> None:
    """The desk has noted the present calendar."""
    assert recount.recount(now=NOON) == 0


def test_a_day_off_moves_what_is_open_and_keeps_the_old_value() -> None:
    open_, done = received("2026-11-24T17:00"), received("2026-11-24T17:00", status="COMPLETED")
    untouched = received("2026-11-24T09:00")
    settled()
    row = Holiday.objects.create(date=date(2026, 11, 25), name="임시공휴일", reason="국무회의 의결")
    assert recount.recount(now=LATER) == 1
    open_.refresh_from_db()
    assert open_.due_at == seoul("2026-11-26T11:00")
    event = open_.events.get()
    assert (event.move, event.by, event.at) == ("due", None, LATER)
    assert event.data == {"due_at": ["2026-11-25 02:00:00+00:00", "2026-11-26 02:00:00+00:00"]}
    assert not done.events.exists()
    assert not untouched.events.exists()
    row.delete()
    assert recount.recount(now=LATER) == 1
    open_.refresh_from_db()
    assert open_.due_at == seoul("2026-11-25T11:00")


def test_what_is_opened_meanwhile_is_found_by_a_second_pass() -> None:
    settled()
    Holiday.objects.create(date=date(2026, 12, 25), name="성탄절", kind=HolidayKind.REMOVE, reason="시험")
    assert recount.recount(now=NOON) == 0
    late = make_complaint(received_at=seoul("2026-12-24T17:00"), due_at=seoul("2026-12-28T11:00"))
    assert recount.recount(now=NOON + timedelta(seconds=59)) == 0
    assert recount.recount(now=NOON + timedelta(seconds=60)) == 1
    late.refresh_from_db()
    assert late.due_at == seoul("2026-12-25T11:00")
    assert DueBasis.objects.get().applied == DueBasis.objects.get().target


def test_a_pass_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "BATCH", 2)
    rows = [received("2026-11-24T17:00") for _number in range(5)]
    settled()
    Holiday.objects.create(date=date(2026, 11, 25), name="임시공휴일", reason="국무회의 의결")
    assert [recount.recount(now=LATER, goes_on=lambda: False) for _turn in range(3)] == [2, 2, 1]
    assert {Complaint.objects.get(pk=row.pk).due_at for row in rows} == {seoul("2026-11-26T11:00")}


def test_another_change_begins_the_pass_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "BATCH", 1)
    rows = [received("2026-11-24T17:00") for _number in range(3)]
    settled()
    Holiday.objects.create(date=date(2026, 11, 25), name="임시공휴일", reason="국무회의 의결")
    recount.recount(now=LATER, goes_on=lambda: False)
    Holiday.objects.create(date=date(2026, 11, 26), name="임시공휴일", reason="국무회의 의결")
    assert recount.recount(now=LATER) == 3
    assert {Complaint.objects.get(pk=row.pk).due_at for row in rows} == {seoul("2026-11-27T11:00")}


def test_a_changed_setting_is_a_changed_calendar(settings: Any) -> None:
    complaint = received("2026-11-24T09:00")
    settled()
    settings.IMMEDIATE_HOURS = 4
    assert recount.recount(now=LATER) == 1
    complaint.refresh_from_db()
    assert complaint.due_at == seoul("2026-11-24T14:00")


def test_who_is_faster_is_left_to_the_next_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    complaint, officer = received("2026-11-24T17:00"), make_person(Role.OFFICER)
    settled()
    Holiday.objects.create(date=date(2026, 11, 25), name="임시공휴일", reason="국무회의 의결")
    plain = clocks.move_due

    def overtaken(row: Complaint, **values: Any) -> None:
        workflow.triage(Complaint.objects.get(pk=row.pk), by=officer, version=1, now=LATER)
        monkeypatch.setattr(clocks, "move_due", plain)
        plain(row, **values)

    monkeypatch.setattr(clocks, "move_due", overtaken)
    assert recount.recount(now=LATER) == 0
    assert recount.recount(now=LATER + timedelta(minutes=1)) == 1
    complaint.refresh_from_db()
    assert (complaint.status, complaint.due_at) == ("TRIAGED", seoul("2026-11-26T11:00"))
