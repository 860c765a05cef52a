"""What becomes of our own posts afterwards: taken down, or written anew. Only channels_sns.amendments writes here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models.outbound import OutboundPost


class Amendment(models.Model):
    """One post to be taken down or changed, until a look at the network shows that it is."""

    class Kind(models.TextChoices):
        DELETE = "DELETE", _("take down")
        EDIT = "EDIT", _("change")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("to be done")
        DONE = "DONE", _("done, being checked")
        VERIFIED = "VERIFIED", _("done and checked")
        FAILED = "FAILED", _("not possible")

    outbound = models.ForeignKey(OutboundPost, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    #: How often it was looked at after it was done.
    looks = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change afterwards")
        verbose_name_plural = _("changes afterwards")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["outbound"], condition=Q(kind="DELETE"), name="amendment_taken_down_once"),
            models.UniqueConstraint(
                fields=["outbound"], condition=Q(kind="EDIT", state="QUEUED"), name="amendment_one_edit_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "DONE", "VERIFIED", "FAILED"]), name="amendment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="VERIFIED") | Q(verified_at__isnull=False), name="amendment_verified_has_time"
            ),
            models.CheckConstraint(
                condition=Q(kind="DELETE", text="") | (Q(kind="EDIT") & ~Q(text="")), name="amendment_edit_has_text"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="amendment_due", condition=Q(state__in=["QUEUED", "DONE"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outbound_id}"
