"""Photos that go out with an answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.reply import Reply


class ReplyPhoto(models.Model):
    """A photo of the draft (`reply` empty) or of an approved answer: our own repainted copy, without EXIF.

    `alt`: the words for those who cannot see it; without them nothing is approved. `sha256`: of the file as it was
    sent to us, so that the same one is put to a draft once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="reply_photos")
    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    alt = models.CharField(max_length=1000, blank=True)
    file = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "sha256"], condition=Q(reply__isnull=True), name="draft_photo_once"
            ),
            models.CheckConstraint(condition=Q(reply__isnull=True) | ~Q(alt=""), name="reply_photo_has_words"),
        ]

    def __str__(self) -> str:
        return self.alt
