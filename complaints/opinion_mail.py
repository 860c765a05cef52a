"""The word that a summary of opinions came, by mail, in the city's own language: counts and the address, no opinion.

Rows of complaints.opinion_briefs leave here, leased and tried again (complaints.errands).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import errands, mails
from complaints.models import Opinion, OpinionMail
from departments import directory

State = OpinionMail.State
LEASE = timedelta(minutes=3)
BATCH = 10


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
    with translation.override(settings.LANGUAGE_CODE):
        message = message_of(row)
    try:
        mails.hand_over(message)
    except mails.NotSent as error:
        return errands.failed(row, str(error), now=now)
    return errands.settle(row, State.SENT, now=now)


def message_of(row: OpinionMail) -> EmailMessage:
    """Title, counts, the officer's line, the address."""
    brief = row.brief
    counts = brief.summary["counts"]
    lines = [
        _("Citizens have answered a question of the city. Please read the summary and say what is taken up."),
        "",
        _("Talk: %(title)s") % {"title": brief.broadcast.title},
        _("Opinions: %(n)s") % {"n": brief.summary["total"]},
        *(f"- {stance.label} {counts[stance]}" for stance in Opinion.Stance if counts.get(stance)),
        *([_("From the SNS officer: %(note)s") % {"note": brief.note}] if brief.note else []),
        "",
        settings.PUBLIC_URL.rstrip("/") + reverse("admin:tray_brief", args=[brief.pk]),
    ]
    return EmailMessage(
        _("[TokTok Busan] Opinions: %(title)s") % {"title": " ".join(brief.broadcast.title.split())},
        "\n".join(lines) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [row.user.email],
        headers=mails.headers("opinions", row.pk),
    )
