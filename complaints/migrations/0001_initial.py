import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("channels_sns", "0001_initial"),
        ("departments", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiptCounter",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "receipt counter",
                "verbose_name_plural": "receipt counters",
            },
        ),
        migrations.CreateModel(
            name="AccessLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("username", models.CharField(max_length=150, verbose_name="user name")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="from where")),
                ("action", models.CharField(max_length=40, verbose_name="what")),
                ("subject", models.CharField(blank=True, max_length=80, verbose_name="whose")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "access record",
                "verbose_name_plural": "access records",
                "ordering": ["-id"],
            },
        ),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["MENTION", "EMAIL", "WEBHOOK", "PHONE"])),
                        name="contact_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "MENTION"), _negated=True),
                            models.Q(("network", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="contact_mention_has_network",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("address", ""), _negated=True)
                        ),
                        name="contact_can_be_reached",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("hint", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="since")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="last used")),
                ("last_used_from", models.GenericIPAddressField(null=True, verbose_name="from where")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="api_token_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))), name="api_token_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="api_token_revoked_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("owner", "name"),
                        name="api_token_name_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("assign", "Assign"),
                            ("dismiss", "Not a complaint"),
                            ("tag", "Put a tag on"),
                            ("answer", "Answer"),
                        ],
                        max_length=7,
                    ),
                ),
                ("what", models.CharField(max_length=300)),
                ("items", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "step for many",
                "verbose_name_plural": "steps for many",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["assign", "dismiss", "tag", "answer"])),
                        name="bulk_run_action_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True, verbose_name="receipt number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("RECEIVED", "Received"),
                            ("TRIAGED", "Triaged"),
                            ("ASSIGNED", "Assigned"),
                            ("IN_PROGRESS", "In progress"),
                            ("ANSWERED", "Answered"),
                            ("COMPLETED", "Completed"),
                            ("TRANSFERRED", "Transferred"),
                            ("ON_HOLD", "On hold"),
                            ("DISMISSED", "Not a complaint"),
                        ],
                        default="RECEIVED",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("language", models.CharField(default="ko", max_length=5, verbose_name="language")),
                ("has_photo", models.BooleanField(default=False, verbose_name="photo")),
                (
                    "priority",
                    models.CharField(
                        choices=[("NORMAL", "Normal"), ("URGENT", "Urgent")],
                        default="NORMAL",
                        max_length=8,
                        verbose_name="priority",
                    ),
                ),
                ("urgent_words", models.JSONField(blank=True, default=list, verbose_name="words that made it urgent")),
                ("handed_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over at")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted at")),
                ("bounces", models.PositiveSmallIntegerField(default=0, verbose_name="times sent back")),
                (
                    "arbitration",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("WAITING", "waits for the arbiter"),
                            ("DECIDED", "decided by the arbiter"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="arbitration",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                (
                    "legal_kind",
                    models.CharField(
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
                ("clock_from", models.DateTimeField(blank=True, null=True, verbose_name="clock runs from")),
                ("emergency_due_at", models.DateTimeField(blank=True, null=True, verbose_name="emergency due at")),
                ("extensions", models.PositiveSmallIntegerField(default=0, verbose_name="times extended")),
                ("extended_by", models.PositiveSmallIntegerField(default=0, verbose_name="extended by")),
                ("visit_days", models.PositiveSmallIntegerField(default=0, verbose_name="days on site")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="clock stopped since")),
                (
                    "next_due_at",
                    models.GeneratedField(
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
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answer posted at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("close_reason", models.CharField(blank=True, max_length=300, verbose_name="reason for closing")),
                ("held_from", models.CharField(blank=True, max_length=12)),
                ("news_at", models.DateTimeField(blank=True, null=True, verbose_name="new post since")),
                ("collective_at", models.DateTimeField(blank=True, null=True, verbose_name="of many since")),
                ("reopened", models.PositiveSmallIntegerField(default=0, verbose_name="times reopened")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="channels_sns.account",
                        verbose_name="channel",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="departments.agency",
                        verbose_name="outside agency",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_complaints",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person in charge",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="channels_sns.author",
                        verbose_name="citizen",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="departments.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="departments.district",
                        verbose_name="district",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="complaints.complaint",
                        verbose_name="the same as",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="complaints.complaint",
                        verbose_name="earlier complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("received_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="complaint_newest",
                    ),
                    models.Index(
                        models.F("status"),
                        models.OrderBy(models.F("received_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="complaint_by_status",
                    ),
                    models.Index(
                        models.F("department"),
                        models.OrderBy(models.F("received_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="complaint_by_department",
                    ),
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("received_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="complaint_by_account",
                    ),
                    models.Index(
                        models.F("district"),
                        models.OrderBy(models.F("received_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="complaint_by_district",
                    ),
                    models.Index(
                        condition=models.Q(("accepted_at__isnull", True), ("status", "ASSIGNED")),
                        fields=["handed_at"],
                        name="complaint_unaccepted",
                    ),
                    models.Index(
                        condition=models.Q(("arbitration", ""), _negated=True),
                        fields=["arbitration"],
                        name="complaint_arbitrated",
                    ),
                    models.Index(
                        models.OrderBy(models.F("priority"), descending=True),
                        models.F("next_due_at"),
                        models.F("id"),
                        condition=models.Q(("next_due_at__isnull", False)),
                        name="complaint_worst_first",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "RECEIVED",
                                    "TRIAGED",
                                    "ASSIGNED",
                                    "IN_PROGRESS",
                                    "ANSWERED",
                                    "COMPLETED",
                                    "TRANSFERRED",
                                    "ON_HOLD",
                                    "DISMISSED",
                                ],
                            )
                        ),
                        name="complaint_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duplicate_of__isnull", True),
                            models.Q(
                                ("status", "DISMISSED"), models.Q(("duplicate_of", models.F("id")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="complaint_copy_is_set_aside",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["ASSIGNED", "IN_PROGRESS", "ANSWERED"]), _negated=True),
                            ("department__isnull", False),
                            _connector="OR",
                        ),
                        name="complaint_held_has_department",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False), ("status__in", ["COMPLETED", "TRANSFERRED", "DISMISSED"])
                            ),
                            models.Q(
                                models.Q(("status__in", ["COMPLETED", "TRANSFERRED", "DISMISSED"]), _negated=True),
                                ("closed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_closed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "TRANSFERRED"), _negated=True),
                            ("agency__isnull", False),
                            _connector="OR",
                        ),
                        name="complaint_transfer_has_agency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "ON_HOLD"), _negated=True),
                            models.Q(("held_from", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="complaint_hold_knows_origin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "legal_kind__in",
                                ["SNS", "OTHER", "INQUIRY_LAW", "INQUIRY_SYSTEM", "PROPOSAL", "GRIEVANCE", "STATUTORY"],
                            ),
                            models.Q(("legal_kind", "STATUTORY"), _negated=True),
                        ),
                        name="complaint_kind_has_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("extensions__lte", 2), ("visit_days__lte", 21)),
                        name="complaint_extended_as_allowed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stopped_at__isnull", True), ("status", "ON_HOLD"), _connector="OR"),
                        name="complaint_stopped_is_on_hold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("arbitration__in", ["", "WAITING", "DECIDED"])),
                        name="complaint_arbitration_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True)),
                (
                    "way",
                    models.CharField(
                        choices=[("APP", "in the desk"), ("MAIL", "e-mail"), ("HOOK", "messenger")],
                        max_length=4,
                        verbose_name="way",
                    ),
                ),
                ("emergency", models.BooleanField(default=False, verbose_name="emergency")),
                (
                    "stage",
                    models.CharField(
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
                            ("PR_SOON", "promise due soon"),
                            ("PR_DUE", "promise due"),
                            ("PR_LATE", "promise overdue"),
                        ],
                        max_length=8,
                        verbose_name="stage",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("created_at", models.DateTimeField(verbose_name="when")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "waiting"),
                            ("SENDING", "on its way"),
                            ("SENT", "sent"),
                            ("DROPPED", "no longer needed"),
                            ("FAILED", "not sent"),
                        ],
                        default="QUEUED",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True), ("way", "APP")),
                        fields=["user", "-id"],
                        name="alert_unread",
                    ),
                    models.Index(condition=models.Q(("way", "APP")), fields=["user", "-id"], name="alert_by_reader"),
                    models.Index(
                        condition=models.Q(("state__in", ["QUEUED", "SENDING"])),
                        fields=["next_attempt_at"],
                        name="alert_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
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
                                    "PR_SOON",
                                    "PR_DUE",
                                    "PR_LATE",
                                ],
                            ),
                        ),
                        name="alert_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way", "HOOK"), ("user__isnull", False), _connector="OR"),
                        name="alert_has_reader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENDING"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="alert_sending_is_leased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="alert_sent_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20, verbose_name="what")),
                ("from_status", models.CharField(blank=True, max_length=12)),
                ("to_status", models.CharField(blank=True, max_length=12)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="complaints.complaint"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["complaint", "id"], name="event_by_complaint"),
                    models.Index(condition=models.Q(("move", "assign")), fields=["at"], name="event_assigned"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                ("opened", models.BooleanField(default=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="thread", to="complaints.complaint"
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaint_link",
                        to="channels_sns.inboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "post of the thread",
                "verbose_name_plural": "posts of the thread",
                "ordering": ["post__posted_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("opened", True)), fields=("complaint",), name="complaint_opened_by_one_post"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("wish", models.CharField(choices=[("OPINION", "opinion"), ("WORK", "work")], max_length=7)),
                ("question", models.TextField(verbose_name="question")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("due_at", models.DateTimeField(verbose_name="asked for by")),
                ("extended", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "asked"),
                            ("ANSWERED", "answered"),
                            ("DECLINED", "declined"),
                            ("WITHDRAWN", "taken back"),
                            ("LAPSED", "no longer needed"),
                        ],
                        default="ASKED",
                        max_length=9,
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
                ("working_seconds", models.PositiveIntegerField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="departments.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="departments.department"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request for cooperation",
                "verbose_name_plural": "requests for cooperation",
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "ASKED")), fields=["due_at"], name="consultation_open"),
                    models.Index(fields=["department", "complaint"], name="consultation_seen"),
                    models.Index(fields=["settled_at"], name="consultation_settled"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["ASKED", "ANSWERED", "DECLINED", "WITHDRAWN", "LAPSED"]),
                            ("wish__in", ["OPINION", "WORK"]),
                        ),
                        name="consultation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "ASKED"), ("working_seconds", None)),
                            models.Q(
                                models.Q(("state", "ASKED"), _negated=True),
                                ("settled_at__isnull", False),
                                ("working_seconds__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultation_settled_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["ANSWERED", "DECLINED"]), _negated=True),
                            models.Q(models.Q(("answer", ""), _negated=True), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="consultation_answer_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("department", models.F("holder")), _negated=True),
                        name="consultation_asks_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("asked_at"))), name="consultation_due_after"
                    ),
                    models.UniqueConstraint(fields=("complaint", "number"), name="consultation_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ASKED")),
                        fields=("complaint", "department"),
                        name="consultation_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("single_keys", models.BooleanField(default=True, verbose_name="single-key shortcuts")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of the desk",
                "verbose_name_plural": "choices of the desk",
            },
        ),
        migrations.CreateModel(
            name="DueBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("applied", models.CharField(blank=True, max_length=64)),
                ("target", models.CharField(blank=True, max_length=64)),
                ("cursor", models.BigIntegerField(default=0)),
                ("passes", models.PositiveSmallIntegerField(default=0)),
                ("noticed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="due_basis_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Duration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "figure",
                    models.CharField(
                        choices=[
                            ("FIRST_TOUCH", "First look"),
                            ("FIRST_RESPONSE", "First answer"),
                            ("RESPONSE_AGAIN", "Answer after a reopening"),
                            ("RESOLUTION", "Resolution"),
                            ("IN_DEPARTMENT", "Time in a department"),
                            ("DELIVERY", "Posting of the answer"),
                            ("WAITING", "On hold"),
                        ],
                        max_length=16,
                        verbose_name="figure",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "not yet"), ("DONE", "done"), ("LEFT", "fell away")],
                        default="OPEN",
                        max_length=4,
                        verbose_name="state",
                    ),
                ),
                (
                    "excluded",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DISMISSED", "not a complaint"),
                            ("DUPLICATE", "duplicate"),
                            ("OWN", "written by the city itself"),
                        ],
                        max_length=10,
                        verbose_name="excluded",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("NORMAL", "Normal"), ("URGENT", "Urgent")],
                        default="NORMAL",
                        max_length=8,
                        verbose_name="priority",
                    ),
                ),
                (
                    "legal_kind",
                    models.CharField(
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
                ("ending", models.CharField(blank=True, max_length=20, verbose_name="ended by")),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due at")),
                ("wall_seconds", models.PositiveIntegerField(null=True, verbose_name="seconds")),
                ("working_seconds", models.PositiveIntegerField(null=True, verbose_name="seconds of office time")),
                ("reopened_at", models.DateTimeField(null=True, verbose_name="reopened at")),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels_sns.account",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="durations",
                        to="complaints.complaint",
                        verbose_name="complaint",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.district",
                    ),
                ),
                (
                    "first_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="first step by",
                    ),
                ),
                (
                    "onward",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                        verbose_name="given on to",
                    ),
                ),
            ],
            options={
                "verbose_name": "duration",
                "verbose_name_plural": "durations",
                "ordering": ["complaint", "id"],
                "indexes": [
                    models.Index(fields=["figure", "began_at"], name="duration_by_time"),
                    models.Index(fields=["department", "figure", "began_at"], name="duration_by_department"),
                    models.Index(
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
                    models.Index(fields=["changed_at"], name="duration_changed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "figure__in",
                                [
                                    "FIRST_TOUCH",
                                    "FIRST_RESPONSE",
                                    "RESPONSE_AGAIN",
                                    "RESOLUTION",
                                    "IN_DEPARTMENT",
                                    "DELIVERY",
                                    "WAITING",
                                ],
                            ),
                            ("state__in", ["OPEN", "DONE", "LEFT"]),
                        ),
                        name="duration_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("state", "OPEN"),
                                ("wall_seconds__isnull", True),
                                ("working_seconds__isnull", True),
                            ),
                            models.Q(
                                models.Q(("state", "OPEN"), _negated=True),
                                ("ended_at__isnull", False),
                                ("wall_seconds__isnull", False),
                                ("working_seconds__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="duration_ended_has_length",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")), fields=("complaint", "figure"), name="duration_open_once"
                    ),
                ],
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["RUNNING", "FOUND"])), fields=["id"], name="emergency_active"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["LOST_CHILD", "LOST_PERSON", "OTHER"])), name="emergency_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["PREPARED", "RUNNING", "FOUND", "CLOSED", "CANCELLED"])),
                        name="emergency_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["PREPARED", "RUNNING"])),
                        fields=("complaint",),
                        name="emergency_one_of_a_complaint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["PREPARED", "CANCELLED"]),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="emergency_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "FOUND"), _negated=True), ("found_at__isnull", False), _connector="OR"
                        ),
                        name="emergency_found_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "CLOSED"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="emergency_closed_has_time",
                    ),
                ],
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "QUEUED")), fields=["next_attempt_at"], name="agency_alert_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("emergency", "contact", "occasion"), name="agency_alert_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["QUEUED", "SENT", "FAILED", "TO_CALL", "CALLED"])),
                        name="agency_alert_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("occasion__in", ["ALARM", "ALL_CLEAR"])), name="agency_alert_occasion_known"
                    ),
                ],
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
                "constraints": [
                    models.UniqueConstraint(fields=("emergency", "item"), name="emergency_check_once"),
                    models.CheckConstraint(
                        condition=models.Q(("item__in", ["CONSENT", "FACTS", "PHOTO"])),
                        name="emergency_check_item_known",
                    ),
                ],
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
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("emergency", models.BooleanField(default=False, verbose_name="emergency")),
                (
                    "stage",
                    models.CharField(
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
                            ("PR_SOON", "promise due soon"),
                            ("PR_DUE", "promise due"),
                            ("PR_LATE", "promise overdue"),
                        ],
                        max_length=8,
                        verbose_name="stage",
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("told", models.PositiveSmallIntegerField(default=0)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
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
                                    "PR_SOON",
                                    "PR_DUE",
                                    "PR_LATE",
                                ],
                            )
                        ),
                        name="escalation_stage_known",
                    ),
                    models.UniqueConstraint(
                        fields=("complaint", "emergency", "stage", "due_at", "turn"), name="escalation_once"
                    ),
                ],
            },
        ),
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="hold_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("complaint",), name="hold_open_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "under way"), ("CLOSED", "closed")],
                        default="OPEN",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="departments.department",
                        verbose_name="department in charge",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-opened_at", "-id"],
                "indexes": [
                    models.Index(
                        models.F("state"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="incident_by_state",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "CLOSED"])), name="incident_state_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="incident_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "CLOSED")),
                            models.Q(("closed_at__isnull", True), ("state", "OPEN")),
                            _connector="OR",
                        ),
                        name="incident_closed_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentComplaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_links",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="complaints.incident"
                    ),
                ),
                (
                    "joined_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint of an incident",
                "verbose_name_plural": "complaints of an incident",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=["incident", "id"],
                        name="incident_members",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=("complaint",),
                        name="complaint_in_one_incident",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20, verbose_name="what")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="complaints.incident"
                    ),
                ),
            ],
            options={
                "verbose_name": "event of an incident",
                "verbose_name_plural": "events of an incident",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="IncidentReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("ANSWER", "Answer"), ("NOTICE", "Notice on the way")],
                        default="ANSWER",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("DRAFT", "draft"), ("RELEASED", "released"), ("STOPPED", "stopped")],
                        default="DRAFT",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("text", models.TextField(verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="text in English")),
                ("drafted_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("release_at", models.DateTimeField(null=True)),
                ("stopping", models.BooleanField(default=False)),
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
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="complaints.incident"
                    ),
                ),
            ],
            options={
                "verbose_name": "reply of an incident",
                "verbose_name_plural": "replies of an incident",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "number"), name="incident_reply_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "DRAFT")),
                        fields=("incident",),
                        name="incident_reply_one_draft_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["ANSWER", "NOTICE"])), name="incident_reply_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "DRAFT"),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("release_at__isnull", False),
                                ("state__in", ["RELEASED", "STOPPED"]),
                            ),
                            _connector="OR",
                        ),
                        name="incident_reply_out_is_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LearnedModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trained_at", models.DateTimeField(verbose_name="trained at")),
                ("n", models.PositiveIntegerField(verbose_name="decisions learned from")),
                ("top1", models.FloatField(verbose_name="first suggestion right")),
                ("top3", models.FloatField(verbose_name="among three suggestions")),
                ("macro_f1", models.FloatField(verbose_name="macro-F1")),
                ("keywords_top1", models.FloatField(verbose_name="keywords: first suggestion right")),
                ("keywords_top3", models.FloatField(verbose_name="keywords: among three suggestions")),
                ("seconds", models.FloatField(verbose_name="processor seconds")),
                ("kept", models.BooleanField(verbose_name="better than the keywords")),
                ("model", models.BinaryField(blank=True, default=b"")),
            ],
            options={
                "verbose_name": "learned model",
                "verbose_name_plural": "learned models",
                "ordering": ["-trained_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", True), ("model", b""), _connector="OR"),
                        name="learned_model_only_if_kept",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "suggested",
                    models.CharField(
                        choices=[
                            ("FOR", "for it"),
                            ("AGAINST", "against it"),
                            ("PROPOSAL", "proposal"),
                            ("QUESTION", "question"),
                            ("OTHER", "other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.JSONField(default=list)),
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FOR", "for it"),
                            ("AGAINST", "against it"),
                            ("PROPOSAL", "proposal"),
                            ("QUESTION", "question"),
                            ("OTHER", "other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="channels_sns.broadcast",
                    ),
                ),
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
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion",
                        to="channels_sns.inboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion",
                "verbose_name_plural": "opinions",
                "ordering": ["post__posted_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("suggested__in", ["FOR", "AGAINST", "PROPOSAL", "QUESTION", "OTHER"])),
                        name="opinion_suggestion_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("stance", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("stance__in", ["FOR", "AGAINST", "PROPOSAL", "QUESTION", "OTHER"]),
                            ),
                            _connector="OR",
                        ),
                        name="opinion_decided_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PackState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("through", models.DateTimeField()),
            ],
            options={
                "verbose_name": "state of the packed columns",
                "verbose_name_plural": "state of the packed columns",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="pack_state_only_one")],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("seen_at", models.DateTimeField(verbose_name="last sign of life")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="present", to="complaints.complaint"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "presence",
                "verbose_name_plural": "presences",
                "ordering": ["since"],
            },
        ),
        migrations.CreateModel(
            name="Repetition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="repeats", to="complaints.complaint"
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="repeated_by",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "repetition",
                "verbose_name_plural": "repetitions",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "earlier"), name="repetition_once"),
                    models.CheckConstraint(
                        condition=models.Q(("complaint", models.F("earlier")), _negated=True),
                        name="repetition_of_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ANSWER", "Answer"),
                            ("QUESTION", "Question"),
                            ("NOTICE", "Notice"),
                            ("OUTCOME", "Outcome"),
                        ],
                        default="ANSWER",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("language", models.CharField(default="ko", max_length=5)),
                ("private", models.BooleanField(default=False, verbose_name="in private")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "draft"),
                            ("APPROVED", "waiting to be posted"),
                            ("SENT", "posted"),
                            ("FAILED", "not posted"),
                            ("UNSURE", "being checked"),
                            ("RECALLED", "recalled"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("post_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("parts", models.PositiveSmallIntegerField(default=0)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("problem", models.TextField(blank=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="complaints.complaint"
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "reply",
                "verbose_name_plural": "replies",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "number"), name="reply_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "ANSWER"), ("state__in", ["DRAFT", "APPROVED", "UNSURE"])),
                        fields=("complaint",),
                        name="reply_one_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["ANSWER", "QUESTION", "NOTICE", "OUTCOME"])),
                        name="reply_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "RECALLED"]),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="reply_out_is_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(blank=True, verbose_name="what")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WRITTEN", "not posted yet"),
                            ("NONE", "no promise"),
                            ("OPEN", "owed"),
                            ("KEPT", "kept"),
                            ("WITHDRAWN", "withdrawn"),
                        ],
                        default="WRITTEN",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due at")),
                ("promised_at", models.DateTimeField(null=True, verbose_name="promised at")),
                ("kept_at", models.DateTimeField(null=True, verbose_name="kept at")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("asked", models.PositiveSmallIntegerField(default=0, verbose_name="times asked")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="promises", to="complaints.complaint"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome_of",
                        to="complaints.reply",
                    ),
                ),
                (
                    "reply",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="promise", to="complaints.reply"
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "OPEN")), fields=["due_at", "id"], name="promise_worst_first"
                    ),
                    models.Index(
                        condition=models.Q(("promised_at__isnull", False)), fields=["due_at"], name="promise_by_due"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["WRITTEN", "NONE", "OPEN", "KEPT", "WITHDRAWN"])),
                        name="promise_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_at__isnull", True), ("state", "NONE")),
                            models.Q(models.Q(("state", "NONE"), _negated=True), ("due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="promise_has_due_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promised_at__isnull", True), ("state__in", ["WRITTEN", "NONE"])),
                            models.Q(("promised_at__isnull", False), ("state__in", ["OPEN", "KEPT", "WITHDRAWN"])),
                            _connector="OR",
                        ),
                        name="promise_given_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kept_at__isnull", False), ("outcome__isnull", False), ("state", "KEPT")),
                            models.Q(models.Q(("state", "KEPT"), _negated=True), ("kept_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="promise_kept_has_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "WITHDRAWN"),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "WITHDRAWN"), _negated=True), ("withdrawn_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="promise_withdrawn_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("skipped", models.CharField(blank=True, max_length=12)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_deliveries",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "incident_reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="complaints.incidentreply",
                    ),
                ),
                (
                    "reply",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_delivery",
                        to="complaints.reply",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery of an incident's reply",
                "verbose_name_plural": "deliveries of an incident's reply",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("reply__isnull", True), ("skipped", "")),
                        fields=["incident_reply", "id"],
                        name="incident_delivery_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("incident_reply", "complaint"), name="incident_delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("skipped", ""), ("reply__isnull", True), _connector="OR"),
                        name="incident_delivery_or_skipped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "asked"),
                            ("AGREED", "agreed"),
                            ("DECLINED", "not agreed"),
                            ("WITHDRAWN", "withdrawn"),
                        ],
                        default="ASKED",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels_sns.inboundpost",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "broadcast",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="good_news",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="good_news", to="complaints.complaint"
                    ),
                ),
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
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.reply"
                    ),
                ),
            ],
            options={
                "verbose_name": "good news",
                "verbose_name_plural": "good news",
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "ASKED")), fields=["asked_at"], name="good_news_asked")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ASKED", "AGREED", "DECLINED", "WITHDRAWN"])),
                        name="good_news_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["AGREED", "WITHDRAWN"]), _negated=True),
                            models.Q(
                                ("answer__isnull", False), ("broadcast__isnull", False), ("decided_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="good_news_agreed_by_his_own_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "ASKED")),
                            models.Q(models.Q(("state", "ASKED"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="good_news_decided_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyPhoto",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("alt", models.CharField(blank=True, max_length=1000)),
                ("file", models.CharField(max_length=200)),
                ("thumbnail", models.CharField(max_length=200)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_photos",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="complaints.reply",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["added_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reply__isnull", True)),
                        fields=("complaint", "sha256"),
                        name="draft_photo_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reply__isnull", True), models.Q(("alt", ""), _negated=True), _connector="OR"
                        ),
                        name="reply_photo_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
                (
                    "legal_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SNS", "Complaint by SNS"),
                            ("OTHER", "Other complaint"),
                            ("INQUIRY_LAW", "Inquiry on statutes"),
                            ("INQUIRY_SYSTEM", "Inquiry on a system or procedure"),
                            ("PROPOSAL", "Proposal"),
                            ("GRIEVANCE", "Grievance"),
                            ("STATUTORY", "Statutory application"),
                        ],
                        max_length=16,
                        verbose_name="legal kind",
                    ),
                ),
                ("channel_kind", models.CharField(blank=True, max_length=20, verbose_name="network")),
                (
                    "language",
                    models.CharField(
                        blank=True, choices=[("ko", "Korean"), ("en", "English")], max_length=5, verbose_name="language"
                    ),
                ),
                ("in_use", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply template",
                "verbose_name_plural": "reply templates",
                "ordering": ["title", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        fields=("code",),
                        name="reply_template_comes_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="reply_template_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "ko", "en"])), name="reply_template_language_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "legal_kind__in",
                                [
                                    "",
                                    "SNS",
                                    "OTHER",
                                    "INQUIRY_LAW",
                                    "INQUIRY_SYSTEM",
                                    "PROPOSAL",
                                    "GRIEVANCE",
                                    "STATUTORY",
                                ],
                            )
                        ),
                        name="reply_template_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=500)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("DAILY", "every day"), ("WEEKLY", "every week"), ("MONTHLY", "every month")],
                        default="MONTHLY",
                        max_length=7,
                        verbose_name="how often",
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(default=1, verbose_name="day of the week")),
                ("day", models.PositiveSmallIntegerField(default=1, verbose_name="day of the month")),
                ("at", models.TimeField()),
                ("next_at", models.DateTimeField(null=True, verbose_name="next")),
                ("created_at", models.DateTimeField(verbose_name="since")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recipients",
                    models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="to"),
                ),
            ],
            options={
                "verbose_name": "saved report",
                "verbose_name_plural": "saved reports",
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="saved_report_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="saved_report_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), ("rhythm__in", ["DAILY", "WEEKLY", "MONTHLY"])
                        ),
                        name="saved_report_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("day__gte", 1), ("day__lte", 31), ("weekday__gte", 1), ("weekday__lte", 7)),
                        name="saved_report_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("missed", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "waiting"),
                            ("SENDING", "on its way"),
                            ("SENT", "sent"),
                            ("DROPPED", "not theirs any more"),
                            ("FAILED", "not sent"),
                        ],
                        default="QUEUED",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="complaints.savedreport"
                    ),
                ),
            ],
            options={
                "verbose_name": "mail of a report",
                "verbose_name_plural": "mails of reports",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["QUEUED", "SENDING"])),
                        fields=["next_attempt_at"],
                        name="report_mail_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "user", "due_at"), name="report_mail_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"])),
                        name="report_mail_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENDING"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="report_mail_sending_is_leased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="report_mail_sent_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("query", models.CharField(max_length=1000)),
                ("shared", models.BooleanField(default=False, verbose_name="shared with the desk")),
                ("created_at", models.DateTimeField(verbose_name="since")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="saved_view_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("query", ""), _negated=True)
                        ),
                        name="saved_view_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDoc",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField()),
                ("names", models.TextField()),
                ("tokens", models.TextField()),
                ("version", models.PositiveIntegerField()),
                ("form", models.PositiveSmallIntegerField()),
                ("indexed_at", models.DateTimeField()),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="search", to="complaints.complaint"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.district",
                    ),
                ),
            ],
            options={
                "verbose_name": "search document",
                "verbose_name_plural": "search documents",
            },
        ),
        migrations.CreateModel(
            name="ShiftNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("written_at", models.DateTimeField(verbose_name="when")),
                ("text", models.TextField(verbose_name="text")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken over at")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken over by",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over of a shift",
                "verbose_name_plural": "hand-overs of shifts",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("taken_at__isnull", True)), fields=["id"], name="shift_note_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="shift_note_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                            models.Q(
                                ("taken_at__isnull", False),
                                ("taken_by__isnull", False),
                                models.Q(("taken_by", models.F("author")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="shift_note_taken_by_another",
                    ),
                ],
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["NEW", "CREDIBLE", "OTHER"])), name="sighting_state_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpanPack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figure", models.CharField(max_length=16)),
                ("month", models.DateField()),
                ("column", models.CharField(max_length=12)),
                ("spans", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
            ],
            options={
                "verbose_name": "packed column",
                "verbose_name_plural": "packed columns",
                "constraints": [models.UniqueConstraint(fields=("figure", "month", "column"), name="span_pack_once")],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField()),
                ("score", models.FloatField()),
                ("words", models.JSONField(default=list)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="departments.department"
                    ),
                ),
            ],
            options={
                "verbose_name": "suggestion",
                "verbose_name_plural": "suggestions",
                "ordering": ["rank"],
                "constraints": [models.UniqueConstraint(fields=("complaint", "rank"), name="suggestion_rank_once")],
            },
        ),
        migrations.CreateModel(
            name="Surge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "suggested"), ("JOINED", "made an incident"), ("DISMISSED", "no incident")],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("usual", models.FloatField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("complaints", models.ManyToManyField(related_name="surges", to="complaints.complaint")),
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
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surges",
                        to="complaints.incident",
                    ),
                ),
                (
                    "seed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "possible incident",
                "verbose_name_plural": "possible incidents",
                "ordering": ["-found_at", "-id"],
                "indexes": [models.Index(fields=["found_at"], name="surge_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "JOINED", "DISMISSED"])), name="surge_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "OPEN")),
                            models.Q(
                                models.Q(("state", "OPEN"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="surge_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "JOINED"), _negated=True), ("incident__isnull", False), _connector="OR"
                        ),
                        name="surge_joined_has_incident",
                    ),
                ],
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
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="tag_name_once"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="tag_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tagged", to="complaints.complaint"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tagged",
                        to="complaints.tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag of a complaint",
                "verbose_name_plural": "tags of complaints",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["tag", "complaint"], name="complaint_by_tag")],
                "constraints": [models.UniqueConstraint(fields=("complaint", "tag"), name="complaint_tag_once")],
            },
        ),
        migrations.CreateModel(
            name="TypedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(choices=[("reply", "Reply"), ("note", "Note")], max_length=5)),
                ("text", models.TextField(verbose_name="text")),
                ("saved_at", models.DateTimeField(verbose_name="when")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="typed_texts",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "text that is being written",
                "verbose_name_plural": "texts that are being written",
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "user", "field"), name="typed_text_once"),
                    models.CheckConstraint(
                        condition=models.Q(("field__in", ["reply", "note"])), name="typed_text_field_known"
                    ),
                ],
            },
        ),
    ]
