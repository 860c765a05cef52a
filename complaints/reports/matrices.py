"""Two dimensions at once as a table: rows × columns, the largest first, every number with its list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from complaints.reports import charts, words
from complaints.reports.cards import list_of
from complaints.reports.numbers import Numbers
from complaints.reports.slices import Slice
from complaints.reports.tables import narrowed

#: So many of each stand on a page, those with most; how many are left out is said.
MOST_ROWS, MOST_COLUMNS = 40, 24


@dataclass(frozen=True, slots=True)
class Said:
    """A number in words, the address of its list, and what it is called to who cannot see the table."""

    text: str
    url: str = ""
    label: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Square:
    """What stands where a row and a column meet; `shade` 0 to charts.SHADES."""

    said: tuple[Said, ...] = ()
    shade: int = 0
    small: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """`left_out`: how many rows and columns are not shown."""

    heads: list[str]
    rows: list[tuple[str, list[Square]]]
    left_out: int = 0


#: What to say of the numbers of one place, by the question that is only of this place.
Saying: TypeAlias = Callable[[Slice, Numbers], tuple[Said, ...]]


def matrix_of(asked: Slice, other: str, groups: Mapping[tuple[Any, Any], Numbers], say: Saying) -> Matrix:
    """Rows are the values of `asked.by`, columns those of the dimension `other`."""
    rows, columns = _order(groups, 0), _order(groups, 1)
    if other == "hour":
        columns = list(range(24))
    shown, across = rows[:MOST_ROWS], columns[:MOST_COLUMNS]
    row_names, column_names = words.names_of(asked.by, shown), words.names_of(other, across)
    most = max((groups[key].counted for key in groups if key[0] in shown and key[1] in across), default=0)

    def square(row: Any, column: Any) -> Square:
        found = groups.get((row, column))
        if found is None or not found.counted:
            return Square()
        here = narrowed(replace(narrowed(asked, row), by=other), column)
        name = f"{row_names.get(row)}, {column_names.get(column)}"
        said = tuple(replace(each, label=f"{name}: {each.text}") for each in say(here, found))
        return Square(said, charts.shade(found.counted, most), found.is_marked)

    return Matrix(
        heads=[str(column_names.get(column, column)) for column in across],
        rows=[(str(row_names.get(row, row)), [square(row, column) for column in across]) for row in shown],
        left_out=len(rows) - len(shown) + len(columns) - len(across),
    )


def _order(groups: Mapping[tuple[Any, Any], Numbers], side: int) -> list[Any]:
    """The values of one side, those with most first."""
    sums: dict[Any, int] = {}
    for key, found in groups.items():
        sums[key[side]] = sums.get(key[side], 0) + found.counted
    return sorted(sums, key=lambda value: (-sums[value], str(value)))


def targets_met(asked: Slice, found: Numbers) -> tuple[Said, ...]:
    """How many were in time, and apart from that what was not."""
    if not found.judged:
        return (Said(f"{found.open:,}", list_of(asked, "open"), quiet=True),) if found.open else ()
    late, overdue = _("late"), _("overdue")
    said = [Said(f"{words.percent(found.share)} ({found.within:,}/{found.judged:,})", list_of(asked, "within"))]
    if found.late:
        said.append(Said(f"{late} {found.late:,}", list_of(asked, "late"), quiet=True))
    if found.overdue:
        said.append(Said(f"{overdue} {found.overdue:,}", list_of(asked, "overdue"), quiet=True))
    return tuple(said)


def passed_on(asked: Slice, found: Numbers) -> tuple[Said, ...]:
    """How many were given on, and how long they had lain there."""
    if not found.n:
        return ()
    dwell = Said(words.working(found.working_median), list_of(asked, "n", "working"), quiet=True)
    return (Said(f"{found.n:,}", list_of(asked, "n")), dwell)


def came(asked: Slice, found: Numbers) -> tuple[Said, ...]:
    """How many there were."""
    return (Said(f"{found.counted:,}", list_of(asked, "all")),)
