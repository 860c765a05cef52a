"""The sender: carries one outbox row to its network and back, with no transaction open while the network is asked."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError

from channels_sns import accounts, budget, outbox, photos, sources
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    ChannelError,
    Duplicate,
    OutcomeUnknown,
    Prepared,
    Rejected,
    TargetGone,
    Transient,
)
from channels_sns.adapters.metering import Lane
from channels_sns.clock import Watch, database_now
from channels_sns.crash import crash_point
from channels_sns.locks import Held, still_held, try_lock
from channels_sns.models import Account, OutboundPost
from channels_sns.outbox import State, move, outgoing
from channels_sns.outcomes import record_error, record_receipt
from channels_sns.readback import ask_about_stopped, read_back
from channels_sns.redaction import redact
from channels_sns.secrets import SecretsUnreadable

logger = logging.getLogger(__name__)

#: A new row is begun within this time, so that the last one ends before the worker's own limit.
WORK_MAX = timedelta(seconds=60)
#: How long a post of ours may be missing where we look for it.
FRESH_PART = timedelta(minutes=2)
#: How long a row waits that broke our own code.
AFTER_A_BUG = timedelta(minutes=5)


def deliver_due(account: Account, *, now: datetime, limit: int = 50) -> Counter[str]:
    """Send and read back what is due on `account`; how many rows ended in which state.

    Where the budget is spent nothing is sent; what may stand already is still looked for.
    """
    done: Counter[str] = Counter()
    watch = Watch(now)
    abandon_expired(now=now)
    if not settings.SENDING_ENABLED:
        return done
    shut, seen = budget.shut(account, now=now), set[UUID]()
    while len(seen) < limit and watch.now() - now <= WORK_MAX:
        row = _next(account, shut, seen, now=watch.now())
        if row is None:
            break
        seen.add(row.pk)
        done[_deliver_alone(row, watch)] += 1
    return done


def _next(account: Account, shut: Collection[Lane], seen: Collection[UUID], *, now: datetime) -> OutboundPost | None:
    """Asked anew after every post: an emergency that came meanwhile goes before all that was there."""
    due = outbox.due(now).filter(account=account).exclude(pk__in=seen).exclude(state=State.QUEUED, lane__in=shut)
    return due.select_related("account", "after").first()


def _deliver_alone(row: OutboundPost, watch: Watch) -> str:
    """`deliver`, so that a row that breaks our code does not hold up those behind it. A lost database still raises."""
    try:
        return deliver(row, watch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("outbox %s: delivering failed", row.key)
        outbox.note(row, next_attempt_at=watch.now() + AFTER_A_BUG)
        return row.state


def deliver(row: OutboundPost, watch: Watch) -> str:
    """One step for one row, under its lock; the state it is in afterwards."""
    with try_lock("outbox", row.pk) as held:
        if held is not None:
            row.refresh_from_db()
            if row.state == State.QUEUED:
                _send(row, held, watch)
            elif row.state == State.UNSURE:
                read_back(row, watch)
    return row.state


def abandon_expired(*, now: datetime) -> int:
    """Senders that died or hang past their lease: the outcome is unknown. Their token stays: a receipt still counts.

    Whatever is unsure where nobody will look any more goes to an officer; what is queued after its time is taken back.
    """
    ask_about_stopped(now=now)
    outbox.expire(now=now)
    expired = OutboundPost.objects.filter(state=State.SENDING, lease_until__lt=now)
    return sum(
        move(
            row,
            State.UNSURE,
            now=now,
            expect=State.SENDING,
            detail="lease ran out",
            unknown_since=now,
            next_attempt_at=now,
            negative_reads=0,
            rounds=row.rounds + 1,
        )
        for row in expired
    )


def _send(row: OutboundPost, held: Held, watch: Watch) -> None:
    if not outbox.claim(row, now=watch.now()):
        return
    crash_point("outbox.before_http")
    ready = _ready(row, watch)
    if ready is not None and _fence(row, held):
        _publish(row, *ready, watch)


def _ready(row: OutboundPost, watch: Watch) -> tuple[Adapter, Prepared] | None:
    """Everything before the one POST; None, and the reason on the row, if it does not get that far."""
    try:
        adapter, post = accounts.open_adapter(row.account), outgoing(row)
        sources.look_before_reply(row.account, adapter, post, now=watch.now())
        return adapter, adapter.prepare(replace(post, media=photos.of(row, adapter.capabilities)))
    except (ChannelError, SecretsUnreadable, SoftTimeLimitExceeded) as error:
        record_error(row, _nothing_sent(error, row, watch.now()), watch.now())
    except Exception as error:
        logger.exception("outbox %s: preparing failed", row.key)
        record_error(row, Rejected(redact(f"{type(error).__name__}: {error}")), watch.now())
    return None


def _publish(row: OutboundPost, adapter: Adapter, prepared: Prepared, watch: Watch) -> None:
    price = adapter.price(prepared.post)
    if price is not None:
        adapter.meter.use(cast("Lane", row.lane), price)
    try:
        receipt = adapter.publish(prepared)
    except ChannelError as error:
        record_error(row, error, watch.now())
    except Exception as error:
        logger.exception("outbox %s: publishing failed", row.key)
        record_error(row, OutcomeUnknown(redact(f"{type(error).__name__}: {error}")), watch.now())
    else:
        crash_point("outbox.after_http")
        record_receipt(row, receipt, watch.now())
    crash_point("outbox.after_record")
    budget.note(row.account, adapter.meter, now=watch.now())


def _fence(row: OutboundPost, held: Held) -> bool:
    """The last look before the POST, on the session that holds the lock: is the row still ours to send? (R3)

    If the database went away meanwhile this raises, and nothing is posted.
    """
    mine = OutboundPost.objects.filter(pk=row.pk, state=State.SENDING, claim_token=row.claim_token)
    return mine.filter(lease_until__gt=database_now()).exists() and still_held(held)


def _nothing_sent(error: Exception, row: OutboundPost, now: datetime) -> ChannelError:
    """Errors before the POST: an unknown outcome of an upload is harmless, it is simply done again.

    A part of ours that was posted just now may not be shown yet: what hangs under it is tried again.
    """
    if isinstance(error, TargetGone) and row.after is not None and now - (row.after.sent_at or now) < FRESH_PART:
        return Transient(str(error), status=error.status, code=error.code)
    if isinstance(error, SecretsUnreadable):
        return AuthExpired(str(error))
    if isinstance(error, SoftTimeLimitExceeded):
        return Transient("the worker ran out of time")
    if isinstance(error, OutcomeUnknown | Duplicate):
        return Transient(str(error), status=error.status, code=error.code, trace=error.trace)
    assert isinstance(error, ChannelError)  # noqa: S101 - narrows the type
    return error
