"""What became of a post of ours, as its network counted at a moment. Only channels_sns.results writes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_sns.models.outbound import OutboundPost


class PostResult(models.Model):
    """`counts`: reach, comments, likes, shares, as far as the network tells; empty: it tells nothing."""

    outbound = models.ForeignKey(OutboundPost, on_delete=models.CASCADE, related_name="results")
    #: So many hours after it was sent, or later.
    hours = models.PositiveSmallIntegerField()
    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("result of a post")
        verbose_name_plural = _("results of a post")
        ordering = ["hours"]
        constraints = [models.UniqueConstraint(fields=["outbound", "hours"], name="result_once")]

    def __str__(self) -> str:
        return f"{self.outbound_id}: {self.hours} h"
