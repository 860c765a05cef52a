import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0016_worst_clock_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IncidentReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("ANSWER", "Answer"), ("NOTICE", "Notice on the way")],
                        default="ANSWER",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("DRAFT", "draft"), ("RELEASED", "released"), ("STOPPED", "stopped")],
                        default="DRAFT",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("text", models.TextField(verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="text in English")),
                ("drafted_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("release_at", models.DateTimeField(null=True)),
                ("stopping", models.BooleanField(default=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="complaints.incident"
                    ),
                ),
            ],
            options={
                "verbose_name": "reply of an incident",
                "verbose_name_plural": "replies of an incident",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="IncidentDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("skipped", models.CharField(blank=True, max_length=12)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_deliveries",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "reply",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_delivery",
                        to="complaints.reply",
                    ),
                ),
                (
                    "incident_reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="complaints.incidentreply",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery of an incident's reply",
                "verbose_name_plural": "deliveries of an incident's reply",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="incidentreply",
            constraint=models.UniqueConstraint(fields=("incident", "number"), name="incident_reply_number_once"),
        ),
        migrations.AddConstraint(
            model_name="incidentreply",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "DRAFT")), fields=("incident",), name="incident_reply_one_draft_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["ANSWER", "NOTICE"])), name="incident_reply_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "DRAFT"),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("release_at__isnull", False),
                        ("state__in", ["RELEASED", "STOPPED"]),
                    ),
                    _connector="OR",
                ),
                name="incident_reply_out_is_approved",
            ),
        ),
        migrations.AddIndex(
            model_name="incidentdelivery",
            index=models.Index(
                condition=models.Q(("reply__isnull", True), ("skipped", "")),
                fields=["incident_reply", "id"],
                name="incident_delivery_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentdelivery",
            constraint=models.UniqueConstraint(fields=("incident_reply", "complaint"), name="incident_delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="incidentdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("skipped", ""), ("reply__isnull", True), _connector="OR"),
                name="incident_delivery_or_skipped",
            ),
        ),
    ]
