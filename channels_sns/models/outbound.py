"""What the city says. Only channels_sns.outbox writes here; triggers hold the edges (migration 0002)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models.account import Account


class OutboundPost(models.Model):
    """One post to be published exactly once. The row is the truth; any task message is only a nudge."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("queued")
        SENDING = "SENDING", _("being sent")
        UNSURE = "UNSURE", _("being checked")
        SENT = "SENT", _("posted")
        FAILED = "FAILED", _("not posted")
        BLOCKED = "BLOCKED", _("not allowed by the network")
        CANCELLED = "CANCELLED", _("cancelled")

    class Lane(models.TextChoices):
        """What it is for: who goes first, and who may spend the last of a budget."""

        EMERGENCY = "emergency", _("emergency")
        REPLY = "reply", _("reply")
        BROADCAST = "broadcast", _("broadcast")

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="outbox")
    key = models.CharField(max_length=80, unique=True)
    part = models.PositiveSmallIntegerField(default=1)
    #: Part n goes under part n-1 and waits for it.
    after = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="next_part")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    tag = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="ko")
    #: The fields of contract.ReplyTarget, or {} for a broadcast.
    target = models.JSONField(default=dict, blank=True)
    lane = models.CharField(max_length=10, choices=Lane, default=Lane.REPLY)
    #: Photos that go out with it, our own files: [{"file": name under MEDIA_ROOT, "alt": words}].
    media = models.JSONField(default=list, blank=True)
    #: Only whoever is answered may see it.
    private = models.BooleanField(default=False)
    #: Rather not at all than later (part 1; the others follow it).
    not_after = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    #: How often the outcome was unknown; after three rounds an officer decides.
    rounds = models.PositiveIntegerField(default=0)
    claim_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(null=True)
    first_attempt_at = models.DateTimeField(null=True)
    unknown_since = models.DateTimeField(null=True)
    negative_reads = models.PositiveIntegerField(default=0)
    last_class = models.CharField(max_length=40, blank=True)
    last_error = models.TextField(blank=True)
    needs_officer_at = models.DateTimeField(_("an officer must decide since"), null=True)
    external_id = models.CharField(max_length=128, blank=True)
    url = models.CharField(max_length=500, blank=True)
    #: The network took it and shows it later; it is asked by this id until it does.
    pending_id = models.CharField(max_length=128, blank=True)
    #: Photos that the network keeps beside the post.
    media_ids = models.JSONField(default=list, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("outgoing post")
        verbose_name_plural = _("outgoing posts")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], condition=~Q(external_id=""), name="sent_once"),
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "SENDING", "UNSURE", "SENT", "FAILED", "BLOCKED", "CANCELLED"]),
                name="outbound_state_known",
            ),
            models.CheckConstraint(
                condition=Q(lane__in=["emergency", "reply", "broadcast"]), name="outbound_lane_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENDING") | (Q(claim_token__isnull=False) & Q(lease_until__isnull=False)),
                name="outbound_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state="SENT") | Q(sent_at__isnull=False), name="outbound_sent_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_due", condition=Q(state__in=["QUEUED", "UNSURE"])),
            models.Index(fields=["lease_until"], name="outbox_leased", condition=Q(state="SENDING")),
        ]

    def __str__(self) -> str:
        return self.key


class Attempt(models.Model):
    """The history of an outgoing post: one row for each change of state, written in the same transaction."""

    outbound = models.ForeignKey(OutboundPost, on_delete=models.CASCADE, related_name="history")
    at = models.DateTimeField()
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    error_class = models.CharField(max_length=40, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=80, blank=True)
    trace = models.CharField(max_length=80, blank=True)
    detail = models.TextField(blank=True)
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state}→{self.to_state}"
