"""Numbers as tables: a line for each figure or group, every number with the address of the list behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import Figure
from complaints.reports import words
from complaints.reports.dimensions import NOBODY
from complaints.reports.figures import DEFINITIONS
from complaints.reports.numbers import Numbers
from complaints.reports.slices import Slice

#: Dimension → the page of one of its values; the others are a slice.
PAGES = {
    "department": "reports:department",
    "bureau": "reports:department",
    "network": "reports:channel",
    "account": "reports:channel",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """`name`: of the column, for the phone. `notes`: compared with the period before, with the year before."""

    name: str
    text: str
    url: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """`url`: the same page, only of this line. `small`: too few cases to say much."""

    name: str
    url: str
    small: bool
    cells: list[Cell]


def heads() -> list[str]:
    """The headings, in the order of the cells."""
    return [
        _("n"),
        _("Median, office time"),
        _("Median, wall clock"),
        _("p90, office time"),
        _("p90, wall clock"),
        _("Within target"),
        _("Not yet"),
        _("Oldest"),
        _("Fell away"),
        _("Reopened"),
        _("Excluded"),
    ]


def of_figures(
    asked: Slice, now: dict[str, Numbers], before: dict[str, Numbers], year: dict[str, Numbers]
) -> list[Line]:
    """A line for each figure."""
    none = Numbers()
    return [
        line_of(
            definition.name,
            asked.of(code),
            now.get(code, none),
            (before.get(code, none), year.get(code, none)),
        )
        for code, definition in DEFINITIONS.items()
    ]


def of_groups(asked: Slice, groups: dict[Any, Numbers], *, worst_first: bool = False) -> list[Line]:
    """A line for each group, the largest first, or the one with the most that is late."""
    names = words.names_of(asked.by, groups)

    def place(key: Any) -> tuple[Any, ...]:
        found = groups[key]
        return (-found.missed if worst_first else 0, -found.n, -found.open, str(names.get(key)))

    order = sorted(groups, key=place)
    return [group_line(str(names.get(key, key)), asked, key, groups[key]) for key in order]


def group_line(name: str, asked: Slice, key: Any, found: Numbers) -> Line:
    """The line of one group; what has a page of its own leads to it."""
    page = PAGES.get(asked.by, "reports:slice") if key not in (None, "") else "reports:slice"
    return line_of(name, narrowed(asked, key), found, page=page)


def narrowed(asked: Slice, key: Any) -> Slice:
    """Only this group of the dimension."""
    return replace(asked, where={**asked.where, asked.by: NOBODY if key in (None, "") else str(key)})


def line_of(
    name: str, asked: Slice, found: Numbers, earlier: Iterable[Numbers] = (), *, page: str = "reports:slice"
) -> Line:
    """One line of numbers."""
    address = f"{reverse('reports:list')}?{asked.query()}"
    resolution = asked.figure == Figure.RESOLUTION
    due = DEFINITIONS[asked.figure].due
    texts = [
        (f"{found.n:,}", "n"),
        (words.working(found.working_median), "n&clock=working"),
        (words.wall(found.wall_median), "n&clock=wall"),
        (words.working(found.working_p90), "n&clock=working"),
        (words.wall(found.wall_p90), "n&clock=wall"),
        (f"{words.percent(found.share)} ({found.within:,}/{found.judged:,})" if due else "", "within"),
        (f"{found.open:,}", "open&clock=wall"),
        (words.wall(found.oldest_seconds), "open&clock=wall"),
        (f"{found.left:,}", "left"),
        (f"{found.reopened:,} ({words.percent(found.reopen_rate)})" if resolution else "", "reopened"),
        (f"{found.excluded:,}", "excluded"),
    ]
    notes = [_notes(found, earlier, name) for name in ("", "working_median", "wall_median", "working_p90", "wall_p90")]
    cells = [
        Cell(head, text or words.DASH, f"{address}&part={part}" if text not in ("", "0", words.DASH) else "", note)
        for head, (text, part), note in zip(heads(), texts, [*notes, *[()] * 6], strict=True)
    ]
    return Line(name, f"{reverse(page)}?{asked.query()}", found.is_marked, cells)


def _notes(found: Numbers, earlier: Iterable[Numbers], name: str) -> tuple[str, ...]:
    """How a length differs from the same of the period before and of the year before."""
    if not name:
        return ()
    said = [words.change(getattr(found, name), getattr(other, name)) for other in earlier]
    labels = (_("period before"), _("year before"))
    return tuple(f"{label} {change}" for label, change in zip(labels, said, strict=False) if change)
