"""Office hours and holidays as sums: how much the office worked between two moments, and when an amount is used up.

Rules: hours are counted in 근무시간, days with the first one included; 공휴일 and Saturdays never count
(민원 처리에 관한 법률 제19조). Hours are Monday to Friday 09–12 and 13–18 (지방공무원 복무규정 제2조②) unless
OfficeHours rows say otherwise; holidays are those of the `holidays` package, changed by Holiday rows.

A `Calendar` is a value: `calendar_for` reads the rows (two small queries) and returns the cached calendar with exactly
that content, so a changed row is seen at once and the sums are built once. Take one calendar for a whole list.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from typing import TypeAlias

from django.db.models import Q

from departments.almanac import FIRST_YEAR, LAST_YEAR, public_holidays
from departments.models import Department, Holiday, HolidayKind, OfficeHours

#: Korea has had no summer time since 1988, so inside the almanac a fixed offset is Asia/Seoul, and much faster.
KST = timezone(timedelta(hours=9), "KST")

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
_TICK = timedelta(microseconds=1)
_LEGAL_DAY: tuple[Period, ...] = ((9 * _HOUR, 12 * _HOUR), (13 * _HOUR, 18 * _HOUR))
LEGAL_WEEK: Week = (_LEGAL_DAY,) * 5 + ((), ())


@dataclass(frozen=True, slots=True)
class DayRules:
    """What the law leaves open where it counts days (docs/decisions/0013-open-questions-of-the-clocks.md).

    `late_day_counts`: does a day still count as the first for what comes at or after its closing time?
    `off_day_counts`: does a day off count as the first for what comes on it? `until_midnight`: does the last day end at
    24:00 instead of closing time?
    """

    late_day_counts: bool = True
    off_day_counts: bool = False
    until_midnight: bool = False


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
        return day not in self.removed and (day in self.added or day in public_holidays())

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
        target = self._position(start) + amount // _TICK
        day = bisect_left(self._sums, target) - 1
        if day >= _DAYS:
            raise OutsideAlmanac(f"{amount} of office time after {start} ends after {LAST_YEAR}")
        return _moment(day, _within(self._periods[day], target - self._sums[day]))

    def next_opening(self, now: datetime) -> datetime:
        """This moment if the office is open, else when it opens next."""
        return now if self.is_working(now) else self.add_working_time(now, _TICK) - _TICK

    def working_time_before(self, end: datetime, amount: timedelta) -> datetime:
        """The last moment from which `amount` of office time passes until `end`. Raises OutsideAlmanac."""
        target = self._position(end) - amount // _TICK
        if target < 0:
            raise OutsideAlmanac(f"{amount} of office time before {end} begins before {FIRST_YEAR}")
        day = bisect_right(self._sums, target) - 1
        return min(end, _moment(day, _still_to_do(self._periods[day], target - self._sums[day])))

    def working_time_between(self, begin: datetime, end: datetime) -> timedelta:
        """Office time from `begin` to `end`; negative when they are the other way round."""
        return timedelta(0, 0, self._position(end) - self._position(begin))

    def add_working_days(
        self, start: datetime, days: int, *, rules: DayRules = DayRules(), without: frozenset[date] = frozenset()
    ) -> datetime:
        """The end of the last of `days` counted days. The first is the day of receipt, or the next counted day; days
        `without` (a pause) are passed over. Raises ValueError for less than one day."""
        if days < 1:
            raise ValueError("a period in days has at least one day")
        first, second, _ = _split(start)
        counted, early = self.is_counted_day(_day(first)), 0
        if not counted:
            early = int(rules.off_day_counts)
        elif not rules.late_day_counts and second >= self.closes_at(_day(first)):
            first += 1
        last = self._last_counted(first, days - early, without)
        end = 24 * _HOUR if rules.until_midnight else self.closes_at(_day(last))
        return _moment(last, end * _SECOND)

    def counted_days_between(self, begin: date, end: date) -> int:
        """Counted days after `begin` up to `end`; negative when they are the other way round."""
        if end < begin:
            return -self.counted_days_between(end, begin)
        return self._counted[_number(end) + 1] - self._counted[_number(begin) + 1]

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """The open periods of a day, as seconds of it; none on a day off."""
        return () if self.is_holiday(day) else self.week[day.weekday()]

    def closes_at(self, day: date) -> int:
        """Second of the day at which it closes; a day without hours of its own closes as the law says."""
        return (self.periods_on(day) or _LEGAL_DAY)[-1][1]

    def _last_counted(self, first: int, days: int, without: frozenset[date]) -> int:
        """The day on which `days` counted days from `first` on are full; `first` itself for none."""
        if not days:
            return first
        paused = sorted(_number(day) for day in without if self.is_counted_day(day) and _number(day) >= first)
        for day in [*paused, _DAYS]:
            last = bisect_left(self._counted, self._counted[first] + days) - 1
            if last < day:
                break
            days += 1
        if last >= _DAYS:
            raise OutsideAlmanac(f"{days} days after {_day(first)} end after {LAST_YEAR}")
        return last

    @cached_property
    def _periods(self) -> list[tuple[Period, ...]]:
        return [self.periods_on(_day(number)) for number in range(_DAYS)]

    @cached_property
    def _sums(self) -> list[int]:
        lengths = (sum(closes - opens for opens, closes in day) * _SECOND for day in self._periods)
        return list(accumulate(lengths, initial=0))

    @cached_property
    def _counted(self) -> list[int]:
        return list(accumulate((int(self.is_counted_day(_day(number))) for number in range(_DAYS)), initial=0))

    @cached_property
    def _ladders(self) -> list[tuple[int, tuple[int, ...], tuple[int, ...]]]:
        """For each day: the sum before it, its bounds (opens, closes, opens, …), and what is done before each."""
        return [(before, *_ladder(periods)) for before, periods in zip(self._sums, self._periods, strict=False)]

    def _position(self, moment: datetime) -> int:
        """Microseconds of office time since the almanac begins. The hot path: lists ask it a million times."""
        try:
            passed = moment - _EPOCH
            before, bounds, done = self._ladders[passed.days]
        except (TypeError, IndexError):
            _split(moment)  # says what is wrong
            raise
        if passed.days < 0:
            _split(moment)
        rung = bisect_right(bounds, passed.seconds)
        if not rung & 1:
            return before + done[rung] * _SECOND
        return before + (done[rung] + passed.seconds - bounds[rung - 1]) * _SECOND + passed.microseconds


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


def _split(moment: datetime) -> tuple[int, int, int]:
    """Day of the almanac, second of that day, microsecond. Raises ValueError for a naive moment, OutsideAlmanac."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    passed = moment - _EPOCH
    if not 0 <= passed.days < _DAYS:
        raise OutsideAlmanac(f"{moment} is outside {FIRST_YEAR}–{LAST_YEAR}")
    return passed.days, passed.seconds, passed.microseconds


