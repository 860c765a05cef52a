"""What the city says to a citizen: the answer, and what it has to say besides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint

#: What stands before the receipt tag.
RECEIPT = {"ko": "접수", "en": "Ref."}


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Filters that live beside the model."""

    def answers(self) -> ReplyQuerySet:
        """What answers the complaint; not what is only said on the way."""
        return self.filter(kind=Reply.Kind.ANSWER)

    def public(self) -> ReplyQuerySet:
        """What everybody may read, and what may serve as an example for others."""
        return self.filter(private=False)


class Reply(models.Model):
    """Text number n of the city under a complaint: drafted by a department, approved, handed to the outbox, settled.

    Only an answer completes the complaint. A question, a notice and an outcome move no status (complaints.notices).
    `state` after the approval repeats what the outbox reported; the words people see are 게시됨, 게시 안 됨, 확인 중.
    """

    class Kind(models.TextChoices):
        ANSWER = "ANSWER", pgettext_lazy("reply", "Answer")
        QUESTION = "QUESTION", pgettext_lazy("reply", "Question")
        NOTICE = "NOTICE", pgettext_lazy("reply", "Notice")
        OUTCOME = "OUTCOME", pgettext_lazy("reply", "Outcome")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        APPROVED = "APPROVED", _("waiting to be posted")
        SENT = "SENT", _("posted")
        FAILED = "FAILED", _("not posted")
        UNSURE = "UNSURE", _("being checked")
        RECALLED = "RECALLED", _("recalled")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.ANSWER)
    text = models.TextField(_("text"))
    language = models.CharField(max_length=5, default="ko")
    #: Only the citizen may see it; it is never shown to others, nor offered as a past answer.
    private = models.BooleanField(_("in private"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: Not before; empty: as soon as it is approved.
    post_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    #: In how many posts it goes out.
    parts = models.PositiveSmallIntegerField(default=0)
    url = models.CharField(max_length=500, blank=True)
    #: In words for a person, when it was not posted.
    problem = models.TextField(blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="reply_number_once"),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(kind="ANSWER", state__in=["DRAFT", "APPROVED", "UNSURE"]),
                name="reply_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["ANSWER", "QUESTION", "NOTICE", "OUTCOME"]), name="reply_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "RECALLED"]) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="reply_out_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}-{self.number}"

    def tag(self, part: int, of: int) -> str:
        """The receipt tag of one part. It ends with the bracket, so that no tag is the beginning of another one."""
        name = f"{self.complaint.number}-{self.number}"
        return f"{name})" if of == 1 else f"{name} {part}/{of})"

    @property
    def public_text(self) -> str:
        """What may be shown to anybody: nothing of what one citizen was told alone."""
        return "" if self.private else self.text

    @property
    def outbox_key(self) -> str:
        """The stem of its outbox rows' keys; part k adds ":k"."""
        return f"reply:{self.pk}"

    @property
    def outbox_keys(self) -> list[str]:
        """The keys of its outbox rows, in the order of the parts."""
        return [f"{self.outbox_key}:{part}" for part in range(1, self.parts + 1)]
