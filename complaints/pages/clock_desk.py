"""The clocks of one complaint on its page: its kind in the sense of the law, until when it is due, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints import clocks, deadlines, legal_notices, reckoning, reckoning_words
from complaints.legal_kinds import KINDS
from complaints.models import Complaint, Status
from complaints.models.complaint import CLOSED
from complaints.models.kinds import LegalKind
from departments import days_off, working_time
from departments.working_time import KST, Calendar


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind that can be chosen: what it would mean for this complaint, before anybody confirms it."""

    value: str
    label: str
    period: str
    due: str
    current: bool


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """A notice that can be sent, its text to be changed first. `opened`: it is owed, so it is shown without a click."""

    name: str
    title: str
    hint: str
    text: str
    button: str
    opened: bool = False


@dataclass(slots=True)
class ClockDesk:
    """`why`: line by line how the due time comes about. `notices`: what this person may tell the citizen now.
    `emergency`: the other clock, "" where none runs."""

    kind: str
    period: str
    basis: str
    due: str
    why: list[str]
    emergency: str = ""
    choices: list[KindChoice] = field(default_factory=list)
    notices: list[NoticeForm] = field(default_factory=list)


def desk_of(complaint: Complaint, user: User, *, now: datetime) -> ClockDesk:
    """Everything the page says about the clocks of `complaint`; two queries for the calendar, one for its changes."""
    calendar, kind = working_time.calendar_for(), LegalKind(complaint.legal_kind)
    found = _reckoned(complaint, calendar)
    may_choose = clocks.may_set_kind(user, complaint)
    return ClockDesk(
        kind=str(kind.label),
        period=reckoning_words.period(found.period),
        basis=KINDS[kind].articles,
        due=reckoning_words.moment(complaint.due_at),
        why=_why(complaint, found),
        emergency=_emergency(complaint),
        choices=_choices(complaint, calendar, now) if may_choose else [],
        notices=_notices(complaint, user, now),
    )


def _reckoned(complaint: Complaint, calendar: Calendar) -> reckoning.Reckoning:
    kind, since = LegalKind(complaint.legal_kind), deadlines.since_of(complaint)
    first, last = (moment.astimezone(KST).date() for moment in (since, complaint.due_at))
    return reckoning.reckon(
        deadlines.period_of(KINDS[kind]),
        since,
        calendar=calendar,
        changed=days_off.changes(first, last),
        language=(get_language() or "ko")[:2],
    )


def _why(complaint: Complaint, found: reckoning.Reckoning) -> list[str]:
    """The lines; where the stored due time is another one, that is said and not hidden."""
    lines = list(reckoning_words.lines_of(found))
    if deadlines.since_of(complaint) != complaint.received_at:
        said = {"when": reckoning_words.moment(complaint.received_at)}
        lines.insert(0, _("First received %(when)s; the clock runs anew from:") % said)
    if found.due_at != complaint.due_at:
        said = {"when": reckoning_words.moment(complaint.due_at)}
        lines.append(_("Written down at present: %(when)s. The calendar changed; it is being counted anew.") % said)
    return lines


def _emergency(complaint: Complaint) -> str:
    if complaint.emergency_due_at is None or complaint.status in CLOSED:
        return ""
    said = {"when": reckoning_words.moment(complaint.emergency_due_at)}
    return _("Urgent: until %(when)s, day and night, whatever day it is.") % said


def _choices(complaint: Complaint, calendar: Calendar, now: datetime) -> list[KindChoice]:
    """Every kind the desk has a clock for; each with the due time it would give."""
    read = deadlines.reading()
    return [
        KindChoice(
            value=kind.value,
            label=str(kind.label),
            period=reckoning_words.period(deadlines.period_of(row, read=read)),
            due=reckoning_words.moment(clocks.as_kind(complaint, kind, now=now, calendar=calendar)["due_at"]),
            current=kind == complaint.legal_kind,
        )
        for kind, row in KINDS.items()
        if row.period is not None
    ]


def _notices(complaint: Complaint, user: User, now: datetime) -> list[NoticeForm]:
    if not legal_notices.may_notify(user, complaint):
        return []
    redirect = [_redirect(complaint)] if complaint.status != Status.ON_HOLD else []
    return [_interim(complaint, now), *redirect]


def _interim(complaint: Complaint, now: datetime) -> NoticeForm:
    last = legal_notices.last_interim(complaint)
    owed = legal_notices.owed_since(complaint, last, today=now.astimezone(KST).date())
    hint = _("Owed when 30 days have passed, every 30 days again, and when the citizen asks for it (영 제23조).")
    if owed:
        hint = _("Owed since %(day)s (영 제23조).") % {"day": reckoning_words.day(owed)}
    button, text = _("Post the interim notice"), legal_notices.interim_text(complaint)
    return NoticeForm("interim", _("Interim notice"), hint, text, button, opened=owed is not None)


def _redirect(complaint: Complaint) -> NoticeForm:
    hint = _("A permit, certificate or registration has no clock here. The text is posted and the complaint set aside.")
    title, button = _("Statutory application: lead to the formal counter"), _("Post it and set aside")
    return NoticeForm("redirect", title, hint, legal_notices.redirect_text(complaint), button)
