"""Who answers the alarm when the office is closed (당직)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from departments.models.people import Role


class OnCallQuerySet(models.QuerySet["OnCall"]):
    """Filters that live beside the model."""

    def at(self, now: datetime) -> OnCallQuerySet:
        """Who is on call at this moment (`ends_at` is the first moment without)."""
        return self.filter(begins_at__lte=now, ends_at__gt=now, user__is_active=True)

    def after(self, now: datetime) -> OnCallQuerySet:
        """Who comes next, the next first."""
        return self.filter(begins_at__gt=now, user__is_active=True)


class OnCall(models.Model):
    """One person for one stretch of time, night or day; several may be on call together."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="on_call"
    )
    begins_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    objects = OnCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("On call")
        verbose_name_plural = _("On call")
        ordering = ["begins_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="on_call_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
            models.UniqueConstraint(fields=["user", "begins_at"], name="on_call_once"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="on_call_by_end")]

    def __str__(self) -> str:
        begins, ends = timezone.localtime(self.begins_at), timezone.localtime(self.ends_at)
        return f"{self.user} {begins:%m-%d %H:%M}–{ends:%m-%d %H:%M}"

    def clean(self) -> None:
        """Whoever answers an alarm must be able to see every complaint: an SNS officer."""
        from departments import directory

        if self.user_id and not directory.has_role(self.user, Role.OFFICER):
            raise ValidationError({"user": _("Only an SNS officer can be on call.")})
