"""What the inspection of a month asks first: extensions and interim notices by their day, what was resolved since."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0002_outbox_triggers"),
        ("complaints", "0007_opinion_briefs"),
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="complaintevent",
            index=models.Index(condition=models.Q(("move", "extend")), fields=["at"], name="event_extended"),
        ),
        migrations.AddIndex(
            model_name="complaintevent",
            index=models.Index(condition=models.Q(("move", "interim")), fields=["at"], name="event_interim"),
        ),
        migrations.AddIndex(
            model_name="duration",
            index=models.Index(
                condition=models.Q(("figure", "RESOLUTION")), fields=["ended_at"], name="duration_resolved"
            ),
        ),
    ]
