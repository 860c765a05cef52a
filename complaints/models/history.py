"""What belongs to a complaint: the posts of its thread, and everything that happened to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models import InboundPost
from complaints.models.complaint import Complaint
from departments.models import Department


class ComplaintPost(models.Model):
    """A post of the thread. The first one opened the complaint."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="thread")
    post = models.OneToOneField(InboundPost, on_delete=models.PROTECT, related_name="complaint_link")
    joined_at = models.DateTimeField()
    opened = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("post of the thread")
        verbose_name_plural = _("posts of the thread")
        ordering = ["post__posted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(opened=True), name="complaint_opened_by_one_post"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}:{self.post_id}"


class ComplaintEvent(models.Model):
    """Who did what, when: append only. Moves change the status; "note", "join", "draft" and the like do not."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events")
    move = models.CharField(_("what"), max_length=20)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["complaint", "id"], name="event_by_complaint"),
            models.Index(fields=["at"], name="event_assigned", condition=Q(move="assign")),
            models.Index(fields=["at"], name="event_extended", condition=Q(move="extend")),
            models.Index(fields=["at"], name="event_interim", condition=Q(move="interim")),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.from_status}→{self.to_status}"
