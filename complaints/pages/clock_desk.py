"""The clocks of one complaint on its page: its kind in the sense of the law, until when it is due, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints import clocks, deadlines, reckoning, reckoning_words
from complaints.legal_kinds import KINDS
from complaints.models import Complaint
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


@dataclass(slots=True)
class ClockDesk:
    """`why`: line by line how the due time comes about. `redirect`: what to tell who asks for a statutory application;
    "" where nobody may say so. `emergency`: the other clock, "" where none runs."""

    kind: str
    period: str
    basis: str
    due: str
    why: list[str]
    emergency: str = ""
    choices: list[KindChoice] = field(default_factory=list)
    redirect: str = ""


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
        redirect=redirect_text(complaint.language) if may_choose else "",
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


def redirect_text(language: str) -> str:
    """What a citizen is told whose matter belongs to the formal counter, in his language (법 제8조, 제17조)."""
    with translation.override(language):
        return _(
            "What you ask for is a statutory application (a permit, certificate or registration). We cannot accept it "
            "on social networks. Please apply at Government24, e-People or the nearest public service counter."
        )
