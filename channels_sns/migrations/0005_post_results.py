import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0004_outbound_private"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hours", models.PositiveSmallIntegerField()),
                ("counts", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField()),
                (
                    "outbound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="channels_sns.outboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a post",
                "verbose_name_plural": "results of a post",
                "ordering": ["hours"],
                "constraints": [models.UniqueConstraint(fields=("outbound", "hours"), name="result_once")],
            },
        ),
    ]
