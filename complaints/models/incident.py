"""Incidents (사안): many complaints about one matter, and what happened to it. Only complaints.incidents writes."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint
from departments import directory
from departments.models import Department, Role


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Every page of incidents starts from `visible_to`."""

    def visible_to(self, user: User | AnonymousUser) -> IncidentQuerySet:
        """What `user` may see: the desk all, a department those it is in charge of, others none (docs/rights.md)."""
        roles = directory.roles_of(user)
        if user.is_active and (user.is_superuser or roles & {Role.OFFICER, Role.MANAGER, Role.AUDITOR}):
            return self.all()
        if roles & {Role.STAFF, Role.HEAD}:
            return self.filter(department__in=directory.departments_of(user))
        return self.none()

    def open(self) -> IncidentQuerySet:
        return self.filter(state=Incident.State.OPEN)


class Incident(models.Model):
    """One matter of many complaints, on whatever channels they came. `version` grows with every change of its own.

    `department`: in charge of the matter. A complaint that nobody holds is assigned to it as it joins.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("incident", "under way")
        CLOSED = "CLOSED", pgettext_lazy("incident", "closed")

    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("department in charge"),
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["OPEN", "CLOSED"]), name="incident_state_known"),
            models.CheckConstraint(condition=~Q(title=""), name="incident_has_title"),
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_at__isnull=False) | Q(state="OPEN", closed_at__isnull=True),
                name="incident_closed_has_time",
            ),
        ]
        indexes = [models.Index("state", F("opened_at").desc(), F("id").desc(), name="incident_by_state")]

    def __str__(self) -> str:
        return self.title


class IncidentComplaint(models.Model):
    """A complaint of an incident; `left_at`: until it was split off again. In one incident at a time."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="members")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="incident_links")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("complaint of an incident")
        verbose_name_plural = _("complaints of an incident")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(left_at__isnull=True), name="complaint_in_one_incident"
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "id"], name="incident_members", condition=Q(left_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}:{self.complaint_id}"


class IncidentEvent(models.Model):
    """Who did what to an incident, when: append only."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(_("what"), max_length=20)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("event of an incident")
        verbose_name_plural = _("events of an incident")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.what}"
