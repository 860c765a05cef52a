"""When the city works: changes to the public holidays, and office hours."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from departments.models.organisation import Department

#: As a closing time: the end of the day.
MIDNIGHT = time(0)


class HolidayKind(models.TextChoices):
    """Does the row make a day free, or a working day again?"""

    ADD = "add", _("Day off")
    REMOVE = "remove", _("Working day after all")


class Holiday(models.Model):
    """A change to the public holidays of the `holidays` package: 임시공휴일, 지방공휴일, a day worked after all."""

    date = models.DateField(_("Date"), unique=True)
    name = models.CharField(_("Name"), max_length=100)
    kind = models.CharField(_("Effect"), max_length=10, choices=HolidayKind, default=HolidayKind.ADD)
    reason = models.CharField(_("Reason"), max_length=300)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Added by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("Holiday change")
        verbose_name_plural = _("Holiday changes")
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=HolidayKind.values), name="holiday_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="holiday_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OfficeHours(models.Model):
    """One open period of a weekday, Asia/Seoul. A department's rows replace the city's; rows without one replace those
    of the law (지방공무원 복무규정 제2조②: Monday to Friday 09–12, 13–18). `closes` 00:00 is the end of the day."""

    department = models.ForeignKey(
        Department,
        verbose_name=_("Department"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="office_hours",
        help_text=_("Empty: the whole city"),
    )
    weekday = models.PositiveSmallIntegerField(_("Weekday"), choices=Weekday)
    opens = models.TimeField(_("Opens"))
    closes = models.TimeField(_("Closes"), help_text=_("00:00 is the end of the day"))

    class Meta:
        verbose_name = _("Office hours")
        verbose_name_plural = _("Office hours")
        ordering = ["department", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="office_hours_weekday_known"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=MIDNIGHT),
                name="office_hours_close_after_opening",
                violation_error_message=_("The closing time must be after the opening time."),
            ),
            models.UniqueConstraint(
                fields=["department", "weekday", "opens"],
                condition=Q(department__isnull=False),
                name="office_hours_once_in_department",
            ),
            models.UniqueConstraint(
                fields=["weekday", "opens"], condition=Q(department__isnull=True), name="office_hours_once_in_city"
            ),
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        """Refuses a period that overlaps another of the same weekday and department."""
        if not all((self.opens, self.closes)) or (self.department and self.department.pk is None):
            return  # incomplete, or of a department that is being written together with it
        others = OfficeHours.objects.filter(department=self.department, weekday=self.weekday).exclude(pk=self.pk)
        if any(_overlap(self, other) for other in others):
            raise ValidationError(_("This period overlaps another of the same day."))


def _overlap(one: OfficeHours, other: OfficeHours) -> bool:
    def end(row: OfficeHours) -> time:
        return time.max if row.closes == MIDNIGHT else row.closes

    return one.opens < end(other) and other.opens < end(one)
