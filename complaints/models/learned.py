"""What the desk learned from its officers: each attempt with its figures, and the model that is in use."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LearnedModel(models.Model):
    """One attempt to learn who does what. Figures: of the newest fifth of the decisions, learned from the others.

    `model` is the trained model as complaints.learning writes it, compressed; empty where the attempt was not kept or
    a newer one took its place. Written only by complaints.lessons.
    """

    trained_at = models.DateTimeField(_("trained at"))
    n = models.PositiveIntegerField(_("decisions learned from"))
    top1 = models.FloatField(_("first suggestion right"))
    top3 = models.FloatField(_("among three suggestions"))
    macro_f1 = models.FloatField(_("macro-F1"))
    keywords_top1 = models.FloatField(_("keywords: first suggestion right"))
    keywords_top3 = models.FloatField(_("keywords: among three suggestions"))
    seconds = models.FloatField(_("processor seconds"))
    kept = models.BooleanField(_("better than the keywords"))
    model = models.BinaryField(default=b"", blank=True)

    class Meta:
        verbose_name = _("learned model")
        verbose_name_plural = _("learned models")
        ordering = ["-trained_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kept=True) | Q(model=b""), name="learned_model_only_if_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d} {self.top1:.3f}/{self.top3:.3f}"
