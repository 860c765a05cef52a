"""manage.py load_city: the city file goes into the directory."""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from departments import city_file, city_load, city_rules

#: The city this product was made for.
BUSAN = Path(city_file.__file__).parent / "city" / "busan.json"
#: Exit codes: 1 the file is wrong or belongs to another city, 2 it cannot be read.
WRONG, UNREADABLE = 1, 2
#: More problems than a person reads at once.
SHOWN = 50


class Command(BaseCommand):
    """Reads, checks and loads; see departments/city_load.py for what that does."""

    requires_migrations_checks = True

    @property
    def help(self) -> str:  # type: ignore[override]
        return _(
            "Load the city's departments, agencies, districts, places and topics from a city file "
            "(docs/city-file.md). Loading the same file again changes nothing. "
            "Exit codes: 0 done, 1 the file is refused, 2 it cannot be read."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=BUSAN, help=_("City file; without one, Busan's"))
        parser.add_argument("--dry-run", action="store_true", help=_("Check and count, but change nothing"))
        parser.add_argument("--json", action="store_true", help=_("Print the result as one JSON object"))
        parser.add_argument(
            "--replace-city", action="store_true", help=_("Give a desk that belongs to another city to this one")
        )
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument(
            "--lang", choices=languages, default=settings.LANGUAGE_CODE, help=_("Language of the output")
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            self._load(**options)

    def _load(self, *, file: Path, json: bool, dry_run: bool, replace_city: bool, **_rest: Any) -> None:
        content = self._read(file)
        try:
            city = city_file.parse(content)
            city_rules.check(city)
            report = self._write(city, content, dry_run=dry_run, replace_city=replace_city)
        except city_file.CityFileInvalid as error:
            self._refuse(file, [(problem.path, problem.message) for problem in error.problems], as_json=json)
        except city_load.OtherCity as error:
            hint = _("%(reason)s; use --replace-city to give it to another") % {"reason": error}
            self._refuse(file, [("city.name", hint)], as_json=json)
        else:
            self.stdout.write(_json({"ok": True, **report.as_dict()}) if json else _told(report))

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            reason = {"file": file, "reason": error.strerror}
            raise CommandError(_("%(file)s cannot be read: %(reason)s") % reason, returncode=UNREADABLE) from error

    def _write(
        self, city: city_file.CityFile, content: bytes, *, dry_run: bool, replace_city: bool
    ) -> city_load.LoadReport:
        with tqdm(total=city_load.rows_in(city), disable=not sys.stderr.isatty(), leave=False) as bar:
            return city_load.load(
                city,
                digest=hashlib.sha256(content).hexdigest(),
                now=timezone.now(),
                dry_run=dry_run,
                replace_city=replace_city,
                tick=bar.update,
            )

    def _refuse(self, file: Path, problems: list[tuple[str, str]], *, as_json: bool) -> None:
        if as_json:
            found = [{"path": path, "message": message} for path, message in problems]
            self.stdout.write(_json({"ok": False, "problems": found}))
        else:
            for path, message in problems[:SHOWN]:
                self.stderr.write(f"{path}: {message}")
        told = _("%(file)s was not loaded, problems found: %(count)d") % {"file": file, "count": len(problems)}
        raise CommandError(told, returncode=WRONG)


def _json(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False)


def _told(report: city_load.LoadReport) -> str:
    names = {
        "departments": _("Departments"),
        "agencies": _("Agencies"),
        "districts": _("Districts"),
        "places": _("Places"),
        "topics": _("Topics"),
    }
    lines = [_line(names[table], counts) for table, counts in report.tables.items()]
    done = _("Checked only, nothing changed") if report.dry_run else _("Loaded")
    return "\n".join([f"{report.city} {report.version}: {done}", *lines])


def _line(name: str, counts: city_load.Counts) -> str:
    words = {
        _("new"): counts.created,
        _("changed"): counts.changed,
        _("unchanged"): counts.unchanged,
        _("ended"): counts.ended,
        _("removed"): counts.removed,
    }
    told = [f"{word} {count}" for word, count in words.items() if count]
    return f"  {name}: {', '.join(told) or 0}"
