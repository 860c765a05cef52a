"""The database itself refuses to change what happened: events and access records are only ever added.

SQLite refuses changes, not deletions: there a test's clean-up deletes row by row.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("complaints_complaintevent", "complaints_incidentevent", "complaints_accesslog")


def _sqlite(table: str) -> str:
    return f"""CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table}: append only'); END"""


def _postgresql(table: str) -> str:
    return f"""CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION append_only()"""


FUNCTION = """CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: append only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"""


def install(apps: Any, schema_editor: Any) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(FUNCTION, params=None)
    for table in TABLES:
        schema_editor.execute(_postgresql(table) if postgresql else _sqlite(table), params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS append_only() CASCADE", params=None)
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_fixed", params=None)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
