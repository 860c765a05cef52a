import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0012_incidents"),
        ("departments", "0002_district_name_while_active"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
                (
                    "legal_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SNS", "Complaint by SNS"),
                            ("OTHER", "Other complaint"),
                            ("INQUIRY_LAW", "Inquiry on statutes"),
                            ("INQUIRY_SYSTEM", "Inquiry on a system or procedure"),
                            ("PROPOSAL", "Proposal"),
                            ("GRIEVANCE", "Grievance"),
                            ("STATUTORY", "Statutory application"),
                        ],
                        max_length=16,
                        verbose_name="legal kind",
                    ),
                ),
                ("channel_kind", models.CharField(blank=True, max_length=20, verbose_name="network")),
                (
                    "language",
                    models.CharField(
                        blank=True, choices=[("ko", "Korean"), ("en", "English")], max_length=5, verbose_name="language"
                    ),
                ),
                ("in_use", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply template",
                "verbose_name_plural": "reply templates",
                "ordering": ["title", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        fields=("code",),
                        name="reply_template_comes_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="reply_template_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "ko", "en"])), name="reply_template_language_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "legal_kind__in",
                                [
                                    "",
                                    "SNS",
                                    "OTHER",
                                    "INQUIRY_LAW",
                                    "INQUIRY_SYSTEM",
                                    "PROPOSAL",
                                    "GRIEVANCE",
                                    "STATUTORY",
                                ],
                            )
                        ),
                        name="reply_template_kind_known",
                    ),
                ],
            },
        ),
    ]
