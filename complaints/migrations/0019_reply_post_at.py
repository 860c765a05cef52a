from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0018_span_packs"),
    ]

    operations = [
        migrations.AddField(model_name="reply", name="post_at", field=models.DateTimeField(null=True)),
    ]
