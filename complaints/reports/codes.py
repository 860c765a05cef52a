"""The dimensions of the reports on columns: which number each value has there, and what is narrowed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from channels_sns.models import Account
from complaints.packs import ENDINGS, KINDS, LEGAL_KINDS, PRIORITIES, Column
from complaints.reports.dimensions import NOBODY
from complaints.reports.frames import Frame
from departments.bureaus import bureau_of_departments

#: Dimension → the column that it reads.
READS = {"bureau": "department", "network": "account", "weekday": "began", "hour": "began"}
#: Columns of codes: what each stands for.
CODED: dict[str, list[Any]] = {
    "kind": [kind or None for kind in KINDS],
    "priority": list(PRIORITIES),
    "legal_kind": list(LEGAL_KINDS),
    "ending": [ending or None for ending in ENDINGS],
}


@dataclass(frozen=True, slots=True)
class Codes:
    """For each row a small number, and what each number stands for; None: nothing."""

    numbers: Column
    keys: list[Any]


def column_of(dimension: str) -> str:
    return READS.get(dimension, dimension)


def codes_of(dimension: str, frame: Frame) -> Codes:
    """The value of each row of the frame."""
    if dimension == "hour":
        return Codes(frame.seoul // 3600 % 24, list(range(24)))
    if dimension == "weekday":  # the first day of 1970 was a Thursday
        return Codes((frame.seoul // 86_400 + 3) % 7, list(range(1, 8)))
    column = frame[column_of(dimension)].astype(np.int64)
    if dimension in CODED:
        return Codes(column, CODED[dimension])
    return _of_ids(column, _names(dimension))


def paired(first: Codes, second: Codes) -> Codes:
    """Two dimensions at once: a number for every pair that there could be."""
    keys = [(one, other) for one in first.keys for other in second.keys]
    return Codes(first.numbers * len(second.keys) + second.numbers, keys)


def _names(dimension: str) -> Callable[[int], Any]:
    """What an id stands for: itself, or the group that it belongs to."""
    if dimension == "bureau":
        return bureau_of_departments().get
    if dimension == "network":
        return dict(Account.objects.values_list("pk", "kind")).get
    return lambda pk: pk or None


def _of_ids(column: Column, name: Callable[[int], Any]) -> Codes:
    """Ids as small numbers, those of one group as the same."""
    size = int(column.max(initial=0)) + 1
    present = np.flatnonzero(np.bincount(column, minlength=size))
    keys: dict[Any, int] = {}
    table = np.zeros(size, dtype=np.int64)
    for pk in present:
        table[pk] = keys.setdefault(name(int(pk)), len(keys))
    return Codes(table[column], list(keys))


def mask_of(dimension: str, value: str, frame: Frame) -> Column:
    """Which rows have this value, as it stands in an address."""
    codes = codes_of(dimension, frame)
    wanted = [number for number, key in enumerate(codes.keys) if (NOBODY if key is None else str(key)) == value]
    mask: Column = codes.numbers == wanted[0] if wanted else np.zeros(len(codes.numbers), dtype=bool)
    return mask
