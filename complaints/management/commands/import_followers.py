"""manage.py import_followers FILE: followers of days before this desk."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_sns import follower_figures
from complaints.management.desk_command import NO, SENSELESS, DeskCommand

#: More problems than a person reads at once.
SHOWN = 50


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Import numbers of followers from a CSV file with the columns date, account, followers. Account: "
            "facebook:busan, a network (facebook), or total. The same file again changes nothing; a wrong line refuses "
            "the whole file. Exit codes: 0 done, 1 the file is refused, 2 it cannot be read."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help=_("CSV file"))

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            content = file.read_bytes()
        except OSError as error:
            said = {"file": file, "reason": error.strerror}
            raise CommandError(_("%(file)s cannot be read: %(reason)s") % said, returncode=SENSELESS) from error
        try:
            done = follower_figures.load(content, source=file.name, now=timezone.now())
        except follower_figures.Refused as refused:
            self._refuse(refused, as_json=options["json"])
        else:
            self._tell(done, as_json=options["json"])

    def _tell(self, done: follower_figures.Imported, *, as_json: bool) -> None:
        said = {"new": done.new, "changed": done.changed, "same": done.same}
        line = _("Imported: %(new)d new, %(changed)d changed, %(same)d as before.") % said
        self.tell({"ok": True, **said, "from": str(done.days[0]), "to": str(done.days[-1])}, [line], as_json=as_json)

    def _refuse(self, refused: follower_figures.Refused, *, as_json: bool) -> None:
        lines = [_("Line %(line)d: %(text)s") % {"line": line, "text": text} for line, text in refused.problems]
        if as_json:
            problems = [{"line": line, "text": text} for line, text in refused.problems]
            self.tell({"ok": False, "problems": problems}, [], as_json=True)
        more = len(lines) - SHOWN
        lines = [*lines[:SHOWN], *([_("… and %(n)d more") % {"n": more}] if more > 0 else [])]
        raise CommandError("\n".join([_("Nothing was imported."), *lines]), returncode=NO)
