from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("departments", "0002_district_name_while_active"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_role_known",
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("officer", "SNS officer"),
                    ("staff", "Department staff"),
                    ("head", "Department head"),
                    ("manager", "Manager"),
                    ("auditor", "Auditor"),
                    ("arbiter", "Arbiter"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
                verbose_name="Role",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["officer", "staff", "head", "manager", "auditor", "arbiter", "administrator"])
                ),
                name="membership_role_known",
            ),
        ),
    ]
