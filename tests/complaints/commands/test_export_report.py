"""manage.py export_report: the rows of the list, in both forms; nonsense is refused and leaves no file."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook

from tests.complaints.reports.office import make_hand_counted

pytestmark = pytest.mark.django_db


def test_the_file_has_the_rows_of_the_list(tmp_path: Path) -> None:
    make_hand_counted()
    for name in ("all.csv", "all.xlsx"):
        out, file = StringIO(), tmp_path / name
        call_command("export_report", str(file), "--figure", "RESOLUTION", "--on", "2026-11-15", "--json", stdout=out)
        assert json.loads(out.getvalue()) == {"rows": 3, "file": str(file)}
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file_:
        assert len(list(csv.DictReader(file_))) == 3
    sheet = load_workbook(tmp_path / "all.xlsx", read_only=True).active
    assert sheet is not None
    assert len(list(sheet.iter_rows())) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.csv", "all.xlsx"]


@pytest.mark.parametrize("words", [("x.pdf",), ("x.csv", "--on", "yesterday")])
def test_nonsense_leaves_no_file(tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as error:
        call_command("export_report", str(tmp_path / words[0]), *words[1:])
    assert error.value.returncode == 2
    assert list(tmp_path.iterdir()) == []
