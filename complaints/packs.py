"""Packed columns: what makes a figure of many years as quick as one of a day, and yet exact to the second.

A pack holds the ended spans of one figure and one month of Asia/Seoul, a column each, as numpy reads them. It says what
the table said when it was made; complaints.reports.frames puts in its place what was written since. Spans that still
run are never packed: they are few, and their age grows. Only writer of SpanPack and PackState.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone

from complaints.models import Complaint, ComplaintPost, Duration, Exclusion, PackState, SpanPack
from complaints.models.duration import DurationQuerySet
from complaints.models.kinds import LegalKind

Column: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
#: (figure, first day of the month)
Place: TypeAlias = tuple[str, date]

#: Column → how it lies in the pack. Whoever changes this empties SpanPack and PackState by a migration.
COLUMNS: dict[str, str] = {
    "id": "<i8",
    "began": "<u4",
    "wall": "<u4",
    "working": "<u4",
    "part": "u1",
    "department": "<i4",
    "account": "<i4",
    "district": "<i4",
    "officer": "<i4",
    "kind": "u1",
    "priority": "u1",
    "legal_kind": "u1",
    "ending": "u1",
    "onward": "<i4",
}
#: The bits of "part"; two of them are the reason of an exclusion.
DONE, WITHIN, LATE, REOPENED = 1, 2, 4, 8
EXCLUDED: dict[str, int] = {"": 0, Exclusion.DISMISSED: 16, Exclusion.DUPLICATE: 32, Exclusion.OWN: 48}
ANY_EXCLUSION = 48
#: Their place is their code; only to be added to at the end. The first: the complaint has no opening post.
KINDS = ("", "mention", "wall", "comment", "reply", "message", "quote")
PRIORITIES = tuple(Complaint.Priority.values)
LEGAL_KINDS = tuple(LegalKind.values)
#: How a stay in a department ends; the first: it is no stay.
ENDINGS = ("", "send_back", "take_back", "assign", "decide", "transfer", "undo", "complete", "close")

#: No transaction lasts so long: what it wrote is seen by then.
SETTLED = timedelta(minutes=15)
#: So many spans may be newer than the packs before those are made anew, and for so long.
ENOUGH, AT_LEAST_EVERY = 2000, timedelta(days=1)
_VALUES = (
    "pk", "began_at", "wall_seconds", "working_seconds", "state", "excluded", "ended_at", "due_at", "reopened_at",
    "department_id", "account_id", "district_id", "first_by_id", "_kind", "priority", "legal_kind", "ending",
    "onward_id",
)  # fmt: skip


def refresh(*, now: datetime) -> int:
    """Pack anew what was written since the last time; how many packs. Stopped half-way, it begins where it began."""
    state = PackState.objects.filter(pk=1).first()
    rows = Duration.objects.filter(changed_at__gte=state.through) if state else Duration.objects.all()
    if state and now - state.through < AT_LEAST_EVERY and rows[:ENOUGH].count() < ENOUGH:
        return 0
    months = rows.order_by().values_list("figure", TruncMonth("began_at")).distinct()
    places = {(figure, _first_of(month)) for figure, month in months} | _unlike_the_table()
    for place in sorted(places):
        _pack(place)
    PackState.objects.update_or_create(pk=1, defaults={"through": now - SETTLED})
    return len(places)


def _unlike_the_table() -> set[Place]:
    """Where a pack has another number of spans than the table, or none: rows were deleted."""
    packed = {
        (figure, month): spans
        for figure, month, spans in SpanPack.objects.filter(column="id").values_list("figure", "month", "spans")
    }
    counts = _ended().order_by().values_list("figure", TruncMonth("began_at")).annotate(spans=Count("pk"))
    there = {(figure, _first_of(month)): spans for figure, month, spans in counts}
    return {place for place in packed.keys() | there.keys() if packed.get(place) != there.get(place)}


def _pack(place: Place) -> None:
    """One figure of one month, all its columns together."""
    figure, month = place
    begins, ends = midnight(month), midnight(next_month(month))
    rows = _ended().filter(figure=figure, began_at__gte=begins, began_at__lt=ends).order_by("pk")
    columns = columns_of(values_of(rows))
    with transaction.atomic():
        SpanPack.objects.filter(figure=figure, month=month).delete()
        SpanPack.objects.bulk_create(
            SpanPack(figure=figure, month=month, column=name, spans=len(column), data=column.tobytes())
            for name, column in columns.items()
            if len(column)
        )


# --- the layout -----------------------------------------------------------------------------------------------------


def values_of(rows: DurationQuerySet, *before: str) -> QuerySet[Any, tuple[Any, ...]]:
    """What `columns_of` needs of each row; other columns `before` it."""
    opening = ComplaintPost.objects.filter(complaint=OuterRef("complaint"), opened=True)
    return rows.annotate(_kind=Subquery(opening.values("post__kind")[:1])).values_list(*before, *_VALUES)


def columns_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, Column]:
    """Rows of `values_of`, all of them ended, column by column."""
    coded = [_coded(row) for row in rows]
    columns = zip(*coded, strict=True) if coded else [()] * len(COLUMNS)
    return {name: np.array(values, dtype=kind) for (name, kind), values in zip(COLUMNS.items(), columns, strict=True)}


def _coded(row: tuple[Any, ...]) -> tuple[int, ...]:
    """In the order of COLUMNS. Nothing is 0, for no row has that id."""
    pk, began, wall, working, state, excluded, ended, due, reopened, *rest = row
    department, account, district, officer, kind, priority, legal_kind, ending, onward = rest
    done = state == Duration.State.DONE
    part = EXCLUDED[excluded] | (DONE if done else 0) | (REOPENED if done and reopened else 0)
    if done and due is not None:
        part |= WITHIN if ended <= due else LATE
    places = (department or 0, account, district or 0, officer or 0)
    return (
        pk, int(began.timestamp()), wall, working, part, *places, KINDS.index(kind or ""), PRIORITIES.index(priority),
        LEGAL_KINDS.index(legal_kind), ENDINGS.index(ending), onward or 0,
    )  # fmt: skip


def _ended() -> DurationQuerySet:
    return Duration.objects.exclude(state=Duration.State.OPEN)


def _first_of(month: datetime) -> date:
    return timezone.localtime(month).date()


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def midnight(day: date) -> datetime:
    """The beginning of a day in Asia/Seoul."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
