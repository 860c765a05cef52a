"""manage.py pulse NAME: is a sign of life young enough? For health checks."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_sns import pulse


class Command(BaseCommand):
    help = _("Exit code 0 if NAME (e.g. clock) gave a sign of life within --max-age seconds, else 1")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--max-age", type=float, default=60.0, help=_("seconds"))

    def handle(self, *args: Any, name: str, max_age: float, **options: Any) -> None:
        age = pulse.age(name, now=timezone.now())
        if age is None:
            self.stdout.write(_("%(name)s: no sign of life yet") % {"name": name})
            sys.exit(1)
        seconds = age.total_seconds()
        self.stdout.write(_("%(name)s: %(seconds).1f s ago") % {"name": name, "seconds": seconds})
        sys.exit(0 if seconds <= max_age else 1)
