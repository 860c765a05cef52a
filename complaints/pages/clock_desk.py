"""The clocks of one complaint on its page: its kind in the sense of the law, until when it is due, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints import deadlines, handing, reckoning, reckoning_words
from complaints.legal_kinds import KINDS, STEPS, Period
from complaints.models import Complaint, Hold
from complaints.models.complaint import CLOSED
from complaints.models.kinds import LegalKind
from complaints.pages import clock_forms, clock_words
from departments import days_off
from departments.working_time import KST, Calendar


@dataclass(slots=True)
class ClockDesk:
    """`why`: line by line how the due time comes about. `notes`: what else moves the clocks. `forms`: what this person
    may do to them. `dues`: both clocks in short, the worse first. `emergency`: the other clock, "" where none runs."""

    kind: str
    period: str
    basis: str
    due: str
    why: list[str]
    dues: tuple[clock_words.Due, ...]
    emergency: str = ""
    notes: list[str] = field(default_factory=list)
    forms: list[clock_forms.Form] = field(default_factory=list)


def desk_of(
    complaint: Complaint, user: User, *, now: datetime, calendar: Calendar, typed: dict[str, str] | None = None
) -> ClockDesk:
    """Everything the page says about the clocks of `complaint`, in a fixed number of queries."""
    prefetch_related_objects([complaint], "holds")
    kind = LegalKind(complaint.legal_kind)
    found = _reckoned(complaint, calendar)
    return ClockDesk(
        kind=str(kind.label),
        period=reckoning_words.period(deadlines.period_of(KINDS[kind])),
        basis=KINDS[kind].articles,
        due=reckoning_words.moment(complaint.due_at),
        why=_why(complaint, found),
        dues=clock_words.of(complaint, now=now, calendar=calendar),
        emergency=_emergency(complaint),
        notes=[*_notes(complaint), *_steps(complaint, now, calendar)],
        forms=clock_forms.forms_for(complaint, user, calendar=calendar, now=now, typed=typed or {}),
    )


def _reckoned(complaint: Complaint, calendar: Calendar) -> reckoning.Reckoning:
    since = deadlines.since_of(complaint)
    first, last = (moment.astimezone(KST).date() for moment in (since, complaint.due_at))
    return reckoning.reckon(
        deadlines.period_for(complaint),
        since,
        calendar=calendar,
        changed=days_off.changes(first, last),
        language=(get_language() or "ko")[:2],
        pauses=deadlines.pauses_of(complaint),
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


def _steps(complaint: Complaint, now: datetime, calendar: Calendar) -> Iterator[str]:
    """The clocks of single steps, as long as nobody in charge has it (영 제13조, 규칙 제9조①)."""
    if not complaint.handed_at and handing.is_open(complaint):
        vars(complaint)["given_at"] = handing.given_at(complaint)
    for clock in handing.steps_of(complaint, calendar=calendar):
        left = clock_words.legal(clock.due_at, now=now, calendar=calendar)
        said = {"what": STEPS[clock.step].about, "when": left.when, "left": left.text}
        yield _("By %(when)s (%(left)s): %(what)s") % said


def _emergency(complaint: Complaint) -> str:
    if complaint.emergency_due_at is None or complaint.status in CLOSED:
        return ""
    said = {"when": reckoning_words.moment(complaint.emergency_due_at)}
    return _("Urgent: until %(when)s, day and night, whatever day it is.") % said


def _notes(complaint: Complaint) -> Iterator[str]:
    """Extended, on site, waiting: each with what it does to the clock."""
    unit = {"n": complaint.extended_by, "times": complaint.extensions}
    if complaint.extended_by and KINDS[LegalKind(complaint.legal_kind)].period == Period(hours=3):
        yield _("Extended by %(n)d office hours (%(times)d time(s))") % unit
    elif complaint.extended_by:
        yield _("Extended by %(n)d days (%(times)d time(s))") % unit
    if complaint.visit_days:
        yield _("On site: %(n)d days that do not count") % {"n": complaint.visit_days}
    for hold in complaint.holds.all():
        if hold.ended_at is None:
            yield from _waiting(hold)


def _waiting(hold: Hold) -> Iterator[str]:
    said = {"what": hold.get_code_display(), "when": reckoning_words.moment(hold.began_at)}
    if hold.stops:
        yield _("The clock stands still since %(when)s: %(what)s") % said
    else:
        yield _("Waits since %(when)s, the clock runs on: %(what)s") % said
    if hold.until is not None:
        yield _("Supplement asked for by %(day)s") % {"day": reckoning_words.day(hold.until)}
