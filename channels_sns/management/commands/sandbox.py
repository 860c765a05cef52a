"""manage.py sandbox: the local networks with their citizens' pages, as a program of its own."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = _("Start the sandbox: local networks to post on as a citizen")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8401)
        parser.add_argument("--data", default=str(settings.VAR_DIR / "sandbox"), help=_("folder of its database"))

    def handle(self, *args: Any, host: str, port: int, data: str, **options: Any) -> None:
        self.stdout.write(_("Sandbox: %(address)s") % {"address": f"http://{host}:{port}/"})
        self.stdout.flush()
        command = [sys.executable, "-m", "channels_sns.sandbox", "--host", host, "--port", str(port), "--data", data]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter
