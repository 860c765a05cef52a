"""Who may do what: a membership gives a person a role, for staff and heads in one department."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from departments.models.organisation import Department


class Role(models.TextChoices):
    """What a person is at the desk. Staff and heads are so in a department; the others in the whole city."""

    OFFICER = "officer", _("SNS officer")
    STAFF = "staff", _("Department staff")
    HEAD = "head", _("Department head")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    ARBITER = "arbiter", _("Arbiter")
    ADMINISTRATOR = "administrator", _("Administrator")


#: The roles that mean something only inside a department.
DEPARTMENT_ROLES = (Role.STAFF, Role.HEAD)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters that live beside the model."""

    def active(self, now: datetime) -> MembershipQuerySet:
        """Memberships in force at this moment (`active_to` is the first moment without)."""
        return self.filter(Q(active_to__isnull=True) | Q(active_to__gt=now), active_from__lte=now)


class Membership(models.Model):
    """One role of one person. It is ended, not deleted: who could do what, when, must stay known for years."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("Role"), max_length=20, choices=Role)
    department = models.ForeignKey(
        Department,
        verbose_name=_("Department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    active_from = models.DateTimeField(_("From"), default=timezone.now)
    active_to = models.DateTimeField(_("Until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Granted by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="memberships_granted",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("Membership")
        verbose_name_plural = _("Memberships")
        ordering = ["user", "role", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(role__in=DEPARTMENT_ROLES, department__isnull=False)
                | (~Q(role__in=DEPARTMENT_ROLES) & Q(department__isnull=True)),
                name="membership_department_fits_role",
                violation_error_message=_("Staff and heads need a department; the other roles have none."),
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")),
                name="membership_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="membership_not_self_granted",
                violation_error_message=_("Nobody may give a role to himself."),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                condition=Q(active_to__isnull=True, department__isnull=False),
                name="membership_once_in_department",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(active_to__isnull=True, department__isnull=True),
                name="membership_once_in_city",
            ),
        ]

    def __str__(self) -> str:
        where = f" · {self.department}" if self.department else ""
        return f"{self.user} · {Role(self.role).label}{where}"

    def clean(self) -> None:
        """Refuses a role given to oneself (the database refuses it too)."""
        if self.granted_by_id is not None and self.granted_by_id == self.user_id:
            raise ValidationError({"user": _("Nobody may give a role to himself.")})
