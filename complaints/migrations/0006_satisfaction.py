import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0002_outbox_triggers"),
        ("complaints", "0005_agency_alarm"),
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answered_at", models.DateTimeField(verbose_name="answered at")),
                (
                    "said",
                    models.CharField(
                        blank=True,
                        choices=[("SATISFIED", "satisfied"), ("NEITHER", "neither"), ("NOT", "not satisfied")],
                        max_length=9,
                    ),
                ),
                ("mark", models.PositiveSmallIntegerField(null=True)),
                ("words", models.CharField(blank=True, max_length=60)),
                ("said_at", models.DateTimeField(null=True)),
                (
                    "decided",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SATISFIED", "satisfied"),
                            ("NEITHER", "neither"),
                            ("NOT", "not satisfied"),
                            ("STRUCK", "says nothing of the answer"),
                        ],
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdicts", to="complaints.complaint"
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
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels_sns.inboundpost",
                    ),
                ),
                (
                    "reply",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdict", to="complaints.reply"
                    ),
                ),
            ],
            options={
                "verbose_name": "verdict",
                "verbose_name_plural": "verdicts",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["answered_at"], name="verdict_by_answer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("mark__isnull", True),
                                ("post__isnull", True),
                                ("said", ""),
                                ("said_at__isnull", True),
                                ("words", ""),
                            ),
                            models.Q(
                                ("post__isnull", False),
                                ("said__in", ["SATISFIED", "NEITHER", "NOT"]),
                                ("said_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="verdict_said_in_a_post",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mark__isnull", True), models.Q(("mark__gte", 1), ("mark__lte", 5)), _connector="OR"
                        ),
                        name="verdict_mark_1_to_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided", ""), ("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(
                                ("decided__in", ["SATISFIED", "NEITHER", "NOT", "STRUCK"]),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="verdict_decided_by_somebody",
                    ),
                ],
            },
        ),
    ]