def _day(number: int) -> date:
    return _FIRST_DAY + timedelta(days=number)


def _number(day: date) -> int:
    return (day - _FIRST_DAY).days


def _moment(day: int, micros: int) -> datetime:
    return (_EPOCH + timedelta(days=day, microseconds=micros)).astimezone(UTC)


@cache
def _ladder(periods: tuple[Period, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The bounds of a day in order, and the seconds worked before each, then before the end of the day."""
    lengths = (closes - opens for opens, closes in periods)
    done = list(accumulate(lengths, initial=0))
    return tuple(second for period in periods for second in period), tuple(d for d in done for _ in (0, 1))[:-1]


def _within(periods: tuple[Period, ...], work: int) -> int:
    """Microsecond of the day at which so much of its work is done."""
    (opens, closes), *later = periods
    length = (closes - opens) * _SECOND
    return opens * _SECOND + work if work <= length else _within(tuple(later), work - length)


def _still_to_do(periods: tuple[Period, ...], work: int) -> int:
    """The last microsecond of the day at which so much of its work is done: after a break, not before it."""
    (opens, closes), *later = periods
    length = (closes - opens) * _SECOND
    return opens * _SECOND + work if work < length or not later else _still_to_do(tuple(later), work - length)


def _second(clock: time) -> int:
    return clock.hour * _HOUR + clock.minute * 60 + clock.second
