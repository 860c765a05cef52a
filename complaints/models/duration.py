"""How long things took, written when it happens. Only complaints.measures writes here; the reports only read."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels_sns.models import Account
from complaints.models.complaint import Complaint
from complaints.models.kinds import LegalKind
from departments import directory
from departments.models import Department, District, Role


class Figure(models.TextChoices):
    """What is measured; in words, with its clock and its exclusions: complaints.reports.figures, docs/reports.md."""

    FIRST_TOUCH = "FIRST_TOUCH", _("First look")
    FIRST_RESPONSE = "FIRST_RESPONSE", _("First answer")
    RESPONSE_AGAIN = "RESPONSE_AGAIN", _("Answer after a reopening")
    RESOLUTION = "RESOLUTION", _("Resolution")
    IN_DEPARTMENT = "IN_DEPARTMENT", _("Time in a department")
    DELIVERY = "DELIVERY", _("Posting of the answer")
    WAITING = "WAITING", _("On hold")


class Exclusion(models.TextChoices):
    """Why a complaint counts in no figure."""

    DISMISSED = "DISMISSED", _("not a complaint")
    DUPLICATE = "DUPLICATE", _("duplicate")
    OWN = "OWN", _("written by the city itself")


class DurationQuerySet(models.QuerySet["Duration"]):
    """Every report starts from `reported_to`."""

    def reported_to(self, user: User | AnonymousUser) -> DurationQuerySet:
        """What `user` gets figures of: managers and auditors all; a head what his department did and he may see."""
        if directory.has_role(user, Role.MANAGER, Role.AUDITOR):
            return self.all()  # visible_to shows them every complaint: a join would only cost time
        if not directory.has_role(user, Role.HEAD):
            return self.none()
        own = [row.pk for row in directory.departments_of(user) if directory.heads(user, row)]
        return self.filter(department__in=own, complaint__in=Complaint.objects.visible_to(user))


class Duration(models.Model):
    """One span of one complaint: begun, and ended or not; on the clock of the wall and of the office.

    `department`: who held the complaint when the span ended, or holds it now. `due_at`: until when it had to end, where
    something is due. `reopened_at`: the citizen came back after this end. `first_by`, `priority`, `legal_kind`: of the
    complaint. Of a stay in a department, `ending`: the move that ended it; `onward`: which department got it next.
    `changed_at`: by the clock of the database, when the row was last written.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("not yet")
        DONE = "DONE", _("done")
        LEFT = "LEFT", _("fell away")

    complaint = models.ForeignKey(
        Complaint, on_delete=models.CASCADE, related_name="durations", verbose_name=_("complaint")
    )
    figure = models.CharField(_("figure"), max_length=16, choices=Figure.choices)
    state = models.CharField(_("state"), max_length=4, choices=State.choices, default=State.OPEN)
    excluded = models.CharField(_("excluded"), max_length=10, choices=Exclusion.choices, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("first step by"),
    )
    priority = models.CharField(
        _("priority"), max_length=8, choices=Complaint.Priority.choices, default=Complaint.Priority.NORMAL
    )
    legal_kind = models.CharField(_("legal kind"), max_length=16, choices=LegalKind, default=LegalKind.SNS)
    ending = models.CharField(_("ended by"), max_length=20, blank=True)
    onward = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("given on to")
    )
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    wall_seconds = models.PositiveIntegerField(_("seconds"), null=True)
    working_seconds = models.PositiveIntegerField(_("seconds of office time"), null=True)
    reopened_at = models.DateTimeField(_("reopened at"), null=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DurationQuerySet.as_manager()

    class Meta:
        verbose_name = _("duration")
        verbose_name_plural = _("durations")
        ordering = ["complaint", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(figure__in=Figure.values) & Q(state__in=["OPEN", "DONE", "LEFT"]),
                name="duration_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="OPEN", ended_at__isnull=True, wall_seconds__isnull=True, working_seconds__isnull=True
                )
                | (
                    ~Q(state="OPEN")
                    & Q(ended_at__isnull=False, wall_seconds__isnull=False, working_seconds__isnull=False)
                ),
                name="duration_ended_has_length",
            ),
            models.UniqueConstraint(
                fields=["complaint", "figure"], condition=Q(state="OPEN"), name="duration_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["figure", "began_at"], name="duration_by_time"),
            models.Index(fields=["department", "figure", "began_at"], name="duration_by_department"),
            # What still runs is counted live on every page: out of this index alone.
            models.Index(
                fields=["figure", "began_at"],
                include=[
                    "id",
                    "state",
                    "excluded",
                    "due_at",
                    "department",
                    "account",
                    "district",
                    "first_by",
                    "priority",
                    "legal_kind",
                ],
                name="duration_running",
                condition=Q(state="OPEN"),
            ),
            models.Index(fields=["changed_at"], name="duration_changed"),
            # What was still open in a month, however long ago it came: interim notices.
            models.Index(fields=["ended_at"], name="duration_resolved", condition=Q(figure="RESOLUTION")),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.figure} {self.state}"
