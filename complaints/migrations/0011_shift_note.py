import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0010_reply_private"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShiftNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("written_at", models.DateTimeField(verbose_name="when")),
                ("text", models.TextField(verbose_name="text")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken over at")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken over by",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over of a shift",
                "verbose_name_plural": "hand-overs of shifts",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("taken_at__isnull", True)), fields=["id"], name="shift_note_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="shift_note_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                            models.Q(
                                ("taken_at__isnull", False),
                                ("taken_by__isnull", False),
                                models.Q(("taken_by", models.F("author")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="shift_note_taken_by_another",
                    ),
                ],
            },
        ),
    ]
