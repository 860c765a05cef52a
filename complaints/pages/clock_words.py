"""A complaint's clocks in few words, the worse one first: the law's in office time, the emergency's in wall time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import clocks, deadlines, handing
from complaints.legal_kinds import HOURS_A_DAY
from complaints.models import Complaint
from complaints.pages import words
from departments.working_time import KST, Calendar

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: From so much office time on, days say more than hours.
IN_DAYS = timedelta(hours=3 * HOURS_A_DAY)


@dataclass(frozen=True, slots=True)
class Due:
    """A clock in words; `when` it is due; `tone`: late, soon, fine, stopped. `at`: when, for the order."""

    text: str
    when: str
    tone: str
    at: datetime


def of(complaint: Complaint, *, now: datetime, calendar: Calendar) -> tuple[Due, ...]:
    """What still runs, the worse first; empty where no answer is awaited any more."""
    return tuple(sorted(_running(complaint, now, calendar), key=lambda due: due.at))


def _running(complaint: Complaint, now: datetime, calendar: Calendar) -> Iterator[Due]:
    if not clocks.runs(complaint):
        return
    if complaint.emergency_due_at is not None:
        yield emergency(complaint.emergency_due_at, now=now)
    if complaint.stopped_at is not None:
        since = _("since %(when)s") % {"when": words.moment(complaint.stopped_at, now=now)}
        yield Due(_("clock stopped"), since, "stopped", complaint.due_at)
    else:
        yield legal_of(complaint, now=now, calendar=calendar)


def handing_on(complaint: Complaint, *, now: datetime, calendar: Calendar) -> Iterator[Due]:
    """“이송 기한 2근무시간 남음”: by then it must be with who is in charge (영 제13조); nothing once it is."""
    clock = handing.of(complaint, calendar=calendar)
    if clock is not None:
        due = legal(clock.due_at, now=now, calendar=calendar)
        yield replace(due, text=_("hand over: %(span)s") % {"span": due.text})


def legal_of(complaint: Complaint, *, now: datetime, calendar: Calendar) -> Due:
    """The law's clock alone, whatever burns beside it."""
    in_days = bool(deadlines.period_for(complaint).days)
    return legal(complaint.due_at, now=now, calendar=calendar, in_days=in_days)


def emergency(at: datetime, *, now: datetime) -> Due:
    """“긴급 12분 남음”, “긴급 3시간 초과”: day and night."""
    said = {"span": words.span(abs(at - now))}
    text = _("urgent: %(span)s over") % said if at < now else _("urgent: %(span)s left") % said
    return Due(text, words.moment(at, now=now), "late" if at < now else "soon", at)


def legal(at: datetime, *, now: datetime, calendar: Calendar, in_days: bool = False) -> Due:
    """“2근무시간 남음”, “3근무시간 초과”; a period in days: “3일 남음”, “2일 초과”."""
    work, when = calendar.working_time_between(now, at), words.moment(at, now=now)
    days = _days(now, at, calendar) if in_days else 0
    if at < now:
        return Due(_over(-work, days), when, "late", at)
    if days:
        return Due(ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}, when, "fine", at)
    text = _("%(span)s left") % {"span": office_time(work)} if work >= MINUTE else _("due now")
    return Due(text, when, "soon" if in_days or work <= HOUR else "fine", at)


def _over(work: timedelta, days: int) -> str:
    if days:
        return ngettext("%(n)d day over", "%(n)d days over", -days) % {"n": -days}
    return _("%(span)s over") % {"span": office_time(work)} if work >= MINUTE else _("just over")


def _days(now: datetime, at: datetime, calendar: Calendar) -> int:
    """Counted days from today to the last one, negative after it."""
    return calendar.counted_days_between(now.astimezone(KST).date(), at.astimezone(KST).date())


def office_time(length: timedelta) -> str:
    """“40분”, “2근무시간 30분”, “4근무일”."""
    minutes = int(length / MINUTE)
    if length >= IN_DAYS:
        days = minutes // (60 * HOURS_A_DAY)
        return ngettext("%(n)d office day", "%(n)d office days", days) % {"n": days}
    hours, rest = divmod(minutes, 60)
    if not hours:
        return words.span(length)
    whole = ngettext("%(n)d office hour", "%(n)d office hours", hours) % {"n": hours}
    return f"{whole} {words.span(rest * MINUTE)}" if rest else whole
