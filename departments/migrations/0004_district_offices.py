import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("departments", "0003_arbiter"),
    ]

    operations = [
        migrations.AddField(
            model_name="agency",
            name="district",
            field=models.ForeignKey(
                blank=True,
                help_text="For a 구·군 office: whose it is",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offices",
                to="departments.district",
                verbose_name="Office of the district",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active_to__isnull", True)),
                fields=("district",),
                name="agency_one_office_of_a_district",
            ),
        ),
    ]
