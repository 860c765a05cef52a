"""What departments are told about the opinions under a talk, and the mails about it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0002_outbox_triggers"),
        ("complaints", "0006_satisfaction"),
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpinionBrief",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("summary", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("upto", models.PositiveBigIntegerField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("sent_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="briefs", to="channels_sns.broadcast"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="departments.department"
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "summary of opinions",
                "verbose_name_plural": "summaries of opinions",
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OpinionMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    ),
                ),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "brief",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="complaints.opinionbrief"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "mail of a summary",
                "verbose_name_plural": "mails of summaries",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="opinionbrief",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)), fields=["department"], name="opinion_brief_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionbrief",
            constraint=models.UniqueConstraint(
                fields=("broadcast", "department", "number"), name="opinion_brief_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionbrief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("read_at__isnull", True), ("read_by__isnull", True)),
                    models.Q(("read_at__isnull", False), ("read_by__isnull", False)),
                    _connector="OR",
                ),
                name="opinion_brief_read_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionbrief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="opinion_brief_answered_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionbrief",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest", ""), _negated=True), name="opinion_brief_has_digest"
            ),
        ),
        migrations.AddIndex(
            model_name="opinionmail",
            index=models.Index(
                condition=models.Q(("state__in", ["QUEUED", "SENDING"])),
                fields=["next_attempt_at"],
                name="opinion_mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionmail",
            constraint=models.UniqueConstraint(fields=("brief", "user"), name="opinion_mail_once"),
        ),
        migrations.AddConstraint(
            model_name="opinionmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"])),
                name="opinion_mail_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "SENDING"), _negated=True), ("lease_until__isnull", False), _connector="OR"
                ),
                name="opinion_mail_sending_is_leased",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="opinion_mail_sent_has_time",
            ),
        ),
    ]
