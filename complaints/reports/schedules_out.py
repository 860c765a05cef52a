"""Mails of reports on their way: leased before anything leaves, tried again, and what came of it written down.

What was under way when a worker died goes out again under the same Message-ID: a report lost is worse than one that a
mail server may see twice. What its reader may not see any more is dropped unsent, with the reason on the page.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from channels_sns.backoff import next_try
from complaints.models import ReportMail
from complaints.reports import schedules_mail

State = ReportMail.State
TRIES_MAX = 8
#: Longer than one report and one mail server take.
LEASE = timedelta(minutes=3)
BATCH = 10


def due(now: datetime) -> QuerySet[ReportMail]:
    """What has to leave now; a lease that ran out is due again."""
    waiting = Q(state=State.QUEUED, next_attempt_at__lte=now) | Q(state=State.SENDING, lease_until__lte=now)
    return ReportMail.objects.filter(waiting).order_by("next_attempt_at", "id")


def send_due(*, now: datetime) -> int:
    """Send some of what is due; how many left."""
    rows = due(now).select_related("report", "report__owner", "user")[:BATCH]
    return sum(_send(row, now) for row in rows)


def _send(row: ReportMail, now: datetime) -> bool:
    before = {"state": row.state, "attempts": row.attempts, "lease_until": row.lease_until}
    claimed = ReportMail.objects.filter(pk=row.pk, **before)
    if not claimed.update(state=State.SENDING, attempts=row.attempts + 1, lease_until=now + LEASE):
        return False
    if row.attempts >= TRIES_MAX:  # it took its worker down every time
        return _settle(row, State.FAILED, now, row.error or "given up")
    if not (row.user.is_active and row.user.email):
        return _settle(row, State.DROPPED, now, "no address, or no log-in any more")
    try:
        schedules_mail.send(row, now=now)
    except (PermissionDenied, Http404, BadRequest) as error:
        return _settle(row, State.DROPPED, now, f"{type(error).__name__}: {error}")
    except schedules_mail.NotSent as error:
        return _failed(row, str(error), now)
    return _settle(row, State.SENT, now)


def _settle(row: ReportMail, state: ReportMail.State, now: datetime, error: str = "") -> bool:
    sent_at = now if state == State.SENT else None
    ReportMail.objects.filter(pk=row.pk, state=State.SENDING).update(
        state=state, sent_at=sent_at, next_attempt_at=None, lease_until=None, error=error[:300]
    )
    return state == State.SENT


def _failed(row: ReportMail, error: str, now: datetime) -> bool:
    tries = row.attempts + 1
    given_up = tries >= TRIES_MAX
    ReportMail.objects.filter(pk=row.pk, state=State.SENDING).update(
        state=State.FAILED if given_up else State.QUEUED,
        next_attempt_at=None if given_up else next_try(now=now, failures=tries),
        lease_until=None,
        error=error[:300],
    )
    return False
