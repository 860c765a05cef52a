"""What one shift leaves to the next (인수인계)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ShiftNote(models.Model):
    """A word for the next shift, and who took over when: once, never its writer. Only complaints.shifts writes."""

    #: Drawn with the form: a double click is one note.
    key = models.UUIDField(unique=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("when"))
    text = models.TextField(_("text"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("taken over by")
    )
    taken_at = models.DateTimeField(_("taken over at"), null=True)

    class Meta:
        verbose_name = _("hand-over of a shift")
        verbose_name_plural = _("hand-overs of shifts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="shift_note_says_something"),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | (Q(taken_by__isnull=False, taken_at__isnull=False) & ~Q(taken_by=F("author"))),
                name="shift_note_taken_by_another",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="shift_note_open", condition=Q(taken_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.author_id} {self.written_at}"
