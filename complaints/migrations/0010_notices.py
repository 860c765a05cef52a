from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0009_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reply",
            name="reply_one_under_way",
        ),
        migrations.AddField(
            model_name="reply",
            name="kind",
            field=models.CharField(
                choices=[("ANSWER", "Answer"), ("QUESTION", "Question"), ("NOTICE", "Notice"), ("OUTCOME", "Outcome")],
                default="ANSWER",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "ANSWER"), ("state__in", ["DRAFT", "APPROVED", "UNSURE"])),
                fields=("complaint",),
                name="reply_one_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["ANSWER", "QUESTION", "NOTICE", "OUTCOME"])), name="reply_kind_known"
            ),
        ),
    ]
