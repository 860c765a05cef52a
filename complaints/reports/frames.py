"""Frames: the ended spans of a figure and a period as columns, from the packs and what was written since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import Any, TypeAlias

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from complaints import packs
from complaints.models import Duration, PackState, SpanPack
from complaints.packs import COLUMNS, Column
from complaints.reports.periods import DAY, Period

#: With more spans newer than the packs than this, the table itself is the quicker way.
MOST_FRESH = 50_000
#: Asia/Seoul, without summer time in the years of the almanac.
SEOUL_SECONDS = 9 * 3600
#: Packed columns that are read at once.
ROWS_AT_ONCE = 60
#: (figure, month, column, data)
Packed: TypeAlias = tuple[str, date, str, bytes | memoryview]


@dataclass(frozen=True)
class Frame:
    """Equally long columns by name, those that were asked for."""

    columns: dict[str, Column]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def only(self, mask: Column) -> Frame:
        return Frame({name: column[mask] for name, column in self.columns.items()})

    @property
    def seoul(self) -> Column:
        """When each began, in seconds of the clock of Asia/Seoul."""
        return self["began"].astype(np.int64) + SEOUL_SECONDS


@dataclass(frozen=True)
class Fresh:
    """What was written since the packs were made: the rows' ids by month, and the columns of those that have ended."""

    ids: Mapping[date, list[int]]
    frame: Frame


NOTHING = Fresh({}, Frame(packs.columns_of(())))


class Frames:
    """As of one moment: how far the packs are, and what is newer, is read once."""

    @cached_property
    def are_there(self) -> bool:
        """False: there are no packs yet, or too much is newer than they are."""
        return self._through is not None and len(self._written) <= MOST_FRESH

    @cached_property
    def _through(self) -> datetime | None:
        return PackState.objects.filter(pk=1).values_list("through", flat=True).first()

    @cached_property
    def _written(self) -> list[tuple[str, datetime, int, str]]:
        """Every span that may be newer than its pack."""
        rows = Duration.objects.filter(changed_at__gte=self._through).order_by("pk")
        return list(rows.values_list("figure", "began_at", "pk", "state")[: MOST_FRESH + 1])

    @cached_property
    def _fresh(self) -> dict[str, Fresh]:
        """By figure."""
        ids: dict[str, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
        for figure, began, pk, _state in self._written:
            ids[figure][timezone.localtime(began).date().replace(day=1)].append(pk)
        values: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        if any(state != Duration.State.OPEN for *_rest, state in self._written):
            rows = Duration.objects.filter(changed_at__gte=self._through).exclude(state=Duration.State.OPEN)
            for figure, *row in packs.values_of(rows, "figure"):
                values[figure].append(tuple(row))
        return {figure: Fresh(months, Frame(packs.columns_of(values[figure]))) for figure, months in ids.items()}

    def of_each(self, figures: Collection[str], period: Period, names: Collection[str]) -> Iterator[tuple[str, Frame]]:
        """The columns `names` of what ended and began in the period: figure by figure, for one alone may be large."""
        for figure, frames in self.of_periods(figures, (period,), names):
            yield figure, frames[0]

    def of_periods(
        self, figures: Collection[str], periods: Sequence[Period], names: Collection[str]
    ) -> Iterator[tuple[str, list[Frame]]]:
        """The same of several periods, a frame each: a month that is in two of them is read once."""
        left = set(figures)
        for figure, rows in groupby(self._rows(figures, periods, names), itemgetter(0)):
            fresh = self._fresh.get(figure, NOTHING)
            months = {month: _read(month, columns, fresh) for month, columns in groupby(rows, itemgetter(1))}
            yield figure, [_of_period(months, fresh, period, names) for period in periods]
            left.remove(figure)
        for figure in left:
            fresh = self._fresh.get(figure, NOTHING)
            yield figure, [_of_period({}, fresh, period, names) for period in periods]

    def _rows(self, figures: Collection[str], periods: Sequence[Period], names: Collection[str]) -> Iterator[Packed]:
        """Figure by figure, month by month; ids and times only of the months that need them."""
        newer = {month for figure in figures for month in self._fresh.get(figure, NOTHING).ids}
        cut = set().union(*map(_cut, periods))
        more = Q(column="id", month__in=newer) | Q(column="began", month__in=cut)
        whole = [Q(month__gte=period.first.replace(day=1), month__lte=period.last) for period in periods]
        months = SpanPack.objects.filter(reduce(or_, whole))
        rows = months.filter(Q(column__in=names) | more, figure__in=figures).order_by("figure", "month")
        return _as_bytes(rows.values_list("figure", "month", "column", "data"))


def _as_bytes(rows: QuerySet[Any, Any]) -> Iterator[Packed]:
    """Row by row; from PostgreSQL in its binary form, for the usual one makes two letters of each byte."""
    if connection.vendor != "postgresql":
        yield from rows.iterator(chunk_size=ROWS_AT_ONCE)
        return
    statement, parameters = rows.query.sql_with_params()
    with connection.chunked_cursor() as wrapped:
        cursor = wrapped.cursor
        cursor.execute(statement, parameters, binary=True)
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield from found


def _cut(period: Period) -> set[date]:
    """The months that are not wholly in the period."""
    first, last = period.first.replace(day=1), period.last.replace(day=1)
    return ({first} if period.first != first else set()) | ({last} if (period.last + DAY).day != 1 else set())


def _read(month: date, rows: Iterable[Packed], fresh: Fresh) -> Frame:
    """One month as it was packed, without what was written since."""
    frame = Frame({name: np.frombuffer(data, dtype=COLUMNS[name]) for _figure, _month, name, data in rows})
    return frame.only(~np.isin(frame["id"], fresh.ids[month])) if month in fresh.ids else frame


def _of_period(months: Mapping[date, Frame], fresh: Fresh, period: Period, names: Collection[str]) -> Frame:
    """What began in the period: of the packed months, and of what is newer."""
    cut, first = _cut(period), period.first.replace(day=1)
    inside = [(month, frame) for month, frame in months.items() if first <= month <= period.last]
    parts = [_inside(frame, period) if month in cut else frame for month, frame in inside]
    return _together([*parts, _inside(fresh.frame, period)], names)


def _together(parts: list[Frame], names: Collection[str]) -> Frame:
    return Frame({name: np.concatenate([part[name] for part in parts]) for name in names})


def _inside(frame: Frame, period: Period) -> Frame:
    began = frame["began"]
    return frame.only((began >= int(period.begins.timestamp())) & (began < int(period.ends.timestamp())))
