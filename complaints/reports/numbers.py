"""The numbers of a slice, computed from the durations as they were written; only read.

A number and the list behind it are made of the same condition (PARTS), so that they cannot tell different stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import Count, F, Min, Q
from django.db.models.expressions import Combinable

from complaints.models import Duration, Exclusion
from complaints.models.duration import DurationQuerySet
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.figures import SMALL_N
from complaints.reports.percentiles import NONE, Percentiles
from complaints.reports.slices import Slice

State = Duration.State
#: What counts in a number at this moment.
Condition: TypeAlias = Callable[[datetime], Q]

COUNTED = Q(excluded="")
#: Number → what counts in it. n: what median and p90 are made of.
PARTS: dict[str, Condition] = {
    "all": lambda _now: COUNTED,
    "n": lambda _now: COUNTED & Q(state=State.DONE),
    "within": lambda _now: COUNTED & Q(state=State.DONE, ended_at__lte=F("due_at")),
    "late": lambda _now: COUNTED & Q(state=State.DONE, ended_at__gt=F("due_at")),
    "open": lambda _now: COUNTED & Q(state=State.OPEN),
    "overdue": lambda now: COUNTED & Q(state=State.OPEN, due_at__lt=now),
    "left": lambda _now: COUNTED & Q(state=State.LEFT),
    "reopened": lambda _now: COUNTED & Q(state=State.DONE, reopened_at__isnull=False),
    "excluded": lambda _now: ~COUNTED,
    "dismissed": lambda _now: Q(excluded=Exclusion.DISMISSED),
    "duplicate": lambda _now: Q(excluded=Exclusion.DUPLICATE),
    "own": lambda _now: Q(excluded=Exclusion.OWN),
}

#: Those of them that are a number of their own.
COUNTS = tuple(name for name in PARTS if name != "all")
#: What can be said of a span that has not ended.
RUNNING = ("open", "overdue", "excluded", "dismissed", "duplicate", "own", "oldest")


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one figure; lengths in whole seconds, None where there is no case."""

    n: int = 0
    within: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0
    left: int = 0
    reopened: int = 0
    excluded: int = 0
    dismissed: int = 0
    duplicate: int = 0
    own: int = 0
    wall_median: int | None = None
    wall_p90: int | None = None
    working_median: int | None = None
    working_p90: int | None = None
    oldest_seconds: int | None = None

    def joined(self, other: Numbers) -> Numbers:
        """Together with those of other spans of which none has ended: counts add up, lengths stay."""
        counts = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        return replace(self, oldest_seconds=other.oldest_seconds, **counts)

    @property
    def counted(self) -> int:
        """All that count, ended or not."""
        return self.n + self.open + self.left

    @property
    def judged(self) -> int:
        """Of how many it is known whether they met the target."""
        return self.within + self.late + self.overdue

    @property
    def missed(self) -> int:
        return self.late + self.overdue

    @property
    def share(self) -> float | None:
        return self.within / self.judged if self.judged else None

    @property
    def reopen_rate(self) -> float | None:
        return self.reopened / self.n if self.n else None

    @property
    def is_small(self) -> bool:
        return self.n < SMALL_N

    @property
    def is_marked(self) -> bool:
        """There are cases, but too few to say much."""
        return 0 < self.n < SMALL_N


def of_slice(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> Numbers:
    """The numbers of one figure, all groups together; one query."""
    return _numbers(asked.rows(durations).aggregate(**_aggregates(now)), now)


def by_figure(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> dict[str, Numbers]:
    """The numbers of every figure; one query."""
    return grouped(asked.of_every_figure(durations), F("figure"), now=now)


def by_group(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> dict[Any, Numbers]:
    """The numbers of one figure for each value of the dimension `asked.by`; one query."""
    return grouped(asked.rows(durations), DIMENSIONS[asked.by].grouping(), now=now)


def by_pair(asked: Slice, other: str, durations: DurationQuerySet, *, now: datetime) -> dict[Any, Numbers]:
    """The same for each pair of values, of `asked.by` and of another dimension; one query."""
    return grouped(asked.rows(durations), *groupings_of(asked, other), now=now)


def groupings_of(asked: Slice, other: str) -> tuple[Combinable, Combinable]:
    return DIMENSIONS[asked.by].grouping(), DIMENSIONS[other].grouping()


def grouped(rows: DurationQuerySet, *groupings: Combinable, now: datetime) -> dict[Any, Numbers]:
    """The numbers of `rows` for each value of an expression, or each tuple of values of several; one query."""
    found: Iterable[Any] = rows.order_by().values(**_numbered(groupings)).annotate(**_aggregates(now))
    return {_key(row, groupings): _numbers(row, now) for row in found}


def _numbered(groupings: Sequence[Combinable]) -> dict[str, Combinable]:
    return {f"_group{number}": grouping for number, grouping in enumerate(groupings)}


def _key(row: dict[str, Any], groupings: Sequence[Combinable]) -> Any:
    keys = tuple(row.pop(name) for name in _numbered(groupings))
    return keys if len(keys) > 1 else keys[0]


def running(rows: DurationQuerySet, *groupings: Combinable, now: datetime) -> dict[Any, Numbers]:
    """Only of what has not ended, in the same way; one query."""
    wanted = {name: value for name, value in _aggregates(now).items() if name.removeprefix("_") in RUNNING}
    open_ = rows.filter(state=State.OPEN).order_by()
    found: Iterable[Any] = open_.values(**_numbered(groupings)).annotate(**wanted)
    return {_key(row, groupings): _numbers({**row, "_wall": NONE, "_working": NONE}, now) for row in found}


def _aggregates(now: datetime) -> dict[str, Any]:
    """Names with an underscore: a column of the table may have the same."""
    counts = {f"_{name}": Count("pk", filter=PARTS[name](now)) for name in COUNTS}
    done = PARTS["n"](now)
    return {
        **counts,
        "_wall": Percentiles("wall_seconds", filter=done),
        "_working": Percentiles("working_seconds", filter=done),
        "_oldest": Min("began_at", filter=PARTS["open"](now)),
    }


def _numbers(row: dict[str, Any], now: datetime) -> Numbers:
    wall, working, oldest = row.pop("_wall"), row.pop("_working"), row.pop("_oldest")
    return Numbers(
        **{name.removeprefix("_"): count for name, count in row.items()},
        wall_median=wall[0],
        wall_p90=wall[1],
        working_median=working[0],
        working_p90=working[1],
        oldest_seconds=_age(oldest, now),
    )


def _age(begun: datetime | None, now: datetime) -> int | None:
    return max(0, (now - begun) // timedelta(seconds=1)) if begun else None


def total(all_numbers: Iterable[Numbers], name: str) -> int:
    """The sum of one count over several groups."""
    return sum(getattr(numbers, name) for numbers in all_numbers)
