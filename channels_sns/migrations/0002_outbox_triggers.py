"""The database itself refuses an edge the outbox does not know, and any change to what was approved (R1, R2).

SQLite drops triggers when a later migration rebuilds the table: such a migration must run `install` again;
tests/house/test_triggers.py notices if it does not.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

EDGES = (
    "QUEUED>SENDING",
    "QUEUED>CANCELLED",
    "SENDING>SENT",
    "SENDING>QUEUED",
    "SENDING>FAILED",
    "SENDING>BLOCKED",
    "SENDING>UNSURE",
    "UNSURE>SENT",
    "UNSURE>QUEUED",
    "UNSURE>CANCELLED",
    "FAILED>QUEUED",
    "FAILED>CANCELLED",
    "BLOCKED>QUEUED",
    "BLOCKED>CANCELLED",
)
_LIST = ", ".join(f"'{edge}'" for edge in EDGES)
_FIXED = ("account_id", "key", "part", "text", "text_sha256", "tag", "language", "media", "private")

SQLITE = (
    f"""CREATE TRIGGER outbox_edges BEFORE UPDATE OF state ON channels_sns_outboundpost
    WHEN NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({_LIST})
    BEGIN SELECT RAISE(ABORT, 'outbox: no such edge'); END""",
    f"""CREATE TRIGGER outbox_fixed BEFORE UPDATE OF {", ".join(_FIXED)} ON channels_sns_outboundpost
    WHEN {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FIXED)}
    BEGIN SELECT RAISE(ABORT, 'outbox: what was approved does not change'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION outbox_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({_LIST}) THEN
        RAISE EXCEPTION 'outbox: no such edge %>%', OLD.state, NEW.state USING ERRCODE = 'check_violation';
      END IF;
      IF {" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FIXED)} THEN
        RAISE EXCEPTION 'outbox: what was approved does not change' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER outbox_guard BEFORE UPDATE ON channels_sns_outboundpost
    FOR EACH ROW EXECUTE FUNCTION outbox_guard()""",
)
DROP_SQLITE = ("DROP TRIGGER IF EXISTS outbox_edges", "DROP TRIGGER IF EXISTS outbox_fixed")
DROP_POSTGRESQL = (
    "DROP TRIGGER IF EXISTS outbox_guard ON channels_sns_outboundpost",
    "DROP FUNCTION IF EXISTS outbox_guard()",
)


def install(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: Any) -> None:
    for statement in DROP_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else DROP_SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("channels_sns", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
