from typing import Any

from django.db import migrations, models


def leave_as_they_are(apps: Any, schema_editor: Any) -> None:
    """PostgreSQL need not try to compress the columns at every reading and writing."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE complaints_spanpack ALTER COLUMN data SET STORAGE EXTERNAL", params=None)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0017_incident_replies")]

    operations = [
        migrations.CreateModel(
            name="PackState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("through", models.DateTimeField()),
            ],
            options={
                "verbose_name": "state of the packed columns",
                "verbose_name_plural": "state of the packed columns",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="pack_state_only_one")],
            },
        ),
        migrations.CreateModel(
            name="SpanPack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figure", models.CharField(max_length=16)),
                ("month", models.DateField()),
                ("column", models.CharField(max_length=12)),
                ("spans", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "packed column",
                "verbose_name_plural": "packed columns",
                "constraints": [models.UniqueConstraint(fields=("figure", "month", "column"), name="span_pack_once")],
            },
        ),
        migrations.RemoveIndex(model_name="duration", name="duration_open"),
        migrations.AddIndex(
            model_name="duration",
            index=models.Index(
                condition=models.Q(("state", "OPEN")),
                fields=["figure", "began_at"],
                include=(
                    "id",
                    "state",
                    "excluded",
                    "due_at",
                    "department",
                    "account",
                    "district",
                    "first_by",
                    "priority",
                ),
                name="duration_running",
            ),
        ),
        migrations.RunPython(leave_as_they_are, migrations.RunPython.noop),
    ]
