"""Office time counted the slow way, minute by minute, from a list of holidays written down by hand.

Shares nothing with the product: the official almanac of 2024–2027 as published, 09–12 and 13–18, Monday to Friday.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
FIRST, LAST = datetime(2024, 1, 1, tzinfo=SEOUL), datetime(2028, 1, 1, tzinfo=SEOUL)
MINUTE = timedelta(minutes=1)
MINUTES = int((LAST - FIRST) / MINUTE)

#: 공휴일 with their substitutes, elections and 임시공휴일: month.day of each year.
OFFICIAL = {
    2024: "1.1 2.9 2.10 2.11 2.12 3.1 4.10 5.5 5.6 5.15 6.6 8.15 9.16 9.17 9.18 10.1 10.3 10.9 12.25",
    2025: "1.1 1.27 1.28 1.29 1.30 3.1 3.3 5.5 5.6 6.3 6.6 8.15 10.3 10.5 10.6 10.7 10.8 10.9 12.25",
    2026: "1.1 2.16 2.17 2.18 3.1 3.2 5.1 5.5 5.24 5.25 6.3 6.6 7.17 8.15 8.17 9.24 9.25 9.26 10.3 10.5 10.9 12.25",
    2027: "1.1 2.6 2.7 2.8 2.9 3.1 5.1 5.3 5.5 5.13 6.6 7.17 7.19 8.15 8.16 9.14 9.15 9.16 10.3 10.4 10.9 10.11 12.25 "
    "12.27",
}
HOLIDAYS = frozenset(date(year, *map(int, text.split("."))) for year, days in OFFICIAL.items() for text in days.split())


def counts(day: date, *, off: frozenset[date] = HOLIDAYS) -> bool:
    """Neither Saturday nor Sunday nor holiday."""
    return day.isoweekday() < 6 and day not in off


@cache
def worked(off: frozenset[date] = HOLIDAYS) -> list[int]:
    """How many minutes were worked before each minute of the four years, found by walking."""
    flags: list[bool] = []
    day = FIRST.date()
    while day < LAST.date():
        for hour in range(24):
            open_ = counts(day, off=off) and (9 <= hour < 12 or 13 <= hour < 18)
            flags += [open_] * 60
        day += timedelta(days=1)
    return list(accumulate(flags, initial=0))


def between(begin: int, end: int, *, off: frozenset[date] = HOLIDAYS) -> int:
    """Office minutes from one minute of the four years to another."""
    return worked(off)[end] - worked(off)[begin]


def after(begin: int, amount: int, *, off: frozenset[date] = HOLIDAYS) -> int:
    """The first minute at which `amount` office minutes have passed since `begin`, found by walking."""
    sums, at = worked(off), begin
    while sums[at] - sums[begin] < amount:
        at += 1
    return at


def nth_day(begin: date, days: int, *, off: frozenset[date] = HOLIDAYS) -> date:
    """The last of so many counted days, the first included."""
    day, seen = begin, int(counts(begin, off=off))
    while seen < days:
        day += timedelta(days=1)
        seen += counts(day, off=off)
    return day


def moment(minute: int) -> datetime:
    return FIRST + minute * MINUTE
