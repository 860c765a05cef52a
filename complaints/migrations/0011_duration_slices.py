from typing import Any

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _schema_editor: Any) -> None:
    """What the spans that are there already should know: the priority, and who took the first step."""
    duration, event = apps.get_model("complaints", "Duration"), apps.get_model("complaints", "ComplaintEvent")
    complaint = apps.get_model("complaints", "Complaint")
    first = event.objects.filter(complaint=OuterRef("complaint"), by__isnull=False).order_by("id")
    priority = complaint.objects.filter(pk=OuterRef("complaint"))
    duration.objects.update(
        first_by=Subquery(first.values("by")[:1]), priority=Subquery(priority.values("priority")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0010_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="duration",
            name="changed_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="duration",
            name="first_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="first step by",
            ),
        ),
        migrations.AddField(
            model_name="duration",
            name="priority",
            field=models.CharField(
                choices=[("NORMAL", "Normal"), ("URGENT", "Urgent")],
                default="NORMAL",
                max_length=8,
                verbose_name="priority",
            ),
        ),
        migrations.AddIndex(
            model_name="duration",
            index=models.Index(fields=["changed_at"], name="duration_changed"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
