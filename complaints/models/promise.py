"""What the city has promised a citizen, until when, and what became of it.

The rule of "kept": a promise is kept when the outcome stands under the citizen's post, where he and everybody can read
it; in time, when that was at `due_at` or before. A telephone call, a note, a repair nobody told him of keep nothing. A
promise that is withdrawn was not kept, whether he was told or not. Share kept = kept in time ÷ all that were given and
due in the period (`due_between`), withdrawn ones included.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint
from complaints.models.reply import Reply
from departments.models import Department

KEPT_IN_TIME = Q(state="KEPT", kept_at__lte=F("due_at"))
KEPT_LATE = Q(state="KEPT", kept_at__gt=F("due_at"))


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Filters that live beside the model."""

    def given(self) -> PromiseQuerySet:
        """What a citizen could read: all that figures speak of."""
        return self.filter(promised_at__isnull=False)

    def owed(self) -> PromiseQuerySet:
        """Given, and neither kept nor withdrawn."""
        return self.filter(state=Promise.State.OPEN)

    def due_between(self, begin: datetime, end: datetime) -> PromiseQuerySet:
        """Given and due in this time: what "share kept" is a share of."""
        return self.given().filter(due_at__gte=begin, due_at__lt=end)

    def kept_in_time(self) -> PromiseQuerySet:
        return self.filter(KEPT_IN_TIME)

    def kept_late(self) -> PromiseQuerySet:
        return self.filter(KEPT_LATE)

    def overdue(self, now: datetime) -> PromiseQuerySet:
        return self.owed().filter(due_at__lt=now)


class Promise(models.Model):
    """One reply's promise. Only complaints.promises writes here.

    WRITTEN with the draft, or NONE where the writer says that the words promise nothing; OPEN from the moment at which
    the reply stands on the network (`promised_at`); then KEPT (`kept_at`) or WITHDRAWN with a reason.
    """

    class State(models.TextChoices):
        WRITTEN = "WRITTEN", pgettext_lazy("promise", "not posted yet")
        NONE = "NONE", pgettext_lazy("promise", "no promise")
        OPEN = "OPEN", pgettext_lazy("promise", "owed")
        KEPT = "KEPT", pgettext_lazy("promise", "kept")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("promise", "withdrawn")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="promises")
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="promise")
    #: The sentences that promise.
    words = models.TextField(_("what"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WRITTEN)
    due_at = models.DateTimeField(_("due at"), null=True)
    #: Who held the complaint when it was promised.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    promised_at = models.DateTimeField(_("promised at"), null=True)
    kept_at = models.DateTimeField(_("kept at"), null=True)
    #: The newest text that tells its outcome, also one that was not posted.
    outcome = models.ForeignKey(Reply, on_delete=models.PROTECT, null=True, related_name="outcome_of")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    #: How often the citizen wrote “아직이에요” and the like while it was owed.
    asked = models.PositiveSmallIntegerField(_("times asked"), default=0)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["WRITTEN", "NONE", "OPEN", "KEPT", "WITHDRAWN"]), name="promise_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="NONE", due_at__isnull=True) | (~Q(state="NONE") & Q(due_at__isnull=False)),
                name="promise_has_due_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["WRITTEN", "NONE"], promised_at__isnull=True)
                | Q(state__in=["OPEN", "KEPT", "WITHDRAWN"], promised_at__isnull=False),
                name="promise_given_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="KEPT", kept_at__isnull=False, outcome__isnull=False)
                | (~Q(state="KEPT") & Q(kept_at__isnull=True)),
                name="promise_kept_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="WITHDRAWN", withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")
                | (~Q(state="WITHDRAWN") & Q(withdrawn_at__isnull=True)),
                name="promise_withdrawn_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="promise_worst_first", condition=Q(state="OPEN")),
            models.Index(fields=["due_at"], name="promise_by_due", condition=Q(promised_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}:{self.reply_id} {self.state}"

    @property
    def in_time(self) -> bool | None:
        """Kept at the due time or before; None as long as it is owed."""
        if self.state == self.State.WITHDRAWN:
            return False
        return self.kept_at <= self.due_at if self.kept_at and self.due_at else None
