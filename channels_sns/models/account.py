"""One connection of the city to a network."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """An account of the city: where it lives, how it is read, whether it works.

    `secrets` is a Fernet token of a JSON object and is written only by channels_sns.accounts. `cursor` is the adapter's
    own and is written only by channels_sns.inbox, together with the posts it stands for.
    """

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", _("Working")
        SUSPENDED = "SUSPENDED", _("Stopped")

    kind = models.CharField(_("network"), max_length=20)
    handle = models.CharField(_("handle"), max_length=100)
    name = models.CharField(_("name"), max_length=100, blank=True)
    external_id = models.CharField(_("id on the network"), max_length=64, blank=True)
    base_url = models.URLField(_("base address"), max_length=300)
    language = models.CharField(_("language"), max_length=5, default="ko")
    secrets = models.TextField(_("secrets"), blank=True, editable=False)
    options = models.JSONField(_("options"), default=dict, blank=True)
    enabled = models.BooleanField(_("in use"), default=True)

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.ACTIVE)
    suspended_reason = models.TextField(_("why it stopped"), blank=True)
    suspended_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    cursor = models.JSONField(default=dict, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    next_poll_at = models.DateTimeField(_("next poll"), null=True, blank=True)
    last_polled_at = models.DateTimeField(_("last successful poll"), null=True, blank=True)
    last_item_at = models.DateTimeField(_("newest post"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failed polls in a row"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    last_error_at = models.DateTimeField(_("last error at"), null=True, blank=True)
    gap = models.TextField(_("gap"), blank=True)
    gap_at = models.DateTimeField(_("gap noticed at"), null=True, blank=True)
    send_after = models.DateTimeField(_("sending waits until"), null=True, blank=True)
    connected_at = models.DateTimeField(_("connected at"))

    #: Stands in the address that the network pushes to.
    push_key = models.UUIDField(default=uuid4, editable=False)
    token_expires_at = models.DateTimeField(_("token valid until"), null=True, blank=True)
    data_access_expires_at = models.DateTimeField(_("data access until"), null=True, blank=True)
    token_scopes = models.JSONField(_("rights of the token"), default=list, blank=True)
    token_checked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["kind", "handle"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "base_url", "handle"], name="account_once"),
            models.CheckConstraint(condition=Q(state__in=["ACTIVE", "SUSPENDED"]), name="account_state_known"),
            models.CheckConstraint(
                condition=~Q(state="SUSPENDED") | Q(suspended_at__isnull=False), name="account_suspended_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} @{self.handle}"


class MetricSample(models.Model):
    """A counter of an account at a moment, e.g. followers."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="metrics")
    name = models.CharField(max_length=40)
    value = models.BigIntegerField()
    sampled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("metric sample")
        verbose_name_plural = _("metric samples")
        constraints = [models.UniqueConstraint(fields=["account", "name", "sampled_at"], name="metric_once")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
