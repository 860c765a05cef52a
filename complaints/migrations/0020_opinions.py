import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0010_amendments"),
        ("complaints", "0019_reply_post_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "suggested",
                    models.CharField(
                        choices=[
                            ("FOR", "for it"),
                            ("AGAINST", "against it"),
                            ("PROPOSAL", "proposal"),
                            ("QUESTION", "question"),
                            ("OTHER", "other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.JSONField(default=list)),
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FOR", "for it"),
                            ("AGAINST", "against it"),
                            ("PROPOSAL", "proposal"),
                            ("QUESTION", "question"),
                            ("OTHER", "other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion",
                        to="channels_sns.inboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion",
                "verbose_name_plural": "opinions",
                "ordering": ["post__posted_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("suggested__in", ["FOR", "AGAINST", "PROPOSAL", "QUESTION", "OTHER"])),
                        name="opinion_suggestion_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("stance", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("stance__in", ["FOR", "AGAINST", "PROPOSAL", "QUESTION", "OTHER"]),
                            ),
                            _connector="OR",
                        ),
                        name="opinion_decided_by_somebody",
                    ),
                ],
            },
        ),
    ]
