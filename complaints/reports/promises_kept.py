"""Promises kept: of what a reply promised and was due in the period, how much was told of in time.

The rule of "kept" is that of complaints.models.promise; counted as it stands, of all promises that citizens could read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import BadRequest
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.models.promise import KEPT_IN_TIME, KEPT_LATE, Promise, PromiseQuerySet
from complaints.reports import tables, words
from complaints.reports.dimensions import DIMENSIONS, NOBODY
from complaints.reports.figures import SMALL_N
from complaints.reports.periods import Period
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.tables import Cell, Line

State = Promise.State
Condition: TypeAlias = Callable[[datetime], Q]
#: Number → what it is called, and what counts in it. The list behind a number is made of the same condition.
PARTS: dict[str, tuple[str | Lazy, Condition]] = {
    "due": (_("Due in the period"), lambda _now: Q()),
    "kept": (_("Kept in time"), lambda _now: KEPT_IN_TIME),
    "late": (_("Kept late"), lambda _now: KEPT_LATE),
    "overdue": (_("Owed and overdue"), lambda now: Q(state=State.OPEN, due_at__lt=now)),
    "owed": (_("Owed, not yet due"), lambda now: Q(state=State.OPEN, due_at__gte=now)),
    "withdrawn": (_("Withdrawn"), lambda _now: Q(state=State.WITHDRAWN)),
}
#: Dimension → where a promise has it. The others are measures of spans and say nothing of promises.
PATHS = {
    "department": "department",
    "account": "complaint__account",
    "network": "complaint__account__kind",
    "district": "complaint__district",
    "priority": "complaint__priority",
    "legal_kind": "complaint__legal_kind",
}
#: So many single promises stand on a page.
MOST = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of promises. What is not yet due is in no share: it may still be kept."""

    due: int = 0
    kept: int = 0
    late: int = 0
    overdue: int = 0
    owed: int = 0
    withdrawn: int = 0

    @property
    def judged(self) -> int:
        return self.due - self.owed

    @property
    def share(self) -> float | None:
        return self.kept / self.judged if self.judged else None


def heads() -> list[str]:
    """The headings, in the order of the cells."""
    return [*(str(name) for name, _condition in PARTS.values()), str(_("Share kept in time"))]


def part_in(values: Mapping[str, str]) -> str:
    """Which list is wanted; "": none. Raises BadRequest."""
    part = values.get("part", "")
    if part and part not in PARTS:
        raise BadRequest("no such list")
    return part


def not_applied(asked: Slice) -> list[str]:
    """The filters of the address that promises do not have."""
    return [str(DIMENSIONS[name].label) for name in asked.where if name not in PATHS and name != "bureau"]


def rows_of(asked: Slice, user: User | AnonymousUser, reader: Reader) -> PromiseQuerySet:
    """What is asked for, out of what is reported to this reader: a head his departments' complaints that he may see."""
    rows = Promise.objects.due_between(asked.period.begins, asked.period.ends)
    if not reader.sees_all:
        own = [int(pk) for pk, _name in reader.departments]
        rows = rows.filter(department__in=own, complaint__in=Complaint.objects.visible_to(user))
    for name, value in asked.where.items():
        if name == "bureau":
            rows = rows.filter(DIMENSIONS[name].condition(value))
        elif name in PATHS:
            rows = rows.filter(**{PATHS[name]: None if value == NOBODY else value})
    return rows


def kept_of(rows: PromiseQuerySet, *, now: datetime) -> Kept:
    """All together; one query."""
    return Kept(**rows.aggregate(**_counts(now)))


def by_group(rows: PromiseQuerySet, by: str, *, now: datetime) -> dict[Any, Kept]:
    """For each value of a dimension that promises have; one query."""
    found: Iterable[Any] = rows.order_by().values(_group=F(PATHS[by])).annotate(**_counts(now))
    return {row.pop("_group"): Kept(**row) for row in found}


def _counts(now: datetime) -> dict[str, Count]:
    return {part: Count("pk", filter=condition(now)) for part, (_name, condition) in PARTS.items()}


def lines(asked: Slice, rows: PromiseQuerySet, by: str, *, now: datetime) -> list[Line]:
    """A line for each group, those that kept least on top."""
    groups = by_group(rows, by, now=now)
    names = words.names_of(by, groups)
    order = sorted(
        groups, key=lambda key: (groups[key].kept - groups[key].judged, -groups[key].due, str(names.get(key)))
    )
    return [
        line_of(str(names.get(key, key)), tables.narrowed(replace(asked, by=by), key), groups[key]) for key in order
    ]


def periods_of(asked: Slice, user: User | AnonymousUser, reader: Reader, *, now: datetime) -> list[Line]:
    """This period, the one before, the same of the year before."""
    named: tuple[tuple[str | Lazy, Period], ...] = (
        (_("this period"), asked.period),
        (_("period before"), asked.period.before()),
        (_("year before"), asked.period.year_before()),
    )
    return [
        line_of(f"{name}: {period}", here, kept_of(rows_of(here, user, reader), now=now))
        for name, period in named
        for here in (asked.in_period(period),)
    ]


def line_of(name: str, asked: Slice, found: Kept) -> Line:
    """One line, each number with its list."""
    address = f"{reverse('reports:promises')}?{asked.query()}"
    counts = [(f"{getattr(found, part):,}", part) for part in PARTS]
    share = f"{words.percent(found.share)} ({found.kept:,}/{found.judged:,})" if found.judged else ""
    cells = [
        Cell(head, text or words.DASH, f"{address}&part={part}#promises" if text not in ("", "0") else "")
        for head, (text, part) in zip(heads(), [*counts, (share, "kept")], strict=True)
    ]
    return Line(name, address, 0 < found.judged < SMALL_N, cells)


@dataclass(frozen=True, slots=True)
class One:
    """One promise: until when, what became of it. Its words are not shown, for they may name a citizen."""

    url: str
    number: str
    department: str
    promised_at: datetime
    due_at: datetime
    kept_at: datetime | None
    state: str
    asked: int


def list_of(rows: PromiseQuerySet, part: str, *, now: datetime) -> tuple[int, list[One]]:
    """How many there are, and the first of them, the oldest due time on top; two queries."""
    found = rows.filter(PARTS[part][1](now)).order_by("due_at", "id")
    values = found.values_list(
        "complaint_id", "complaint__number", "department__name", "promised_at", "due_at", "kept_at", "state", "asked"
    )
    return found.count(), [_one(row) for row in values[:MOST]]


def _one(values: tuple[Any, ...]) -> One:
    pk, number, department, promised, due, kept, state, asked = values
    return One(
        url=reverse("admin:complaints_complaint_change", args=[pk]),
        number=number,
        department=department or words.DASH,
        promised_at=timezone.localtime(promised),
        due_at=timezone.localtime(due),
        kept_at=timezone.localtime(kept) if kept else None,
        state=str(State(state).label),
        asked=asked,
    )
