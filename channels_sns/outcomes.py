"""What the network's answer means for an outbox row (R4)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from channels_sns import accounts
from channels_sns.adapters.contract import (
    AuthExpired,
    ChannelError,
    Duplicate,
    OutcomeUnknown,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Receipt,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
)
from channels_sns.backoff import next_try
from channels_sns.models import Account, OutboundPost
from channels_sns.outbox import State, move

logger = logging.getLogger(__name__)

#: Tries that surely posted nothing, before a person is told: with the back-off about four hours.
TRIES_MAX = 20
FIRST_READ = timedelta(seconds=1)
QUOTA_PAUSE = timedelta(hours=1)
#: Whatever a network says about its quota, it is asked again within a day.
QUOTA_PAUSE_MAX = timedelta(days=1)
#: A token refused twice within this time was not made better by renewing it.
REFUSED_AGAIN = timedelta(minutes=10)
#: How far back refusals count for the back-off from a network that does not say how long to wait.
RATE_MEMORY = timedelta(hours=1)


def record_receipt(row: OutboundPost, receipt: Receipt, now: datetime) -> None:
    """The network said yes. Without an id the post is read back before we say so too."""
    if not receipt.external_id:
        _unsure(row, OutcomeUnknown(_("accepted without an id")), now, pending_id=receipt.pending_id)
        return
    sent: dict[str, Any] = {
        "external_id": receipt.external_id,
        "url": receipt.url[:500],
        "media_ids": list(receipt.media_ids),
        "sent_at": now,
        "next_attempt_at": None,
    }
    try:
        # The lease may have run out while the network was answering; the token is still ours, so the receipt counts.
        kept = any(
            move(row, State.SENT, now=now, expect=state, needs_officer_at=None, **sent)
            for state in (State.SENDING, State.UNSURE)
        )
    except IntegrityError:
        _unsure(row, OutcomeUnknown(_("the network gave the id of another reply")), now)
        return
    if not kept:
        logger.error("outbox %s: posted as %s, but the row had moved on", row.key, receipt.external_id)


def record_error(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    """Queue again, wait, end, or go and look."""
    match error:
        case OutcomeUnknown() | Duplicate():
            _unsure(row, error, now)
        case ReplyNotAllowed():
            _end(row, State.BLOCKED, error, now)
        case TargetGone() | Rejected():
            _end(row, State.FAILED, error, now)
        case AuthExpired() | PermissionDenied():
            _wait_for_token(row, error, now)
        case RateLimited() | QuotaExhausted():
            _wait_for_window(row, error, now)
        case _:
            _try_later(row, error, now)


def _unsure(row: OutboundPost, error: ChannelError, now: datetime, *, pending_id: str = "") -> None:
    move(
        row,
        State.UNSURE,
        now=now,
        expect=State.SENDING,
        error=error,
        unknown_since=now,
        next_attempt_at=now + FIRST_READ,
        negative_reads=0,
        rounds=row.rounds + 1,
        pending_id=pending_id,
    )


def _end(row: OutboundPost, state: State, error: ChannelError, now: datetime) -> None:
    move(row, state, now=now, expect=State.SENDING, error=error, next_attempt_at=None)


def _wait_for_token(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    """Try again with a fresh token; otherwise the account stops, loudly, and the post waits for it."""
    refused_at = row.next_attempt_at or now
    refused_before = row.last_class == AuthExpired.__name__ and now - refused_at < REFUSED_AGAIN
    try:
        renewed = isinstance(error, AuthExpired) and not refused_before and accounts.refresh(row.account)
    except ChannelError as unreachable:
        _try_later(row, unreachable, now)
        return
    if not renewed:
        accounts.suspend(row.account, reason=f"{type(error).__name__}: {error.detail}", now=now)
    move(row, State.QUEUED, now=now, expect=State.SENDING, error=error, next_attempt_at=now, attempts=row.attempts - 1)


def _wait_for_window(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    """No attempt is counted: the network asked us to wait, and all posts of the account wait with this one."""
    if isinstance(error, QuotaExhausted):
        again = quota_again(error, now)
    else:
        again = next_try(now=now, failures=_refusals(row, now) + 1, retry_at=error.retry_at)
    Account.objects.filter(pk=row.account_id).update(
        send_after=again, last_error=f"{type(error).__name__}: {error.detail}"[:2000], last_error_at=now
    )
    move(
        row, State.QUEUED, now=now, expect=State.SENDING, error=error, next_attempt_at=again, attempts=row.attempts - 1
    )


def quota_again(error: ChannelError, now: datetime) -> datetime:
    """When to ask again after a quota was used up: asking costs nothing, standing still for ever would."""
    return min(max(error.retry_at or now + QUOTA_PAUSE, now), now + QUOTA_PAUSE_MAX)


def _refusals(row: OutboundPost, now: datetime) -> int:
    """How often the network put this post off lately."""
    return row.history.filter(error_class=RateLimited.__name__, at__gt=now - RATE_MEMORY).count()


def _try_later(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    if row.attempts >= TRIES_MAX:
        _end(row, State.FAILED, error, now)
        return
    again = next_try(now=now, failures=row.attempts, retry_at=error.retry_at)
    move(row, State.QUEUED, now=now, expect=State.SENDING, error=error, next_attempt_at=again)
