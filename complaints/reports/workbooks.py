"""A list as a workbook that is handed out while it is made: real dates and numbers, however many rows there are.

openpyxl makes everything of the workbook but the rows: its own writer has the first byte only when the last row stands,
and takes four times as long. A zip can begin with its sheets, so the rest is appended at the end.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext as _

#: Rows that one sheet of a spreadsheet holds, its headings included; bytes that one part of a plain zip holds.
SHEET_ROWS, SHEET_BYTES = 1_048_576, 1_500_000_000
DAY = timedelta(days=1)
#: Signs that a cell holds.
CELL_MAX = 32_767
#: Handed out at once.
CHUNK = 64 * 1024
#: The style of a date and time in `_book`: its second one.
DATED = 1
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
    '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
TAIL = "</sheetData></worksheet>"


class Row(Protocol):
    """One line of a list."""

    def cells(self) -> list[Any]:
        """In the order of its columns: texts, numbers, times without a zone, None."""


class _Out(io.RawIOBase):
    """What was written and not yet handed out; it knows no way back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        raise io.UnsupportedOperation("tell")

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self.size += len(part)
        return len(part)

    def taken(self) -> bytes:
        parts, self._parts, self.size = self._parts, [], 0
        return b"".join(parts)


def workbook_of(lines: Iterable[Row], columns: Sequence[str | Promise]) -> Iterator[bytes]:
    """Chunk by chunk; more sheets where one is full."""
    out, left, sheets = _Out(), iter(lines), 0
    line = next(left, None)
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        while line is not None or not sheets:
            sheets += 1
            with package.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                size, number = sheet.write((HEAD + _row(1, list(columns))).encode()), 1
                while line is not None and number < SHEET_ROWS and size < SHEET_BYTES:
                    number += 1
                    size += sheet.write(_row(number, line.cells()).encode())
                    if out.size > CHUNK:
                        yield out.taken()
                    line = next(left, None)
                sheet.write(TAIL.encode())
        for name, data in _book(sheets):
            package.writestr(name, data)
    yield out.taken()


def _row(number: int, cells: Sequence[Any]) -> str:
    found = "".join(_cell(f"{_letters(place)}{number}", cell) for place, cell in enumerate(cells) if cell is not None)
    return f'<row r="{number}">{found}</row>'


def _letters(place: int) -> str:
    """A, B … Z, AA: more columns than that no list has."""
    return chr(65 + place) if place < 26 else f"A{chr(65 + place - 26)}"


def _cell(where: str, value: Any) -> str:
    if isinstance(value, datetime):
        return f'<c r="{where}" s="{DATED}"><v>{_serial(value)!r}</v></c>'
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f'<c r="{where}"><v>{value!r}</v></c>'
    text = escape(str(value)[:CELL_MAX])
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    return f'<c r="{where}" t="inlineStr"><is><t{kept}>{text}</t></is></c>'


def _serial(moment: datetime) -> float:
    """Days since the last but one of 1899, as spreadsheets count; to the millisecond."""
    gone = moment - datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no time zones
    return round(gone / DAY, 8)


def _book(sheets: int) -> Iterator[tuple[str, bytes]]:
    """All parts of a workbook of so many sheets but the sheets themselves."""
    from openpyxl import Workbook  # most processes never write one

    book, whole = Workbook(), io.BytesIO()
    book.active.title = _("Figures")  # type: ignore[union-attr]
    book.active["A1"] = datetime(2026, 1, 1)  # type: ignore[index]  # noqa: DTZ001 - its style is what is wanted
    for _number in range(sheets - 1):
        book.create_sheet(_("Figures"))
    book.save(whole)
    with ZipFile(whole) as package:
        for name in package.namelist():
            if not name.startswith("xl/worksheets/"):
                yield name, package.read(name)
