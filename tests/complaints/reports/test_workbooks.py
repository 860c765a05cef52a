"""A workbook that is handed out while it is made opens as any other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from complaints.reports import exports, workbooks

NOON = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001 - spreadsheets know no time zones
COLUMNS = ("번호", "뜻")


@dataclass(frozen=True)
class Line:
    values: list[Any]

    def cells(self) -> list[Any]:
        return self.values


def opened(*rows: list[Any]) -> Workbook:
    return load_workbook(io.BytesIO(b"".join(exports.xlsx_of(map(Line, rows), COLUMNS))))


def test_every_kind_of_cell_is_what_it_was() -> None:
    book = opened(['가 <나> & "다"', 7, 1.5, NOON, None, " 끝에 빈칸 ", "두\n줄", True])
    [sheet] = book.worksheets
    found = list(sheet.iter_rows(values_only=True))
    assert found[0][:2] == COLUMNS
    assert found[1] == ('가 <나> & "다"', 7, 1.5, NOON, None, " 끝에 빈칸 ", "두\n줄", "True")
    assert sheet["D2"].is_date
    assert sheet.freeze_panes == "A2"


def test_without_rows_there_are_headings() -> None:
    assert [row for sheet in opened() for row in sheet.iter_rows(values_only=True)] == [COLUMNS]


@pytest.mark.parametrize("text", ["\x00\x08", "\ud800", "\ufffe\uffff"])
def test_no_sign_spoils_it_and_nothing_is_a_formula(text: str) -> None:
    sheet = opened([f"{text}=1+1", "하" * 40_000]).worksheets[0]
    assert sheet["A2"].value == "'=1+1"
    assert sheet["B2"].value == "하" * workbooks.CELL_MAX


@pytest.mark.parametrize(("name", "most"), [("SHEET_ROWS", 3), ("SHEET_BYTES", 450)])
def test_where_a_sheet_is_full_another_one_begins(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    monkeypatch.setattr(workbooks, name, most)
    book = opened(*[[number, NOON] for number in range(5)])
    assert len(book.worksheets) > 2
    assert len({sheet.title for sheet in book.worksheets}) == len(book.worksheets)
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows == [(number, NOON) for number in range(5)]
    assert all(next(sheet.iter_rows(values_only=True)) == COLUMNS for sheet in book.worksheets)


def test_it_begins_before_the_last_row_is_read() -> None:
    read = []

    def lines() -> Iterator[Line]:
        for number in range(20_000):
            read.append(number)
            yield Line([f"{number * number * 7919}", f"민원 {number}"])

    chunks = exports.xlsx_of(lines(), COLUMNS)
    assert len(next(chunks)) < 2 * workbooks.CHUNK
    assert len(read) < 15_000
    chunks.close()  # type: ignore[attr-defined]


def test_columns_behind_the_alphabet() -> None:
    sheet = opened(list(range(30))).worksheets[0]
    assert sheet["AD2"].value == 29
