"""Signs of life of the machinery."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_sns", "0002_outbox_triggers")]

    operations = [
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("count", models.PositiveBigIntegerField(default=0)),
            ],
        ),
    ]
