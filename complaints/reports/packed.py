"""Numbers out of frames: the same as `Exact` gives, to the second, for any slice of years in a fraction of the time."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import F
from django.db.models.functions import TruncWeek
from django.utils import timezone

from complaints.models import Exclusion, Figure
from complaints.packs import ANY_EXCLUSION, DONE, EXCLUDED, LATE, REOPENED, WITHIN, Column
from complaints.reports import numbers
from complaints.reports.codes import Codes, codes_of, column_of, mask_of, paired
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.frames import Frame, Frames
from complaints.reports.numbers import Numbers
from complaints.reports.percentiles import FRACTIONS
from complaints.reports.periods import Period
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact, arrivals_of

#: What "part" can be: one byte.
PARTS = np.arange(256)
_COUNTED = (PARTS & ANY_EXCLUSION) == 0
_DONE = _COUNTED & ((PARTS & DONE) > 0)
REASONS = {"dismissed": Exclusion.DISMISSED, "duplicate": Exclusion.DUPLICATE, "own": Exclusion.OWN}
#: Number → the values of "part" that count in it.
COUNTING: dict[str, Column] = {
    "n": _DONE,
    "within": _DONE & ((PARTS & WITHIN) > 0),
    "late": _DONE & ((PARTS & LATE) > 0),
    "left": _COUNTED & ((PARTS & DONE) == 0),
    "reopened": _DONE & ((PARTS & REOPENED) > 0),
    "excluded": ~_COUNTED,
    **{name: np.equal(PARTS & ANY_EXCLUSION, EXCLUDED[why]) for name, why in REASONS.items()},
}
LENGTHS = ("part", "wall", "working")


@dataclass(frozen=True)
class Packed(Exact):
    """For who sees every span: `durations` are all there are."""

    frames: Frames = field(default_factory=Frames)

    def of_slice(self, asked: Slice, *, now: datetime) -> Numbers:
        if not self.frames.are_there:
            return super().of_slice(asked, now=now)
        return self.by_figure(asked, now=now, figures=(asked.figure,)).get(asked.figure, Numbers())

    def by_figure(
        self, asked: Slice, *, now: datetime, figures: tuple[str, ...] = tuple(Figure.values)
    ) -> dict[str, Numbers]:
        if not self.frames.are_there:
            return super().by_figure(asked, now=now)
        return self._of_periods(asked, (asked.period,), figures, now)[0]

    def of_periods(self, asked: Slice, periods: Sequence[Period], *, now: datetime) -> list[dict[str, Numbers]]:
        if not self.frames.are_there:
            return super().of_periods(asked, periods, now=now)
        return self._of_periods(asked, periods, tuple(Figure.values), now)

    def _of_periods(
        self, asked: Slice, periods: Sequence[Period], figures: Collection[str], now: datetime
    ) -> list[dict[str, Numbers]]:
        ended: list[dict[Any, Numbers]] = [{} for _period in periods]
        columns = {*LENGTHS, *map(column_of, asked.where)}
        for figure, frames in self.frames.of_periods(figures, periods, columns):
            for found, every in zip(ended, frames, strict=True):
                frame = _narrowed(every, asked)
                found.update(_counted(frame, _alike(frame, figure)))
        running = [self._running(asked.in_period(period), figures, now) for period in periods]
        return [joined(*both) for both in zip(ended, running, strict=True)]

    def _running(self, asked: Slice, figures: Collection[str], now: datetime) -> dict[Any, Numbers]:
        running = numbers.running(asked.of_every_figure(self.durations), F("figure"), now=now)
        return {figure: each for figure, each in running.items() if figure in figures}

    def by_group(self, asked: Slice, *, now: datetime) -> dict[Any, Numbers]:
        if not self.frames.are_there:
            return super().by_group(asked, now=now)
        frame = self._frame(asked, *LENGTHS, column_of(asked.by))
        running = numbers.running(asked.rows(self.durations), DIMENSIONS[asked.by].grouping(), now=now)
        return joined(_counted(frame, codes_of(asked.by, frame)), running)

    def by_pair(self, asked: Slice, other: str, *, now: datetime) -> dict[Any, Numbers]:
        if not self.frames.are_there:
            return super().by_pair(asked, other, now=now)
        frame = self._frame(asked, *LENGTHS, *{column_of(asked.by), column_of(other)})
        running = numbers.running(asked.rows(self.durations), *numbers.groupings_of(asked, other), now=now)
        return joined(_counted(frame, paired(codes_of(asked.by, frame), codes_of(other, frame))), running)

    def by_week(self, asked: Slice, *, now: datetime) -> dict[date, Numbers]:
        if not self.frames.are_there:
            return super().by_week(asked, now=now)
        frame = self._frame(asked, *LENGTHS, "began")
        running = numbers.running(asked.rows(self.durations), TruncWeek("began_at"), now=now)
        weeks = {timezone.localtime(week).date(): each for week, each in running.items()}
        return joined(_counted(frame, _weeks(frame)), weeks)

    def arrivals(self, asked: Slice, *, now: datetime) -> dict[tuple[int, int], int]:
        if not self.frames.are_there:
            return super().arrivals(asked, now=now)
        frame = self._frame(asked.of(Figure.FIRST_TOUCH), "part", "began")
        counted = frame.only((frame["part"] & ANY_EXCLUSION) == 0)
        places = codes_of("weekday", counted).numbers * 24 + codes_of("hour", counted).numbers
        ended = np.bincount(places, minlength=7 * 24)
        open_ = arrivals_of(asked.of(Figure.FIRST_TOUCH).rows(self.durations).filter(state="OPEN"), now=now)
        found = {(place // 24 + 1, place % 24): int(count) for place, count in enumerate(ended) if count}
        return {key: found.get(key, 0) + open_.get(key, 0) for key in found.keys() | open_.keys()}

    def _frame(self, asked: Slice, *names: str) -> Frame:
        """The columns of what ended in the slice."""
        columns = {*names, *map(column_of, asked.where)}
        return _narrowed(dict(self.frames.of_each((asked.figure,), asked.period, columns))[asked.figure], asked)


def _narrowed(frame: Frame, asked: Slice) -> Frame:
    """Only the rows with the values that are asked for."""
    for dimension, value in asked.where.items():
        frame = frame.only(mask_of(dimension, value, frame))
    return frame


def joined(ended: dict[Any, Numbers], running: dict[Any, Numbers]) -> dict[Any, Numbers]:
    """What ended and what still runs, group by group."""
    none = Numbers()
    return {key: ended.get(key, none).joined(running.get(key, none)) for key in ended.keys() | running.keys()}


def _alike(frame: Frame, key: str) -> Codes:
    """All rows are one group."""
    return Codes(np.zeros(len(frame["part"]), dtype=np.int64), [key])


def _weeks(frame: Frame) -> Codes:
    """Weeks since the Monday before the first day of 1970, from the first one in the frame; by their Mondays."""
    weeks = (frame.seoul // 86_400 + 3) // 7
    first = int(weeks.min(initial=2**40)) if len(weeks) else 0
    monday = date(1969, 12, 29) + timedelta(weeks=first)
    count = int(weeks.max(initial=first)) - first + 1
    return Codes(weeks - first, [monday + timedelta(weeks=number) for number in range(count)])


def _counted(frame: Frame, codes: Codes) -> dict[Any, Numbers]:
    """The numbers of each group that there is."""
    part, size = frame["part"], len(codes.keys)
    places = part if size == 1 else codes.numbers * 256 + part
    table = np.bincount(places, minlength=size * 256).reshape(size, 256)
    counts = {name: table[:, which].sum(axis=1) for name, which in COUNTING.items()}
    done = _DONE[part]
    numbers_of_done = codes.numbers[done]
    lengths: dict[str, Any] = {}
    for clock in ("wall", "working"):
        median, p90 = _ranked(numbers_of_done, frame[clock][done], counts["n"])
        lengths |= {f"{clock}_median": median, f"{clock}_p90": p90}
    return {
        key: Numbers(
            **{name: int(count[number]) for name, count in counts.items()},
            **{name: found[number] for name, found in lengths.items()},
        )
        for number, key in enumerate(codes.keys)
        if table[number].any()
    }


def _ranked(groups: Column, lengths: Column, counts: Column) -> tuple[list[int | None], ...]:
    """Median and p90 of each group by nearest rank: all lengths are sorted once, group behind group."""
    if len(counts) == 1:
        keyed = np.sort(lengths)
    else:
        keyed = (groups.astype(np.uint64) << np.uint64(32)) | lengths
        keyed.sort()
    begins = np.cumsum(counts) - counts

    def pick(fraction: float) -> list[int | None]:
        return [
            int(keyed[begin + math.ceil(fraction * count) - 1]) & 0xFFFFFFFF if count else None
            for begin, count in zip(begins.tolist(), counts.tolist(), strict=True)
        ]

    return tuple(pick(fraction) for fraction in FRACTIONS)
