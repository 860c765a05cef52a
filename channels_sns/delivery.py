"""The sender: carries one outbox row to its network and back, with no transaction open while the network is asked."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from channels_sns import accounts, outbox
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    ChannelError,
    Duplicate,
    OutcomeUnknown,
    OutgoingPost,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Receipt,
    Rejected,
    ReplyNotAllowed,
    ReplyTarget,
    TargetGone,
    Transient,
)
from channels_sns.backoff import next_try
from channels_sns.clock import Watch, database_now
from channels_sns.crash import crash_point
from channels_sns.locks import Held, still_held, try_lock
from channels_sns.models import Account, OutboundPost
from channels_sns.outbox import State, move, note
from channels_sns.secrets import SecretsUnreadable

logger = logging.getLogger(__name__)

#: Tries that surely posted nothing, before a person is told: with the back-off about four hours.
TRIES_MAX = 20
#: Times a post may come out of quarantine, and how long it may stay unsure, before a person decides (R5).
ROUNDS_MAX = 3
UNSURE_MAX = timedelta(hours=24)
FIRST_READ = timedelta(seconds=1)
NEXT_READ = timedelta(seconds=30)
QUOTA_PAUSE = timedelta(hours=1)


def deliver_due(account: Account, *, now: datetime, limit: int = 50) -> Counter[str]:
    """Send and read back what is due on `account`; how many rows ended in which state."""
    done: Counter[str] = Counter()
    watch = Watch(now)
    abandon_expired(now=now)
    if not settings.SENDING_ENABLED:
        return done
    for pk in list(outbox.due(now).filter(account=account).values_list("pk", flat=True)[:limit]):
        row = outbox.due(watch.now()).filter(pk=pk).select_related("account", "after").first()
        if row is not None:
            done[deliver(row, watch)] += 1
    return done


def deliver(row: OutboundPost, watch: Watch) -> str:
    """One step for one row, under its lock; the state it is in afterwards."""
    with try_lock(row.pk) as held:
        if held is not None:
            row.refresh_from_db()
            if row.state == State.QUEUED:
                _send(row, held, watch)
            elif row.state == State.UNSURE:
                _read_back(row, watch)
    return row.state


def abandon_expired(*, now: datetime) -> int:
    """Senders that died or hang past their lease: what they did is unknown. Their token stays, so a late receipt counts."""
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


# --- sending --------------------------------------------------------------------------------------------------------


def _send(row: OutboundPost, held: Held, watch: Watch) -> None:
    crash_point("outbox.before_claim")
    if not outbox.claim(row, now=watch.now()):
        return
    crash_point("outbox.before_http")
    try:
        adapter = accounts.open_adapter(row.account)
        prepared = adapter.prepare(outgoing(row))
    except (ChannelError, SecretsUnreadable) as error:
        _record_error(row, _nothing_sent(error), watch.now())
        return
    except Exception as error:
        logger.exception("outbox %s: preparing failed", row.key)
        _record_error(row, Rejected(f"{type(error).__name__}: {error}"), watch.now())
        return
    if not _fence(row, held):
        return
    try:
        receipt = adapter.publish(prepared)
    except ChannelError as error:
        _record_error(row, error, watch.now())
    except Exception as error:
        logger.exception("outbox %s: publishing failed", row.key)
        _record_error(row, OutcomeUnknown(f"{type(error).__name__}: {error}"), watch.now())
    else:
        crash_point("outbox.after_http")
        _record_receipt(row, receipt, watch.now())
    crash_point("outbox.after_record")


def _fence(row: OutboundPost, held: Held) -> bool:
    """The last look before the POST, on the session that holds the lock: is the row still ours to send? (R3)

    If the database went away meanwhile this raises, and nothing is posted.
    """
    mine = OutboundPost.objects.filter(pk=row.pk, state=State.SENDING, claim_token=row.claim_token)
    return mine.filter(lease_until__gt=database_now()).exists() and still_held(held)


def _nothing_sent(error: Exception) -> ChannelError:
    """Errors before the POST: an unknown outcome of an upload is harmless, it is simply done again."""
    if isinstance(error, SecretsUnreadable):
        return AuthExpired(str(error))
    if isinstance(error, OutcomeUnknown | Duplicate):
        return Transient(str(error), status=error.status, code=error.code, trace=error.trace)
    assert isinstance(error, ChannelError)  # noqa: S101 - narrows the type
    return error


def outgoing(row: OutboundPost) -> OutgoingPost:
    """The row as the adapter needs it; part n answers part n-1."""
    target = ReplyTarget(**row.target) if row.target else None
    if row.after is not None and row.after.external_id:
        target = ReplyTarget(
            external_id=row.after.external_id,
            root_id=target.root_id if target else row.after.external_id,
            parent_id=target.external_id if target else "",
            kind="reply",
            author_id=target.author_id if target else "",
            author_handle=target.author_handle if target else "",
            visibility=target.visibility if target else "",
        )
    return OutgoingPost(key=str(row.pk), text=row.text, tag=row.tag, target=target, language=row.language)


def _record_receipt(row: OutboundPost, receipt: Receipt, now: datetime) -> None:
    """The network said yes. Without an id the post is read back before we say so too."""
    if not receipt.external_id:
        _unsure(row, OutcomeUnknown(_("accepted without an id")), now)
        return
    sent = {"external_id": receipt.external_id, "url": receipt.url[:500], "sent_at": now, "next_attempt_at": None}
    if not move(row, State.SENT, now=now, expect=State.SENDING, needs_officer_at=None, **sent):
        # The lease ran out while the network was answering; the token is still ours, so the receipt counts.
        move(row, State.SENT, now=now, expect=State.UNSURE, needs_officer_at=None, **sent)


def _record_error(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    """What an error means for the row (R4)."""
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


def _unsure(row: OutboundPost, error: ChannelError, now: datetime) -> None:
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
    )


def _end(row: OutboundPost, state: State, error: ChannelError, now: datetime) -> None:
    move(row, state, now=now, expect=State.SENDING, error=error, next_attempt_at=None)


def _wait_for_token(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    """Try again with a fresh token; otherwise the account stops, loudly, and the post waits for it."""
    refused_before = row.last_class == AuthExpired.__name__
    if refused_before or not (isinstance(error, AuthExpired) and accounts.refresh(row.account)):
        accounts.suspend(row.account, reason=f"{type(error).__name__}: {error.detail}", now=now)
    move(row, State.QUEUED, now=now, expect=State.SENDING, error=error, next_attempt_at=now, attempts=row.attempts - 1)


def _wait_for_window(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    """No attempt is counted: the network asked us to wait, and all posts of the account wait with this one."""
    if isinstance(error, QuotaExhausted):
        again = error.retry_at or now + QUOTA_PAUSE
    else:
        again = next_try(now=now, failures=row.attempts, retry_at=error.retry_at)
    Account.objects.filter(pk=row.account_id).update(
        send_after=again, last_error=f"{type(error).__name__}: {error.detail}"[:2000], last_error_at=now
    )
    move(row, State.QUEUED, now=now, expect=State.SENDING, error=error, next_attempt_at=again, attempts=row.attempts - 1)


def _try_later(row: OutboundPost, error: ChannelError, now: datetime) -> None:
    if row.attempts >= TRIES_MAX:
        _end(row, State.FAILED, error, now)
        return
    again = next_try(now=now, failures=row.attempts, retry_at=error.retry_at)
    move(row, State.QUEUED, now=now, expect=State.SENDING, error=error, next_attempt_at=again)


# --- reading back ---------------------------------------------------------------------------------------------------


def quarantine(adapter: Adapter) -> timedelta:
    """How long a post stays unsure before it may go out again: max(120 s, 2 × (time-out + index lag)), or the setting."""
    if settings.QUARANTINE is not None:
        return settings.QUARANTINE  # type: ignore[no-any-return]
    lag = adapter.capabilities.index_lag
    return max(timedelta(seconds=120), 2 * (timedelta(seconds=settings.HTTP_TIMEOUT) + lag))


def _read_back(row: OutboundPost, watch: Watch) -> None:
    """Look for the post among our own; decide."""
    crash_point("outbox.reconcile")
    assert row.unknown_since is not None and row.first_attempt_at is not None  # noqa: S101 - set with the state
    try:
        adapter = accounts.open_adapter(row.account)
        if not adapter.capabilities.own_readback:
            _ask_officer(row, watch.now(), _("this network cannot be read back"))
            return
        seen = adapter.find_own(outgoing(row), since=row.first_attempt_at - timedelta(minutes=10))
    except (ChannelError, SecretsUnreadable) as error:
        _read_failed(row, error, watch.now())
        return
    if seen.found is not None:
        receipt = seen.found
        move(
            row,
            State.SENT,
            now=watch.now(),
            expect=State.UNSURE,
            detail="found by reading back",
            external_id=receipt.external_id,
            url=receipt.url[:500],
            sent_at=watch.now(),
            next_attempt_at=None,
        )
        return
    _not_seen(row, watch.now(), complete=seen.complete, wait=quarantine(adapter))


def _not_seen(row: OutboundPost, now: datetime, *, complete: bool, wait: timedelta) -> None:
    assert row.unknown_since is not None  # noqa: S101
    reads = row.negative_reads + complete
    free_at = row.unknown_since + wait
    if reads >= 2 and now >= free_at:
        if row.last_class == Duplicate.__name__:
            _ask_officer(row, now, _("the network says that this text was already posted, but it cannot be found"))
        elif row.rounds > ROUNDS_MAX or now - row.unknown_since > UNSURE_MAX:
            _ask_officer(row, now, _("the outcome stayed unknown"))
        else:
            move(row, State.QUEUED, now=now, expect=State.UNSURE, detail="surely absent", next_attempt_at=now, unknown_since=None)
        return
    if now - row.unknown_since > UNSURE_MAX:
        _ask_officer(row, now, _("the outcome stayed unknown"))
        return
    again = max(now + FIRST_READ, min(now + NEXT_READ, free_at)) if reads else now + FIRST_READ
    note(row, now=now, negative_reads=reads, next_attempt_at=again)


def _read_failed(row: OutboundPost, error: Exception, now: datetime) -> None:
    """The look itself failed: look again later; a refused token stops the account."""
    assert row.unknown_since is not None  # noqa: S101
    if isinstance(error, AuthExpired | PermissionDenied | SecretsUnreadable):
        if not (isinstance(error, AuthExpired) and accounts.refresh(row.account)):
            accounts.suspend(row.account, reason=f"{type(error).__name__}: {error}", now=now)
    if now - row.unknown_since > UNSURE_MAX:
        _ask_officer(row, now, _("the outcome stayed unknown"))
        return
    again = next_try(now=now, failures=1, retry_at=getattr(error, "retry_at", None))
    note(row, now=now, next_attempt_at=again, last_error=str(error)[:2000])


def _ask_officer(row: OutboundPost, now: datetime, why: str) -> None:
    """Nobody but a person can tell: shown until an officer decides (outbox.declare_sent, retry, cancel)."""
    logger.error("outbox %s: an officer must decide: %s", row.key, why)
    note(row, now=now, needs_officer_at=now, next_attempt_at=None, last_error=why)
