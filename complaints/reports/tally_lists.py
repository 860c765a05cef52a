"""The list behind a number of a tally: row by row, with what the desk knows of the complaint. No text of a citizen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from complaints.reports import lists, words
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.tallies import Rows, Tally, Text

#: What every row says of its complaint, after its own columns.
PLACE: dict[str, Text] = {
    name: DIMENSIONS[name].label for name in ("network", "account", "district", "kind", "legal_kind", "priority")
}
_PLACE_VALUES = (
    "complaint__account_id", "complaint__district__name", DIMENSIONS["kind"].grouping(), "complaint__legal_kind",
    "complaint__priority",
)  # fmt: skip
#: So many single rows stand on a page; the export has them all.
MOST = 200


def headings(tally: Tally) -> tuple[Text, ...]:
    """Its own columns, then those of the complaint."""
    return (*tally.columns, *PLACE.values())


@dataclass(frozen=True, slots=True)
class One:
    """One row of a list. No words of a citizen or of a reply stand in it."""

    url: str
    values: list[Any]

    def cells(self) -> list[Any]:
        """In the order of the columns."""
        return self.values

    def shown(self) -> list[str]:
        """The same as a page shows it."""
        return [words.DASH if cell in (None, "") else _text(cell) for cell in self.values]


def _text(cell: Any) -> str:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)


def listed(tally: Tally, rows: Rows, part: str, *, now: datetime) -> Rows:
    """The rows that the number counts, in their order."""
    return rows.filter(tally.parts[part][1](now)).order_by(*tally.order)


def lines_of(tally: Tally, rows: Rows, *, most: int | None = None, batch: int = 2000) -> Iterator[One]:
    """Line by line, however many there are; `most`: only the first of them."""
    found, accounts = rows.values_list(*tally.values, *_PLACE_VALUES), lists.accounts()
    for values in found[:most] if most else found.iterator(chunk_size=batch):
        own, place = values[: len(tally.values)], _place(values[len(tally.values) :], accounts)
        yield One(reverse("admin:complaints_complaint_change", args=[values[0]]), [*tally.cells(own), *place])


def _place(values: tuple[Any, ...], accounts: Mapping[int, tuple[str, str]]) -> list[Any]:
    """In the order of PLACE."""
    account, district, *coded = values
    known, names = words.fixed(), ("kind", "legal_kind", "priority")
    said = [str(known[name].get(value, value or "")) for name, value in zip(names, coded, strict=True)]
    return [*accounts[account], district or "", *said]
