"""The departments that the desk proposes for a complaint."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from departments.models import Department


class Suggestion(models.Model):
    """A department the desk proposes, with its reason in words; an officer decides (법 제9조: never by itself)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="suggestions")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    words = models.JSONField(default=list)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["complaint", "rank"], name="suggestion_rank_once")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.department}"
