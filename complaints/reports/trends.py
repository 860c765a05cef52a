"""The last twelve weeks: how many came, how long the answer took on both clocks, what was in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from complaints.reports import charts, periods, words
from complaints.reports.cards import list_of
from complaints.reports.numbers import Numbers
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """One line of the table beside the chart. `url`: the list of all that came."""

    label: str
    received: int
    n: int
    median: str
    wall: str
    share: str
    small: bool
    url: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The weeks with their bars: the median in office time, and how many came."""

    weeks: list[Week]
    bars: list[charts.Bar]
    received: list[charts.Bar]


def trend_of(asked: Slice, source: Exact, *, now: datetime) -> Trend:
    """Of one figure, this week included; whatever period is asked for."""
    last = periods.containing("week", timezone.localtime(now).date())
    first = last.first - timedelta(weeks=WEEKS - 1)
    by_week = source.by_week(asked.in_period(periods.Period("range", first, last.last)), now=now)
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    found = [by_week.get(monday, Numbers()) for monday in mondays]
    weeks = [_week(asked, monday, each) for monday, each in zip(mondays, found, strict=True)]
    both = list(zip(weeks, found, strict=True))
    return Trend(
        weeks=weeks,
        bars=charts.bars([(w.label, each.working_median, f"{w.median} (n {w.n:,})") for w, each in both]),
        received=charts.bars([(w.label, w.received, f"{w.received:,}") for w, _each in both]),
    )


def _week(asked: Slice, monday: date, found: Numbers) -> Week:
    return Week(
        label=f"{monday:%m-%d}",
        received=found.counted,
        n=found.n,
        median=words.working(found.working_median),
        wall=words.wall(found.wall_median),
        share=f"{words.percent(found.share)} ({found.within:,}/{found.judged:,})" if found.judged else words.DASH,
        small=found.is_marked,
        url=list_of(asked.in_period(periods.containing("week", monday)), "all"),
    )
