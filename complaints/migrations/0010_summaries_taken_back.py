import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0002_outbox_triggers"),
        ("complaints", "0009_undecided_satisfaction"),
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="opinionmail",
            name="opinion_mail_once",
        ),
        migrations.AddField(
            model_name="opinionbrief",
            name="answer_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="opinionbrief",
            name="due_told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="opinionbrief",
            name="soon_told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="opinionbrief",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="opinionbrief",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="opinionbrief",
            name="withdrawn_for",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="opinionmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("BRIEF", "a summary came"),
                    ("SOON", "an answer is due soon"),
                    ("DUE", "no answer in time"),
                    ("WITHDRAWN", "the summary was taken back"),
                ],
                default="BRIEF",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="opinionbrief",
            index=models.Index(
                condition=models.Q(
                    ("answered_at__isnull", True), ("due_told_at__isnull", True), ("withdrawn_at__isnull", True)
                ),
                fields=["answer_by"],
                name="opinion_brief_reminded",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionbrief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True), ("withdrawn_for", "")),
                    models.Q(
                        models.Q(("withdrawn_for", ""), _negated=True),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="opinion_brief_withdrawn_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinionmail",
            constraint=models.UniqueConstraint(fields=("brief", "user", "kind"), name="opinion_mail_once"),
        ),
        migrations.AddConstraint(
            model_name="opinionmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["BRIEF", "SOON", "DUE", "WITHDRAWN"])), name="opinion_mail_kind_known"
            ),
        ),
    ]
