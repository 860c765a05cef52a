"""A reckoning in words, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from complaints.legal_kinds import Period
from complaints.reckoning import Line, Reckoning
from departments import days_off
from departments.days_off import Reason
from departments.working_time import KST

MINUTE = timedelta(minutes=1)
#: As ISO counts them.
WEEKDAYS = {
    1: pgettext_lazy("weekday", "Mon"),
    2: pgettext_lazy("weekday", "Tue"),
    3: pgettext_lazy("weekday", "Wed"),
    4: pgettext_lazy("weekday", "Thu"),
    5: pgettext_lazy("weekday", "Fri"),
    6: pgettext_lazy("weekday", "Sat"),
    7: pgettext_lazy("weekday", "Sun"),
}


def lines_of(reckoning: Reckoning) -> Iterator[str]:
    """Receipt, every day with what it adds or why it does not count, the due time."""
    yield _("Received: %(when)s") % {"when": moment(reckoning.received_at)}
    yield from map(line, reckoning.lines)
    yield _("Due: %(when)s") % {"when": moment(reckoning.due_at)}


def line(step: Line) -> str:
    """One day."""
    if step.begin and step.end:
        said = {
            "from": f"{step.begin:%H:%M}",
            "to": clock(step.end, of=step.day),
            "hours": hours(step.hours),
            "total": hours(step.total),
        }
        return f"{day(step.day)} " + _("%(from)s–%(to)s: %(hours)s, together %(total)s") % said + _aside(step)
    if step.number:
        return f"{day(step.day)} " + _("day %(n)d") % {"n": step.number} + _first(step) + _aside(step)
    return f"{day(step.day)} " + _("does not count: %(why)s") % {"why": _why(step)}


def period(length: Period) -> str:
    """“3근무시간”, “14일”."""
    if length.hours:
        return ngettext("%(n)d office hour", "%(n)d office hours", length.hours) % {"n": length.hours}
    return ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days}


def reason(cause: Reason) -> str:
    """Why a day does not count, with the holiday's name."""
    said = {
        days_off.SATURDAY: _("Saturday"),
        days_off.SUNDAY: _("Sunday"),
        days_off.HOLIDAY: _("public holiday (%(name)s)"),
        days_off.CITY: _("day off by the city's decision (%(name)s)"),
        days_off.WORKED: _("%(name)s, worked by the city's decision"),
    }[cause.code]
    return said % {"name": cause.name} if cause.name else said.replace("(%(name)s)", "").strip()


def day(on: date) -> str:
    """“2026-05-04 (월)”."""
    return f"{on} ({WEEKDAYS[on.isoweekday()]})"


def moment(at: datetime) -> str:
    """“2026-05-04 (월) 17:00”, in Asia/Seoul; the midnight at the end of a day is the 24:00 of that day."""
    local = at.astimezone(KST)
    return f"{day(local.date())} {clock(local, of=local.date())}"


def clock(at: datetime, *, of: date) -> str:
    """The time of day, with seconds where there are any."""
    if at.date() > of:
        return "24:00"
    return f"{at:%H:%M:%S}" if at.second or at.microsecond else f"{at:%H:%M}"


def hours(length: timedelta) -> str:
    """“2시간 30분”."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    whole, rest = divmod(minutes, 60)
    parts = [
        ngettext("%(n)d hour", "%(n)d hours", whole) % {"n": whole} if whole else "",
        ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest} if rest else "",
        ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds} if seconds else "",
    ]
    return " ".join(part for part in parts if part) or ngettext("%(n)d minute", "%(n)d minutes", 0) % {"n": 0}


def _why(step: Line) -> str:
    if step.stopped:
        return _("the clock stood still")
    off = [cause for cause in step.reasons if cause.code != days_off.WORKED]
    return ", ".join(map(reason, off)) or _("no office hours left on this day")


def _aside(step: Line) -> str:
    """A holiday that was worked, a day off that counts all the same."""
    return "".join(f" ({reason(cause)})" for cause in step.reasons)


def _first(step: Line) -> str:
    return " " + _("(the first day counts)") if step.number == 1 else ""
