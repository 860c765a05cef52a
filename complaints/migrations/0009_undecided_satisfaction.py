"""What a citizen says of an answer may be left undecided, for an officer to read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_notices_of_a_month"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="verdict", name="verdict_said_in_a_post"),
        migrations.AlterField(
            model_name="verdict",
            name="said",
            field=models.CharField(
                blank=True,
                choices=[
                    ("SATISFIED", "satisfied"),
                    ("NEITHER", "neither"),
                    ("NOT", "not satisfied"),
                    ("MIXED", "undecided"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("mark__isnull", True),
                        ("post__isnull", True),
                        ("said", ""),
                        ("said_at__isnull", True),
                        ("words", ""),
                    ),
                    models.Q(
                        ("post__isnull", False),
                        ("said__in", ["SATISFIED", "NEITHER", "NOT", "MIXED"]),
                        ("said_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="verdict_said_in_a_post",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("decided", ""), ("said", "MIXED")), fields=["complaint"], name="verdict_undecided"
            ),
        ),
    ]
