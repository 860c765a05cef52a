"""협조: ask another department for an opinion or for work, inside the complaint's own period (법 제20조).

The holder stays the holder and its clock runs on. The asked department sees that complaint, from the question on, and
answers, declines with a reason, or takes once more time. Only writer of Consultation; every step is an event of the
complaint that leaves its version alone: whoever is writing the reply meanwhile is not disturbed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from complaints import permissions, workflow
from complaints.models import Complaint, Consultation, Status
from complaints.models.complaint import CLOSED
from departments import directory, working_time
from departments.models import Department
from departments.working_time import Calendar

State = Consultation.State
HOUR = timedelta(hours=1)
#: What a holder may ask for, in office hours.
HOURS = (1, 2, 4, 8, 16, 24, 40, 80)
#: A complaint that is late already: the other department is asked to answer at once.
AT_ONCE = 3


class NotPossible(Exception):
    """It cannot be asked or answered so; the text says why."""


# --- who ------------------------------------------------------------------------------------------------------------


def may_ask(user: User, complaint: Complaint) -> bool:
    """An officer or the people of the department that holds it and has accepted it, while its answer is awaited."""
    held = complaint.status in (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
    accepted = complaint.accepted_at is not None or complaint.status == Status.IN_PROGRESS
    return held and accepted and complaint.department_id is not None and permissions.officer_or_holder(user, complaint)


def is_asked(user: User, consultation: Consultation) -> bool:
    """Does this person belong to the department that was asked, and is its answer awaited?"""
    return consultation.state == State.ASKED and consultation.department_id in directory.department_ids_of(user)


# --- the holder -----------------------------------------------------------------------------------------------------


def latest(complaint: Complaint, *, now: datetime, calendar: Calendar) -> datetime:
    """The other department's answer must be there within the complaint's period; of one that is late, at once."""
    return complaint.due_at if complaint.due_at > now else calendar.add_working_time(now, AT_ONCE * HOUR)


def terms(complaint: Complaint, *, now: datetime, calendar: Calendar) -> Iterator[tuple[int, datetime]]:
    """(office hours, until when) that may be asked for; 0: as long as there is time."""
    last = latest(complaint, now=now, calendar=calendar)
    for hours in HOURS:
        due_at = calendar.add_working_time(now, hours * HOUR)
        if due_at < last:
            yield hours, due_at
    yield 0, last


def ask(
    complaint: Complaint,
    *,
    by: User,
    now: datetime,
    department: Department,
    wish: Consultation.Wish,
    question: str,
    hours: int,
) -> Consultation:
    """Ask `department`. Raises NotPossible, workflow.MoveNotAllowed."""
    calendar = working_time.calendar_for()
    with transaction.atomic():
        row = Complaint.objects.select_for_update().get(pk=complaint.pk)
        if not may_ask(by, row) or row.department is None:
            raise workflow.MoveNotAllowed("consult")
        due_at = dict(terms(row, now=now, calendar=calendar)).get(hours)
        if due_at is None:
            raise NotPossible(_("The answer must be there within the complaint's own period: please choose less."))
        if department == row.department:
            raise NotPossible(_("This department has the complaint itself."))
        if row.consultations.filter(department=department, state=State.ASKED).exists():
            raise NotPossible(_("This department has been asked already and has not answered yet."))
        last = row.consultations.aggregate(last=Max("number"))["last"] or 0
        workflow.remark(row, "consult", by=by, now=now, text=question, department=department)
        return Consultation.objects.create(
            complaint=row,
            number=last + 1,
            department=department,
            holder=row.department,
            wish=wish,
            question=question,
            asked_by=by,
            asked_at=now,
            due_at=due_at,
        )


def withdraw(consultation: Consultation, *, by: User, now: datetime, reason: str = "") -> None:
    """The answer is not needed any more. Raises workflow.MoveNotAllowed, workflow.Conflict."""
    if not permissions.officer_or_holder(by, consultation.complaint):
        raise workflow.MoveNotAllowed("withdraw")
    _settle(consultation, State.WITHDRAWN, "consult_back", by=by, now=now, text=reason)


# --- the department that was asked ----------------------------------------------------------------------------------


def answer(consultation: Consultation, *, by: User, now: datetime, text: str) -> None:
    """What the holder wanted to know, or what was done. Raises workflow.MoveNotAllowed, workflow.Conflict."""
    _reply(consultation, State.ANSWERED, "consult_answer", by=by, now=now, text=text)


def decline(consultation: Consultation, *, by: User, now: datetime, reason: str) -> None:
    """Not ours, or not possible, with the reason. Raises workflow.MoveNotAllowed, workflow.Conflict."""
    _reply(consultation, State.DECLINED, "consult_decline", by=by, now=now, text=reason)


def more_time(consultation: Consultation, *, by: User, now: datetime, hours: int, reason: str) -> datetime:
    """Once, before the day asked for has passed, inside the complaint's period (법 제20조); until when.

    Raises NotPossible, workflow.MoveNotAllowed, workflow.Conflict."""
    if not is_asked(by, consultation):
        raise workflow.MoveNotAllowed("consult_more")
    calendar = working_time.calendar_for()
    with transaction.atomic():
        row = _locked(consultation)
        until = dict(longer(row, now=now, calendar=calendar)).get(hours)
        if until is None:
            raise NotPossible(_("More time is possible once, before the time is over, within the complaint's period."))
        Consultation.objects.filter(pk=row.pk).update(due_at=until, extended=True)
        workflow.remark(row.complaint, "consult_more", by=by, now=now, text=reason, department=row.department)
    return until


def longer(row: Consultation, *, now: datetime, calendar: Calendar) -> Iterator[tuple[int, datetime]]:
    """(office hours from now, until when) that it may still be moved to; none where it may not."""
    if not row.extended and now < row.due_at:
        found = terms(row.complaint, now=now, calendar=calendar)
        yield from ((hours, until) for hours, until in found if row.due_at < until <= row.complaint.due_at)


def _reply(
    consultation: Consultation, state: Consultation.State, event: str, *, by: User, now: datetime, text: str
) -> None:
    if not is_asked(by, consultation):
        raise workflow.MoveNotAllowed(event)
    _settle(consultation, state, event, by=by, now=now, text=text)


# --- the desk itself ------------------------------------------------------------------------------------------------


def lapse(*, now: datetime) -> int:
    """What nobody needs any more, for the complaint is closed or came to the asked department itself; how many."""
    needless = Q(complaint__status__in=CLOSED) | Q(complaint__department=F("department"))
    found = Consultation.objects.filter(needless, state=State.ASKED).select_related("complaint", "department")
    lapsed = 0
    for consultation in found[:500]:
        try:
            _settle(consultation, State.LAPSED, "consult_over", by=None, now=now, text="")
        except workflow.Conflict:
            continue
        lapsed += 1
    return lapsed


def _settle(
    consultation: Consultation, state: Consultation.State, event: str, *, by: User | None, now: datetime, text: str
) -> None:
    """Once: whoever comes second learns it. Raises workflow.Conflict."""
    calendar = working_time.calendar_for()
    with transaction.atomic():
        row = _locked(consultation)
        worked = calendar.working_time_between(row.asked_at, max(now, row.asked_at))
        settled: dict[str, Any] = {"settled_by": by, "settled_at": now, "answer": text}
        seconds = int(worked.total_seconds())
        Consultation.objects.filter(pk=row.pk).update(state=state, working_seconds=seconds, **settled)
        workflow.remark(row.complaint, event, by=by, now=now, text=text, department=row.department)
    consultation.refresh_from_db()


def _locked(consultation: Consultation) -> Consultation:
    """The row as it is now, nobody else's, still unanswered. Raises workflow.Conflict."""
    Complaint.objects.select_for_update().get(pk=consultation.complaint_id)
    rows = Consultation.objects.select_related("complaint", "department")
    row = rows.get(pk=consultation.pk)
    if row.state != State.ASKED:
        raise workflow.Conflict(str(row))
    return row
