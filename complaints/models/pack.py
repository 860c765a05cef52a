"""The spans of a month as packed columns, for reports over years. Only complaints.packs writes here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SpanPack(models.Model):
    """One column of all ended spans of one figure that began in one month of Asia/Seoul, in the order of their ids.

    Says nothing that `Duration` does not say: may be thrown away at any time.
    """

    figure = models.CharField(max_length=16)
    month = models.DateField()
    column = models.CharField(max_length=12)
    spans = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("packed column")
        verbose_name_plural = _("packed columns")
        constraints = [models.UniqueConstraint(fields=["figure", "month", "column"], name="span_pack_once")]

    def __str__(self) -> str:
        return f"{self.figure} {self.month:%Y-%m} {self.column}"


class PackState(models.Model):
    """How far the packs are: a span that was last written before `through` stands in them as it is. One row, id 1."""

    through = models.DateTimeField()

    class Meta:
        verbose_name = _("state of the packed columns")
        verbose_name_plural = _("state of the packed columns")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="pack_state_only_one")]

    def __str__(self) -> str:
        return f"{self.through}"
