"""The overview: one screen of today, what waits, the figures of the period, departments, weeks, hours and channels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Figure
from complaints.models.duration import DurationQuerySet
from complaints.reckoning_words import WEEKDAYS
from complaints.reports import charts, numbers, periods, tables, words
from complaints.reports.numbers import PARTS, Numbers
from complaints.reports.slices import Slice

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


def overview_of(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> Overview:
    """A dozen queries, however many complaints there are."""
    first = asked.of(Figure.FIRST_RESPONSE)
    weeks = _weeks(first, durations, now)
    return Overview(
        cards=[*_today(asked, durations, now), *_backlog(asked, durations, now)],
        figures=compared(asked, durations, now=now),
        heads=tables.heads(),
        worst=_worst(replace(first, by="department"), durations, now),
        channels=_groups(replace(first, by="network"), durations, now),
        weeks=weeks[0],
        bars=weeks[1],
        heat=_heat(asked, durations),
    )


def compared(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> list[tables.Line]:
    """Every figure of the period beside the period before and the year before."""
    found, before, year = (
        numbers.by_figure(asked.in_period(period), durations, now=now)
        for period in (asked.period, asked.period.before(), asked.period.year_before())
    )
    return tables.of_figures(asked, found, before, year)


def _today(asked: Slice, durations: DurationQuerySet, now: datetime) -> list[Card]:
    today = asked.in_period(periods.containing("day", timezone.localtime(now).date()))
    found = numbers.by_figure(today, durations, now=now)
    touched, answered = found.get(Figure.FIRST_TOUCH, Numbers()), found.get(Figure.FIRST_RESPONSE, Numbers())
    return [
        Card(_("Received today"), f"{touched.n + touched.open:,}", "", _list(today.of("FIRST_TOUCH"), "all")),
        Card(_("of them answered"), f"{answered.n:,}", "", _list(today.of("FIRST_RESPONSE"), "n")),
    ]


def _list(asked: Slice, part: str) -> str:
    return f"{reverse('reports:list')}?{asked.query()}&part={part}&clock=wall"


def _backlog(asked: Slice, durations: DurationQuerySet, now: datetime) -> list[Card]:
    """What is open now, whenever it began: the lists reach back to the oldest."""
    rows = asked.anywhen(durations).filter(figure__in=["RESOLUTION", "FIRST_RESPONSE"], state="OPEN")
    found = numbers.waiting(rows, now=now)
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


def _worst(asked: Slice, durations: DurationQuerySet, now: datetime) -> list[tables.Line]:
    """The departments with the most first answers that are late, or overdue now."""
    groups = {key: found for key, found in numbers.by_group(asked, durations, now=now).items() if found.missed}
    worst = sorted(groups, key=lambda key: (-groups[key].missed, groups[key].share or 0))[:WORST]
    names = words.names_of("department", worst)
    return [tables.line_of(str(names.get(key)), tables.narrowed(asked, key), groups[key]) for key in worst]


def _groups(asked: Slice, durations: DurationQuerySet, now: datetime) -> list[tables.Line]:
    return tables.of_groups(asked, numbers.by_group(asked, durations, now=now))


def _weeks(asked: Slice, durations: DurationQuerySet, now: datetime) -> tuple[list[Week], list[charts.Bar]]:
    """The last twelve weeks, this one included: how many came, and the median of the first answer."""
    last = periods.containing("week", timezone.localtime(now).date())
    first = last.first - timedelta(weeks=WEEKS - 1)
    rows = asked.in_period(periods.Period("range", first, last.last)).rows(durations)
    found = numbers.grouped(rows, TruncWeek("began_at"), now=now)
    by_day = {timezone.localtime(begun).date(): each for begun, each in found.items()}
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


def _heat(asked: Slice, durations: DurationQuerySet) -> list[tuple[str, list[charts.Cell]]]:
    """When complaints come: weekday × hour of their receipt in Asia/Seoul."""
    came = asked.of(Figure.FIRST_TOUCH)
    rows = came.rows(durations).filter(PARTS["all"](timezone.now()))
    hours = rows.order_by().values(day=ExtractIsoWeekDay("began_at"), hour=ExtractHour("began_at"))
    counts = {(row["day"], row["hour"]): row["count"] for row in hours.annotate(count=Count("pk"))}

    def list_of(day: int, hour: int) -> str:
        return _list(replace(came, where={**came.where, "weekday": str(day), "hour": str(hour)}), "all")

    return list(zip(map(str, WEEKDAYS.values()), charts.heat(counts, list_of), strict=True))
