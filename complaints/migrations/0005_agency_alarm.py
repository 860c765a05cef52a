from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_span_packs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="alert",
            name="alert_known",
        ),
        migrations.RemoveConstraint(
            model_name="escalation",
            name="escalation_stage_known",
        ),
        migrations.AlterField(
            model_name="alert",
            name="stage",
            field=models.CharField(
                choices=[
                    ("BEGUN", "emergency"),
                    ("SOON", "due soon"),
                    ("DUE", "due"),
                    ("LATE", "long overdue"),
                    ("REMINDER", "letter of reminder"),
                    ("CONSULT", "asked by another department"),
                    ("UNHEARD", "asked, no answer in time"),
                    ("REPLIED", "another department answered"),
                    ("TRANSFER", "to be handed over"),
                    ("AGENCY", "to be transferred to another agency"),
                    ("PR_SOON", "promise due soon"),
                    ("PR_DUE", "promise due"),
                    ("PR_LATE", "promise overdue"),
                ],
                max_length=8,
                verbose_name="stage",
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="stage",
            field=models.CharField(
                choices=[
                    ("BEGUN", "emergency"),
                    ("SOON", "due soon"),
                    ("DUE", "due"),
                    ("LATE", "long overdue"),
                    ("REMINDER", "letter of reminder"),
                    ("CONSULT", "asked by another department"),
                    ("UNHEARD", "asked, no answer in time"),
                    ("REPLIED", "another department answered"),
                    ("TRANSFER", "to be handed over"),
                    ("AGENCY", "to be transferred to another agency"),
                    ("PR_SOON", "promise due soon"),
                    ("PR_DUE", "promise due"),
                    ("PR_LATE", "promise overdue"),
                ],
                max_length=8,
                verbose_name="stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("way__in", ["APP", "MAIL", "HOOK"]),
                    ("state__in", ["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"]),
                    (
                        "stage__in",
                        [
                            "BEGUN",
                            "SOON",
                            "DUE",
                            "LATE",
                            "REMINDER",
                            "CONSULT",
                            "UNHEARD",
                            "REPLIED",
                            "TRANSFER",
                            "AGENCY",
                            "PR_SOON",
                            "PR_DUE",
                            "PR_LATE",
                        ],
                    ),
                ),
                name="alert_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "BEGUN",
                            "SOON",
                            "DUE",
                            "LATE",
                            "REMINDER",
                            "CONSULT",
                            "UNHEARD",
                            "REPLIED",
                            "TRANSFER",
                            "AGENCY",
                            "PR_SOON",
                            "PR_DUE",
                            "PR_LATE",
                        ],
                    )
                ),
                name="escalation_stage_known",
            ),
        ),
    ]
