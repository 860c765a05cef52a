import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0008_broadcasts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="inboundpost",
            name="post_state_known",
        ),
        migrations.AddField(
            model_name="inboundpost",
            name="under",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="written_under",
                to="channels_sns.broadcast",
            ),
        ),
        migrations.AlterField(
            model_name="inboundpost",
            name="state",
            field=models.CharField(
                choices=[
                    ("WAITING", "waiting"),
                    ("REGISTERED", "registered"),
                    ("IGNORED", "not for the desk"),
                    ("OWN", "the city's own"),
                    ("COLLECTED", "collected under a broadcast"),
                ],
                default="WAITING",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundpost",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["WAITING", "REGISTERED", "IGNORED", "OWN", "COLLECTED"])),
                name="post_state_known",
            ),
        ),
    ]
