"""Broadcasts; what goes with a post of the outbox. SQLite rebuilds that table and forgets its triggers."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

triggers = import_module("channels_sns.migrations.0002_outbox_triggers")

SQLITE = """CREATE TRIGGER outbox_fixed_media BEFORE UPDATE OF media ON channels_sns_outboundpost
    WHEN NEW.media IS NOT OLD.media
    BEGIN SELECT RAISE(ABORT, 'outbox: an approved photo does not change'); END"""
POSTGRESQL = (
    """CREATE FUNCTION outbox_guard_media() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.media IS DISTINCT FROM OLD.media THEN
        RAISE EXCEPTION 'outbox: an approved photo does not change' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER outbox_guard_media BEFORE UPDATE ON channels_sns_outboundpost
    FOR EACH ROW EXECUTE FUNCTION outbox_guard_media()""",
)


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        triggers.remove(apps, schema_editor)
        triggers.install(apps, schema_editor)
        schema_editor.execute(SQLITE, params=None)
        return
    for statement in POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS outbox_fixed_media", params=None)
        return
    schema_editor.execute("DROP TRIGGER IF EXISTS outbox_guard_media ON channels_sns_outboundpost", params=None)
    schema_editor.execute("DROP FUNCTION IF EXISTS outbox_guard_media()", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0007_brand"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Broadcast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MORNING", "Morning greeting"),
                            ("TALK", "1PM talk"),
                            ("EVENT", "Event"),
                            ("GOOD_NEWS", "Good news"),
                            ("NEWS", "City news"),
                            ("EMERGENCY", "Emergency"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="text in English")),
                ("link", models.CharField(blank=True, max_length=500, verbose_name="link")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "draft"),
                            ("APPROVED", "waits for its time"),
                            ("RELEASED", "sent out"),
                            ("MISSED", "too late, not sent"),
                            ("CANCELLED", "cancelled"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("publish_at", models.DateTimeField(blank=True, null=True, verbose_name="time")),
                (
                    "grace_minutes",
                    models.PositiveSmallIntegerField(default=15, verbose_name="may be late by (minutes)"),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("under", models.BooleanField(default=False)),
                ("collects", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "broadcast",
                "verbose_name_plural": "broadcasts",
                "ordering": [models.OrderBy(models.F("publish_at"), descending=True, nulls_first=True), "-id"],
            },
        ),
        migrations.CreateModel(
            name="BroadcastEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("alt", models.CharField(max_length=1000)),
                ("file", models.CharField(max_length=200)),
                ("thumbnail", models.CharField(max_length=200)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("ko", "Korean"), ("en", "English"), ("both", "Korean, then English")],
                        max_length=4,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                ("links", models.BooleanField(blank=True, null=True)),
                ("parts", models.JSONField(blank=True, default=list)),
            ],
            options={
                "verbose_name": "variant",
                "verbose_name_plural": "variants",
                "ordering": ["account__kind", "account__handle"],
            },
        ),
        migrations.AddField(
            model_name="outboundpost",
            name="lane",
            field=models.CharField(
                choices=[("emergency", "emergency"), ("reply", "reply"), ("broadcast", "broadcast")],
                default="reply",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="outboundpost",
            name="media",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="outboundpost",
            name="not_after",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="outboundpost",
            constraint=models.CheckConstraint(
                condition=models.Q(("lane__in", ["emergency", "reply", "broadcast"])), name="outbound_lane_known"
            ),
        ),
        migrations.AddField(
            model_name="broadcast",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="broadcast",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="channels_sns.broadcast",
            ),
        ),
        migrations.AddField(
            model_name="broadcast",
            name="written_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="broadcastevent",
            name="broadcast",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="events", to="channels_sns.broadcast"
            ),
        ),
        migrations.AddField(
            model_name="broadcastevent",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="broadcast",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="channels_sns.broadcast"
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="variants", to="channels_sns.account"
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="broadcast",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="variants", to="channels_sns.broadcast"
            ),
        ),
        migrations.AddIndex(
            model_name="broadcast",
            index=models.Index(condition=models.Q(("state", "APPROVED")), fields=["publish_at"], name="broadcast_due"),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["MORNING", "TALK", "EVENT", "GOOD_NEWS", "NEWS", "EMERGENCY"])),
                name="broadcast_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["DRAFT", "APPROVED", "RELEASED", "MISSED", "CANCELLED"])),
                name="broadcast_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["APPROVED", "RELEASED", "MISSED"]), _negated=True),
                    models.Q(
                        ("approved_at__isnull", False), ("approved_by__isnull", False), ("publish_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="broadcast_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "RELEASED"), _negated=True), ("released_at__isnull", False), _connector="OR"
                ),
                name="broadcast_released_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(("under", False), ("follows__isnull", False), _connector="OR"),
                name="broadcast_under_what_it_follows",
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(fields=("broadcast", "position"), name="picture_position_once"),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.CheckConstraint(condition=models.Q(("alt", ""), _negated=True), name="picture_has_words"),
        ),
        migrations.AddConstraint(
            model_name="variant",
            constraint=models.UniqueConstraint(fields=("broadcast", "account"), name="variant_once"),
        ),
        migrations.AddConstraint(
            model_name="variant",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "ko", "en", "both"])), name="variant_language_known"
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
