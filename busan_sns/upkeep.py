"""What every start brings up to date: the tables, the city, the reply templates.

Where they are, a look is enough and costs no second.
"""

from __future__ import annotations

import io
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from complaints import reply_templates
from departments import city_load
from departments.management.commands.load_city import BUSAN


def bring_up_to_date() -> None:
    """Migrate if a migration is pending, load Busan's file if another one is loaded or none, add missing templates."""
    if pending_migrations():
        call_command("migrate", verbosity=0, interactive=False)
    if not city_load.is_loaded(BUSAN.read_bytes()):
        call_command("load_city", str(BUSAN), stdout=io.StringIO())
    reply_templates.add()


def pending_migrations() -> set[tuple[str, str]]:
    """(app, name) of the files that the database has no record of; none of them is imported for that."""
    files = {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in (Path(app.path) / "migrations").glob("[!_]*.py")
    }
    return files - set(MigrationRecorder(connection).applied_migrations())
