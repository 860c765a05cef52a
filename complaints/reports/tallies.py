"""Counts of what is no span (promises, answers): narrowed as the figures are, and every number with the list behind it.

A tally says what its rows are and what counts in each of its numbers; number and list are one condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import BadRequest
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.reports import tables, words
from complaints.reports.cards import Card
from complaints.reports.dimensions import DIMENSIONS, Dimension, conditions
from complaints.reports.figures import SMALL_N
from complaints.reports.periods import Period
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.tables import Cell, Line

Text: TypeAlias = str | Lazy
Rows: TypeAlias = QuerySet[Any]
Condition: TypeAlias = Callable[[datetime], Q]


@dataclass(frozen=True, slots=True)
class Tally:
    """`parts`: number → its heading and what counts in it. The share is `good` out of all `judged` parts.

    `moment`: the column that puts a row into a period. `dimensions`: what it is narrowed to and broken down by.
    `values`: what is read of a row, the complaint's id first; `cells` makes of them what stands under `columns`.
    `worst_first`: the group with the most that is not good stands on top, else the largest.
    """

    name: str
    title: Text
    parts: Mapping[str, tuple[Text, Condition]]
    good: str
    judged: tuple[str, ...]
    share: Text
    of_period: Callable[[Period], Rows]
    moment: str
    dimensions: Mapping[str, Dimension]
    columns: tuple[Text, ...]
    values: tuple[str, ...]
    cells: Callable[[tuple[Any, ...]], list[Any]]
    order: tuple[str, ...]
    worst_first: bool = False

    @property
    def address(self) -> str:
        return reverse(f"reports:{self.name}")


@dataclass(frozen=True, slots=True)
class Counted:
    """One count for each part."""

    counts: Mapping[str, int]
    good: int
    judged: int

    @property
    def share(self) -> float | None:
        return self.good / self.judged if self.judged else None

    @property
    def is_small(self) -> bool:
        return 0 < self.judged < SMALL_N


def part_in(tally: Tally, values: Mapping[str, str]) -> str:
    """Which list is wanted; "": none. Raises BadRequest."""
    part = values.get("part", "")
    if part and part not in tally.parts:
        raise BadRequest("no such list")
    return part


def not_applied(tally: Tally, asked: Slice) -> list[str]:
    """The filters of the address that such rows do not have."""
    return [str(DIMENSIONS[name].label) for name in asked.where if name not in tally.dimensions]


def broken_down(tally: Tally, asked: Slice) -> Slice:
    """By what such rows have; by department where they do not have what is asked for."""
    return asked if asked.by in tally.dimensions else replace(asked, by="department")


def rows_of(tally: Tally, asked: Slice, user: User | AnonymousUser, reader: Reader) -> Rows:
    """What is asked for, out of what is reported to this reader: a head his departments' complaints that he may see."""
    rows = tally.of_period(asked.period)
    if not reader.sees_all:
        own = [int(pk) for pk, _name in reader.departments]
        rows = rows.filter(department__in=own, complaint__in=Complaint.objects.visible_to(user))
    return rows.filter(conditions(asked.where, tally.dimensions))


# --- numbers --------------------------------------------------------------------------------------------------------


def counted(tally: Tally, rows: Rows, *, now: datetime) -> Counted:
    """All together; one query."""
    return _counted(tally, rows.aggregate(**_counts(tally, now)))


def by_group(tally: Tally, rows: Rows, by: str, *, now: datetime) -> dict[Any, Counted]:
    """For each value of one of its dimensions; one query."""
    return grouped(tally, rows, tally.dimensions[by].grouping(), now=now)


def grouped(tally: Tally, rows: Rows, grouping: Combinable, *, now: datetime) -> dict[Any, Counted]:
    """For each value of an expression; one query."""
    found = rows.order_by().values(_group=grouping).annotate(**_counts(tally, now))
    return {row.pop("_group"): _counted(tally, row) for row in found}


def together(tally: Tally, every: Iterable[Counted]) -> Counted:
    """Their sum."""
    several = list(every)
    return _counted(tally, {part: sum(each.counts[part] for each in several) for part in tally.parts})


def _counts(tally: Tally, now: datetime) -> dict[str, Count]:
    return {part: Count("pk", filter=condition(now)) for part, (_name, condition) in tally.parts.items()}


def _counted(tally: Tally, counts: Mapping[str, int]) -> Counted:
    return Counted(counts, counts[tally.good], sum(counts[part] for part in tally.judged))


# --- tables ---------------------------------------------------------------------------------------------------------


def heads(tally: Tally) -> list[str]:
    """The headings, in the order of the cells."""
    return [*(str(name) for name, _condition in tally.parts.values()), str(tally.share)]


def groups_of(tally: Tally, asked: Slice, rows: Rows, *, now: datetime) -> list[Line]:
    """A line for each group of `asked.by`; hours and days of the week in their order."""
    groups = by_group(tally, rows, asked.by, now=now)
    names = words.names_of(asked.by, groups)

    def place(key: Any) -> tuple[Any, ...]:
        if asked.by in ("hour", "weekday"):
            return (key,)
        found = groups[key]
        largest = -next(iter(found.counts.values()))
        return (found.good - found.judged if tally.worst_first else 0, largest, str(names.get(key)))

    return [
        line_of(tally, str(names.get(key, key)), tables.narrowed(asked, key), groups[key])
        for key in sorted(groups, key=place)
    ]


def periods_of(
    tally: Tally, asked: Slice, user: User | AnonymousUser, reader: Reader, *, now: datetime
) -> list[tuple[str, Slice, Counted]]:
    """This period, the one before, the same of the year before."""
    named: tuple[tuple[str, Period], ...] = (
        (_("this period"), asked.period),
        (_("period before"), asked.period.before()),
        (_("year before"), asked.period.year_before()),
    )
    return [
        (f"{name}: {period}", here, counted(tally, rows_of(tally, here, user, reader), now=now))
        for name, period in named
        for here in (asked.in_period(period),)
    ]


def line_of(tally: Tally, name: str, asked: Slice, found: Counted) -> Line:
    """One line, each number with its list."""
    address = f"{tally.address}?{asked.query()}"
    counts = [(f"{found.counts[part]:,}", part) for part in tally.parts]
    cells = [
        Cell(head, text or words.DASH, f"{address}&part={part}#{tally.name}" if text not in ("", "0") else "")
        for head, (text, part) in zip(heads(tally), [*counts, (_share(found), tally.good)], strict=True)
    ]
    return Line(name, address, found.is_small, cells)


def _share(found: Counted) -> str:
    return f"{words.percent(found.share)} ({found.good:,}/{found.judged:,})" if found.judged else ""


def card_of(tally: Tally, asked: Slice, user: User | AnonymousUser, reader: Reader, *, now: datetime) -> Card:
    """The share of the period as one large number; its page says the rest."""
    found = counted(tally, rows_of(tally, asked, user, reader), now=now)
    said = _("%(good)s of %(n)s") % {"good": f"{found.good:,}", "n": f"{found.judged:,}"}
    hints = [said, _("small n")] if found.is_small else [said]
    return Card(str(tally.share), words.percent(found.share), " · ".join(hints), f"{tally.address}?{asked.query()}")
