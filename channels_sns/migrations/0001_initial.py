import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("count", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="network")),
                ("handle", models.CharField(max_length=100, verbose_name="handle")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                ("external_id", models.CharField(blank=True, max_length=64, verbose_name="id on the network")),
                ("base_url", models.URLField(max_length=300, verbose_name="base address")),
                ("language", models.CharField(default="ko", max_length=5, verbose_name="language")),
                ("secrets", models.TextField(blank=True, editable=False, verbose_name="secrets")),
                ("options", models.JSONField(blank=True, default=dict, verbose_name="options")),
                ("enabled", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "Working"), ("SUSPENDED", "Stopped")],
                        default="ACTIVE",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("suspended_reason", models.TextField(blank=True, verbose_name="why it stopped")),
                ("suspended_at", models.DateTimeField(blank=True, null=True, verbose_name="stopped at")),
                ("cursor", models.JSONField(default=dict, editable=False)),
                ("lease_token", models.UUIDField(editable=False, null=True)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("next_poll_at", models.DateTimeField(blank=True, null=True, verbose_name="next poll")),
                ("last_polled_at", models.DateTimeField(blank=True, null=True, verbose_name="last successful poll")),
                ("last_item_at", models.DateTimeField(blank=True, null=True, verbose_name="newest post")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failed polls in a row")),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                ("last_error_at", models.DateTimeField(blank=True, null=True, verbose_name="last error at")),
                ("gap", models.TextField(blank=True, verbose_name="gap")),
                ("gap_at", models.DateTimeField(blank=True, null=True, verbose_name="gap noticed at")),
                ("send_after", models.DateTimeField(blank=True, null=True, verbose_name="sending waits until")),
                ("connected_at", models.DateTimeField(verbose_name="connected at")),
                ("push_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("token_expires_at", models.DateTimeField(blank=True, null=True, verbose_name="token valid until")),
                (
                    "data_access_expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="data access until"),
                ),
                ("token_scopes", models.JSONField(blank=True, default=list, verbose_name="rights of the token")),
                ("token_checked_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["kind", "handle"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "base_url", "handle"), name="account_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ACTIVE", "SUSPENDED"])), name="account_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SUSPENDED"), _negated=True),
                            ("suspended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="account_suspended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(max_length=64)),
                ("handle", models.CharField(blank=True, max_length=200, verbose_name="handle")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("url", models.CharField(blank=True, max_length=500)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authors", to="channels_sns.account"
                    ),
                ),
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "constraints": [models.UniqueConstraint(fields=("account", "external_id"), name="author_once")],
            },
        ),
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
            name="Broadcast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MORNING", "Morning greeting"),
                            ("TALK", "1PM talk"),
                            ("EVENT", "Event"),
                            ("GOOD_NEWS", "Good news"),
                            ("NEWS", "City news"),
                            ("EMERGENCY", "Emergency"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="text in English")),
                ("link", models.CharField(blank=True, max_length=500, verbose_name="link")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "draft"),
                            ("APPROVED", "waits for its time"),
                            ("RELEASED", "sent out"),
                            ("MISSED", "too late, not sent"),
                            ("CANCELLED", "cancelled"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("publish_at", models.DateTimeField(blank=True, null=True, verbose_name="time")),
                (
                    "grace_minutes",
                    models.PositiveSmallIntegerField(default=15, verbose_name="may be late by (minutes)"),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("under", models.BooleanField(default=False)),
                ("collects", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
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
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "broadcast",
                "verbose_name_plural": "broadcasts",
                "ordering": [models.OrderBy(models.F("publish_at"), descending=True, nulls_first=True), "-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "APPROVED")), fields=["publish_at"], name="broadcast_due")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["MORNING", "TALK", "EVENT", "GOOD_NEWS", "NEWS", "EMERGENCY"])
                        ),
                        name="broadcast_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["DRAFT", "APPROVED", "RELEASED", "MISSED", "CANCELLED"])),
                        name="broadcast_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["APPROVED", "RELEASED", "MISSED"]), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("publish_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="broadcast_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "RELEASED"), _negated=True),
                            ("released_at__isnull", False),
                            _connector="OR",
                        ),
                        name="broadcast_released_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("under", False), ("follows__isnull", False), _connector="OR"),
                        name="broadcast_under_what_it_follows",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BroadcastEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="channels_sns.broadcast"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(blank=True, max_length=128)),
                ("sha256", models.CharField(max_length=64)),
                ("raw", models.BinaryField()),
                ("error", models.TextField(verbose_name="error")),
                ("tries", models.PositiveIntegerField(default=1, verbose_name="tries")),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen")),
                ("last_seen_at", models.DateTimeField(verbose_name="last seen")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dead_letters",
                        to="channels_sns.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "dead letter",
                "verbose_name_plural": "dead letters",
                "constraints": [models.UniqueConstraint(fields=("account", "sha256"), name="dead_letter_once")],
            },
        ),
        migrations.CreateModel(
            name="FollowerFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("network", models.CharField(blank=True, max_length=20)),
                ("followers", models.PositiveBigIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("imported_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follower_figures",
                        to="channels_sns.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported number of followers",
                "verbose_name_plural": "imported numbers of followers",
                "ordering": ["day", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", False)),
                        fields=("day", "account"),
                        name="figure_once_an_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", True)),
                        fields=("day", "network"),
                        name="figure_once_a_network",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account__isnull", True), ("network", ""), _connector="OR"),
                        name="figure_of_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("running", models.BooleanField(default=True, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "freeze",
                "verbose_name_plural": "freezes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("running", True), ("until__isnull", True)),
                            models.Q(("running__isnull", True), ("until__isnull", False)),
                            _connector="OR",
                        ),
                        name="freeze_runs_or_is_over",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MetricSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("value", models.BigIntegerField()),
                ("sampled_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="metrics", to="channels_sns.account"
                    ),
                ),
            ],
            options={
                "verbose_name": "metric sample",
                "verbose_name_plural": "metric samples",
                "constraints": [models.UniqueConstraint(fields=("account", "name", "sampled_at"), name="metric_once")],
            },
        ),
        migrations.CreateModel(
            name="OutboundPost",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("part", models.PositiveSmallIntegerField(default=1)),
                ("text", models.TextField()),
                ("text_sha256", models.CharField(max_length=64)),
                ("tag", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(default="ko", max_length=5)),
                ("target", models.JSONField(blank=True, default=dict)),
                (
                    "lane",
                    models.CharField(
                        choices=[("emergency", "emergency"), ("reply", "reply"), ("broadcast", "broadcast")],
                        default="reply",
                        max_length=10,
                    ),
                ),
                ("media", models.JSONField(blank=True, default=list)),
                ("private", models.BooleanField(default=False)),
                ("not_after", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "queued"),
                            ("SENDING", "being sent"),
                            ("UNSURE", "being checked"),
                            ("SENT", "posted"),
                            ("FAILED", "not posted"),
                            ("BLOCKED", "not allowed by the network"),
                            ("CANCELLED", "cancelled"),
                        ],
                        default="QUEUED",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("rounds", models.PositiveIntegerField(default=0)),
                ("claim_token", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("first_attempt_at", models.DateTimeField(null=True)),
                ("unknown_since", models.DateTimeField(null=True)),
                ("negative_reads", models.PositiveIntegerField(default=0)),
                ("last_class", models.CharField(blank=True, max_length=40)),
                ("last_error", models.TextField(blank=True)),
                ("needs_officer_at", models.DateTimeField(null=True, verbose_name="an officer must decide since")),
                ("external_id", models.CharField(blank=True, max_length=128)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("pending_id", models.CharField(blank=True, max_length=128)),
                ("media_ids", models.JSONField(blank=True, default=list)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outbox", to="channels_sns.account"
                    ),
                ),
                (
                    "after",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next_part",
                        to="channels_sns.outboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "outgoing post",
                "verbose_name_plural": "outgoing posts",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["QUEUED", "UNSURE"])),
                        fields=["next_attempt_at"],
                        name="outbox_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "SENDING")), fields=["lease_until"], name="outbox_leased"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("account", "external_id"),
                        name="sent_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["QUEUED", "SENDING", "UNSURE", "SENT", "FAILED", "BLOCKED", "CANCELLED"])
                        ),
                        name="outbound_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lane__in", ["emergency", "reply", "broadcast"])),
                        name="outbound_lane_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENDING"), _negated=True),
                            models.Q(("claim_token__isnull", False), ("lease_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="outbound_sending_is_leased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="outbound_sent_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(max_length=128)),
                ("kind", models.CharField(max_length=10, verbose_name="kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "waiting"),
                            ("REGISTERED", "registered"),
                            ("IGNORED", "not for the desk"),
                            ("OWN", "the city's own"),
                            ("COLLECTED", "collected under a broadcast"),
                        ],
                        default="WAITING",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=200)),
                ("root_id", models.CharField(blank=True, max_length=128)),
                ("parent_id", models.CharField(blank=True, max_length=128)),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("language", models.CharField(blank=True, max_length=10)),
                ("visibility", models.CharField(blank=True, max_length=20)),
                ("can_reply", models.BooleanField(null=True)),
                ("permalink", models.CharField(blank=True, max_length=500, verbose_name="address of the post")),
                ("posted_at", models.DateTimeField(verbose_name="posted at")),
                ("posted_at_doubtful", models.BooleanField(default=False)),
                ("arrived_at", models.DateTimeField(verbose_name="arrived at")),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("gone_at", models.DateTimeField(blank=True, null=True, verbose_name="deleted at the source")),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="channels_sns.account"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="channels_sns.author",
                    ),
                ),
                (
                    "under",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="written_under",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "outbound",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="echoes",
                        to="channels_sns.outboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "indexes": [
                    models.Index(condition=models.Q(("state", "WAITING")), fields=["id"], name="post_waiting"),
                    models.Index(fields=["account", "root_id"], name="post_root"),
                    models.Index(fields=["account", "arrived_at"], name="post_arrival"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "external_id"), name="post_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["WAITING", "REGISTERED", "IGNORED", "OWN", "COLLECTED"])),
                        name="post_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="evidence",
                        serialize=False,
                        to="channels_sns.inboundpost",
                    ),
                ),
                ("raw", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
            },
        ),
        migrations.CreateModel(
            name="InboundMedia",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("url", models.TextField()),
                ("kind", models.CharField(max_length=10)),
                ("alt", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "not fetched yet"),
                            ("STORED", "stored"),
                            ("REFUSED", "refused"),
                            ("FAILED", "could not be fetched"),
                        ],
                        default="WAITING",
                        max_length=10,
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("thumbnail", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="media", to="channels_sns.inboundpost"
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["position"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "WAITING")), fields=["next_try_at"], name="media_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "position"), name="media_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "STORED"), _negated=True),
                            models.Q(models.Q(("file", ""), _negated=True), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="media_stored_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("error_class", models.CharField(blank=True, max_length=40)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("code", models.CharField(blank=True, max_length=80)),
                ("trace", models.CharField(blank=True, max_length=80)),
                ("detail", models.TextField(blank=True)),
                ("by", models.CharField(blank=True, max_length=150)),
                (
                    "outbound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="channels_sns.outboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("DELETE", "take down"), ("EDIT", "change")], max_length=6)),
                ("text", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "to be done"),
                            ("DONE", "done, being checked"),
                            ("VERIFIED", "done and checked"),
                            ("FAILED", "not possible"),
                        ],
                        default="QUEUED",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("looks", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="channels_sns.outboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "change afterwards",
                "verbose_name_plural": "changes afterwards",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["QUEUED", "DONE"])),
                        fields=["next_attempt_at"],
                        name="amendment_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "DELETE")), fields=("outbound",), name="amendment_taken_down_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "EDIT"), ("state", "QUEUED")),
                        fields=("outbound",),
                        name="amendment_one_edit_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["QUEUED", "DONE", "VERIFIED", "FAILED"])),
                        name="amendment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "VERIFIED"), _negated=True),
                            ("verified_at__isnull", False),
                            _connector="OR",
                        ),
                        name="amendment_verified_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "DELETE"), ("text", "")),
                            models.Q(("kind", "EDIT"), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="amendment_edit_has_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("alt", models.CharField(max_length=1000)),
                ("file", models.CharField(max_length=200)),
                ("thumbnail", models.CharField(max_length=200)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="channels_sns.broadcast",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("broadcast", "position"), name="picture_position_once"),
                    models.CheckConstraint(condition=models.Q(("alt", ""), _negated=True), name="picture_has_words"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hours", models.PositiveSmallIntegerField()),
                ("counts", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField()),
                (
                    "outbound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="channels_sns.outboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a post",
                "verbose_name_plural": "results of a post",
                "ordering": ["hours"],
                "constraints": [models.UniqueConstraint(fields=("outbound", "hours"), name="result_once")],
            },
        ),
        migrations.CreateModel(
            name="PostVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(max_length=128)),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="channels_sns.account"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="channels_sns.inboundpost",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ["seen_at", "id"],
                "indexes": [models.Index(fields=["account", "external_id"], name="version_external")],
            },
        ),
        migrations.CreateModel(
            name="PushDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "state",
                    models.CharField(
                        choices=[("WAITING", "waiting"), ("READ", "read"), ("FAILED", "unreadable")],
                        default="WAITING",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("retry_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="channels_sns.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "pushed delivery",
                "verbose_name_plural": "pushed deliveries",
                "indexes": [models.Index(condition=models.Q(("state", "WAITING")), fields=["id"], name="push_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "sha256"), name="push_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["WAITING", "READ", "FAILED"])), name="push_state_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("unit", models.CharField(max_length=10)),
                ("remaining", models.FloatField()),
                ("limit", models.FloatField(null=True)),
                ("resets_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="windows", to="channels_sns.account"
                    ),
                ),
            ],
            options={
                "verbose_name": "rate window",
                "verbose_name_plural": "rate windows",
                "constraints": [models.UniqueConstraint(fields=("account", "name"), name="window_once")],
            },
        ),
        migrations.CreateModel(
            name="Repeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MORNING", "Morning greeting"),
                            ("TALK", "1PM talk"),
                            ("EVENT", "Event"),
                            ("GOOD_NEWS", "Good news"),
                            ("NEWS", "City news"),
                            ("EMERGENCY", "Emergency"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("text_en", models.TextField(blank=True, verbose_name="text in English")),
                (
                    "days",
                    models.CharField(
                        choices=[
                            ("WORKING", "every working day"),
                            ("DAILY", "every day, holidays too"),
                            ("MON", "Mondays"),
                            ("TUE", "Tuesdays"),
                            ("WED", "Wednesdays"),
                            ("THU", "Thursdays"),
                            ("FRI", "Fridays"),
                            ("SAT", "Saturdays"),
                            ("SUN", "Sundays"),
                        ],
                        default="WORKING",
                        max_length=7,
                        verbose_name="days",
                    ),
                ),
                ("at", models.TimeField(verbose_name="time of day")),
                ("ahead_days", models.PositiveSmallIntegerField(default=7, verbose_name="days ahead")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "accounts",
                    models.ManyToManyField(related_name="repeats", to="channels_sns.account", verbose_name="accounts"),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "repetition",
                "verbose_name_plural": "repetitions",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["MORNING", "TALK", "EVENT", "GOOD_NEWS", "NEWS", "EMERGENCY"]),
                            models.Q(("kind", "EMERGENCY"), _negated=True),
                        ),
                        name="repeat_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__in", ["WORKING", "DAILY", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"])
                        ),
                        name="repeat_days_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="repeat_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(("ahead_days__range", (1, 31))), name="repeat_ahead_in_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "broadcast",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occurrence",
                        to="channels_sns.broadcast",
                    ),
                ),
                (
                    "repeat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occurrences",
                        to="channels_sns.repeat",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of a repetition",
                "verbose_name_plural": "days of a repetition",
                "ordering": ["day"],
                "constraints": [models.UniqueConstraint(fields=("repeat", "day"), name="occurrence_once")],
            },
        ),
        migrations.CreateModel(
            name="Spending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("lane", models.CharField(max_length=10)),
                ("unit", models.CharField(max_length=10)),
                ("hour", models.PositiveSmallIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, default=0, max_digits=14)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="spendings", to="channels_sns.account"
                    ),
                ),
            ],
            options={
                "verbose_name": "spending",
                "verbose_name_plural": "spendings",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "day", "hour", "lane", "unit"), name="spending_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("ko", "Korean"), ("en", "English"), ("both", "Korean, then English")],
                        max_length=4,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                ("links", models.BooleanField(blank=True, null=True)),
                ("parts", models.JSONField(blank=True, default=list)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="variants", to="channels_sns.account"
                    ),
                ),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="channels_sns.broadcast",
                    ),
                ),
            ],
            options={
                "verbose_name": "variant",
                "verbose_name_plural": "variants",
                "ordering": ["account__kind", "account__handle"],
                "constraints": [
                    models.UniqueConstraint(fields=("broadcast", "account"), name="variant_once"),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "ko", "en", "both"])), name="variant_language_known"
                    ),
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
