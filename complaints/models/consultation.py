"""협조: the department that holds a complaint asks another one. Only complaints.consultations writes here."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from departments.models import Department


class Consultation(models.Model):
    """One question to one department, within the period of the complaint (법 제20조). The holder stays the holder.

    `number`: of this complaint. `due_at`: asked for by then. `holder`: who had the complaint when it was asked.
    """

    class Wish(models.TextChoices):
        OPINION = "OPINION", pgettext_lazy("consultation", "opinion")
        WORK = "WORK", pgettext_lazy("consultation", "work")

    class State(models.TextChoices):
        ASKED = "ASKED", pgettext_lazy("consultation", "asked")
        ANSWERED = "ANSWERED", pgettext_lazy("consultation", "answered")
        DECLINED = "DECLINED", pgettext_lazy("consultation", "declined")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("consultation", "taken back")
        LAPSED = "LAPSED", pgettext_lazy("consultation", "no longer needed")

    complaint = models.ForeignKey("complaints.Complaint", on_delete=models.PROTECT, related_name="consultations")
    number = models.PositiveSmallIntegerField()
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="consultations", verbose_name=_("department")
    )
    holder = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    wish = models.CharField(max_length=7, choices=Wish)
    question = models.TextField(_("question"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("asked for by"))
    #: The asked department may have it longer once (법 제20조).
    extended = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    answer = models.TextField(_("answer"), blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True)
    #: How long it lay there, in office time by the calendar of that moment.
    working_seconds = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("request for cooperation")
        verbose_name_plural = _("requests for cooperation")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "ANSWERED", "DECLINED", "WITHDRAWN", "LAPSED"])
                & Q(wish__in=["OPINION", "WORK"]),
                name="consultation_known",
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", settled_at=None, working_seconds=None)
                | (~Q(state="ASKED") & Q(settled_at__isnull=False, working_seconds__isnull=False)),
                name="consultation_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ANSWERED", "DECLINED"]) | (~Q(answer="") & Q(settled_by__isnull=False)),
                name="consultation_answer_has_words",
            ),
            models.CheckConstraint(condition=~Q(department=F("holder")), name="consultation_asks_another"),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="consultation_due_after"),
            models.UniqueConstraint(fields=["complaint", "number"], name="consultation_number"),
            models.UniqueConstraint(
                fields=["complaint", "department"], condition=Q(state="ASKED"), name="consultation_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="consultation_open", condition=Q(state="ASKED")),
            models.Index(fields=["department", "complaint"], name="consultation_seen"),
            models.Index(fields=["settled_at"], name="consultation_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}:{self.number}"

    @classmethod
    def complaints_of(cls, departments: Collection[int]) -> list[int]:
        """What these departments were ever asked about. Keys and no subquery: behind an OR, a subquery would have the
        database walk through everybody's complaints to find those of a quiet department."""
        found = cls.objects.filter(department__in=departments).order_by().values_list("complaint_id", flat=True)
        return list(found.distinct()) if departments else []
