import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0022_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ComplaintTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
            ],
            options={
                "verbose_name": "tag of a complaint",
                "verbose_name_plural": "tags of complaints",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, verbose_name="name")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="bulkrun",
            name="bulk_run_action_known",
        ),
        migrations.AlterField(
            model_name="bulkrun",
            name="action",
            field=models.CharField(
                choices=[
                    ("assign", "Assign"),
                    ("dismiss", "Not a complaint"),
                    ("tag", "Put a tag on"),
                    ("answer", "Answer"),
                ],
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["assign", "dismiss", "tag", "answer"])), name="bulk_run_action_known"
            ),
        ),
        migrations.AddField(
            model_name="complainttag",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="complainttag",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tagged", to="complaints.complaint"
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="tag_name_once"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="tag_has_name"),
        ),
        migrations.AddField(
            model_name="complainttag",
            name="tag",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="tagged", to="complaints.tag"
            ),
        ),
        migrations.AddIndex(
            model_name="complainttag",
            index=models.Index(fields=["tag", "complaint"], name="complaint_by_tag"),
        ),
        migrations.AddConstraint(
            model_name="complainttag",
            constraint=models.UniqueConstraint(fields=("complaint", "tag"), name="complaint_tag_once"),
        ),
        migrations.AddIndex(
            model_name="complaintevent",
            index=models.Index(condition=models.Q(("move", "assign")), fields=["at"], name="event_assigned"),
        ),
    ]
