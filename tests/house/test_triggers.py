"""What the database itself guards stays guarded: SQLite forgets the triggers of a table that a migration rebuilds."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

APPEND_ONLY = {f"complaints_{table}_fixed" for table in ("complaintevent", "incidentevent", "accesslog")}
POSTGRESQL = {"outbox_guard"}
SQLITE = {"outbox_edges", "outbox_fixed"} | {f"complaints_searchdoc_{when}" for when in ("added", "changed", "dropped")}


def test_every_guard_stands() -> None:
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            if postgresql
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        names = {name for (name,) in cursor.fetchall()}
    assert APPEND_ONLY | (POSTGRESQL if postgresql else SQLITE) <= names
