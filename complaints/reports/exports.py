"""Figures to take away: CSV, XLSX and JSON. As large as it may be, never more than a few rows in memory."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from django.utils.functional import Promise

from complaints.reports import numbers, workbooks
from complaints.reports.figures import DEFINITIONS, SMALL_N
from complaints.reports.lists import COLUMNS
from complaints.reports.numbers import Numbers
from complaints.reports.periods import Period
from complaints.reports.slices import Slice
from complaints.reports.workbooks import Row

BOM = "\ufeff"
#: A cell that begins so would be a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Signs that XML 1.0 does not know: one of them, typed by anybody, and there is no workbook.
REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def safe(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula, or refuses; anything else as it is."""
    if not isinstance(value, str):
        return value
    text = REFUSED.sub("", value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_of(lines: Iterable[Row], columns: Sequence[str | Promise] = COLUMNS) -> Iterator[str]:
    """UTF-8 with a mark at the beginning, as spreadsheets in Korea expect it; times in Asia/Seoul."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([str(column) for column in columns])
    yield BOM + buffer.getvalue()
    for line in lines:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe(_plain(cell)) for cell in line.cells()])
        yield buffer.getvalue()


def _plain(cell: Any) -> Any:
    return f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else "" if cell is None else cell


@dataclass(frozen=True, slots=True)
class _Typed:
    """The same line as a workbook takes it."""

    line: Row

    def cells(self) -> list[Any]:
        return [safe(_typed(cell)) for cell in self.line.cells()]


def xlsx_of(lines: Iterable[Row], columns: Sequence[str | Promise] = COLUMNS) -> Iterator[bytes]:
    """A workbook with real dates and numbers, handed out while it is made."""
    return workbooks.workbook_of(map(_Typed, lines), columns)


def _typed(cell: Any) -> Any:
    """Spreadsheets know no time zones: what stands there is Asia/Seoul."""
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell


def as_json(asked: Slice, found: dict[str, Numbers], *, now: datetime) -> dict[str, Any]:
    """Every figure of the slice with all its numbers, seconds as whole numbers, and when it was computed."""
    figures = {code: _figure(code, found.get(code, Numbers())) for code in DEFINITIONS}
    return {**asked_as_json(asked, now=now), "figures": figures}


def asked_as_json(asked: Slice, *, now: datetime) -> dict[str, Any]:
    """What was asked, and when it was computed."""
    return {
        "computed_at": now.isoformat(),
        "period": period_as_json(asked.period),
        "where": dict(asked.where),
        "small_below": SMALL_N,
    }


def period_as_json(period: Period) -> dict[str, str]:
    """`to`: the first moment after it."""
    return {"name": period.name, "from": period.begins.isoformat(), "to": period.ends.isoformat()}


def _figure(code: str, found: numbers.Numbers) -> dict[str, Any]:
    rates = {"share_within_target": found.share, "reopen_rate": found.reopen_rate, "small_n": found.is_small}
    return {"name": DEFINITIONS[code].name, **asdict(found), **rates}
