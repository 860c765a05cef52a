from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0007_brand"),
        ("complaints", "0014_extensions_and_holds"),
        ("departments", "0003_arbiter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="accepted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="accepted at"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="arbitration",
            field=models.CharField(
                blank=True,
                choices=[("", "none"), ("WAITING", "waits for the arbiter"), ("DECIDED", "decided by the arbiter")],
                default="",
                max_length=8,
                verbose_name="arbitration",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="bounces",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="times sent back"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="handed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="handed over at"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("accepted_at__isnull", True), ("status", "ASSIGNED")),
                fields=["handed_at"],
                name="complaint_unaccepted",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("arbitration", ""), _negated=True),
                fields=["arbitration"],
                name="complaint_arbitrated",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("arbitration__in", ["", "WAITING", "DECIDED"])), name="complaint_arbitration_known"
            ),
        ),
    ]
