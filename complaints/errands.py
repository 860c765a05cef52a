"""Rows that leave the desk once each, mails and messages: leased before anything goes out, tried again, given up.

What was under way when a worker died is due again. Each kind of row has one writer, which calls this for its own rows;
all have `state`, `attempts`, `next_attempt_at`, `lease_until`, `sent_at` and `error`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from channels_sns.backoff import next_try

Row = TypeVar("Row", bound=Model)
#: With the back-off about half an hour.
TRIES_MAX = 8


def due(rows: QuerySet[Row], now: datetime) -> QuerySet[Row]:
    """Of these, what has to leave now; a lease that ran out is due again."""
    waiting = Q(state="QUEUED", next_attempt_at__lte=now) | Q(state="SENDING", lease_until__lte=now)
    return rows.filter(waiting)


def claim(row: Any, *, lease: timedelta, now: datetime) -> bool:
    """Is it this worker's now? Sent outside of any transaction after that."""
    before = {"state": row.state, "attempts": row.attempts, "lease_until": row.lease_until}
    claimed = type(row).objects.filter(pk=row.pk, **before)
    return bool(claimed.update(state="SENDING", attempts=row.attempts + 1, lease_until=now + lease))


def settle(row: Any, state: str, *, now: datetime, error: str = "") -> bool:
    """SENT, DROPPED or FAILED: nothing more is done; was it sent?"""
    sent = state == "SENT"
    _claimed(row).update(
        state=state, sent_at=now if sent else None, next_attempt_at=None, lease_until=None, error=error[:300]
    )
    return sent


def failed(row: Any, error: str, *, now: datetime) -> bool:
    """It could not leave: tried again later, given up after TRIES_MAX; False, for it was not sent."""
    tries = row.attempts + 1
    if tries >= TRIES_MAX:
        return settle(row, "FAILED", now=now, error=error)
    again = next_try(now=now, failures=tries)
    _claimed(row).update(state="QUEUED", next_attempt_at=again, lease_until=None, error=error[:300])
    return False


def _claimed(row: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = type(row).objects.filter(pk=row.pk, state="SENDING")
    return found
