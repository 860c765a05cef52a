"""manage.py demo: a believable fortnight for an empty desk."""

from __future__ import annotations

import os
import secrets
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from complaints.demo.people import Login
from complaints.demo.seed import NotEmpty, Seeded, refuse_unless_empty, seed
from complaints.demo.stage import DemoFailed
from complaints.demo.town import Town, TownClosed
from complaints.management.desk_command import NO, SENSELESS, DeskCommand
from complaints.models import Status

LOGINS = "demo-logins.txt"


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Fill an empty desk with a demo: people, accounts on a running sandbox, two weeks of complaints. "
            "The log-ins are printed and kept in var/demo-logins.txt. "
            "Exit codes: 0 done, 1 the desk is in use already, 2 the sandbox does not answer or does not fit. "
            "Whatever the reason, then nothing was changed."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        default = os.environ.get("DESK_SANDBOX_URL", "http://127.0.0.1:8401")
        parser.add_argument("--sandbox", default=default, metavar="URL", help=_("Address of the running sandbox"))
        parser.add_argument(
            "--desk",
            default="",
            metavar="URL",
            help=_("Address of this desk for what the sandbox pushes (default: the public one)"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = secrets.token_hex(5)
        town = Town(options["sandbox"])
        try:
            refuse_unless_empty()
            with tqdm(disable=not sys.stderr.isatty(), leave=False) as bar:
                seeded = seed(town, password=password, now=timezone.now(), tick=bar.update, desk=options["desk"])
        except NotEmpty as error:
            raise CommandError(str(error), returncode=NO) from error
        except TownClosed as error:
            raise CommandError(_("The sandbox does not answer: %(error)s") % {"error": error}, returncode=2) from error
        except DemoFailed as error:
            raise CommandError(_("The demo broke off: %(error)s") % {"error": error}, returncode=SENSELESS) from error
        finally:
            town.close()
        lines = _login_lines(seeded.logins, password)
        path = _keep(lines)
        result = {"ok": True, **asdict(seeded), "password": password, "file": str(path)}
        self.tell(result, [*_told(seeded), "", *lines], as_json=options["json"])


def _keep(lines: list[str]) -> Path:
    """Only for the owner of this folder."""
    path = settings.VAR_DIR / LOGINS
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def _login_lines(logins: tuple[Login, ...], password: str) -> list[str]:
    lines = [_("Demo log-ins, all with the password %(password)s") % {"password": password}]
    width = max(len(login.username) for login in logins)
    for login in logins:
        where = f" · {login.department}" if login.department else ""
        lines.append(f"  {login.username:{width}}  {login.role.label}{where}")
    return lines


def _told(seeded: Seeded) -> list[str]:
    states = ", ".join(
        f"{Status(state).label} {seeded.complaints[state]}" for state in Status.values if state in seeded.complaints
    )
    total = sum(seeded.complaints.values())
    return [
        _("Accounts: %(accounts)s") % {"accounts": ", ".join(seeded.accounts)},
        _("Complaints: %(total)d (%(states)s), photos: %(photos)d")
        % {"total": total, "states": states, "photos": seeded.photos},
    ]
