from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0020_opinions"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="complaints.complaint",
                verbose_name="the same as",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("duplicate_of__isnull", True))
                | (models.Q(("status", "DISMISSED")) & ~models.Q(("duplicate_of", models.F("id")))),
                name="complaint_copy_is_set_aside",
            ),
        ),
    ]
