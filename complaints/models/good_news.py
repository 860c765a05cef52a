"""미담: a solved complaint that may be told to everybody, if its citizen agrees. Only complaints.good_news writes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from channels_sns.models import Broadcast, InboundPost
from complaints.models.complaint import Complaint
from complaints.models.reply import Reply


class GoodNews(models.Model):
    """A citizen asked, once, whether his complaint may be told without his name; what he said, and what came of it.

    ASKED → AGREED (an officer confirmed his yes: `answer` is his post, `broadcast` the draft), DECLINED (his no, or no
    word in time). AGREED → WITHDRAWN (he changed his mind: what was posted is taken down).
    """

    class State(models.TextChoices):
        ASKED = "ASKED", pgettext_lazy("consent", "asked")
        AGREED = "AGREED", pgettext_lazy("consent", "agreed")
        DECLINED = "DECLINED", pgettext_lazy("consent", "not agreed")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("consent", "withdrawn")

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="good_news")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    question = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(InboundPost, on_delete=models.PROTECT, null=True, related_name="+")
    broadcast = models.OneToOneField(Broadcast, on_delete=models.PROTECT, null=True, related_name="good_news")
    #: By nobody: the time ran out without a word.
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("complaint", "good news")
        verbose_name_plural = pgettext_lazy("complaint", "good news")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "AGREED", "DECLINED", "WITHDRAWN"]), name="good_news_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["AGREED", "WITHDRAWN"])
                | Q(answer__isnull=False, broadcast__isnull=False, decided_by__isnull=False),
                name="good_news_agreed_by_his_own_word",
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", decided_at__isnull=True) | ~Q(state="ASKED") & Q(decided_at__isnull=False),
                name="good_news_decided_has_time",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="good_news_asked", condition=Q(state="ASKED"))]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.state}"
