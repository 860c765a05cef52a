"""The notices of the law: who may send them, when an interim notice is owed, the way to the formal counter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from complaints import clocks, deadlines, legal_notices, repeats, replies, workflow
from complaints.models import Complaint, HoldCode, Reply, Status
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import assigned, rows_of
from tests.make import NOON, make_account, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
__all__ = ["script"]

DAY = timedelta(days=1)
TEXT = "아직 처리하고 있습니다."


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


def interim(complaint: Complaint, now: datetime = NOON, **values: Any) -> Reply:
    by = values.pop("by", None) or make_person(Role.OFFICER)
    return legal_notices.interim(complaint, by=by, version=complaint.version, now=now, text=values.pop("text", TEXT))


def test_who_may_approve_may_notify() -> None:
    complaint = assigned()
    assert complaint.department is not None
    interim(complaint, by=make_person(Role.HEAD, complaint.department))
    for stranger in (make_person(Role.STAFF, complaint.department), make_person(Role.HEAD), make_person(Role.MANAGER)):
        with pytest.raises(workflow.MoveNotAllowed):
            interim(complaint, by=stranger)


def test_two_at_once_send_one() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    legal_notices.interim(complaint, by=officer, version=1, now=NOON, text=TEXT)
    with pytest.raises(workflow.Conflict):
        legal_notices.interim(complaint, by=officer, version=1, now=NOON, text=TEXT)
    assert complaint.replies.count() == 1


def test_with_four_eyes_somebody_else_lets_it_out(settings: Any) -> None:
    settings.FOUR_EYES = True
    complaint, officer = assigned(), make_person(Role.OFFICER)
    workflow.start(complaint, by=officer, version=1, now=NOON)
    with pytest.raises(replies.NotPossible):
        interim(complaint, by=officer)
    interim(complaint, by=make_person(Role.OFFICER))


# --- when an interim notice is owed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "last", "since"),
    [
        ("2026-12-23", None, None),
        ("2026-12-24", None, "2026-12-24"),
        ("2027-01-22", None, "2026-12-24"),
        ("2027-01-22", "2026-12-24", None),
        ("2027-01-22", "2026-12-01", "2026-12-24"),
        ("2027-01-23", "2027-01-22", "2027-01-23"),
    ],
)
def test_every_thirty_days_one_is_owed(today: str, last: str | None, since: str | None) -> None:
    complaint = Complaint(received_at=NOON)
    sent = datetime.fromisoformat(f"{last}T12:00+09:00") if last else None
    found = legal_notices.owed_since(complaint, sent, today=date.fromisoformat(today))
    assert found == (date.fromisoformat(since) if since else None)


def test_the_list_of_what_is_owed_knows_what_was_sent() -> None:
    officer, now = make_person(Role.OFFICER), NOON + 31 * DAY
    owed, told = (make_complaint(status="IN_PROGRESS") for _number in range(2))
    make_complaint(received_at=NOON + 2 * DAY)
    make_complaint(status="COMPLETED")
    interim(told, now=now)
    found = list(legal_notices.interim_owed(officer, now=now))
    assert [(row.pk, day) for row, day in found] == [(owed.pk, date(2026, 12, 24))]
    assert list(legal_notices.interim_owed(make_person(Role.HEAD), now=now)) == []


# --- to the formal counter -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "end", "moves"),
    [
        (Status.RECEIVED, Status.DISMISSED, ["dismiss", "redirect"]),
        (Status.TRIAGED, Status.DISMISSED, ["dismiss", "redirect"]),
        (Status.ASSIGNED, Status.COMPLETED, ["start", "close", "redirect"]),
        (Status.IN_PROGRESS, Status.COMPLETED, ["close", "redirect"]),
    ],
)
def test_a_statutory_application_is_led_on_and_set_aside(status: Status, end: Status, moves: list[str]) -> None:
    complaint, officer = make_complaint(status=status), make_person(Role.OFFICER)
    notice = legal_notices.redirect(
        complaint, by=officer, version=1, now=NOON, text=legal_notices.redirect_text(complaint)
    )
    assert (complaint.status, notice.kind) == (end, Reply.Kind.NOTICE)
    assert "정부24" in rows_of(notice.outbox_key)[0].text
    assert list(complaint.events.values_list("move", flat=True)) == moves
    assert "undo" not in {move.name for move in workflow.moves_for(complaint, officer)}


def test_what_waits_for_somebody_is_not_led_on() -> None:
    complaint = make_complaint(status="ON_HOLD")
    with pytest.raises(workflow.MoveNotAllowed):
        legal_notices.redirect(complaint, by=make_person(Role.OFFICER), version=1, now=NOON, text=TEXT)
    assert complaint.replies.count() == 0


def test_the_texts_speak_the_citizens_language_and_name_the_department() -> None:
    department = make_department("도로계획과", phone="051-888-0000")
    complaint = make_complaint(status="ASSIGNED", department=department)
    assert "도로계획과 (051-888-0000)" in legal_notices.interim_text(complaint)
    assert "SNS" in legal_notices.interim_text(make_complaint())
    assert "still being worked on" in legal_notices.interim_text(make_complaint(language="en"))


# --- extensions ----------------------------------------------------------------------------------------------------


def grievance(**values: Any) -> Complaint:
    """Since Tuesday noon in the hands of a department, due on the second of December."""
    complaint = assigned(legal_kind="GRIEVANCE", received_at=NOON, **values)
    complaint.due_at = deadlines.due_of(complaint)
    complaint.save()
    return complaint


def test_an_extension_and_its_notice_are_one_step() -> None:
    complaint, officer = grievance(), make_person(Role.OFFICER)
    notice = legal_notices.extend(complaint, by=officer, version=1, now=NOON, amount=3, reason="현장 확인이 더 필요함")
    assert (complaint.extensions, complaint.extended_by) == (1, 3)
    assert str(complaint.due_at) == "2026-12-07 09:00:00+00:00"
    text = rows_of(notice.outbox_key)[0].text
    assert "2026-12-07 (월) 18:00" in text
    assert "현장 확인이 더 필요함" in text
    event = complaint.events.get()
    assert (event.move, event.data["extended_by"]) == ("extend", ["0", "3"])


def test_an_extension_whose_notice_cannot_be_written_is_none() -> None:
    complaint, officer = grievance(), make_person(Role.OFFICER)
    with pytest.raises(replies.NotPossible):
        legal_notices.extend(complaint, by=officer, version=1, now=NOON, amount=3, reason="가" * 100_000)
    complaint.refresh_from_db()
    assert (complaint.extensions, complaint.replies.count(), complaint.events.count()) == (0, 0, 0)
    with pytest.raises(clocks.NotAllowedByLaw):
        legal_notices.extend(complaint, by=officer, version=1, now=NOON, amount=8, reason="사유")
    with pytest.raises(workflow.MoveNotAllowed):
        legal_notices.extend(complaint, by=make_person(Role.STAFF), version=1, now=NOON, amount=3, reason="사유")


def test_two_clicks_extend_once() -> None:
    complaint, officer = grievance(), make_person(Role.OFFICER)
    stale = Complaint.objects.get(pk=complaint.pk)
    legal_notices.extend(complaint, by=officer, version=1, now=NOON, amount=3, reason="사유")
    with pytest.raises(workflow.Conflict):
        legal_notices.extend(stale, by=officer, version=1, now=NOON, amount=3, reason="사유")
    assert (Complaint.objects.get(pk=complaint.pk).extended_by, complaint.replies.count()) == (3, 1)


# --- supplements ---------------------------------------------------------------------------------------------------


def ask(complaint: Complaint, now: datetime = NOON, days: int = 7, **values: Any) -> Reply:
    by = values.pop("by", None) or make_person(Role.OFFICER)
    return legal_notices.ask_supplement(complaint, by=by, version=complaint.version, now=now, what="사진", days=days)


def go_on(complaint: Complaint, now: datetime) -> None:
    clocks.resume(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=now)


def test_a_supplement_is_asked_for_in_public_and_stops_the_clock() -> None:
    complaint = grievance()
    notice = ask(complaint)
    waiting = complaint.holds.get()
    assert (complaint.status, complaint.stopped_at, waiting.code) == (Status.ON_HOLD, NOON, "SUPPLEMENT")
    assert waiting.until == date(2026, 12, 1)
    text = rows_of(notice.outbox_key)[0].text
    assert "사진" in text
    assert "쪽지" in text
    assert list(complaint.events.values_list("move", flat=True)) == ["hold", "supplement"]


def test_the_last_day_for_a_supplement_is_no_day_off() -> None:
    complaint = make_complaint()
    ask(complaint, days=4)
    assert complaint.holds.get().until == date(2026, 11, 30)
    assert list(complaint.events.values_list("move", flat=True)) == ["triage", "hold", "supplement"]


def test_twice_at_most_the_second_time_for_ten_days_and_a_new_round_begins_anew() -> None:
    complaint = grievance()
    ask(complaint, days=30)
    go_on(complaint, NOON + DAY)
    for days in (11, 0):
        with pytest.raises(clocks.NotAllowedByLaw):
            ask(complaint, NOON + DAY, days=days)
    ask(complaint, NOON + DAY, days=10)
    go_on(complaint, NOON + 2 * DAY)
    with pytest.raises(clocks.NotAllowedByLaw):
        ask(complaint, NOON + 2 * DAY)
    complaint.refresh_from_db()
    assert complaint.holds.count() == 2
    Complaint.objects.filter(pk=complaint.pk).update(clock_from=NOON + 3 * DAY)
    complaint.refresh_from_db()
    ask(complaint, NOON + 3 * DAY)


def test_more_time_twice_when_the_citizen_asks() -> None:
    complaint, officer = grievance(), make_person(Role.OFFICER)
    ask(complaint, days=3)

    def more(days: int) -> Reply:
        return legal_notices.give_more_time(complaint, by=officer, version=complaint.version, now=NOON, days=days)

    with pytest.raises(clocks.NotAllowedByLaw):
        more(3)
    assert "2026-12-01" in rows_of(more(7).outbox_key)[0].text
    more(14)
    with pytest.raises(clocks.NotAllowedByLaw):
        more(21)
    waiting = complaint.holds.get()
    assert (waiting.until, waiting.moved) == (date(2026, 12, 8), 2)


def test_nobody_gets_more_time_who_was_asked_for_nothing() -> None:
    complaint, officer = grievance(), make_person(Role.OFFICER)
    with pytest.raises(clocks.NotAllowedByLaw):
        legal_notices.give_more_time(complaint, by=officer, version=1, now=NOON, days=7)
    clocks.hold(complaint, by=officer, version=1, now=NOON, code=HoldCode.HEARING, reason="청문")
    with pytest.raises(clocks.NotAllowedByLaw):
        legal_notices.give_more_time(complaint, by=officer, version=2, now=NOON, days=7)


def test_who_writes_in_neither_language_is_told_in_the_pages_own() -> None:
    """As his answer is, and the tag in it: a Japanese visitor of the English page reads no Korean."""
    complaint = make_complaint(language="ja", account=make_account(language="en"))
    assert legal_notices.interim_text(complaint).startswith("Your complaint")
    assert repeats.text_of(complaint).startswith("You have filed")
