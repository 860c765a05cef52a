"""What a policy department is told about the opinions under a talk, what it answers, and the mails about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models import Broadcast
from departments.models import Department


class OpinionBriefQuerySet(models.QuerySet["OpinionBrief"]):
    def with_replaced(self) -> OpinionBriefQuerySet:
        """Each with `replaced`: a newer one, not taken back, went to the same department."""
        return self.annotate(replaced=_newer())

    def asked(self) -> OpinionBriefQuerySet:
        """Those that wait for an answer: neither answered nor taken back nor replaced."""
        return self.filter(~_newer(), answered_at=None, withdrawn_at=None)


def _newer() -> Exists:
    same = OpinionBrief.objects.filter(broadcast=OuterRef("broadcast"), department=OuterRef("department"))
    return Exists(same.filter(number__gt=OuterRef("number"), withdrawn_at=None))


class OpinionBrief(models.Model):
    """One summary to one department. Only complaints.opinion_briefs and, when it reminds, opinion_reminders write.

    `summary`: counts and masked quotes as they were sent (complaints.opinions.frozen). `digest`: of the opinions that
    it sums up; the same again is nothing new. `upto`: the last of them. `number`: of this talk to this department.
    """

    NOTE_MAX, ANSWER_MAX, REASON_MAX = 300, 500, 300

    broadcast = models.ForeignKey(Broadcast, on_delete=models.PROTECT, related_name="briefs")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    summary = models.JSONField()
    digest = models.CharField(max_length=64)
    upto = models.PositiveBigIntegerField()
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    #: Who of the department opened it first.
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    #: What is taken up (반영 계획); posted under the talk as part of its result.
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    #: Until when an answer is asked for; when its people were reminded before that, and then.
    answer_by = models.DateTimeField(null=True)
    soon_told_at = models.DateTimeField(null=True)
    due_told_at = models.DateTimeField(null=True)
    #: Taken back by an officer (회수), and why.
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_for = models.CharField(max_length=REASON_MAX, blank=True)

    objects = OpinionBriefQuerySet.as_manager()

    class Meta:
        verbose_name = _("summary of opinions")
        verbose_name_plural = _("summaries of opinions")
        ordering = ["sent_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "department", "number"], name="opinion_brief_number"),
            models.CheckConstraint(
                condition=Q(read_by__isnull=True, read_at__isnull=True)
                | Q(read_by__isnull=False, read_at__isnull=False),
                name="opinion_brief_read_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="opinion_brief_answered_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="opinion_brief_has_digest"),
            models.CheckConstraint(
                condition=Q(withdrawn_for="", withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | (~Q(withdrawn_for="") & Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)),
                name="opinion_brief_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["department"], name="opinion_brief_waits", condition=Q(answered_at__isnull=True)),
            models.Index(
                fields=["answer_by"],
                name="opinion_brief_reminded",
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True, due_told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broadcast_id}:{self.department_id}:{self.number}"


class OpinionMail(models.Model):
    """A word about a summary to one person of the department, each kind once: a row that goes out once.

    Only complaints.opinion_briefs and opinion_reminders write it and complaints.opinion_mail what became of it.
    """

    class Kind(models.TextChoices):
        BRIEF = "BRIEF", _("a summary came")
        SOON = "SOON", _("an answer is due soon")
        DUE = "DUE", _("no answer in time")
        WITHDRAWN = "WITHDRAWN", _("the summary was taken back")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        SENDING = "SENDING", _("on its way")
        SENT = "SENT", _("sent")
        DROPPED = "DROPPED", _("not theirs any more")
        FAILED = "FAILED", _("not sent")

    brief = models.ForeignKey(OpinionBrief, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.BRIEF)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    next_attempt_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("mail of a summary")
        verbose_name_plural = _("mails of summaries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "user", "kind"], name="opinion_mail_once"),
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "SENDING", "SENT", "DROPPED", "FAILED"]), name="opinion_mail_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["BRIEF", "SOON", "DUE", "WITHDRAWN"]), name="opinion_mail_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENDING") | Q(lease_until__isnull=False), name="opinion_mail_sending_is_leased"
            ),
            models.CheckConstraint(
                condition=~Q(state="SENT") | Q(sent_at__isnull=False), name="opinion_mail_sent_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="opinion_mail_due", condition=Q(state__in=["QUEUED", "SENDING"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brief_id}:{self.user_id}:{self.kind}"
