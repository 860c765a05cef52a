import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0011_shift_note"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="collective_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="of many since"),
        ),
        migrations.CreateModel(
            name="Repetition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="repeats", to="complaints.complaint"
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="repeated_by",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "repetition",
                "verbose_name_plural": "repetitions",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "earlier"), name="repetition_once"),
                    models.CheckConstraint(
                        condition=models.Q(("complaint", models.F("earlier")), _negated=True),
                        name="repetition_of_another",
                    ),
                ],
            },
        ),
    ]
