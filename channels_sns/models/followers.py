"""Followers of days that the desk did not see itself. Only channels_sns.follower_figures writes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models.account import Account


class FollowerFigure(models.Model):
    """How many followed on a day, as somebody brought it from elsewhere.

    Of an account, else of a whole network, else ("") of all networks together.
    """

    day = models.DateField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="follower_figures")
    network = models.CharField(max_length=20, blank=True)
    followers = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("imported number of followers")
        verbose_name_plural = _("imported numbers of followers")
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "account"], condition=Q(account__isnull=False), name="figure_once_an_account"
            ),
            models.UniqueConstraint(
                fields=["day", "network"], condition=Q(account__isnull=True), name="figure_once_a_network"
            ),
            models.CheckConstraint(condition=Q(account__isnull=True) | Q(network=""), name="figure_of_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.followers}"
