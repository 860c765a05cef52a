"""One step for many complaints at once, as it was taken."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BulkRun(models.Model):
    """One step for many complaints at once, kept for its report and its one undo. Only complaints.bulk writes.

    `items`: for each complaint its id, number, version after the step, and why it failed ("" where it did not). What
    happened to a complaint stands in its own events.
    """

    class Action(models.TextChoices):
        ASSIGN = "assign", _("Assign")
        DISMISS = "dismiss", _("Not a complaint")
        TAG = "tag", _("Put a tag on")
        ANSWER = "answer", _("Answer")

    #: Drawn with the preview: a double click finds it taken.
    id = models.UUIDField(primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    action = models.CharField(max_length=7, choices=Action.choices)
    what = models.CharField(max_length=300)
    items = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("step for many")
        verbose_name_plural = _("steps for many")
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["assign", "dismiss", "tag", "answer"]), name="bulk_run_action_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at}"
