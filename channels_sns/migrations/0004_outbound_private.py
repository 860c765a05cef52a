"""Whether only the citizen may see a post is part of what was approved: the guards hold that too.

The guards of migration 0002 are taken away and put up again with one field more; SQLite would forget them anyway, for
it builds the table anew.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import migrations, models

before = import_module("channels_sns.migrations.0002_outbox_triggers")

_OLD = "NEW.language {differs} OLD.language"


def _guarded(statement: str) -> str:
    """The same guard, which holds `private` besides."""
    for differs in ("IS NOT", "IS DISTINCT FROM"):
        old = _OLD.format(differs=differs)
        statement = statement.replace(old, f"{old} OR NEW.private {differs} OLD.private")
    return statement.replace("tag, language,", "tag, language, private,")


def install(apps: Any, schema_editor: Any) -> None:
    statements = before.POSTGRESQL if schema_editor.connection.vendor == "postgresql" else before.SQLITE
    for statement in statements:
        schema_editor.execute(_guarded(statement), params=None)


class Migration(migrations.Migration):
    dependencies = [("channels_sns", "0003_plans_and_followers")]
    operations = [
        migrations.RunPython(before.remove, before.install),
        migrations.AddField("outboundpost", "private", models.BooleanField(default=False)),
        migrations.RunPython(install, before.remove),
    ]
