import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0003_plans_and_followers"),
        ("complaints", "0008_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoodNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "asked"),
                            ("AGREED", "agreed"),
                            ("DECLINED", "not agreed"),
                            ("WITHDRAWN", "withdrawn"),
                        ],
                        default="ASKED",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels_sns.inboundpost",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "broadcast",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="good_news",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="good_news", to="complaints.complaint"
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
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.reply"
                    ),
                ),
            ],
            options={
                "verbose_name": "good news",
                "verbose_name_plural": "good news",
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "ASKED")), fields=["asked_at"], name="good_news_asked")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ASKED", "AGREED", "DECLINED", "WITHDRAWN"])),
                        name="good_news_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["AGREED", "WITHDRAWN"]), _negated=True),
                            models.Q(
                                ("answer__isnull", False), ("broadcast__isnull", False), ("decided_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="good_news_agreed_by_his_own_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "ASKED")),
                            models.Q(models.Q(("state", "ASKED"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="good_news_decided_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Surge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "suggested"), ("JOINED", "made an incident"), ("DISMISSED", "no incident")],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("usual", models.FloatField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("complaints", models.ManyToManyField(related_name="surges", to="complaints.complaint")),
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
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surges",
                        to="complaints.incident",
                    ),
                ),
                (
                    "seed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "possible incident",
                "verbose_name_plural": "possible incidents",
                "ordering": ["-found_at", "-id"],
                "indexes": [models.Index(fields=["found_at"], name="surge_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "JOINED", "DISMISSED"])), name="surge_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "OPEN")),
                            models.Q(
                                models.Q(("state", "OPEN"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="surge_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "JOINED"), _negated=True), ("incident__isnull", False), _connector="OR"
                        ),
                        name="surge_joined_has_incident",
                    ),
                ],
            },
        ),
    ]
