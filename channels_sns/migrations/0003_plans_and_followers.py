import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0002_outbox_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Repeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MORNING", "Morning greeting"),
                            ("TALK", "1PM talk"),
                            ("EVENT", "Event"),
                            ("GOOD_NEWS", "Good news"),
                            ("NEWS", "City news"),
                            ("EMERGENCY", "Emergency"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="text in English")),
                (
                    "days",
                    models.CharField(
                        choices=[
                            ("WORKING", "every working day"),
                            ("DAILY", "every day, holidays too"),
                            ("MON", "Mondays"),
                            ("TUE", "Tuesdays"),
                            ("WED", "Wednesdays"),
                            ("THU", "Thursdays"),
                            ("FRI", "Fridays"),
                            ("SAT", "Saturdays"),
                            ("SUN", "Sundays"),
                        ],
                        default="WORKING",
                        max_length=7,
                        verbose_name="days",
                    ),
                ),
                ("at", models.TimeField(verbose_name="time of day")),
                ("ahead_days", models.PositiveSmallIntegerField(default=7, verbose_name="days ahead")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "accounts",
                    models.ManyToManyField(related_name="repeats", to="channels_sns.account", verbose_name="accounts"),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "repetition",
                "verbose_name_plural": "repetitions",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "broadcast",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occurrence",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "repeat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occurrences",
                        to="channels_sns.repeat",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of a repetition",
                "verbose_name_plural": "days of a repetition",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="FollowerFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("network", models.CharField(blank=True, max_length=20)),
                ("followers", models.PositiveBigIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("imported_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follower_figures",
                        to="channels_sns.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported number of followers",
                "verbose_name_plural": "imported numbers of followers",
                "ordering": ["day", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", False)),
                        fields=("day", "account"),
                        name="figure_once_an_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", True)),
                        fields=("day", "network"),
                        name="figure_once_a_network",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account__isnull", True), ("network", ""), _connector="OR"),
                        name="figure_of_one_thing",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="repeat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["MORNING", "TALK", "EVENT", "GOOD_NEWS", "NEWS", "EMERGENCY"]),
                    models.Q(("kind", "EMERGENCY"), _negated=True),
                ),
                name="repeat_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="repeat",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__in", ["WORKING", "DAILY", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"])),
                name="repeat_days_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="repeat",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="repeat_has_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="repeat",
            constraint=models.CheckConstraint(
                condition=models.Q(("ahead_days__range", (1, 31))), name="repeat_ahead_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(fields=("repeat", "day"), name="occurrence_once"),
        ),
    ]
