import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_span_packs"),
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("wish", models.CharField(choices=[("OPINION", "opinion"), ("WORK", "work")], max_length=7)),
                ("question", models.TextField(verbose_name="question")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("due_at", models.DateTimeField(verbose_name="asked for by")),
                ("extended", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "asked"),
                            ("ANSWERED", "answered"),
                            ("DECLINED", "declined"),
                            ("WITHDRAWN", "taken back"),
                            ("LAPSED", "no longer needed"),
                        ],
                        default="ASKED",
                        max_length=9,
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
                ("working_seconds", models.PositiveIntegerField(null=True)),
            ],
            options={
                "verbose_name": "request for cooperation",
                "verbose_name_plural": "requests for cooperation",
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="alert",
            name="alert_known",
        ),
        migrations.RemoveConstraint(
            model_name="escalation",
            name="escalation_stage_known",
        ),
        migrations.AlterField(
            model_name="alert",
            name="stage",
            field=models.CharField(
                choices=[
                    ("BEGUN", "emergency"),
                    ("SOON", "due soon"),
                    ("DUE", "due"),
                    ("LATE", "long overdue"),
                    ("REMINDER", "letter of reminder"),
                    ("CONSULT", "asked by another department"),
                    ("UNHEARD", "asked, no answer in time"),
                    ("REPLIED", "another department answered"),
                    ("TRANSFER", "to be handed over"),
                ],
                max_length=8,
                verbose_name="stage",
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="stage",
            field=models.CharField(
                choices=[
                    ("BEGUN", "emergency"),
                    ("SOON", "due soon"),
                    ("DUE", "due"),
                    ("LATE", "long overdue"),
                    ("REMINDER", "letter of reminder"),
                    ("CONSULT", "asked by another department"),
                    ("UNHEARD", "asked, no answer in time"),
                    ("REPLIED", "another department answered"),
                    ("TRANSFER", "to be handed over"),
                ],
                max_length=8,
                verbose_name="stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("way__in", ["APP", "MAIL", "HOOK"]),
                    ("state__in", ["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"]),
                    (
                        "stage__in",
                        ["BEGUN", "SOON", "DUE", "LATE", "REMINDER", "CONSULT", "UNHEARD", "REPLIED", "TRANSFER"],
                    ),
                ),
                name="alert_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        ["BEGUN", "SOON", "DUE", "LATE", "REMINDER", "CONSULT", "UNHEARD", "REPLIED", "TRANSFER"],
                    )
                ),
                name="escalation_stage_known",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="complaints.complaint"
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="departments.department",
                verbose_name="department",
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="holder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="departments.department"
            ),
        ),
        migrations.AddField(
            model_name="consultation",
            name="settled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(condition=models.Q(("state", "ASKED")), fields=["due_at"], name="consultation_open"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["department", "complaint"], name="consultation_seen"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["settled_at"], name="consultation_settled"),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["ASKED", "ANSWERED", "DECLINED", "WITHDRAWN", "LAPSED"]),
                    ("wish__in", ["OPINION", "WORK"]),
                ),
                name="consultation_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "ASKED"), ("working_seconds", None)),
                    models.Q(
                        models.Q(("state", "ASKED"), _negated=True),
                        ("settled_at__isnull", False),
                        ("working_seconds__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="consultation_settled_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["ANSWERED", "DECLINED"]), _negated=True),
                    models.Q(models.Q(("answer", ""), _negated=True), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="consultation_answer_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(("department", models.F("holder")), _negated=True), name="consultation_asks_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("asked_at"))), name="consultation_due_after"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(fields=("complaint", "number"), name="consultation_number"),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "ASKED")),
                fields=("complaint", "department"),
                name="consultation_open_once",
            ),
        ),
    ]
