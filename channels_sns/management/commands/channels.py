"""manage.py channels: what each network can do, as its adapter declares it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from channels_sns import matrix


class Command(BaseCommand):
    help = "Print what each network can do, as its adapter declares it: a block of lines for each, or JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a list of objects as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(matrix.as_data(), ensure_ascii=False, indent=2))
            return
        head, *rows = matrix.as_table()
        width = max(len(name) for name, *_cells in rows)
        for column, label in enumerate(head[1:], start=1):
            self.stdout.write(self.style.MIGRATE_HEADING(label))
            for row in rows:
                self.stdout.write(f"  {row[0]:<{width}}  {row[column]}")
