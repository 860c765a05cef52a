"""An officer names the legal kind; a changed calendar moves open due times, bit by bit, and keeps the old value."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from complaints import clocks, deadlines, recount, workflow
from complaints.models import Complaint, ComplaintPost, DueBasis, HoldCode, Status
from complaints.models.kinds import LegalKind
from departments import working_time
from departments.models import Holiday, HolidayKind, Role
from tests.make import NOON, make_complaint, make_department, make_person, make_post

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


def test_the_answers_that_still_run_are_due_then_too() -> None:
    fresh = received("2026-11-24T17:00")
    again = received("2026-11-24T17:00", reopened=1)
    for complaint in (fresh, again):
        for figure in ("FIRST_RESPONSE", "RESPONSE_AGAIN", "RESOLUTION"):
            complaint.durations.create(figure=figure, account=complaint.account, began_at=NOON, due_at=None)
    settled()
    Holiday.objects.create(date=date(2026, 11, 25), name="임시공휴일", reason="국무회의 의결")
    assert recount.recount(now=LATER) == 2
    moved = seoul("2026-11-26T11:00")
    assert dict(fresh.durations.values_list("figure", "due_at")) == {
        "FIRST_RESPONSE": moved, "RESPONSE_AGAIN": moved, "RESOLUTION": None,
    }  # fmt: skip
    assert dict(again.durations.values_list("figure", "due_at"))["FIRST_RESPONSE"] is None


def test_many_are_moved_in_a_few_queries(django_assert_max_num_queries: Any) -> None:
    for _number in range(20):
        received("2026-11-24T17:00")
    settled()
    Holiday.objects.create(date=date(2026, 11, 25), name="임시공휴일", reason="국무회의 의결")
    with django_assert_max_num_queries(16):
        assert recount.recount(now=LATER) == 20


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

    def overtaken(rows: list[Complaint], **values: Any) -> int:
        workflow.triage(Complaint.objects.get(pk=rows[0].pk), by=officer, version=1, now=LATER)
        monkeypatch.setattr(clocks, "move_due", plain)
        return plain(rows, **values)

    monkeypatch.setattr(clocks, "move_due", overtaken)
    assert recount.recount(now=LATER) == 0
    assert recount.recount(now=LATER + timedelta(minutes=1)) == 1
    complaint.refresh_from_db()
    assert (complaint.status, complaint.due_at) == ("TRIAGED", seoul("2026-11-26T11:00"))


# --- extensions ----------------------------------------------------------------------------------------------------


def grievance(at: str = "2026-11-24T12:00", **values: Any) -> Complaint:
    return received(at, **{"legal_kind": LegalKind.GRIEVANCE, "status": "IN_PROGRESS", **values})


def test_a_grievance_is_extended_by_at_most_its_own_seven_days() -> None:
    complaint = grievance()
    changes = clocks.extended(complaint, amount=7, consent=False, now=NOON)
    assert changes == {"extensions": 1, "extended_by": 7, "due_at": seoul("2026-12-11T18:00")}
    for amount in (0, -1, 8):
        with pytest.raises(clocks.NotAllowedByLaw):
            clocks.extended(complaint, amount=amount, consent=True, now=NOON)


def test_an_sns_complaint_is_extended_in_office_hours() -> None:
    complaint = received("2026-11-24T17:00")
    assert clocks.extended(complaint, amount=2, consent=False, now=NOON)["due_at"] == seoul("2026-11-25T14:00")
    with pytest.raises(clocks.NotAllowedByLaw):
        clocks.extended(complaint, amount=4, consent=False, now=NOON)


def test_a_second_extension_needs_the_citizens_consent_and_there_is_no_third() -> None:
    once, twice = grievance(extensions=1, extended_by=7), grievance(extensions=2, extended_by=14)
    with pytest.raises(clocks.NotAllowedByLaw):
        clocks.extended(once, amount=1, consent=False, now=NOON)
    assert clocks.extended(once, amount=1, consent=True, now=NOON)["extended_by"] == 8
    with pytest.raises(clocks.NotAllowedByLaw):
        clocks.extended(twice, amount=1, consent=True, now=NOON)


def test_what_is_over_or_answered_is_not_extended() -> None:
    late = grievance()
    for complaint, now in (
        (late, late.due_at + timedelta(seconds=1)),
        (grievance(answered_at=NOON), NOON),
        (grievance(status="ANSWERED"), NOON),
    ):
        with pytest.raises(clocks.NotAllowedByLaw) as refused:
            clocks.extended(complaint, amount=1, consent=True, now=now)
        assert refused.value.rule == "over"


def test_every_amount_stands_with_its_due_time() -> None:
    calendar = working_time.calendar_for()
    found = list(clocks.extensions_of(received("2026-11-24T12:00"), now=NOON, calendar=calendar))
    assert [(n, due.astimezone(SEOUL).hour) for n, due in found] == [(1, 17), (2, 18), (3, 10)]
    assert list(clocks.extensions_of(grievance(extensions=2), now=NOON, calendar=calendar)) == []


def test_another_kind_is_another_period_and_the_same_period_keeps_its_extension() -> None:
    officer = make_person(Role.OFFICER)
    same, other = (received("2026-11-24T12:00", extensions=1, extended_by=2) for _number in range(2))
    clocks.set_kind(same, by=officer, version=1, now=LATER, kind=LegalKind.OTHER)
    clocks.set_kind(other, by=officer, version=1, now=LATER, kind=LegalKind.GRIEVANCE)
    assert (same.extensions, same.extended_by, same.due_at) == (1, 2, seoul("2026-11-24T18:00"))
    assert (other.extensions, other.extended_by, other.due_at) == (0, 0, seoul("2026-12-02T18:00"))


def test_a_new_round_is_open_to_be_extended_again() -> None:
    complaint = grievance(status="COMPLETED", extensions=2, extended_by=9, visit_days=14)
    workflow.reopen(complaint, by=None, version=None, now=NOON, reason="again")
    assert (complaint.extensions, complaint.extended_by, complaint.visit_days) == (0, 0, 0)
    assert complaint.due_at == deadlines.due_of(complaint) == seoul("2026-12-02T18:00")


def test_the_database_knows_the_limits() -> None:
    complaint = make_complaint()
    for values in ({"extensions": 3}, {"visit_days": 22}, {"stopped_at": NOON}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(**values)


# --- on site -------------------------------------------------------------------------------------------------------


def test_days_on_site_do_not_count_fourteen_and_once_seven_more() -> None:
    officer, complaint = make_person(Role.OFFICER), grievance()
    clocks.visit(complaint, by=officer, version=1, now=LATER, days=14, note="경계 확인")
    assert complaint.due_at == seoul("2026-12-22T18:00")
    assert complaint.events.get().data["visit_days"] == ["0", "14"]
    for days in (14, 22, 0):
        with pytest.raises(clocks.NotAllowedByLaw):
            clocks.visit(complaint, by=officer, version=2, now=LATER, days=days)
    clocks.visit(complaint, by=officer, version=2, now=LATER, days=18)
    with pytest.raises(clocks.NotAllowedByLaw):
        clocks.visit(complaint, by=officer, version=3, now=LATER, days=21)


def test_only_a_grievance_that_runs_is_visited_and_by_who_may() -> None:
    officer, staff = make_person(Role.OFFICER), make_person(Role.STAFF)
    for complaint in (received("2026-11-24T12:00"), grievance(answered_at=NOON)):
        with pytest.raises(clocks.NotAllowedByLaw):
            clocks.visit(complaint, by=officer, version=1, now=LATER, days=3)
    with pytest.raises(clocks.NotAllowedByLaw):
        clocks.visit(grievance(), by=officer, version=1, now=LATER, days=15)
    with pytest.raises(workflow.MoveNotAllowed):
        clocks.visit(grievance(), by=staff, version=1, now=LATER, days=3)


# --- waiting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(HoldCode))
def test_only_what_the_law_names_stops_the_clock(code: HoldCode) -> None:
    officer, complaint = make_person(Role.OFFICER), received("2026-11-24T12:00", status="IN_PROGRESS")
    clocks.hold(complaint, by=officer, version=1, now=seoul("2026-11-24T14:00"), code=code, reason="기다림")
    stops = code not in (HoldCode.CITIZEN, HoldCode.OTHER)
    assert (complaint.stopped_at is not None, complaint.holds.get().stops) == (stops, stops)
    assert complaint.due_at == seoul("2026-11-24T16:00")
    clocks.resume(complaint, by=officer, version=2, now=seoul("2026-11-25T10:00"))
    moved = {"SUPPLEMENT": "2026-11-26T12:00"}.get(code, "2026-11-25T12:00")
    assert complaint.due_at == seoul(moved if stops else "2026-11-24T16:00")
    assert (complaint.status, complaint.stopped_at) == ("IN_PROGRESS", None)
    assert complaint.events.last().data.keys() == ({"due_at"} if stops else set())  # type: ignore[union-attr]


def test_a_supplement_arrives_when_the_citizen_writes_not_when_somebody_looks() -> None:
    officer, complaint = make_person(Role.OFFICER), grievance()
    clocks.hold(
        complaint, by=officer, version=1, now=seoul("2026-11-25T10:00"), code=HoldCode.SUPPLEMENT, reason="사진"
    )
    for author, at in (("8", "2026-11-26T09:00"), ("7", "2026-11-26T20:00"), ("7", "2026-11-27T09:00")):
        post = make_post(complaint.account, "사진입니다", author=author, state="REGISTERED")
        ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=seoul(at))
    clocks.resume(complaint, by=officer, version=2, now=seoul("2026-11-30T10:00"))
    assert complaint.holds.get().ended_at == seoul("2026-11-26T20:00")
    assert complaint.due_at == seoul("2026-12-04T18:00")


def test_a_hold_of_before_is_resumed_as_ever() -> None:
    officer, complaint = make_person(Role.OFFICER), make_complaint(status="ON_HOLD")
    due_at = complaint.due_at
    clocks.resume(complaint, by=officer, version=1, now=LATER)
    assert (complaint.status, complaint.due_at) == ("TRIAGED", due_at)


def test_who_is_slower_holds_nothing() -> None:
    officer, complaint = make_person(Role.OFFICER), received("2026-11-24T12:00", status="IN_PROGRESS")
    for version, error in ((7, workflow.Conflict), (1, None), (2, workflow.MoveNotAllowed)):
        with pytest.raises(error) if error else nullcontext():
            clocks.hold(complaint, by=officer, version=version, now=LATER, code=HoldCode.HEARING, reason="청문")
    assert complaint.holds.count() == 1
    with pytest.raises(workflow.Conflict):
        clocks.resume(complaint, by=officer, version=1, now=LATER)
    assert complaint.holds.get().ended_at is None


def test_a_changed_calendar_counts_with_extension_and_stop() -> None:
    officer, complaint = make_person(Role.OFFICER), grievance(extensions=1, extended_by=2)
    settled()
    clocks.hold(complaint, by=officer, version=1, now=seoul("2026-11-25T10:00"), code=HoldCode.APPRAISAL, reason="감정")
    clocks.resume(complaint, by=officer, version=2, now=seoul("2026-11-27T10:00"))
    assert complaint.due_at == seoul("2026-12-08T18:00")
    Holiday.objects.create(date=date(2026, 12, 1), name="임시공휴일", reason="국무회의 의결")
    assert recount.recount(now=LATER) == 1
    complaint.refresh_from_db()
    assert complaint.due_at == seoul("2026-12-09T18:00")


# --- the worse clock ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status.values)
def test_the_database_knows_the_worse_clock_of_what_is_awaited(status: str) -> None:
    soon, later = NOON + timedelta(minutes=30), NOON + timedelta(hours=9)
    awaited = status not in ("ANSWERED", "COMPLETED", "TRANSFERRED", "DISMISSED")
    both = make_complaint(status=status, due_at=later, emergency_due_at=soon)
    legal = make_complaint(status=status, due_at=later)
    answered = make_complaint(status=status, due_at=later, answered_at=NOON)
    for complaint, due in ((both, soon), (legal, later), (answered, None)):
        complaint.refresh_from_db()
        assert complaint.next_due_at == (due if awaited else None)
        assert clocks.runs(complaint) == (awaited and complaint.answered_at is None)


def test_a_stopped_clock_leaves_the_emergency_alone() -> None:
    soon = NOON + timedelta(minutes=30)
    for emergency in (None, soon):
        complaint = make_complaint(status="ON_HOLD", stopped_at=NOON, emergency_due_at=emergency)
        complaint.refresh_from_db()
        assert complaint.next_due_at == emergency
