"""What the city says to all citizens of an incident, and the ledger of who got it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint
from complaints.models.incident import Incident
from complaints.models.reply import Reply


class IncidentReply(models.Model):
    """One text to all citizens of an incident (사안 답변), written once. Written by complaints.incident_replies.

    An answer completes the complaints that are still open and tells its outcome to those that were answered before; a
    notice moves none. What became of it, the outbox rows of its deliveries say.
    """

    class Kind(models.TextChoices):
        ANSWER = "ANSWER", pgettext_lazy("incident reply", "Answer")
        NOTICE = "NOTICE", pgettext_lazy("incident reply", "Notice on the way")

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("incident reply", "draft")
        RELEASED = "RELEASED", pgettext_lazy("incident reply", "released")
        STOPPED = "STOPPED", pgettext_lazy("incident reply", "stopped")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.ANSWER)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(_("text"))
    #: For citizens who wrote in English; empty: they get the Korean one.
    text_en = models.TextField(_("text in English"), blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: Until then nothing leaves, and all of it can be taken back.
    release_at = models.DateTimeField(null=True)
    #: Stopped, and what waits in the outbox is not all taken back yet.
    stopping = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("reply of an incident")
        verbose_name_plural = _("replies of an incident")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="incident_reply_number_once"),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(state="DRAFT"), name="incident_reply_one_draft_at_a_time"
            ),
            models.CheckConstraint(condition=Q(kind__in=["ANSWER", "NOTICE"]), name="incident_reply_kind_known"),
            models.CheckConstraint(
                condition=Q(state="DRAFT")
                | Q(
                    state__in=["RELEASED", "STOPPED"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    release_at__isnull=False,
                ),
                name="incident_reply_out_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}-{self.number}"


class IncidentDelivery(models.Model):
    """The line of one complaint in the ledger of an incident's reply. It has no state of its own.

    `skipped`: why this citizen gets none, "" where nothing is in the way. `reply`: what was put into the outbox for
    him, empty until then; its rows say whether it is queued, posted, unknown or failed. Written by
    complaints.incident_replies (people) and complaints.releasing (the desk itself).
    """

    incident_reply = models.ForeignKey(IncidentReply, on_delete=models.PROTECT, related_name="deliveries")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="incident_deliveries")
    skipped = models.CharField(max_length=12, blank=True)
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, null=True, related_name="incident_delivery")

    class Meta:
        verbose_name = _("delivery of an incident's reply")
        verbose_name_plural = _("deliveries of an incident's reply")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["incident_reply", "complaint"], name="incident_delivery_once"),
            models.CheckConstraint(
                condition=Q(skipped="") | Q(reply__isnull=True), name="incident_delivery_or_skipped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["incident_reply", "id"],
                name="incident_delivery_waiting",
                condition=Q(skipped="", reply__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_reply_id}:{self.complaint_id}"
