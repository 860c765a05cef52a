"""Office hours and holidays as sums: how much the office worked between two moments, and when an amount is used up.

Rules: hours are counted in 근무시간, days with the first one included; 공휴일 and Saturdays never count
(민원 처리에 관한 법률 제19조). Hours are Monday to Friday 09–12 and 13–18 (지방공무원 복무규정 제2조②) unless
OfficeHours rows say otherwise; holidays are those of the `holidays` package, changed by Holiday rows.

A `Calendar` is a value: `calendar_for` reads the rows (two small queries) and returns the cached calendar with exactly
that content, so a changed row is seen at once and the sums are built once. Take one calendar for a whole list.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from typing import TypeAlias

import holidays
from django.db.models import Q

from departments.models import Department, Holiday, HolidayKind, OfficeHours

#: Korea has had no summer time since 1988, so inside the almanac a fixed offset is Asia/Seoul, and much faster.
KST = timezone(timedelta(hours=9), "KST")
#: The years the sums cover; the almanac's lunar tables end with the century.
FIRST_YEAR, LAST_YEAR = 1990, 2099

#: Seconds of the day: opens, closes.
Period: TypeAlias = tuple[int, int]
#: The open periods of the weekdays, Monday first.
Week: TypeAlias = tuple[tuple[Period, ...], ...]

_HOUR = 3600
_SECOND = 1_000_000
_EPOCH = datetime(FIRST_YEAR, 1, 1, tzinfo=KST)
_FIRST_DAY = date(FIRST_YEAR, 1, 1)
_DAYS = (date(LAST_YEAR, 12, 31) - _FIRST_DAY).days + 1
_SATURDAY = 5
_LEGAL_DAY: tuple[Period, ...] = ((9 * _HOUR, 12 * _HOUR), (13 * _HOUR, 18 * _HOUR))
LEGAL_WEEK: Week = (_LEGAL_DAY,) * 5 + ((), ())


class OutsideAlmanac(ValueError):
    """The moment lies outside the years whose holidays are known, or the office never works long enough."""


@dataclass(frozen=True)
class Calendar:
    """Open periods of a week, and the days off made and unmade by the city."""

    week: Week = LEGAL_WEEK
    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def is_holiday(self, day: date) -> bool:
        """공휴일, as the city changed it. Sundays and Saturdays are not asked here."""
        return day not in self.removed and (day in self.added or day in _almanac())

    def is_counted_day(self, day: date) -> bool:
        """Does the law count this day (neither Saturday, Sunday nor 공휴일)? Office hours play no part in that."""
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

    def is_working(self, now: datetime) -> bool:
        """Is the office open at this moment? Closing time itself is closed."""
        day, second, _ = _split(now)
        return any(opens <= second < closes for opens, closes in self._periods[day])

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment at which `amount` of office time has passed since `start`; for zero, `start` itself.

        An amount that ends with the day is due at closing time, not at the next opening. Raises ValueError for a
        negative amount."""
        if amount < timedelta(0):
            raise ValueError("an amount of working time is never negative")
        if not amount:
            return start
        target = self._position(start) + amount // timedelta(microseconds=1)
        day = bisect_left(self._sums, target) - 1
        if day >= _DAYS:
            raise OutsideAlmanac(f"{amount} of office time after {start} ends after {LAST_YEAR}")
        return _moment(day, _within(self._periods[day], target - self._sums[day]))

    def working_time_between(self, begin: datetime, end: datetime) -> timedelta:
        """Office time from `begin` to `end`; negative when they are the other way round."""
        return timedelta(microseconds=self._position(end) - self._position(begin))

    def add_working_days(self, start: datetime, days: int, *, late_day_counts: bool = True) -> datetime:
        """Closing time of the last of `days` counted days. The first is the day of receipt, or the next counted day.

        `late_day_counts` False: what comes at or after closing time begins with the next counted day (the law leaves
        that open). Raises ValueError for less than one day."""
        if days < 1:
            raise ValueError("a period in days has at least one day")
        index, second, _ = _split(start)
        if not late_day_counts and second >= self._closing(index):
            index += 1
        last = bisect_left(self._counted, self._counted[index] + days) - 1
        if last >= _DAYS:
            raise OutsideAlmanac(f"{days} days after {start} end after {LAST_YEAR}")
        return _moment(last, self._closing(last) * _SECOND)

    @cached_property
    def _periods(self) -> list[tuple[Period, ...]]:
        days = (_FIRST_DAY + timedelta(days=number) for number in range(_DAYS))
        return [() if self.is_holiday(day) else self.week[day.weekday()] for day in days]

    @cached_property
    def _sums(self) -> list[int]:
        lengths = (sum(closes - opens for opens, closes in day) * _SECOND for day in self._periods)
        return list(accumulate(lengths, initial=0))

    @cached_property
    def _counted(self) -> list[int]:
        days = (_FIRST_DAY + timedelta(days=number) for number in range(_DAYS))
        return list(accumulate((int(self.is_counted_day(day)) for day in days), initial=0))

    def _closing(self, index: int) -> int:
        """Second of the day at which that day closes; a day without hours of its own closes as the law says."""
        return (self._periods[index] or _LEGAL_DAY)[-1][1]

    def _position(self, moment: datetime) -> int:
        day, second, micro = _split(moment)
        position = self._sums[day]
        for opens, closes in self._periods[day]:
            if second >= closes:
                position += (closes - opens) * _SECOND
            elif second >= opens:
                position += (second - opens) * _SECOND + micro
        return position


