"""A line chart as plain geometry: SVG by attributes, with its table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from channels_sns.followers import Point

WIDTH, HEIGHT, LEFT = 720, 200, 84


@dataclass(frozen=True, slots=True)
class Mark:
    """A label beside or under the drawing."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`line`: the points of a polyline. `dots`: the imported ones, as (x, y)."""

    line: str
    dots: list[tuple[float, float]]
    levels: list[Mark]
    ends: list[Mark]


def chart(points: Sequence[Point]) -> Chart | None:
    """The followers over the days; nothing to draw for less than two points."""
    if len(points) < 2:
        return None
    low, high = _bounds([point.followers for point in points])
    days = (points[-1].day - points[0].day).days or 1

    def place(point: Point) -> tuple[float, float]:
        x = LEFT + (point.day - points[0].day).days / days * (WIDTH - LEFT)
        return round(x, 1), round(HEIGHT - (point.followers - low) / (high - low) * HEIGHT, 1)

    placed = [(point, place(point)) for point in points]
    return Chart(
        line=" ".join(f"{x},{y}" for _point, (x, y) in placed),
        dots=[at for point, at in placed if point.imported],
        levels=[Mark(12.0, f"{high:,}"), Mark(HEIGHT - 4.0, f"{low:,}")],
        ends=[
            Mark(LEFT, date_format(points[0].day, "SHORT_DATE_FORMAT")),
            Mark(WIDTH, date_format(points[-1].day, "SHORT_DATE_FORMAT")),
        ],
    )


def _bounds(values: Sequence[int]) -> tuple[int, int]:
    """Round numbers below and above all of them, never the same."""
    low, high = min(values), max(values)
    step = 10 ** max(0, len(str(max(high - low, high // 20, 1))) - 1)
    return low // step * step, (high // step + 1) * step
