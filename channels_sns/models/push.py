"""Deliveries that networks pushed to us, kept before they are answered. Only channels_sns.webhooks writes here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models.account import Account


class PushDelivery(models.Model):
    """One verified body, once: a network that sends it again changes nothing."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        READ = "READ", _("read")
        FAILED = "FAILED", _("unreadable")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="deliveries")
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    #: Not before; null: at once.
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("pushed delivery")
        verbose_name_plural = _("pushed deliveries")
        constraints = [
            models.UniqueConstraint(fields=["account", "sha256"], name="push_once"),
            models.CheckConstraint(condition=Q(state__in=["WAITING", "READ", "FAILED"]), name="push_state_known"),
        ]
        indexes = [models.Index(fields=["id"], name="push_waiting", condition=Q(state="WAITING"))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.received_at:%Y-%m-%d %H:%M:%S}"
