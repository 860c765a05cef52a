"""What the accounts used up and what the networks say is left. Only channels_sns.budget writes here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_sns.models.account import Account


class Spending(models.Model):
    """What one account used on one day (UTC) for one purpose, in the network's own unit."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="spendings")
    day = models.DateField()
    lane = models.CharField(max_length=10)
    unit = models.CharField(max_length=10)
    hour = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("spending")
        verbose_name_plural = _("spendings")
        constraints = [
            models.UniqueConstraint(fields=["account", "day", "hour", "lane", "unit"], name="spending_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.lane}: {self.amount} {self.unit}"


class RateWindow(models.Model):
    """A limit as the network last reported it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="windows")
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)
    remaining = models.FloatField()
    limit = models.FloatField(null=True)
    resets_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rate window")
        verbose_name_plural = _("rate windows")
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="window_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.remaining:g} {self.unit}"
