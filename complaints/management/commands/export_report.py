"""manage.py export_report FILE: the list behind a number into a file, however long it is."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import BadRequest
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from complaints.management.desk_command import SENSELESS, DeskCommand
from complaints.models import Duration, Figure
from complaints.reports import exports, lists, periods
from complaints.reports.slices import read

ENDINGS = (".csv", ".xlsx")


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Write the spans behind a number of the reports into a CSV or XLSX file, one row each, with a bar of the "
            "progress; never more than a few rows are in memory. No text and no name of a citizen is in it."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help=_("File that is written; .csv or .xlsx"))
        parser.add_argument("--figure", choices=Figure.values, default=Figure.FIRST_RESPONSE.value)
        parser.add_argument("--part", choices=list(lists.TITLES), default="n", help=_("Which number's list"))
        parser.add_argument("--period", choices=list(periods.NAMES), default="month")
        for name in ("on", "from", "to"):
            parser.add_argument(f"--{name}", dest=name, default="", metavar="2026-11-30")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.suffix not in ENDINGS:
            raise CommandError(_("The file must end in .csv or .xlsx."), returncode=SENSELESS)
        now = timezone.now()
        try:
            asked = read({name: options[name] for name in ("figure", "period", "on", "from", "to")}, now=now)
        except BadRequest as error:
            raise CommandError(str(error), returncode=SENSELESS) from error
        rows = lists.rows_of(asked, options["part"], "wall", Duration.objects.all(), now=now)
        with tqdm(total=rows.count(), disable=not sys.stderr.isatty(), leave=False) as bar:
            count = _write(file, Counted(lists.lines_of(rows), bar))
        lines = [_("%(count)s rows in %(file)s.") % {"count": f"{count:,}", "file": file}]
        self.tell({"rows": count, "file": str(file)}, lines, as_json=options["json"])


class Counted:
    """The lines, counted as they pass."""

    def __init__(self, lines: Iterator[lists.Line], bar: Any) -> None:
        self._lines, self._bar, self.count = lines, bar, 0

    def __iter__(self) -> Iterator[lists.Line]:
        for line in self._lines:
            self.count += 1
            self._bar.update()
            yield line


def _write(file: Path, lines: Counted) -> int:
    """How many rows stand in the file. It appears when it is whole."""
    half = file.with_name(f"{file.name}.part")
    if file.suffix == ".csv":
        with half.open("w", encoding="utf-8", newline="") as out:
            out.writelines(exports.csv_of(lines))
    else:
        with half.open("wb") as target:
            target.writelines(exports.xlsx_of(lines))
    half.replace(file)
    return lines.count
