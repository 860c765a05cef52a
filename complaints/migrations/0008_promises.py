import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0007_saved_report"),
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(blank=True, verbose_name="what")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WRITTEN", "not posted yet"),
                            ("NONE", "no promise"),
                            ("OPEN", "owed"),
                            ("KEPT", "kept"),
                            ("WITHDRAWN", "withdrawn"),
                        ],
                        default="WRITTEN",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due at")),
                ("promised_at", models.DateTimeField(null=True, verbose_name="promised at")),
                ("kept_at", models.DateTimeField(null=True, verbose_name="kept at")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("asked", models.PositiveSmallIntegerField(default=0, verbose_name="times asked")),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
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
                    ("PR_SOON", "promise due soon"),
                    ("PR_DUE", "promise due"),
                    ("PR_LATE", "promise overdue"),
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
                    ("PR_SOON", "promise due soon"),
                    ("PR_DUE", "promise due"),
                    ("PR_LATE", "promise overdue"),
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
                        [
                            "BEGUN",
                            "SOON",
                            "DUE",
                            "LATE",
                            "REMINDER",
                            "CONSULT",
                            "UNHEARD",
                            "REPLIED",
                            "TRANSFER",
                            "PR_SOON",
                            "PR_DUE",
                            "PR_LATE",
                        ],
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
                        [
                            "BEGUN",
                            "SOON",
                            "DUE",
                            "LATE",
                            "REMINDER",
                            "CONSULT",
                            "UNHEARD",
                            "REPLIED",
                            "TRANSFER",
                            "PR_SOON",
                            "PR_DUE",
                            "PR_LATE",
                        ],
                    )
                ),
                name="escalation_stage_known",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="promises", to="complaints.complaint"
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="department",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="departments.department",
                verbose_name="department",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="outcome",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="outcome_of", to="complaints.reply"
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="reply",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="promise", to="complaints.reply"
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("state", "OPEN")), fields=["due_at", "id"], name="promise_worst_first"
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("promised_at__isnull", False)), fields=["due_at"], name="promise_by_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["WRITTEN", "NONE", "OPEN", "KEPT", "WITHDRAWN"])),
                name="promise_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", True), ("state", "NONE")),
                    models.Q(models.Q(("state", "NONE"), _negated=True), ("due_at__isnull", False)),
                    _connector="OR",
                ),
                name="promise_has_due_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("promised_at__isnull", True), ("state__in", ["WRITTEN", "NONE"])),
                    models.Q(("promised_at__isnull", False), ("state__in", ["OPEN", "KEPT", "WITHDRAWN"])),
                    _connector="OR",
                ),
                name="promise_given_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kept_at__isnull", False), ("outcome__isnull", False), ("state", "KEPT")),
                    models.Q(models.Q(("state", "KEPT"), _negated=True), ("kept_at__isnull", True)),
                    _connector="OR",
                ),
                name="promise_kept_has_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "WITHDRAWN"),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(models.Q(("state", "WITHDRAWN"), _negated=True), ("withdrawn_at__isnull", True)),
                    _connector="OR",
                ),
                name="promise_withdrawn_has_reason",
            ),
        ),
    ]
