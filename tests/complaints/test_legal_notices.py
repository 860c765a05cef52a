"""The notices of the law: who may send them, when an interim notice is owed, the way to the formal counter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from complaints import legal_notices, replies, workflow
from complaints.models import Complaint, Reply, Status
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import assigned, rows_of
from tests.make import NOON, make_complaint, make_department, make_person

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
