"""That a summary of opinions came, waits for an answer, was taken back: by mail, in the city's own language, with
counts and the address, without any opinion.

Rows of complaints.opinion_briefs and opinion_reminders leave here, leased and tried again (complaints.errands). What
has become needless while it waited is dropped at the moment of sending.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints import errands, mails, reckoning_words
from complaints.models import Opinion, OpinionBrief, OpinionMail
from departments import directory

State, Kind = OpinionMail.State, OpinionMail.Kind
LEASE = timedelta(minutes=3)
BATCH = 10
_FIRST = {
    Kind.BRIEF: gettext_noop(
        "Citizens have answered a question of the city. Please read the summary and say what is taken up."
    ),
    Kind.SOON: gettext_noop("The opinions of citizens wait for your department's answer, which is due soon."),
    Kind.DUE: gettext_noop("The opinions of citizens wait for your department's answer, which did not come in time."),
}


def send_due(*, now: datetime) -> int:
    """Send some of what is due; how many left."""
    if not (settings.MAIL_ENABLED and settings.SENDING_ENABLED):
        return 0
    rows = errands.due(OpinionMail.objects.all(), now).select_related("brief__broadcast", "brief__department", "user")
    return sum(_send(row, now) for row in rows.order_by("next_attempt_at", "id")[:BATCH])


def _send(row: OpinionMail, now: datetime) -> bool:
    if not errands.claim(row, lease=LEASE, now=now):
        return False
    if row.attempts >= errands.TRIES_MAX:  # it took its worker down every time
        return errands.settle(row, State.FAILED, now=now, error=row.error or "given up")
    theirs = row.brief.department_id in directory.department_ids_of(row.user, now=now)
    if not (theirs and row.user.email):
        return errands.settle(row, State.DROPPED, now=now, error="not of the department any more, or no address")
    if not _is_needed(row, now):
        return errands.settle(row, State.DROPPED, now=now, error="answered, replaced, taken back or over meanwhile")
    with translation.override(settings.LANGUAGE_CODE):
        message = message_of(row)
    try:
        mails.hand_over(message)
    except mails.NotSent as error:
        return errands.failed(row, str(error), now=now)
    return errands.settle(row, State.SENT, now=now)


def _is_needed(row: OpinionMail, now: datetime) -> bool:
    """Is it still so, at this moment? Who never got a mail needs none that takes it back."""
    if row.kind == Kind.WITHDRAWN:
        return perhaps_read(row.brief).filter(user=row.user_id).exists()
    asked = OpinionBrief.objects.asked().filter(pk=row.brief_id)
    return (asked.filter(answer_by__gt=now) if row.kind == Kind.SOON else asked).exists()


def perhaps_read(brief: OpinionBrief) -> QuerySet[OpinionMail]:
    """The mails about it that were handed over, or may have been: on their way, or tried more than once."""
    gone = Q(state__in=(State.SENT, State.SENDING)) | Q(attempts__gte=2)
    return OpinionMail.objects.filter(gone, brief=brief).exclude(kind=Kind.WITHDRAWN)


def call_back(brief: OpinionBrief, *, now: datetime) -> None:
    """It was taken back: what has not left does not, who may have a mail gets one about that. In the caller's
    transaction, which holds back whoever would claim one meanwhile."""
    waiting = OpinionMail.objects.filter(brief=brief, state=State.QUEUED)
    waiting.update(state=State.DROPPED, next_attempt_at=None, error="taken back before it left")
    people = perhaps_read(brief).order_by("user").values_list("user", flat=True).distinct()
    OpinionMail.objects.bulk_create(
        OpinionMail(brief=brief, user_id=user, kind=Kind.WITHDRAWN, next_attempt_at=now) for user in people
    )


def message_of(row: OpinionMail) -> EmailMessage:
    """As its kind says it; the title of the talk in the subject."""
    said = {"title": " ".join(row.brief.broadcast.title.split())}
    subject = {
        Kind.BRIEF: _("[TokTok Busan] Opinions: %(title)s"),
        Kind.SOON: _("[TokTok Busan] An answer is due soon: %(title)s"),
        Kind.DUE: _("[TokTok Busan] No answer in time: %(title)s"),
        Kind.WITHDRAWN: _("[TokTok Busan] Summary of opinions taken back: %(title)s"),
    }[Kind(row.kind)]
    lines = _taken_back(row.brief) if row.kind == Kind.WITHDRAWN else _asking(row)
    headers = mails.headers("opinions", row.pk)
    return EmailMessage(
        subject % said, "\n".join(lines) + "\n", settings.DEFAULT_FROM_EMAIL, [row.user.email], headers=headers
    )


def _asking(row: OpinionMail) -> list[str]:
    """Counts, by when, the officer's line, the address."""
    brief, first = row.brief, _FIRST[Kind(row.kind)]
    counts = brief.summary["counts"]
    return [
        _(first),
        "",
        _("Talk: %(title)s") % {"title": brief.broadcast.title},
        _("Opinions: %(n)s") % {"n": brief.summary["total"]},
        *(f"- {stance.label} {counts[stance]}" for stance in Opinion.Stance if counts.get(stance)),
        *([_("Answer by: %(when)s") % {"when": reckoning_words.moment(brief.answer_by)}] if brief.answer_by else []),
        *([_("From the SNS officer: %(note)s") % {"note": brief.note}] if brief.note else []),
        "",
        settings.PUBLIC_URL.rstrip("/") + reverse("admin:tray_brief", args=[brief.pk]),
    ]


def _taken_back(brief: OpinionBrief) -> list[str]:
    return [
        _("The summary of opinions that your department was sent has been taken back. No answer is needed."),
        "",
        _("Talk: %(title)s") % {"title": brief.broadcast.title},
        _("Reason: %(why)s") % {"why": brief.withdrawn_for},
    ]