def add_working_time(start: datetime, amount: timedelta, *, calendar: Calendar | None = None) -> datetime:
    """See Calendar.add_working_time; without a calendar, the city's."""
    return (calendar or calendar_for()).add_working_time(start, amount)


def working_time_between(begin: datetime, end: datetime, *, calendar: Calendar | None = None) -> timedelta:
    """See Calendar.working_time_between; without a calendar, the city's."""
    return (calendar or calendar_for()).working_time_between(begin, end)


def add_working_days(start: datetime, days: int, *, calendar: Calendar | None = None) -> datetime:
    """See Calendar.add_working_days; without a calendar, the city's."""
    return (calendar or calendar_for()).add_working_days(start, days)


def is_working(now: datetime, *, calendar: Calendar | None = None) -> bool:
    """See Calendar.is_working; without a calendar, the city's."""
    return (calendar or calendar_for()).is_working(now)


def calendar_for(department: Department | None = None) -> Calendar:
    """The calendar of a department, else of the city, else of the law; two queries, the sums are shared."""
    changes = list(Holiday.objects.values_list("date", "kind"))
    added = frozenset(day for day, kind in changes if kind == HolidayKind.ADD)
    return _shared(_week(department), added, frozenset(day for day, _ in changes) - added)


def _week(department: Department | None) -> Week:
    of_city = Q(department__isnull=True)
    rows = OfficeHours.objects.filter(of_city | Q(department=department) if department else of_city)
    found = list(rows)
    chosen = [row for row in found if row.department_id is not None] or found
    if not chosen:
        return LEGAL_WEEK
    return tuple(_merged((row.opens, row.closes) for row in chosen if row.weekday == day) for day in range(7))


def _merged(rows: Iterable[tuple[time, time]]) -> tuple[Period, ...]:
    """Periods in order; what overlaps or touches becomes one, for no second may count twice."""
    periods: list[Period] = []
    for opens, closes in sorted((_second(opens), _second(closes) or 24 * _HOUR) for opens, closes in rows):
        if periods and opens <= periods[-1][1]:
            periods[-1] = (periods[-1][0], max(closes, periods[-1][1]))
        else:
            periods.append((opens, closes))
    return tuple(periods)


@lru_cache(maxsize=256)
def _shared(week: Week, added: frozenset[date], removed: frozenset[date]) -> Calendar:
    return Calendar(week, added, removed)


@cache
def _almanac() -> frozenset[date]:
    return frozenset(holidays.country_holidays("KR", years=range(FIRST_YEAR, LAST_YEAR + 1)))


def _split(moment: datetime) -> tuple[int, int, int]:
    """Day of the almanac, second of that day, microsecond. Raises ValueError for a naive moment, OutsideAlmanac."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    passed = moment - _EPOCH
    if not 0 <= passed.days < _DAYS:
        raise OutsideAlmanac(f"{moment} is outside {FIRST_YEAR}–{LAST_YEAR}")
    return passed.days, passed.seconds, passed.microseconds


def _moment(day: int, micros: int) -> datetime:
    return (_EPOCH + timedelta(days=day, microseconds=micros)).astimezone(UTC)


def _within(periods: tuple[Period, ...], work: int) -> int:
    """Microsecond of the day at which so much of its work is done."""
    (opens, closes), *later = periods
    length = (closes - opens) * _SECOND
    return opens * _SECOND + work if work <= length else _within(tuple(later), work - length)


def _second(clock: time) -> int:
    return clock.hour * _HOUR + clock.minute * 60 + clock.second
