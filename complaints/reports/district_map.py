"""The districts as a map of tiles: a drawing of our own that says who is whose neighbour, and no more; no geodata.

A tile is one district; the darker, the more complaints came from there. A table of the same numbers stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from complaints.models import Figure
from complaints.reports import charts, tables
from complaints.reports.cards import list_of
from complaints.reports.numbers import Numbers
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact
from departments.models import District

SIDE, GAP = 112, 8
#: Code of a district → column and row of its tile. One that is not here stands in the rows below.
PLACES: dict[str, tuple[int, int]] = {
    "26410": (2, 0), "26710": (4, 0),
    "26320": (1, 1), "26260": (2, 1), "26350": (4, 1),
    "26440": (0, 2), "26530": (1, 2), "26230": (2, 2), "26470": (3, 2), "26500": (4, 2),
    "26380": (1, 3), "26140": (2, 3), "26170": (3, 3), "26290": (4, 3),
    "26110": (2, 4), "26200": (3, 4),
}  # fmt: skip
COLUMNS = 1 + max(column for column, _row in PLACES.values())
ROWS = 1 + max(row for _column, row in PLACES.values())


@dataclass(frozen=True, slots=True)
class Tile:
    """One district. `x`, `y`: its upper left corner."""

    name: str
    count: int
    shade: int
    url: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2

    @property
    def above(self) -> int:
        """Where the name is written."""
        return self.y + SIDE // 2 - 8

    @property
    def below(self) -> int:
        """Where the number is written."""
        return self.y + SIDE // 2 + 26


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """The tiles, the size of the drawing, and how many came from nowhere that is known."""

    tiles: list[Tile]
    width: int
    height: int
    lines: list[tables.Line]
    unknown: int
    unknown_url: str


def map_of(asked: Slice, source: Exact, *, now: datetime) -> DistrictMap:
    """What came in the period, by the district of the complaint."""
    came = replace(asked.of(Figure.FIRST_RESPONSE), by="district")
    groups = source.by_group(came, now=now)
    tiles = _tiles(came, groups, now)
    return DistrictMap(
        tiles=tiles,
        width=COLUMNS * (SIDE + GAP) - GAP,
        height=max(tile.y + SIDE for tile in tiles) if tiles else SIDE,
        lines=tables.of_groups(came, groups),
        unknown=groups[None].counted if None in groups else 0,
        unknown_url=list_of(tables.narrowed(came, None), "all"),
    )


def _tiles(came: Slice, groups: dict[int | None, Numbers], now: datetime) -> list[Tile]:
    """Of every district there is, and of those that ended but have cases."""
    today = timezone.localtime(now).date()
    rows = [row for row in District.objects.all() if row.pk in groups or not row.active_to or row.active_to > today]
    most = max((groups[row.pk].counted for row in rows if row.pk in groups), default=0)
    elsewhere = iter(range(len(rows)))
    tiles = []
    for row in rows:
        column, line = PLACES.get(row.code) or _below(next(elsewhere))
        count = groups.get(row.pk, Numbers()).counted
        url = list_of(tables.narrowed(came, row.pk), "all") if count else ""
        x, y = column * (SIDE + GAP), line * (SIDE + GAP)
        tiles.append(Tile(row.name, count, charts.shade(count, most), url, x, y))
    return tiles


def _below(number: int) -> tuple[int, int]:
    return number % COLUMNS, ROWS + number // COLUMNS
