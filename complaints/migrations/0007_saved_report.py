import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0006_api_token"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=500)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("DAILY", "every day"), ("WEEKLY", "every week"), ("MONTHLY", "every month")],
                        default="MONTHLY",
                        max_length=7,
                        verbose_name="how often",
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(default=1, verbose_name="day of the week")),
                ("day", models.PositiveSmallIntegerField(default=1, verbose_name="day of the month")),
                ("at", models.TimeField()),
                ("next_at", models.DateTimeField(null=True, verbose_name="next")),
                ("created_at", models.DateTimeField(verbose_name="since")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recipients",
                    models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="to"),
                ),
            ],
            options={
                "verbose_name": "saved report",
                "verbose_name_plural": "saved reports",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReportMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("missed", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "waiting"),
                            ("SENDING", "on its way"),
                            ("SENT", "sent"),
                            ("DROPPED", "not theirs any more"),
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
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="complaints.savedreport"
                    ),
                ),
            ],
            options={
                "verbose_name": "mail of a report",
                "verbose_name_plural": "mails of reports",
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="savedreport",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="saved_report_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedreport",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="saved_report_name_once"),
        ),
        migrations.AddConstraint(
            model_name="savedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), ("rhythm__in", ["DAILY", "WEEKLY", "MONTHLY"])
                ),
                name="saved_report_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__gte", 1), ("day__lte", 31), ("weekday__gte", 1), ("weekday__lte", 7)),
                name="saved_report_has_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="reportmail",
            index=models.Index(
                condition=models.Q(("state__in", ["QUEUED", "SENDING"])),
                fields=["next_attempt_at"],
                name="report_mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportmail",
            constraint=models.UniqueConstraint(fields=("report", "user", "due_at"), name="report_mail_once"),
        ),
        migrations.AddConstraint(
            model_name="reportmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"])),
                name="report_mail_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "SENDING"), _negated=True), ("lease_until__isnull", False), _connector="OR"
                ),
                name="report_mail_sending_is_leased",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="report_mail_sent_has_time",
            ),
        ),
    ]
