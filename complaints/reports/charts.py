"""Charts as plain geometry for the templates: SVG by attributes and classes, each with its table beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 720, 200, 6
#: Shades of the heat-map: classes heat-0 … heat-5.
SHADES = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `label` stands under it, `title` is read out. Empty where there is no value."""

    x: float
    y: float
    width: float
    height: float
    label: str
    title: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the heat-map; `url`: the list of what it counts."""

    count: int
    shade: int
    url: str = ""


def bars(
    values: Sequence[tuple[str, int | None, str]], *, width: int = WIDTH, height: int = HEIGHT, top: int = 0
) -> list[Bar]:
    """(label, value, value in words) as bars over a common ground; the highest is as high as the chart, or `top` is."""
    if not values:
        return []
    most = top or max((value or 0 for _label, value, _words in values), default=0) or 1
    step = width / len(values)
    return [
        Bar(
            x=round(number * step + GAP / 2, 1),
            y=round(height - (value or 0) / most * height, 1),
            width=round(step - GAP, 1),
            height=round((value or 0) / most * height, 1),
            label=label,
            title=f"{label}: {words}",
        )
        for number, (label, value, words) in enumerate(values)
    ]


def heat(counts: dict[tuple[int, int], int], url_of: Callable[[int, int], str]) -> list[list[Cell]]:
    """Seven rows (Monday first) of 24 hours; the darkest shade is the largest count."""
    most = max(counts.values(), default=0)

    def cell(day: int, hour: int) -> Cell:
        count = counts.get((day, hour), 0)
        return Cell(count, shade(count, most), url_of(day, hour) if count else "")

    return [[cell(day, hour) for hour in range(24)] for day in range(1, 8)]


def shade(count: int, most: int) -> int:
    """0 for nothing, SHADES for the most."""
    return -(-count * SHADES // most) if most else 0
