"""A tally over time: twelve days, weeks, months or quarters, the last one with the end of what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.db.models.functions import TruncDate

from complaints.reports import charts, periods, words
from complaints.reports.periods import Period
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.tables import Line
from complaints.reports.tallies import Counted, Tally, grouped, line_of, rows_of, together

STEPS = 12
#: A share of everything, as high as the chart.
WHOLE = 1000


@dataclass(frozen=True, slots=True)
class History:
    """The lines of the table, and the shares as bars."""

    lines: list[Line]
    bars: list[charts.Bar]


def steps_of(period: Period) -> list[Period]:
    """Of the period's kind; weeks of what has no kind in the calendar. The oldest first."""
    kind = "week" if period.name in ("range", periods.RECENT) else period.name
    steps = [periods.containing(kind, period.last)]
    while len(steps) < STEPS:
        steps.insert(0, steps[0].before())
    return steps


def counted_of(
    tally: Tally, asked: Slice, user: User | AnonymousUser, reader: Reader, *, now: datetime
) -> list[tuple[Period, Counted]]:
    """Each step with its numbers; one query, by the days of Asia/Seoul."""
    steps = steps_of(asked.period)
    whole = asked.in_period(Period("range", steps[0].first, steps[-1].last))
    days = grouped(tally, rows_of(tally, whole, user, reader), TruncDate(tally.moment), now=now)
    return [
        (step, together(tally, (found for day, found in days.items() if step.first <= day <= step.last)))
        for step in steps
    ]


def history_of(tally: Tally, asked: Slice, found: Sequence[tuple[Period, Counted]]) -> History:
    """The newest on top of the table, the oldest on the left of the chart."""
    lines = [line_of(tally, str(step), asked.in_period(step), numbers) for step, numbers in reversed(found)]
    return History(lines, charts.bars([_bar(step, numbers) for step, numbers in found], top=WHOLE))


def _bar(step: Period, numbers: Counted) -> tuple[str, int | None, str]:
    share = None if numbers.share is None else int(numbers.share * WHOLE)
    said = f"{words.percent(numbers.share)} ({numbers.good:,}/{numbers.judged:,})" if numbers.judged else words.DASH
    return _short(step), share, said


def _short(step: Period) -> str:
    """As it stands under a bar."""
    if step.name == "quarter":
        return f"{step.first:%Y}-Q{step.first.month // 3 + 1}"
    return f"{step.first:%Y-%m}" if step.name == "month" else f"{step.first:%m-%d}"
