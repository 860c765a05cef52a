import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0006_push_retry"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                ("signature", models.CharField(blank=True, max_length=100, verbose_name="signature")),
                ("signature_en", models.CharField(blank=True, max_length=100, verbose_name="signature in English")),
                ("hashtags", models.CharField(blank=True, max_length=200, verbose_name="hashtags")),
                ("hashtags_en", models.CharField(blank=True, max_length=200, verbose_name="hashtags in English")),
            ],
            options={
                "verbose_name": "brand",
                "verbose_name_plural": "brands",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="brand_has_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("ko", "Korean"), ("en", "English"), ("both", "Korean, then English")],
                        default="ko",
                        max_length=4,
                        verbose_name="language",
                    ),
                ),
                (
                    "tone",
                    models.CharField(
                        choices=[("FORMAL", "formal"), ("FRIENDLY", "friendly"), ("BRIEF", "brief")],
                        default="FRIENDLY",
                        max_length=8,
                        verbose_name="tone",
                    ),
                ),
                ("signature", models.CharField(blank=True, max_length=100, verbose_name="own signature")),
                ("hashtags", models.CharField(blank=True, max_length=200, verbose_name="own hashtags")),
                ("signs", models.BooleanField(default=True, verbose_name="signature at the end")),
                ("tags", models.BooleanField(default=True, verbose_name="hashtags at the end")),
                ("links", models.BooleanField(default=True, verbose_name="links in the text")),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="voice", to="channels_sns.account"
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="channels_sns.brand",
                        verbose_name="brand",
                    ),
                ),
            ],
            options={
                "verbose_name": "voice",
                "verbose_name_plural": "voices",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ko", "en", "both"])), name="voice_language_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tone__in", ["FORMAL", "FRIENDLY", "BRIEF"])), name="voice_tone_known"
                    ),
                ],
            },
        ),
    ]
