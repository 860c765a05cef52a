"""What the city promises a citizen and owes him from then on. Only writer of Promise; its model says what "kept" means.

Written with the draft, owed as soon as the reply stands on the network, kept by the next text of the city that tells
the outcome there: complaints.outcomes posts one for a promise, and an answer after a reopening that promises nothing
anew is one as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from complaints import deadlines, promise_dates, promise_words, reckoning_words, steps
from complaints.models import Complaint, Promise, Reply
from departments import working_time
from departments.working_time import KST, Calendar

State = Promise.State
DAY = timedelta(days=1)
#: Nobody keeps what he promised for later than this.
AHEAD = 365 * DAY
#: A question, a notice and a draft of nothing promise nothing of their own.
PROMISING = (Reply.Kind.ANSWER, Reply.Kind.OUTCOME)


class NotPossible(Exception):
    """The text says why, for the person who tried."""


class Choice(StrEnum):
    """What the writer says: let the words decide, it is a promise, it is none."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Wish:
    """The writer's word on his text's promise; `until` None: the day that the desk suggests."""

    choice: Choice = Choice.AUTO
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The sentences that promise ("" where none does), and until which day."""

    words: str
    day: date


def suggestion(text: str, *, now: datetime, calendar: Calendar | None = None) -> Suggestion:
    """What the words say: the day they name, at most a year away; else as many working days as such a thing takes."""
    said, today = promise_words.promised(text), now.astimezone(KST).date()
    named = promise_dates.named_day(said.words, today=today) if said else None
    if named is None:
        tomorrow = datetime.combine(today + DAY, time(), KST)
        days = said.days if said else promise_words.OTHERWISE
        named = (calendar or working_time.calendar_for()).add_working_days(tomorrow, days).astimezone(KST).date()
    return Suggestion(said.words if said else "", min(named, today + AHEAD))


def due_on(day: date, *, now: datetime, calendar: Calendar | None = None) -> datetime:
    """The end of that day, as it is read for the clocks of the law; of today after closing time, midnight."""
    calendar = calendar or working_time.calendar_for()
    midnight = datetime.combine(day, time(), KST)
    closing = midnight + timedelta(seconds=calendar.closes_at(day))
    return midnight + DAY if deadlines.reading().days.until_midnight or closing <= now else closing


# --- written --------------------------------------------------------------------------------------------------------


def write(reply: Reply, *, wish: Wish, now: datetime) -> None:
    """What this text promises, as its writer wants it, in the caller's transaction. Raises NotPossible."""
    calendar = working_time.calendar_for()
    found = suggestion(reply.text, now=now, calendar=calendar)
    own = Promise.objects.filter(reply=reply)
    if not found.words and wish.choice != Choice.YES:
        own.filter(promised_at=None).delete()
        return
    values: dict[str, Any] = {"state": State.NONE, "due_at": None, "words": found.words}
    if wish.choice != Choice.NO:
        day = wish.until or found.day
        _check_day(day, now=now)
        words = found.words or " ".join(reply.text.split())[: promise_words.WORDS_MAX]
        values = {"state": State.WRITTEN, "due_at": due_on(day, now=now, calendar=calendar), "words": words}
    if not own.update(**values):
        Promise.objects.create(reply=reply, complaint_id=reply.complaint_id, **values)


def _check_day(day: date, *, now: datetime) -> None:
    today = now.astimezone(KST).date()
    if not today <= day <= today + AHEAD:
        raise NotPossible(_("A promise is for today or later, within a year. Choose another day."))


def going_out(reply: Reply, *, now: datetime, at: datetime | None = None) -> None:
    """The text was approved, to be posted now or at `at`; what nobody looked at is written now. Raises NotPossible."""
    if reply.kind not in PROMISING:
        return
    written = Promise.objects.filter(reply=reply).first()
    if written is None:
        write(reply, wish=Wish(), now=now)
    elif written.due_at is not None and written.due_at <= (at or now):
        raise NotPossible(_("The day that was promised is over when this is posted. Choose another day."))


# --- owed -----------------------------------------------------------------------------------------------------------


def posted(reply: Reply, *, at: datetime, now: datetime) -> None:
    """The text stands on the network since `at`: what it tells is kept, what it promises is owed from then on."""
    complaint = reply.complaint
    kept = [row for row in _told_by(reply) if _keep(row, reply, at)]
    for row in kept:
        _record(complaint, "kept" if row.due_at and at <= row.due_at else "kept_late", row, now=now)
    given = Promise.objects.filter(reply=reply, state=State.WRITTEN)
    if given.update(state=State.OPEN, promised_at=at, department_id=complaint.department_id):
        _record(complaint, "promise", Promise.objects.get(reply=reply), now=now)


def _told_by(reply: Reply) -> QuerySet[Promise]:
    """Which promises this text settles: those it was written for; else all that are owed, unless it puts off again."""
    if reply.kind not in PROMISING:
        return Promise.objects.none()
    own = Promise.objects.filter(outcome=reply)
    if own.exists():
        return own.owed()
    if Promise.objects.filter(reply=reply, state=State.WRITTEN).exists():
        return Promise.objects.none()
    return Promise.objects.owed().filter(complaint=reply.complaint_id, reply__number__lt=reply.number)


def _keep(row: Promise, reply: Reply, at: datetime) -> bool:
    return bool(Promise.objects.filter(pk=row.pk, state=State.OPEN).update(state=State.KEPT, kept_at=at, outcome=reply))


def _record(complaint: Complaint, event: str, row: Promise, *, now: datetime) -> None:
    until = reckoning_words.moment(row.due_at) if row.due_at else ""
    department = complaint.department_id or row.department_id
    steps.record(complaint, event, by=None, now=now, note=until, department_id=department)


def being_told(row: Promise, reply: Reply) -> None:
    """`reply` is on its way and tells the outcome. Raises steps.Conflict if it is not owed any more."""
    if not Promise.objects.filter(pk=row.pk, state=State.OPEN).update(outcome=reply):
        raise steps.Conflict(row.complaint.number)


def withdraw(row: Promise, *, by: User, now: datetime, reason: str, outcome: Reply | None = None) -> None:
    """It will not be kept, for this reason; `outcome`: the text that says so. Raises steps.Conflict."""
    values: dict[str, Any] = {"state": State.WITHDRAWN, "withdrawn_at": now, "withdrawn_by": by, "reason": reason}
    values |= {"outcome": outcome} if outcome else {}
    if not Promise.objects.filter(pk=row.pk, state=State.OPEN).update(**values):
        raise steps.Conflict(row.complaint.number)


def asked(complaint: Complaint, *, now: datetime) -> None:
    """The citizen says that it is not done: counted on what is owed, and in the history of the complaint."""
    Promise.objects.owed().filter(complaint=complaint).update(asked=F("asked") + 1)
    steps.record(complaint, "not_yet", by=None, now=now, department_id=complaint.department_id)
