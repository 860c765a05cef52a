"""What the triage desk remembers of its officers: who looks at what, what is being typed, how they like their keys."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


class Presence(models.Model):
    """The complaint that a person has open at the triage desk: one at a time. Only complaints.pages.presence writes."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="present")
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last sign of life"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.complaint_id}"


class TypedText(models.Model):
    """What a person is writing about a complaint and has not sent: his alone. Only complaints.pages.drafts writes."""

    class Field(models.TextChoices):
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Note")

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="typed_texts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=5, choices=Field.choices)
    text = models.TextField(_("text"))
    saved_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("text that is being written")
        verbose_name_plural = _("texts that are being written")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "user", "field"], name="typed_text_once"),
            models.CheckConstraint(condition=Q(field__in=["reply", "note"]), name="typed_text_field_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.complaint_id}:{self.field}"


class DeskChoice(models.Model):
    """How a person likes the triage desk. Only complaints.desk.keys writes."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: KWCAG 2.2, 6.1.4: shortcuts of a single key can be switched off.
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)

    class Meta:
        verbose_name = _("choice of the desk")
        verbose_name_plural = _("choices of the desk")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.single_keys}"
