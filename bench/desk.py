"""A desk of its own for a measurement: empty tables, the city, nothing of the machine's."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def empty_desk() -> Iterator[Path]:
    """Django on fresh tables: SQLite in a temporary folder, or the empty database that DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        os.environ["DESK_VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "busan_sns.settings"
        os.environ.setdefault("DESK_LOG_LEVEL", "WARNING")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_city", stdout=io.StringIO())
        yield Path(folder)


def database() -> str:
    """“SQLite 3.40.1” or “PostgreSQL 15.18”."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    version = connection.pg_version  # type: ignore[attr-defined]
    return f"PostgreSQL {version // 10000}.{version % 10000}"
