"""Mails of reports on their way: leased before anything leaves, tried again, and what came of it written down.

What was under way when a worker died goes out again under the same Message-ID: a report lost is worse than one that a
mail server may see twice. What its reader may not see any more is dropped unsent, with the reason on the page.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from complaints import errands, mails
from complaints.models import ReportMail
from complaints.reports import schedules_mail

State = ReportMail.State
#: Longer than one report and one mail server take.
LEASE = timedelta(minutes=3)
BATCH = 10


def due(now: datetime) -> QuerySet[ReportMail]:
    """What has to leave now; a lease that ran out is due again."""
    return errands.due(ReportMail.objects.all(), now).order_by("next_attempt_at", "id")


def send_due(*, now: datetime) -> int:
    """Send some of what is due; how many left. While the desk sends nothing they wait."""
    if not (settings.MAIL_ENABLED and settings.SENDING_ENABLED):
        return 0
    rows = due(now).select_related("report", "report__owner", "user")[:BATCH]
    return sum(_send(row, now) for row in rows)


def _send(row: ReportMail, now: datetime) -> bool:
    if not errands.claim(row, lease=LEASE, now=now):
        return False
    if row.attempts >= errands.TRIES_MAX:  # it took its worker down every time
        return errands.settle(row, State.FAILED, now=now, error=row.error or "given up")
    if not (row.user.is_active and row.user.email):
        return errands.settle(row, State.DROPPED, now=now, error="no address, or no log-in any more")
    try:
        schedules_mail.send(row, now=now)
    except (PermissionDenied, Http404, BadRequest) as error:
        return errands.settle(row, State.DROPPED, now=now, error=f"{type(error).__name__}: {error}")
    except mails.NotSent as error:
        return errands.failed(row, str(error), now=now)
    return errands.settle(row, State.SENT, now=now)
