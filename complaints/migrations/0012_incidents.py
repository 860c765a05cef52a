from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "complaints_incidentevent"


def install(apps: Any, schema_editor: Any) -> None:
    """What happened to an incident is never changed; append_only() is of migration 0002."""
    if schema_editor.connection.vendor == "postgresql":
        when, then = "UPDATE OR DELETE", "FOR EACH ROW EXECUTE FUNCTION append_only()"
    else:
        when, then = "UPDATE", f"BEGIN SELECT RAISE(ABORT, '{TABLE}: append only'); END"
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_fixed BEFORE {when} ON {TABLE} {then}", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0011_duration_slices"),
        ("departments", "0002_district_name_while_active"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "under way"), ("CLOSED", "closed")],
                        default="OPEN",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="departments.department",
                        verbose_name="department in charge",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="IncidentComplaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_links",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="complaints.incident"
                    ),
                ),
                (
                    "joined_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint of an incident",
                "verbose_name_plural": "complaints of an incident",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="IncidentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20, verbose_name="what")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="complaints.incident"
                    ),
                ),
            ],
            options={
                "verbose_name": "event of an incident",
                "verbose_name_plural": "events of an incident",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                models.F("state"),
                models.OrderBy(models.F("opened_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="incident_by_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPEN", "CLOSED"])), name="incident_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="incident_has_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "CLOSED")),
                    models.Q(("closed_at__isnull", True), ("state", "OPEN")),
                    _connector="OR",
                ),
                name="incident_closed_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="incidentcomplaint",
            index=models.Index(
                condition=models.Q(("left_at__isnull", True)), fields=["incident", "id"], name="incident_members"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentcomplaint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)), fields=("complaint",), name="complaint_in_one_incident"
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
