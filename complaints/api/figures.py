"""The figures of the reports as plain values: the same questions to the same sources as the pages ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from complaints.models import Figure
from complaints.models.duration import DurationQuerySet
from complaints.reports import periods, words
from complaints.reports.dimensions import NOBODY
from complaints.reports.figures import CLOCKS, DEFINITIONS, EXCLUSIONS, NUMBERS, RULES, SMALL_N
from complaints.reports.numbers import Numbers
from complaints.reports.overview import WORST
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact
from complaints.reports.trends import WEEKS

_NONE = Numbers()
_VALUES = (
    "complaint__number", "figure", "state", "excluded", "account_id", "department_id", "district_id", "began_at",
    "ended_at", "due_at", "wall_seconds", "working_seconds", "complaint__status",
)  # fmt: skip


def answered(asked: Slice, *, now: datetime) -> dict[str, Any]:
    """What was asked and when it was computed."""
    return {"computed_at": now, "period": asked.period, "where": dict(asked.where), "small_below": SMALL_N}


def compared(asked: Slice, source: Exact, *, now: datetime) -> list[dict[str, Any]]:
    """Every figure of the period beside the period before and the year before."""
    found, before, year = (
        source.by_figure(asked.in_period(period), now=now)
        for period in (asked.period, asked.period.before(), asked.period.year_before())
    )
    return [
        {
            "figure": code,
            "name": definition.name,
            "numbers": found.get(code, _NONE),
            "before": before.get(code, _NONE),
            "year_before": year.get(code, _NONE),
        }
        for code, definition in DEFINITIONS.items()
    ]


def groups(asked: Slice, source: Exact, *, now: datetime) -> list[dict[str, Any]]:
    """One figure for each value of the dimension, the largest first as on the page."""
    found = source.by_group(asked, now=now)
    names = words.names_of(asked.by, found)
    order = sorted(found, key=lambda key: (-found[key].n, -found[key].open, str(names.get(key))))
    return [_group(key, names, found[key]) for key in order]


def _group(key: Any, names: dict[Any, str], numbers: Numbers) -> dict[str, Any]:
    value = NOBODY if key in (None, "") else str(key)
    return {"key": value, "name": str(names.get(key, key)), "numbers": numbers}


def overview(asked: Slice, source: Exact, *, now: datetime) -> dict[str, Any]:
    """What the page of the overview shows."""
    first = asked.of(Figure.FIRST_RESPONSE)
    arrivals = source.arrivals(asked, now=now)
    return {
        "figures": compared(asked, source, now=now),
        "today": _today(asked, source, now),
        "backlog": backlog(asked, source, now=now),
        "worst_departments": _worst(replace(first, by="department"), source, now),
        "channels": groups(replace(first, by="network"), source, now=now),
        "weeks": weeks(first, source, now=now),
        "arrivals": [{"weekday": day, "hour": hour, "count": arrivals[day, hour]} for day, hour in sorted(arrivals)],
    }


def _today(asked: Slice, source: Exact, now: datetime) -> dict[str, int]:
    today = asked.in_period(periods.containing("day", timezone.localtime(now).date()))
    found = Exact(source.durations).by_figure(today, now=now)
    touched = found.get(Figure.FIRST_TOUCH, _NONE)
    return {"received": touched.n + touched.open, "answered": found.get(Figure.FIRST_RESPONSE, _NONE).n}


def backlog(asked: Slice, source: Exact, *, now: datetime) -> dict[str, int | None]:
    """What is open now, whenever it began."""
    found = source.backlog(asked, now=now)
    opened, awaited = found.get(Figure.RESOLUTION, _NONE), found.get(Figure.FIRST_RESPONSE, _NONE)
    return {
        "open": opened.open,
        "oldest_seconds": opened.oldest_seconds,
        "unanswered": awaited.open,
        "unanswered_oldest_seconds": awaited.oldest_seconds,
        "overdue": awaited.overdue,
    }


def _worst(asked: Slice, source: Exact, now: datetime) -> list[dict[str, Any]]:
    found = {key: each for key, each in source.by_group(asked, now=now).items() if each.missed}
    worst = sorted(found, key=lambda key: (-found[key].missed, found[key].share or 0))[:WORST]
    names = words.names_of("department", worst)
    return [_group(key, names, found[key]) for key in worst]


def weeks(asked: Slice, source: Exact, *, now: datetime) -> list[dict[str, Any]]:
    """The last twelve, whatever the period."""
    last = periods.containing("week", timezone.localtime(now).date())
    first = last.first - timedelta(weeks=WEEKS - 1)
    found = source.by_week(asked.in_period(periods.Period("range", first, last.last)), now=now)
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [_week(monday, found.get(monday, _NONE)) for monday in mondays]


def _week(monday: Any, found: Numbers) -> dict[str, Any]:
    return {"week": monday, "received": found.n + found.open + found.left, "numbers": found}


def lines(rows: DurationQuerySet, first: int, last: int) -> list[dict[str, Any]]:
    """The spans behind a number from `first` (counted from nought) to before `last`."""
    return list(rows.values(*_VALUES)[first:last])


def definitions() -> dict[str, Any]:
    """지표 정의, as the page has it."""
    return {
        "figures": list(DEFINITIONS.values()),
        "numbers": [{"code": code, "name": name, "meaning": meaning} for code, name, meaning in NUMBERS],
        "exclusions": [{"code": code, "meaning": meaning} for code, meaning in EXCLUSIONS.items()],
        "clocks": [{"code": code, "meaning": meaning} for code, meaning in CLOCKS.items()],
        "rules": [str(rule) for rule in RULES],
        "small_below": SMALL_N,
    }
