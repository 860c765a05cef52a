from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0009_good_news_and_surges"), ("channels_sns", "0004_outbound_private")]
    operations = [
        migrations.AddField("reply", "private", models.BooleanField(default=False, verbose_name="in private")),
    ]
