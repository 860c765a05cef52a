"""반복민원: an officer says that a complaint is the same as an earlier one of the same citizen (법 제23조).

Only complaints.repeats writes here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


class Repetition(models.Model):
    """One link, set by a person; `earlier` came first."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="repeats")
    earlier = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="repeated_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("repetition")
        verbose_name_plural = _("repetitions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "earlier"], name="repetition_once"),
            models.CheckConstraint(condition=~Q(complaint=F("earlier")), name="repetition_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}→{self.earlier_id}"
