"""PostgreSQL need not try to compress the packed columns at every reading and writing: they are compressed already."""

from typing import Any

from django.db import migrations


def leave_as_they_are(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE complaints_spanpack ALTER COLUMN data SET STORAGE EXTERNAL", params=None)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_searchdoc")]
    operations = [migrations.RunPython(leave_as_they_are, migrations.RunPython.noop)]
