"""Spans know the legal kind, and stays what ended them and who got the complaint next; packed columns begin anew."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

HANDS_ON = ("assign", "decide", "send_back", "take_back")


def fill(apps: Any, schema_editor: Any) -> None:
    """From the complaints, and from the events that ended the stays."""
    row = apps.get_model("complaints", "Duration")
    kinds = apps.get_model("complaints", "Complaint").objects.filter(pk=OuterRef("complaint"))
    row.objects.exclude(complaint__legal_kind="SNS").update(legal_kind=Subquery(kinds.values("legal_kind")))
    stays = row.objects.filter(figure="IN_DEPARTMENT")
    events = apps.get_model("complaints", "ComplaintEvent").objects.exclude(to_status="").order_by("id")
    ends = events.filter(complaint=OuterRef("complaint"), at=OuterRef("ended_at"))
    ended = stays.filter(ended_at__isnull=False).annotate(_move=Subquery(ends.values("move")[:1]))
    ended.exclude(_move=None).update(ending=Subquery(ends.values("move")[:1]))
    following = stays.filter(complaint=OuterRef("complaint"), id__gt=OuterRef("id")).order_by("id")
    stays.filter(ending__in=HANDS_ON).update(onward=Subquery(following.values("department")[:1]))


def unpack(apps: Any, schema_editor: Any) -> None:
    """Whatever is packed lacks the new columns; the clock packs it again."""
    apps.get_model("complaints", "SpanPack").objects.all().delete()
    apps.get_model("complaints", "PackState").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0012_repeats"),
        ("departments", "0001_initial"),
    ]
    operations = [
        migrations.RemoveIndex(model_name="duration", name="duration_running"),
        migrations.AddField(
            model_name="duration",
            name="legal_kind",
            field=models.CharField(
                choices=[
                    ("SNS", "Complaint by SNS"),
                    ("OTHER", "Other complaint"),
                    ("INQUIRY_LAW", "Inquiry on statutes"),
                    ("INQUIRY_SYSTEM", "Inquiry on a system or procedure"),
                    ("PROPOSAL", "Proposal"),
                    ("GRIEVANCE", "Grievance"),
                    ("STATUTORY", "Statutory application"),
                ],
                default="SNS",
                max_length=16,
                verbose_name="legal kind",
            ),
        ),
        migrations.AddField(
            model_name="duration",
            name="ending",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="ended by"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="duration",
            name="onward",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="departments.department",
                verbose_name="given on to",
            ),
        ),
        migrations.AddIndex(
            model_name="duration",
            index=models.Index(
                condition=models.Q(("state", "OPEN")),
                fields=["figure", "began_at"],
                include=(
                    "id",
                    "state",
                    "excluded",
                    "due_at",
                    "department",
                    "account",
                    "district",
                    "first_by",
                    "priority",
                    "legal_kind",
                ),
                name="duration_running",
            ),
        ),
        migrations.RunPython(unpack, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
