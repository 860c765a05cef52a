"""How a due time comes about, day by day, for people who want to know why: walked, not summed, so it can be checked.

The walk agrees with complaints.deadlines; a test holds one against the other for every day of four years.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from complaints import deadlines, standstill
from complaints.deadlines import Reading
from complaints.legal_kinds import Period
from complaints.standstill import Pause
from departments import days_off
from departments.days_off import Reason
from departments.working_time import KST, Calendar

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One day, or one open period of it. `counts` with `hours` or with `number` (the day's number), or neither.

    `begin`, `end`: the part of the day that was counted, in Asia/Seoul. `stopped`: the clock stood still all day."""

    day: date
    counts: bool
    reasons: tuple[Reason, ...] = ()
    begin: datetime | None = None
    end: datetime | None = None
    hours: timedelta = timedelta(0)
    total: timedelta = timedelta(0)
    number: int = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The due time of a period, and the days on the way to it."""

    period: Period
    received_at: datetime
    due_at: datetime
    lines: list[Line] = field(default_factory=list)


def reckon(
    period: Period,
    received_at: datetime,
    *,
    calendar: Calendar,
    changed: Mapping[date, str],
    language: str,
    pauses: Iterable[Pause] = (),
    read: Reading | None = None,
) -> Reckoning:
    """The due time of `period`, with a line for every day from the receipt on; `changed`: days_off.changes."""
    read, over = read or deadlines.reading(), standstill.over(pauses)
    due_at = deadlines.end_of(period, received_at, pauses=over, calendar=calendar, read=read)
    walk = _walk_days if period.days else _walk_hours

    def reasons(day: date) -> tuple[Reason, ...]:
        return tuple(days_off.reasons(day, calendar=calendar, changed=changed, language=language))

    span = _Span(received_at.astimezone(KST), due_at.astimezone(KST), calendar, read, over)
    lines = [Line(line.day, line.counts, reasons(line.day), *_rest(line)) for line in walk(span)]
    return Reckoning(period, received_at, due_at, lines)


@dataclass(frozen=True)
class _Span:
    """What is walked through."""

    received_at: datetime
    due_at: datetime
    calendar: Calendar
    read: Reading
    pauses: list[Pause]

    @cached_property
    def stopped_days(self) -> frozenset[date]:
        return standstill.days_of(self.pauses)

    @cached_property
    def stretches(self) -> list[tuple[datetime, datetime]]:
        return standstill.stretches(self.pauses)

    def days(self) -> Iterator[date]:
        """From the day of receipt to the last one; midnight after it is no day of its own."""
        day, last = self.received_at.date(), (self.due_at - timedelta(microseconds=1)).date()
        while day <= last:
            yield day
            day += DAY


def _walk_hours(span: _Span) -> Iterator[Line]:
    total = timedelta(0)
    for day in span.days():
        counted = list(_parts(day, span))
        for begin, end in counted:
            total += end - begin
            yield Line(day, True, (), begin, end, end - begin, total)
        if not counted:
            yield Line(day, False, total=total, stopped=_stood_still(day, span))


def _parts(day: date, span: _Span) -> Iterator[tuple[datetime, datetime]]:
    """The open periods of a day, as far as they lie between receipt and due time."""
    midnight = datetime.combine(day, time(0), KST)
    for opens, closes in span.calendar.periods_on(day):
        begin = max(midnight + timedelta(seconds=opens), span.received_at)
        end = min(midnight + timedelta(seconds=closes), span.due_at)
        yield from _without(span.stretches, begin, end)


def _without(
    stretches: list[tuple[datetime, datetime]], begin: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """What is left of a time when the stretches are cut out of it."""
    for first, last in stretches:
        if begin < min(first, end):
            yield begin, min(first, end).astimezone(KST)
        begin = max(begin, min(last, end)).astimezone(KST)
    if begin < end:
        yield begin, end


def _stood_still(day: date, span: _Span) -> bool:
    """Would hours of this day have counted, had the clock not stood still?"""
    midnight = datetime.combine(day, time(0), KST)
    parts = ((midnight + opens * SECOND, midnight + closes * SECOND) for opens, closes in span.calendar.periods_on(day))
    return any(max(begin, span.received_at) < min(end, span.due_at) for begin, end in parts)


def _walk_days(span: _Span) -> Iterator[Line]:
    number = 0
    for day in span.days():
        counts = _counts(day, span)
        number += counts
        stopped = not counts and day in span.stopped_days and span.calendar.is_counted_day(day)
        yield Line(day, counts, number=number if counts else 0, stopped=stopped)


def _counts(day: date, span: _Span) -> bool:
    rules, first = span.read.days, span.received_at
    counted, is_first = span.calendar.is_counted_day(day), day == first.date()
    if is_first and not counted:
        return rules.off_day_counts
    if not is_first or not counted or day in span.stopped_days:
        return counted and day not in span.stopped_days
    closes = datetime.combine(day, time(0), KST) + timedelta(seconds=span.calendar.closes_at(day))
    return rules.late_day_counts or first < closes


def _rest(line: Line) -> tuple[datetime | None, datetime | None, timedelta, timedelta, int, bool]:
    return line.begin, line.end, line.hours, line.total, line.number, line.stopped
