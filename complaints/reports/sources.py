"""Where numbers come from. `Exact` asks the table of the spans itself; complaints.reports.packed is the quick way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncWeek
from django.utils import timezone

from complaints.models import Figure
from complaints.models.duration import DurationQuerySet
from complaints.reports import numbers
from complaints.reports.numbers import PARTS, Numbers
from complaints.reports.periods import Period
from complaints.reports.slices import Slice


@dataclass(frozen=True)
class Exact:
    """Out of `durations`, those that are reported to somebody; one query for each question."""

    durations: DurationQuerySet

    def of_slice(self, asked: Slice, *, now: datetime) -> Numbers:
        """The numbers of one figure, all groups together."""
        return numbers.of_slice(asked, self.durations, now=now)

    def by_figure(self, asked: Slice, *, now: datetime) -> dict[str, Numbers]:
        """The numbers of every figure."""
        return numbers.by_figure(asked, self.durations, now=now)

    def of_periods(self, asked: Slice, periods: Sequence[Period], *, now: datetime) -> list[dict[str, Numbers]]:
        """The numbers of every figure, period by period: those that are compared overlap."""
        return [self.by_figure(asked.in_period(period), now=now) for period in periods]

    def by_group(self, asked: Slice, *, now: datetime) -> dict[Any, Numbers]:
        """The numbers of one figure for each value of the dimension `asked.by`."""
        return numbers.by_group(asked, self.durations, now=now)

    def by_pair(self, asked: Slice, other: str, *, now: datetime) -> dict[Any, Numbers]:
        """The same for each pair of values, of `asked.by` and of the dimension `other`."""
        return numbers.by_pair(asked, other, self.durations, now=now)

    def by_week(self, asked: Slice, *, now: datetime) -> dict[date, Numbers]:
        """The numbers of one figure for each week, by its Monday."""
        found = numbers.grouped(asked.rows(self.durations), TruncWeek("began_at"), now=now)
        return {timezone.localtime(week).date(): each for week, each in found.items()}

    def backlog(self, asked: Slice, *, now: datetime) -> dict[str, Numbers]:
        """What has not ended now, of every figure, whenever it began."""
        return numbers.running(asked.anywhen(self.durations), F("figure"), now=now)

    def arrivals(self, asked: Slice, *, now: datetime) -> dict[tuple[int, int], int]:
        """How many complaints came at each day of the week (1: Monday) and hour."""
        return arrivals_of(asked.of(Figure.FIRST_TOUCH).rows(self.durations), now=now)


def arrivals_of(rows: DurationQuerySet, *, now: datetime) -> dict[tuple[int, int], int]:
    """Of these spans that count: weekday and hour in Asia/Seoul → how many; one query."""
    counted = rows.filter(PARTS["all"](now)).order_by()
    hours = counted.values_list(ExtractIsoWeekDay("began_at"), ExtractHour("began_at")).annotate(count=Count("pk"))
    return {(day, hour): count for day, hour, count in hours}
