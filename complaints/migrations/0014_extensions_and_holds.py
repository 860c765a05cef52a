import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0007_brand"),
        ("complaints", "0013_reply_templates"),
        ("departments", "0002_district_name_while_active"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("SUPPLEMENT", "Supplement by the citizen"),
                            ("DISPATCH", "Papers on their way to a distant office"),
                            ("REPRESENTATIVE", "Choice of a representative"),
                            ("HEARING", "Hearing"),
                            ("APPRAISAL", "Experiment, inspection, appraisal or expert review"),
                            ("PRECEDING", "Another procedure that has to be finished first"),
                            ("CITIZEN", "A word from the citizen"),
                            ("OTHER", "Something else"),
                        ],
                        max_length=14,
                        verbose_name="what it waits for",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="from")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="until")),
                ("until", models.DateField(null=True, verbose_name="asked for by")),
                ("moved", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="extended_by",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="extended by"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="extensions",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="times extended"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="clock stopped since"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="visit_days",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="days on site"),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("extensions__lte", 2), ("visit_days__lte", 21)),
                name="complaint_extended_as_allowed",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("stopped_at__isnull", True), ("status", "ON_HOLD"), _connector="OR"),
                name="complaint_stopped_is_on_hold",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="complaints.complaint"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "SUPPLEMENT",
                            "DISPATCH",
                            "REPRESENTATIVE",
                            "HEARING",
                            "APPRAISAL",
                            "PRECEDING",
                            "CITIZEN",
                            "OTHER",
                        ],
                    )
                ),
                name="hold_code_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"),
                name="hold_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("complaint",), name="hold_open_once"
            ),
        ),
    ]
