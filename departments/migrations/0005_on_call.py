import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("departments", "0004_district_offices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OnCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_at", models.DateTimeField(verbose_name="From")),
                ("ends_at", models.DateTimeField(verbose_name="Until")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telephone")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_call",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Person",
                    ),
                ),
            ],
            options={
                "verbose_name": "On call",
                "verbose_name_plural": "On call",
                "ordering": ["begins_at", "id"],
                "indexes": [models.Index(fields=["ends_at"], name="on_call_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))),
                        name="on_call_ends_after_start",
                        violation_error_message="The end must be after the start.",
                    ),
                    models.UniqueConstraint(fields=("user", "begins_at"), name="on_call_once"),
                ],
            },
        ),
    ]
