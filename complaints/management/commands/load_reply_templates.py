"""manage.py load_reply_templates: the templates that come with the desk, or those of a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from complaints import reply_templates
from complaints.management.desk_command import DeskCommand


class Command(DeskCommand):
    def about(self) -> str:
        return _("Add the reply templates of a file that are not here yet; what somebody changed stays.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", default=str(reply_templates.FILE), help=_("Default: those of the desk"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = reply_templates.add(Path(options["file"]))
        except (OSError, ValueError, KeyError, TypeError, reply_templates.NotPossible) as error:
            said = {"file": options["file"], "error": str(error)}
            raise CommandError(_("%(file)s cannot be read: %(error)s") % said) from error
        self.tell({"added": added}, [_("%(added)d reply templates added.") % {"added": added}], as_json=options["json"])
