"""Own posts taken down or changed. SQLite rebuilds the outbox's table and forgets its triggers."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

guards = import_module("channels_sns.migrations.0008_broadcasts")


def guard_again(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        guards.unguard(apps, schema_editor)
        guards.guard(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0009_collected"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outboundpost",
            name="media_ids",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("DELETE", "take down"), ("EDIT", "change")], max_length=6)),
                ("text", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "to be done"),
                            ("DONE", "done, being checked"),
                            ("VERIFIED", "done and checked"),
                            ("FAILED", "not possible"),
                        ],
                        default="QUEUED",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("looks", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outbound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="channels_sns.outboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "change afterwards",
                "verbose_name_plural": "changes afterwards",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["QUEUED", "DONE"])),
                        fields=["next_attempt_at"],
                        name="amendment_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "DELETE")), fields=("outbound",), name="amendment_taken_down_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "EDIT"), ("state", "QUEUED")),
                        fields=("outbound",),
                        name="amendment_one_edit_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["QUEUED", "DONE", "VERIFIED", "FAILED"])),
                        name="amendment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "VERIFIED"), _negated=True),
                            ("verified_at__isnull", False),
                            _connector="OR",
                        ),
                        name="amendment_verified_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "DELETE"), ("text", "")),
                            models.Q(("kind", "EDIT"), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="amendment_edit_has_text",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
