import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels_sns", "0006_freeze"),
        ("complaints", "0013_duration_hand_over"),
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("MENTION", "mention on a network"),
                            ("EMAIL", "e-mail"),
                            ("WEBHOOK", "webhook"),
                            ("PHONE", "telephone"),
                        ],
                        max_length=8,
                        verbose_name="way",
                    ),
                ),
                ("network", models.CharField(blank=True, max_length=20, verbose_name="network")),
                ("address", models.CharField(max_length=300, verbose_name="address")),
                ("secret", models.TextField(blank=True)),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LOST_CHILD", "Lost child"),
                            ("LOST_PERSON", "Missing person"),
                            ("OTHER", "Other emergency"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PREPARED", "being prepared"),
                            ("RUNNING", "under way"),
                            ("FOUND", "all clear"),
                            ("CLOSED", "closed"),
                            ("CANCELLED", "given up"),
                        ],
                        default="PREPARED",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("age", models.CharField(blank=True, max_length=20, verbose_name="age")),
                ("appearance", models.CharField(blank=True, max_length=300, verbose_name="clothes and looks")),
                (
                    "appearance_en",
                    models.CharField(blank=True, max_length=300, verbose_name="clothes and looks in English"),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="last seen at")),
                ("place_en", models.CharField(blank=True, max_length=200, verbose_name="last seen at, in English")),
                ("seen", models.CharField(blank=True, max_length=60, verbose_name="when")),
                ("contact", models.CharField(default="112", max_length=60, verbose_name="number to call")),
                ("prepared_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("first_post_at", models.DateTimeField(null=True)),
                ("everywhere_at", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField(null=True)),
                ("take_down_at", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "alarm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarm_of",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "all_clear",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="all_clear_of",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergencies",
                        to="complaints.complaint",
                    ),
                ),
                ("contacts", models.ManyToManyField(blank=True, related_name="+", to="complaints.alertcontact")),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "emergency",
                "verbose_name_plural": "emergencies",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="AgencyAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occasion",
                    models.CharField(choices=[("ALARM", "emergency"), ("ALL_CLEAR", "all clear")], max_length=9),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "to be told"),
                            ("SENT", "told"),
                            ("FAILED", "not reached"),
                            ("TO_CALL", "to be called"),
                            ("CALLED", "called"),
                        ],
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "called_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outbound",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels_sns.outboundpost",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="complaints.alertcontact"
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="complaints.emergency"
                    ),
                ),
            ],
            options={
                "verbose_name": "alert to an agency",
                "verbose_name_plural": "alerts to agencies",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="EmergencyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.CharField(
                        choices=[
                            ("CONSENT", "The guardian consents to name, photo and facts being public"),
                            ("FACTS", "The facts are checked with the guardian or the police"),
                            ("PHOTO", "We may use the photo, and nobody else can be recognised in it"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="complaints.emergency"
                    ),
                ),
            ],
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks",
            },
        ),
        migrations.CreateModel(
            name="EmergencyEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="complaints.emergency"
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("NEW", "nobody has looked yet"), ("CREDIBLE", "credible"), ("OTHER", "of no use")],
                        default="NEW",
                        max_length=8,
                    ),
                ),
                ("gathered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sightings", to="complaints.emergency"
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sighting",
                        to="channels_sns.inboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "sighting",
                "verbose_name_plural": "sightings",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="alertcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["MENTION", "EMAIL", "WEBHOOK", "PHONE"])), name="contact_way_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="alertcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way", "MENTION"), _negated=True),
                    models.Q(("network", ""), _negated=True),
                    _connector="OR",
                ),
                name="contact_mention_has_network",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("address", ""), _negated=True)),
                name="contact_can_be_reached",
            ),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(
                condition=models.Q(("state__in", ["RUNNING", "FOUND"])), fields=["id"], name="emergency_active"
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["LOST_CHILD", "LOST_PERSON", "OTHER"])), name="emergency_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["PREPARED", "RUNNING", "FOUND", "CLOSED", "CANCELLED"])),
                name="emergency_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["PREPARED", "RUNNING"])),
                fields=("complaint",),
                name="emergency_one_of_a_complaint",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["PREPARED", "CANCELLED"]),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="emergency_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "FOUND"), _negated=True), ("found_at__isnull", False), _connector="OR"
                ),
                name="emergency_found_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                ),
                name="emergency_closed_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="agencyalert",
            index=models.Index(
                condition=models.Q(("state", "QUEUED")), fields=["next_attempt_at"], name="agency_alert_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyalert",
            constraint=models.UniqueConstraint(fields=("emergency", "contact", "occasion"), name="agency_alert_once"),
        ),
        migrations.AddConstraint(
            model_name="agencyalert",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["QUEUED", "SENT", "FAILED", "TO_CALL", "CALLED"])),
                name="agency_alert_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyalert",
            constraint=models.CheckConstraint(
                condition=models.Q(("occasion__in", ["ALARM", "ALL_CLEAR"])), name="agency_alert_occasion_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencycheck",
            constraint=models.UniqueConstraint(fields=("emergency", "item"), name="emergency_check_once"),
        ),
        migrations.AddConstraint(
            model_name="emergencycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("item__in", ["CONSENT", "FACTS", "PHOTO"])), name="emergency_check_item_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sighting",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["NEW", "CREDIBLE", "OTHER"])), name="sighting_state_known"
            ),
        ),
    ]
