"""The legal kind of a complaint, from when its clock runs, its emergency clock; what due times were counted by."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Max, Q


def tell_reopened(apps: Any, schema_editor: Any) -> None:
    """The clock of a reopened complaint runs from its last reopening."""
    complaints = apps.get_model("complaints", "Complaint").objects
    events = apps.get_model("complaints", "ComplaintEvent").objects.filter(move="reopen").order_by()
    for pk, at in events.values_list("complaint").annotate(at=Max("at")):
        complaints.filter(pk=pk).update(clock_from=at)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0007_triage_desk")]

    operations = [
        migrations.CreateModel(
            name="DueBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("applied", models.CharField(blank=True, max_length=64)),
                ("target", models.CharField(blank=True, max_length=64)),
                ("cursor", models.BigIntegerField(default=0)),
                ("passes", models.PositiveSmallIntegerField(default=0)),
                ("noticed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(("pk", 1)), name="due_basis_one_row")],
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="clock_from",
            field=models.DateTimeField(blank=True, null=True, verbose_name="clock runs from"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="emergency_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="emergency due at"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="legal_kind",
            field=models.CharField(
                choices=[
                    ("SNS", "Complaint by SNS"),
                    ("OTHER", "Other complaint"),
                    ("INQUIRY_LAW", "Inquiry on statutes"),
                    ("INQUIRY_SYSTEM", "Inquiry on a system or procedure"),
                    ("PROPOSAL", "Proposal"),
                    ("GRIEVANCE", "Grievance"),
                    ("STATUTORY", "Statutory application"),
                ],
                default="SNS",
                max_length=16,
                verbose_name="legal kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=Q(
                    (
                        "legal_kind__in",
                        ["SNS", "OTHER", "INQUIRY_LAW", "INQUIRY_SYSTEM", "PROPOSAL", "GRIEVANCE", "STATUTORY"],
                    ),
                    models.Q(("legal_kind", "STATUTORY"), _negated=True),
                ),
                name="complaint_kind_has_clock",
            ),
        ),
        migrations.RunPython(tell_reopened, migrations.RunPython.noop),
    ]
