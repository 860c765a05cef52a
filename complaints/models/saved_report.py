"""Reports that somebody gave a name, and the mails that carry them out (docs/reports.md)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedReport(models.Model):
    """A question to the reports under a name, and when it is mailed to whom. Only complaints.reports.schedules writes.

    `query`: as in an address, without a day, so that it moves on with the calendar. `next_at`: when it goes out next;
    empty: it does not."""

    NAME_MAX, QUERY_MAX = 60, 500

    class Rhythm(models.TextChoices):
        DAILY = "DAILY", _("every day")
        WEEKLY = "WEEKLY", _("every week")
        MONTHLY = "MONTHLY", _("every month")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_MAX)
    query = models.CharField(max_length=QUERY_MAX)
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm, default=Rhythm.MONTHLY)
    #: 1: Monday. Of a week only.
    weekday = models.PositiveSmallIntegerField(_("day of the week"), default=1)
    #: The last of a shorter month. Of a month only.
    day = models.PositiveSmallIntegerField(_("day of the month"), default=1)
    at = models.TimeField()
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("to"))
    next_at = models.DateTimeField(_("next"), null=True)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("saved report")
        verbose_name_plural = _("saved reports")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_report_name_once"),
            models.CheckConstraint(
                condition=~Q(name="") & Q(rhythm__in=["DAILY", "WEEKLY", "MONTHLY"]), name="saved_report_known"
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7, day__gte=1, day__lte=31), name="saved_report_has_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="saved_report_due", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class ReportMail(models.Model):
    """One report to one person for one time: a row that goes out once. Only complaints.reports.schedules and
    complaints.reports.schedules_out write.

    `missed`: how many times before this one were passed over, since the desk was down."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        SENDING = "SENDING", _("on its way")
        SENT = "SENT", _("sent")
        DROPPED = "DROPPED", _("not theirs any more")
        FAILED = "FAILED", _("not sent")

    report = models.ForeignKey(SavedReport, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(_("due at"))
    missed = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.QUEUED)
    next_attempt_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("mail of a report")
        verbose_name_plural = _("mails of reports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "user", "due_at"], name="report_mail_once"),
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"]), name="report_mail_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENDING") | Q(lease_until__isnull=False), name="report_mail_sending_is_leased"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENT") | Q(sent_at__isnull=False), name="report_mail_sent_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="report_mail_due", condition=Q(state__in=["QUEUED", "SENDING"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.user_id}:{self.due_at:%Y-%m-%d}"
