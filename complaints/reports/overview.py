"""The overview: one screen of today, what waits, the figures of the period, departments, weeks, hours and channels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Figure
from complaints.reckoning_words import WEEKDAYS
from complaints.reports import charts, periods, tables, words
from complaints.reports.numbers import Numbers
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact

WEEKS, WORST = 12, 5


@dataclass(frozen=True, slots=True)
class Card:
    """One large number, what it is, and its list."""

    label: str
    text: str
    hint: str
    url: str
    hot: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    label: str
    received: int
    n: int
    median: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows."""

    cards: list[Card]
    figures: list[tables.Line]
    heads: list[str]
    worst: list[tables.Line]
    channels: list[tables.Line]
    weeks: list[Week]
    bars: list[charts.Bar]
    heat: list[tuple[str, list[charts.Cell]]]


def overview_of(asked: Slice, source: Exact, *, now: datetime) -> Overview:
    """A dozen queries, however many complaints there are."""
    first = asked.of(Figure.FIRST_RESPONSE)
    weeks = _weeks(first, source, now)
    return Overview(
        cards=[*_today(asked, source, now), *_backlog(asked, source, now)],
        figures=compared(asked, source, now=now),
        heads=tables.heads(),
        worst=_worst(replace(first, by="department"), source, now),
        channels=_groups(replace(first, by="network"), source, now),
        weeks=weeks[0],
        bars=weeks[1],
        heat=_heat(asked, source, now),
    )


def compared(asked: Slice, source: Exact, *, now: datetime) -> list[tables.Line]:
    """Every figure of the period beside the period before and the year before."""
    found, before, year = (
        source.by_figure(asked.in_period(period), now=now)
        for period in (asked.period, asked.period.before(), asked.period.year_before())
    )
    return tables.of_figures(asked, found, before, year)


def _today(asked: Slice, source: Exact, now: datetime) -> list[Card]:
    today = asked.in_period(periods.containing("day", timezone.localtime(now).date()))
    found = Exact(source.durations).by_figure(today, now=now)
    touched, answered = found.get(Figure.FIRST_TOUCH, Numbers()), found.get(Figure.FIRST_RESPONSE, Numbers())
    return [
        Card(_("Received today"), f"{touched.n + touched.open:,}", "", _list(today.of("FIRST_TOUCH"), "all")),
        Card(_("of them answered"), f"{answered.n:,}", "", _list(today.of("FIRST_RESPONSE"), "n")),
    ]


def _list(asked: Slice, part: str) -> str:
    return f"{reverse('reports:list')}?{asked.query()}&part={part}&clock=wall"


def _backlog(asked: Slice, source: Exact, now: datetime) -> list[Card]:
    """What is open now, whenever it began: the lists reach back to the oldest."""
    found = source.backlog(asked, now=now)
    opened, unanswered = found.get("RESOLUTION", Numbers()), found.get("FIRST_RESPONSE", Numbers())
    since = max(opened.oldest_seconds or 0, unanswered.oldest_seconds or 0)
    today = timezone.localtime(now).date()
    ever = asked.in_period(periods.Period("range", today - timedelta(days=since // 86_400 + 1), today))
    oldest = _("oldest: %(age)s") % {"age": words.wall(opened.oldest_seconds)}
    awaited = _("oldest: %(age)s") % {"age": words.wall(unanswered.oldest_seconds)}
    first = ever.of("FIRST_RESPONSE")
    return [
        Card(_("Open now"), f"{opened.open:,}", oldest, _list(ever.of("RESOLUTION"), "open")),
        Card(_("without a first answer"), f"{unanswered.open:,}", awaited, _list(first, "open")),
        Card(
            _("overdue"), f"{unanswered.overdue:,}", _("first answer is late"), _list(first, "overdue"),
            hot=unanswered.overdue > 0,
        ),
    ]  # fmt: skip


def _worst(asked: Slice, source: Exact, now: datetime) -> list[tables.Line]:
    """The departments with the most first answers that are late, or overdue now."""
    groups = {key: found for key, found in source.by_group(asked, now=now).items() if found.missed}
    worst = sorted(groups, key=lambda key: (-groups[key].missed, groups[key].share or 0))[:WORST]
    names = words.names_of("department", worst)
    return [tables.line_of(str(names.get(key)), tables.narrowed(asked, key), groups[key]) for key in worst]


def _groups(asked: Slice, source: Exact, now: datetime) -> list[tables.Line]:
    return tables.of_groups(asked, source.by_group(asked, now=now))


def _weeks(asked: Slice, source: Exact, now: datetime) -> tuple[list[Week], list[charts.Bar]]:
    """The last twelve weeks, this one included: how many came, and the median of the first answer."""
    last = periods.containing("week", timezone.localtime(now).date())
    first = last.first - timedelta(weeks=WEEKS - 1)
    by_day = source.by_week(asked.in_period(periods.Period("range", first, last.last)), now=now)
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    weeks = [_week(monday, by_day.get(monday, Numbers())) for monday in mondays]
    said = [
        (week.label, by_day.get(monday, Numbers()).working_median, f"{week.median} (n {week.n:,})")
        for monday, week in zip(mondays, weeks, strict=True)
    ]
    return weeks, charts.bars(said)


def _week(monday: Any, found: Numbers) -> Week:
    received = found.n + found.open + found.left
    return Week(f"{monday:%m-%d}", received, found.n, words.working(found.working_median))


def _heat(asked: Slice, source: Exact, now: datetime) -> list[tuple[str, list[charts.Cell]]]:
    """When complaints come: weekday × hour of their receipt in Asia/Seoul."""
    came, counts = asked.of(Figure.FIRST_TOUCH), source.arrivals(asked, now=now)

    def list_of(day: int, hour: int) -> str:
        return _list(replace(came, where={**came.where, "weekday": str(day), "hour": str(hour)}), "all")

    return list(zip(map(str, WEEKDAYS.values()), charts.heat(counts, list_of), strict=True))
