"""What citizens think of a question of the city: a comment under its talk, never a complaint by itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from channels_sns.models import Broadcast, InboundPost


class Opinion(models.Model):
    """One comment under a talk. Only complaints.opinions writes.

    `suggested`: by its words, named in `words`; `stance`: what an officer confirmed, "" until then. The post itself
    says whether it became a complaint after all.
    """

    class Stance(models.TextChoices):
        FOR = "FOR", pgettext_lazy("opinion", "for it")
        AGAINST = "AGAINST", pgettext_lazy("opinion", "against it")
        PROPOSAL = "PROPOSAL", pgettext_lazy("opinion", "proposal")
        QUESTION = "QUESTION", pgettext_lazy("opinion", "question")
        OTHER = "OTHER", pgettext_lazy("opinion", "other")

    post = models.OneToOneField(InboundPost, on_delete=models.PROTECT, related_name="opinion")
    broadcast = models.ForeignKey(Broadcast, on_delete=models.PROTECT, related_name="opinions")
    suggested = models.CharField(max_length=8, choices=Stance.choices)
    words = models.JSONField(default=list)
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("opinion", "opinion")
        verbose_name_plural = pgettext_lazy("opinion", "opinions")
        ordering = ["post__posted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suggested__in=["FOR", "AGAINST", "PROPOSAL", "QUESTION", "OTHER"]),
                name="opinion_suggestion_known",
            ),
            models.CheckConstraint(
                condition=Q(stance="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    stance__in=["FOR", "AGAINST", "PROPOSAL", "QUESTION", "OTHER"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="opinion_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broadcast_id}:{self.post_id}"
