"""The overview: one screen of today, what waits, the figures of the period, departments, weeks, hours and channels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from complaints.models import Figure
from complaints.reckoning_words import WEEKDAYS
from complaints.reports import cards, charts, tables, words
from complaints.reports.cards import list_of
from complaints.reports.district_map import DistrictMap, map_of
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact
from complaints.reports.trends import Trend, trend_of

WORST = 5


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows."""

    cards: list[cards.Card]
    figures: list[tables.Line]
    heads: list[str]
    worst: list[tables.Line]
    channels: list[tables.Line]
    trend: Trend
    map: DistrictMap
    heat: list[tuple[str, list[charts.Cell]]]


def overview_of(asked: Slice, source: Exact, *, now: datetime) -> Overview:
    """A dozen queries, however many complaints there are."""
    first = asked.of(Figure.FIRST_RESPONSE)
    return Overview(
        cards=[*cards.today(asked, source, now=now), *cards.backlog(asked, source, now=now)],
        figures=compared(asked, source, now=now),
        heads=tables.heads(),
        worst=_worst(replace(first, by="department"), source, now),
        channels=_groups(replace(first, by="network"), source, now),
        trend=trend_of(first, source, now=now),
        map=map_of(asked, source, now=now),
        heat=_heat(asked, source, now),
    )


def compared(asked: Slice, source: Exact, *, now: datetime) -> list[tables.Line]:
    """Every figure of the period beside the period before and the year before."""
    periods = (asked.period, asked.period.before(), asked.period.year_before())
    found, before, year = source.of_periods(asked, periods, now=now)
    return tables.of_figures(asked, found, before, year)


def _worst(asked: Slice, source: Exact, now: datetime) -> list[tables.Line]:
    """The departments with the most first answers that are late, or overdue now."""
    groups = {key: found for key, found in source.by_group(asked, now=now).items() if found.missed}
    worst = sorted(groups, key=lambda key: (-groups[key].missed, groups[key].share or 0))[:WORST]
    names = words.names_of("department", worst)
    return [tables.group_line(str(names.get(key)), asked, key, groups[key]) for key in worst]


def _groups(asked: Slice, source: Exact, now: datetime) -> list[tables.Line]:
    return tables.of_groups(asked, source.by_group(asked, now=now))


def _heat(asked: Slice, source: Exact, now: datetime) -> list[tuple[str, list[charts.Cell]]]:
    """When complaints come: weekday × hour of their receipt in Asia/Seoul."""
    came, counts = asked.of(Figure.FIRST_TOUCH), source.arrivals(asked, now=now)

    def of_hour(day: int, hour: int) -> str:
        return list_of(replace(came, where={**came.where, "weekday": str(day), "hour": str(hour)}), "all")

    return list(zip(map(str, WEEKDAYS.values()), charts.heat(counts, of_hour), strict=True))
