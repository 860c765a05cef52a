"""Alarms about due times: what was reached when, and who was told by which way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


class Stage(models.TextChoices):
    """How far a clock has run. Those of the emergency clock begin with it; those of the law's before its end.

    PR_*: of a promise (complaints.promises)."""

    BEGUN = "BEGUN", _("emergency")
    SOON = "SOON", _("due soon")
    DUE = "DUE", _("due")
    LATE = "LATE", _("long overdue")
    REMINDER = "REMINDER", _("letter of reminder")
    #: Of 협조: asked, not answered by the time asked for, answered or declined.
    CONSULT = "CONSULT", _("asked by another department")
    UNHEARD = "UNHEARD", _("asked, no answer in time")
    REPLIED = "REPLIED", _("another department answered")
    #: Handing over to whoever is in charge (영 제13조): to a department; to another agency.
    TRANSFER = "TRANSFER", _("to be handed over")
    AGENCY = "AGENCY", _("to be transferred to another agency")
    PR_SOON = "PR_SOON", _("promise due soon")
    PR_DUE = "PR_DUE", _("promise due")
    PR_LATE = "PR_LATE", _("promise overdue")


#: The stages of a clock, each after the one before; the others stand beside them.
CLOCK_STAGES = (Stage.BEGUN, Stage.SOON, Stage.DUE, Stage.LATE)
#: Those of a promise.
PROMISED = (Stage.PR_SOON, Stage.PR_DUE, Stage.PR_LATE)


class Escalation(models.Model):
    """A clock of a complaint reached a stage, for this due time once. Only complaints.escalation writes here.

    `turn`: how often already, of what is repeated. `told`: people; 0 where what was long past was only noted."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="escalations")
    emergency = models.BooleanField(_("emergency"), default=False)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    turn = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(_("due at"))
    at = models.DateTimeField(_("when"))
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="escalation_stage_known"),
            models.UniqueConstraint(
                fields=["complaint", "emergency", "stage", "due_at", "turn"], name="escalation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.stage} {self.turn}"


class Alert(models.Model):
    """One message to one person, or to the city's messenger, by one way: a row that goes out once, as in the outbox.

    Only complaints.alerts writes here. In the desk it is there at once; `read_at` says since when it was seen.
    """

    class Way(models.TextChoices):
        APP = "APP", _("in the desk")
        MAIL = "MAIL", _("e-mail")
        HOOK = "HOOK", _("messenger")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        SENDING = "SENDING", _("on its way")
        SENT = "SENT", _("sent")
        DROPPED = "DROPPED", _("no longer needed")
        FAILED = "FAILED", _("not sent")

    key = models.CharField(max_length=80, unique=True)
    way = models.CharField(_("way"), max_length=4, choices=Way)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="alerts", verbose_name=_("to")
    )
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="alerts")
    emergency = models.BooleanField(_("emergency"), default=False)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    due_at = models.DateTimeField(_("due at"))
    created_at = models.DateTimeField(_("when"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.QUEUED)
    next_attempt_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(_("read"), null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["APP", "MAIL", "HOOK"])
                & Q(state__in=["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"])
                & Q(stage__in=Stage.values),
                name="alert_known",
            ),
            models.CheckConstraint(condition=Q(way="HOOK") | Q(user__isnull=False), name="alert_has_reader"),
            models.CheckConstraint(
                condition=~Q(state="SENDING") | Q(lease_until__isnull=False), name="alert_sending_is_leased"
            ),
            models.CheckConstraint(condition=~Q(state="SENT") | Q(sent_at__isnull=False), name="alert_sent_has_time"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="alert_unread", condition=Q(way="APP", read_at__isnull=True)),
            models.Index(fields=["user", "-id"], name="alert_by_reader", condition=Q(way="APP")),
            models.Index(fields=["next_attempt_at"], name="alert_due", condition=Q(state__in=["QUEUED", "SENDING"])),
        ]

    def __str__(self) -> str:
        return self.key
