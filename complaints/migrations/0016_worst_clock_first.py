import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0009_collected"),
        ("complaints", "0015_hand_over"),
        ("departments", "0002_district_name_while_active"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="complaint",
            name="complaint_open_due",
        ),
        migrations.AddField(
            model_name="complaint",
            name="next_due_at",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(
                            ("status__in", ("COMPLETED", "TRANSFERRED", "DISMISSED", "ANSWERED")),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        then=None,
                    ),
                    models.When(models.Q(("stopped_at__isnull", False)), then=models.F("emergency_due_at")),
                    default=django.db.models.functions.comparison.Least(
                        models.F("due_at"),
                        django.db.models.functions.comparison.Coalesce(
                            models.F("emergency_due_at"), models.F("due_at")
                        ),
                    ),
                ),
                output_field=models.DateTimeField(null=True, verbose_name="next due at"),
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                models.OrderBy(models.F("priority"), descending=True),
                models.F("next_due_at"),
                models.F("id"),
                condition=models.Q(("next_due_at__isnull", False)),
                name="complaint_worst_first",
            ),
        ),
    ]
