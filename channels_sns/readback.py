"""Reading back: was an unsure post published after all? (R5)

It goes out again only after the quarantine and at least two complete reads that did not show it, the last of them
after the quarantine; the caller holds the row's lock. Whatever cannot be settled in three rounds or a day is shown to
an officer, never silently dropped.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from channels_sns import accounts
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    ChannelError,
    Duplicate,
    PermissionDenied,
    Receipt,
)
from channels_sns.backoff import BASE, next_try
from channels_sns.clock import Watch
from channels_sns.crash import crash_point
from channels_sns.models import Account, OutboundPost
from channels_sns.outbox import State, move, note, outgoing
from channels_sns.outcomes import FIRST_READ
from channels_sns.redaction import redact
from channels_sns.secrets import SecretsUnreadable

logger = logging.getLogger(__name__)

#: Times a post may come out of quarantine, and how long it may stay unsure, before a person decides.
ROUNDS_MAX = 3
UNSURE_MAX = timedelta(hours=24)
NEXT_READ = timedelta(seconds=30)
#: Our first attempt may carry an earlier time on the network's clock.
CLOCK_SKEW = timedelta(minutes=10)


def quarantine(adapter: Adapter) -> timedelta:
    """How long a post stays unsure before it may go out again: the setting, or max(120 s, 2 × (time-out + lag))."""
    if settings.QUARANTINE is not None:
        return timedelta(seconds=settings.QUARANTINE.total_seconds())
    lag = adapter.capabilities.index_lag
    return max(timedelta(seconds=120), 2 * (timedelta(seconds=settings.HTTP_TIMEOUT) + lag))


def read_back(row: OutboundPost, watch: Watch) -> None:
    """Look for the post among our own and decide what that means."""
    crash_point("outbox.reconcile")
    try:
        adapter = accounts.open_adapter(row.account)
        if not _tells(adapter, row):
            _ask_officer(row, watch.now(), _("this network cannot be read back"))
            return
        seen = adapter.find_own(outgoing(row), since=(row.first_attempt_at or row.created_at) - CLOCK_SKEW)
    except (ChannelError, SecretsUnreadable) as error:
        _look_again(row, error, watch.now())
        return
    except Exception as error:
        logger.exception("outbox %s: reading back failed", row.key)
        _look_again(row, error, watch.now())
        return
    if seen.found is not None:
        _found(row, seen.found, watch.now())
    else:
        _not_seen(row, watch.now(), complete=seen.complete, wait=quarantine(adapter))


def _tells(adapter: Adapter, row: OutboundPost) -> bool:
    """Can the network say whether the post stands? One that shows no timeline tells only of what it gave a name."""
    can = adapter.capabilities
    return can.own_readback and (can.pulled or bool(row.pending_id))


def _found(row: OutboundPost, receipt: Receipt, now: datetime) -> None:
    try:
        move(
            row,
            State.SENT,
            now=now,
            expect=State.UNSURE,
            detail="found by reading back",
            external_id=receipt.external_id,
            url=receipt.url[:500],
            sent_at=now,
            next_attempt_at=None,
        )
    except IntegrityError:
        _ask_officer(row, now, _("the post that was found belongs to another reply"))


def _not_seen(row: OutboundPost, now: datetime, *, complete: bool, wait: timedelta) -> None:
    since = row.unknown_since or row.created_at
    reads = row.negative_reads + complete
    if complete and reads >= 2 and now >= since + wait:
        _surely_absent(row, now)
    elif now - since > UNSURE_MAX:
        _ask_officer(row, now, _("the outcome stayed unknown"))
    elif complete:
        again = max(now + FIRST_READ, min(now + NEXT_READ, since + wait))
        note(row, negative_reads=reads, next_attempt_at=again)
    else:
        note(row, next_attempt_at=_later(row, now))


def _surely_absent(row: OutboundPost, now: datetime) -> None:
    """Queue it again, unless the network refused it as a duplicate or this happened too often."""
    if row.last_class == Duplicate.__name__:
        _ask_officer(row, now, _("the network says that this text was already posted, but it cannot be found"))
    elif row.rounds > ROUNDS_MAX:
        _ask_officer(row, now, _("the outcome stayed unknown"))
    else:
        again: dict[str, Any] = {"next_attempt_at": now, "unknown_since": None}
        move(row, State.QUEUED, now=now, expect=State.UNSURE, detail="surely absent", **again)


def _look_again(row: OutboundPost, error: Exception, now: datetime) -> None:
    """The look itself failed: look again later; a refused token stops the account."""
    if _refused_for_good(row, error):
        accounts.suspend(row.account, reason=f"{type(error).__name__}: {error}", now=now)
    if now - (row.unknown_since or row.created_at) > UNSURE_MAX:
        _ask_officer(row, now, _("the outcome stayed unknown"))
        return
    again = _later(row, now, retry_at=getattr(error, "retry_at", None))
    note(row, next_attempt_at=again, last_error=redact(str(error))[:2000])


def _later(row: OutboundPost, now: datetime, *, retry_at: datetime | None = None) -> datetime:
    """The longer a post has been unsure, the longer until the next look."""
    looks = ((now - (row.unknown_since or row.created_at)) // BASE).bit_length()
    return next_try(now=now, failures=max(1, looks), retry_at=retry_at)


def _refused_for_good(row: OutboundPost, error: Exception) -> bool:
    """Is the token refused, and no new one to be had?"""
    if not isinstance(error, AuthExpired):
        return isinstance(error, PermissionDenied | SecretsUnreadable)
    try:
        return not accounts.refresh(row.account)
    except ChannelError as unreachable:
        logger.warning("account %s: the token server does not answer: %s", row.account_id, unreachable)
        return False


def ask_about_stopped(*, now: datetime) -> int:
    """Unsure for a day on an account that stands still: nobody will look there, so an officer must."""
    rows = OutboundPost.objects.filter(state=State.UNSURE, needs_officer_at=None, unknown_since__lt=now - UNSURE_MAX)
    stopped = rows.filter(Q(account__enabled=False) | ~Q(account__state=Account.State.ACTIVE))
    for row in (found := list(stopped)):
        _ask_officer(row, now, _("the account is stopped and cannot be asked"))
    return len(found)


def _ask_officer(row: OutboundPost, now: datetime, why: str) -> None:
    """Nobody but a person can tell: shown until an officer decides (outbox.declare_sent, retry, cancel)."""
    logger.error("outbox %s: an officer must decide: %s", row.key, why)
    note(row, needs_officer_at=now, next_attempt_at=None, last_error=why)
