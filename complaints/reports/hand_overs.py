"""Who gave what on to whom, and who had how much to do: stays in departments, and first looks by person and hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from complaints.models import Figure
from complaints.reports import cards, matrices, tables, words
from complaints.reports.matrices import Matrix
from complaints.reports.numbers import Numbers
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice

#: So many ways from one department to another are told one by one.
WAYS = 20


@dataclass(frozen=True, slots=True)
class Way:
    """From one department to another: how many, and how long they had lain there."""

    giver: str
    taker: str
    n: int
    url: str
    working: str
    wall: str
    small: bool


@dataclass(frozen=True, slots=True)
class HandOvers:
    """Everything the page shows."""

    matrix: Matrix
    ways: list[Way]
    endings: list[tables.Line]
    departments: list[tables.Line]
    people: Matrix


def hand_overs_of(asked: Slice, reader: Reader, *, now: datetime) -> HandOvers:
    """Half a dozen queries, however many complaints there are."""
    stays = replace(asked.of(Figure.IN_DEPARTMENT), by="department")
    passed = {key: found for key, found in reader.source.by_pair(stays, "onward", now=now).items() if key[1]}
    looks = replace(asked.of(Figure.FIRST_TOUCH), by="officer")
    by_person = {key: found for key, found in reader.source.by_pair(looks, "hour", now=now).items() if key[0]}
    return HandOvers(
        matrix=matrices.matrix_of(stays, "onward", passed, matrices.passed_on),
        ways=_ways(stays, passed),
        endings=tables.of_groups(stays_by(stays, "ending"), reader.source.by_group(stays_by(stays, "ending"), now=now)),
        departments=tables.of_groups(stays, reader.source.by_group(stays, now=now)),
        people=matrices.matrix_of(looks, "hour", by_person, matrices.came),
    )


def stays_by(stays: Slice, by: str) -> Slice:
    return replace(stays, by=by)


def _ways(stays: Slice, passed: dict[Any, Numbers]) -> list[Way]:
    """The most used first: the table that a telephone shows better than the matrix."""
    order = sorted(passed, key=lambda key: (-passed[key].n, str(key)))[:WAYS]
    names = words.names_of("department", {pk for key in order for pk in key})
    return [_way(stays, key, names, passed[key]) for key in order if passed[key].n]


def _way(stays: Slice, key: tuple[Any, Any], names: dict[Any, str], found: Numbers) -> Way:
    here = replace(tables.narrowed(stays, key[0]), by="onward")
    return Way(
        giver=str(names.get(key[0])),
        taker=str(names.get(key[1])),
        n=found.n,
        url=cards.list_of(tables.narrowed(here, key[1]), "n", "working"),
        working=words.working(found.working_median),
        wall=words.wall(found.wall_median),
        small=found.is_marked,
    )
