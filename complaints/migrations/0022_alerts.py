import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0021_duplicate_of"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True)),
                (
                    "way",
                    models.CharField(
                        choices=[("APP", "in the desk"), ("MAIL", "e-mail"), ("HOOK", "messenger")],
                        max_length=4,
                        verbose_name="way",
                    ),
                ),
                ("emergency", models.BooleanField(default=False, verbose_name="emergency")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("BEGUN", "emergency"),
                            ("SOON", "due soon"),
                            ("DUE", "due"),
                            ("LATE", "long overdue"),
                            ("REMINDER", "letter of reminder"),
                        ],
                        max_length=8,
                        verbose_name="stage",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("created_at", models.DateTimeField(verbose_name="when")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "waiting"),
                            ("SENDING", "on its way"),
                            ("SENT", "sent"),
                            ("DROPPED", "no longer needed"),
                            ("FAILED", "not sent"),
                        ],
                        default="QUEUED",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="complaints.complaint"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True), ("way", "APP")),
                        fields=["user", "-id"],
                        name="alert_unread",
                    ),
                    models.Index(condition=models.Q(("way", "APP")), fields=["user", "-id"], name="alert_by_reader"),
                    models.Index(
                        condition=models.Q(("state__in", ["QUEUED", "SENDING"])),
                        fields=["next_attempt_at"],
                        name="alert_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("way__in", ["APP", "MAIL", "HOOK"]),
                            ("state__in", ["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"]),
                            ("stage__in", ["BEGUN", "SOON", "DUE", "LATE", "REMINDER"]),
                        ),
                        name="alert_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way", "HOOK"), ("user__isnull", False), _connector="OR"),
                        name="alert_has_reader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENDING"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="alert_sending_is_leased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="alert_sent_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("emergency", models.BooleanField(default=False, verbose_name="emergency")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("BEGUN", "emergency"),
                            ("SOON", "due soon"),
                            ("DUE", "due"),
                            ("LATE", "long overdue"),
                            ("REMINDER", "letter of reminder"),
                        ],
                        max_length=8,
                        verbose_name="stage",
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("told", models.PositiveSmallIntegerField(default=0)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["BEGUN", "SOON", "DUE", "LATE", "REMINDER"])),
                        name="escalation_stage_known",
                    ),
                    models.UniqueConstraint(
                        fields=("complaint", "emergency", "stage", "due_at", "turn"), name="escalation_once"
                    ),
                ],
            },
        ),
    ]
