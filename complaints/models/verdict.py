"""Was the citizen satisfied with an answer? What he himself wrote under it says so, where he wrote anything."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels_sns.models import InboundPost
from complaints.models.complaint import Complaint
from complaints.models.reply import Reply
from departments.models import Department


def counts_as(said: str) -> Q:
    """The answers of which that counts: an officer's word before that of the lists."""
    return Q(decided=said) | Q(decided="", said=said)


#: Praise and complaint in one: an officer is to read it.
UNDECIDED = Q(decided="", said="MIXED")
#: He said nothing that counts.
SILENT = Q(decided="STRUCK") | Q(decided="", said="")


class VerdictQuerySet(models.QuerySet["Verdict"]):
    """Filters that live beside the model."""

    def answered_between(self, begin: datetime, end: datetime) -> VerdictQuerySet:
        """Of the answers that stood in this time."""
        return self.filter(answered_at__gte=begin, answered_at__lt=end)


class Verdict(models.Model):
    """One row for each answer that stands on the network. Only complaints.verdicts writes here.

    `said`: what the word lists read in the citizen's last word on it, MIXED where they abstain, "" where he said
    nothing; `words`, `mark` and `post`: where it stands. `decided`: what an officer made of it, "" where nobody
    corrected the lists; what the citizen says after that counts again. `department`: who held the complaint when the
    answer stood.
    """

    class Said(models.TextChoices):
        SATISFIED = "SATISFIED", pgettext_lazy("citizen", "satisfied")
        NEITHER = "NEITHER", pgettext_lazy("citizen", "neither")
        NOT = "NOT", pgettext_lazy("citizen", "not satisfied")
        MIXED = "MIXED", pgettext_lazy("citizen", "undecided")

    class Decided(models.TextChoices):
        SATISFIED = "SATISFIED", pgettext_lazy("citizen", "satisfied")
        NEITHER = "NEITHER", pgettext_lazy("citizen", "neither")
        NOT = "NOT", pgettext_lazy("citizen", "not satisfied")
        STRUCK = "STRUCK", pgettext_lazy("citizen", "says nothing of the answer")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="verdicts")
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="verdict")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"))
    said = models.CharField(max_length=9, choices=Said.choices, blank=True)
    mark = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=60, blank=True)
    post = models.ForeignKey(InboundPost, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(null=True)
    decided = models.CharField(max_length=9, choices=Decided.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: One more with every change: two officers who look at the same word do not overwrite each other.
    version = models.PositiveIntegerField(default=1)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("citizen", "verdict")
        verbose_name_plural = pgettext_lazy("citizen", "verdicts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(said="", mark__isnull=True, words="", post__isnull=True, said_at__isnull=True)
                | Q(said__in=["SATISFIED", "NEITHER", "NOT", "MIXED"], post__isnull=False, said_at__isnull=False),
                name="verdict_said_in_a_post",
            ),
            models.CheckConstraint(
                condition=Q(mark__isnull=True) | Q(mark__gte=1, mark__lte=5), name="verdict_mark_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(decided="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    decided__in=["SATISFIED", "NEITHER", "NOT", "STRUCK"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="verdict_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["answered_at"], name="verdict_by_answer"),
            models.Index(fields=["complaint"], name="verdict_undecided", condition=Q(decided="", said="MIXED")),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}:{self.reply_id} {self.counts or '–'}"

    @property
    def counts(self) -> str:
        """What the statistics take it for; "" for nothing."""
        return "" if self.decided == self.Decided.STRUCK else self.decided or self.said
