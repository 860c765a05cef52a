"""Posts come in: the only writer of InboundPost (with its evidence, versions and authors) and of the poll cursor.

A page and the cursor that stands for it are committed together; a post that cannot be stored becomes a dead letter
with its bytes and the others of its page are stored all the same (R7, R8).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q

from channels_sns import accounts, budget, dead_letters, shelf
from channels_sns.adapters.contract import AuthExpired, BadItem, ChannelError, Page, PermissionDenied, QuotaExhausted
from channels_sns.backoff import next_try
from channels_sns.clock import Watch
from channels_sns.crash import crash_point
from channels_sns.locks import try_lock
from channels_sns.models import Account, InboundPost
from channels_sns.outcomes import QUOTA_PAUSE, quota_again
from channels_sns.redaction import redact
from channels_sns.secrets import SecretsUnreadable

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
#: One poll ends after so many pages or so much time, before its lease does; the next goes on from its cursor.
PAGES_MAX = 500
WALK_MAX = timedelta(minutes=2)
TOO_LONG = "one reading took too long and begins anew: what lies further down may be missing"
BUDGET_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Collected:
    """What one poll brought. `busy`: somebody else is polling this account; `error`: what stopped the poll."""

    new: int = 0
    known: int = 0
    changed: int = 0
    dead: int = 0
    pages: int = 0
    gap: str = ""
    busy: bool = False
    error: str = ""

    def plus(self, other: Collected) -> Collected:
        return Collected(
            new=self.new + other.new,
            known=self.known + other.known,
            changed=self.changed + other.changed,
            dead=self.dead + other.dead,
            pages=self.pages + other.pages,
            gap=self.gap or other.gap,
        )


class LeaseLost(Exception):
    """Another poller took the account over; this one stops without moving the cursor."""


def due_accounts(now: datetime) -> list[int]:
    """Ids of the accounts to poll now. Whoever comes second to one finds it busy."""
    working = Account.objects.filter(enabled=True, state=Account.State.ACTIVE)
    due = Q(next_poll_at=None) | Q(next_poll_at__lte=now)
    return list(working.filter(due).values_list("pk", flat=True))


def poll_now(account: Account, *, now: datetime) -> None:
    """Something happened there: the next sweep polls it."""
    Account.objects.filter(pk=account.pk, next_poll_at__gt=now).update(next_poll_at=now)


def rewind(account: Account, *, cursor: Mapping[str, object], now: datetime) -> None:
    """Begin the next poll at `cursor` and put the gap aside. A poll that is under way loses its lease and stops."""
    begun = {"cursor": dict(cursor), "lease_token": None, "lease_until": None, "next_poll_at": now}
    Account.objects.filter(pk=account.pk).update(**begun, gap="", gap_at=None)


def pause_of(account: Account) -> timedelta:
    """The time between two polls of `account`."""
    return timedelta(seconds=account.options.get("poll_seconds", settings.POLL_EVERY.total_seconds()))


def collect(account: Account, *, now: datetime) -> Collected:
    """Poll `account` to the end and store every page. What goes wrong is noted on the account, not raised."""
    with try_lock("poll", account.pk) as held:
        return _collect(account, _lease(account, now, alone=held is not None), now)


def _collect(account: Account, token: UUID | None, now: datetime) -> Collected:
    if token is None:
        return Collected(busy=True)
    account.refresh_from_db()
    total = Collected()
    try:
        spent = budget.stopped(account, "mention", now=now)
        total = _wait_for_budget(account, spent, now) if spent else _walk(account, token, now)
    except (ChannelError, SecretsUnreadable) as error:
        total = replace(total, error=_note_failure(account, error, now))
    except LeaseLost:
        return replace(total, busy=True)
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("account %s: poll broke", account.pk)
        total = replace(total, error=_note_failure(account, error, now))
    finally:
        Account.objects.filter(pk=account.pk, lease_token=token).update(lease_token=None, lease_until=None)
    return total


def _lease(account: Account, now: datetime, *, alone: bool) -> UUID | None:
    """Make this process the account's only poller for LEASE, or None (R10).

    `alone`: it holds the account's lock. A lease that is left then belonged to one that died.
    """
    token, account_row = uuid4(), Account.objects.filter(pk=account.pk)
    free = account_row if alone else account_row.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    return token if free.update(lease_token=token, lease_until=now + LEASE) else None


def _walk(account: Account, token: UUID, now: datetime) -> Collected:
    """All pages; a refused token is renewed once, where the network's tokens can be."""
    try:
        total = _pages(account, token, now)
    except AuthExpired:
        if not accounts.refresh(account):
            raise
        account.refresh_from_db()
        total = _pages(account, token, now)
    _note_success(account, now)
    return total


def _wait_for_budget(account: Account, spent: budget.Left, now: datetime) -> Collected:
    """Reading stops so that replies can go out; looked at again soon, for the city may raise its limit."""
    words = f"BudgetSpent: {spent.name}, {spent.used} of {spent.limit} used"
    again = min(spent.resets_at or now + QUOTA_PAUSE, now + BUDGET_PAUSE)
    Account.objects.filter(pk=account.pk).update(last_error=words, last_error_at=now, next_poll_at=again)
    return Collected(error=words)


def _pages(account: Account, token: UUID, now: datetime) -> Collected:
    total, watch = Collected(), Watch(now)
    adapter = accounts.open_adapter(account)
    adapter.meter.shut = budget.shut(account, now=now)
    try:
        for page in adapter.poll(account.cursor, now=now):
            crash_point("inbox.after_fetch")
            total = total.plus(store(account, page, token=token, now=now))
            if total.pages >= PAGES_MAX or watch.now() - now > WALK_MAX:
                logger.error("account %s: stopped after %s pages of one poll", account.pk, total.pages)
                if dict(page.cursor) == dict(account.cursor):  # the next poll begins where this one did
                    Account.objects.filter(pk=account.pk).update(gap=TOO_LONG, gap_at=now)
                    total = replace(total, gap=TOO_LONG)
                break
    finally:
        budget.note(account, adapter.meter, now=now)
    return total


def _note_success(account: Account, now: datetime) -> None:
    Account.objects.filter(pk=account.pk).update(last_polled_at=now, next_poll_at=now + pause_of(account), failures=0)


def _note_failure(account: Account, error: Exception, now: datetime) -> str:
    """Write the error where people see it; a refused token stops the account, a rate limit makes it wait."""
    words = redact(f"{type(error).__name__}: {error}")
    logger.warning("account %s: poll failed: %s", account.pk, words)
    if isinstance(error, AuthExpired | PermissionDenied | SecretsUnreadable):
        accounts.suspend(account, reason=words, now=now)
    retry_at = getattr(error, "retry_at", None)
    if isinstance(error, QuotaExhausted):
        again = quota_again(error, now)
    else:
        again = next_try(now=now, failures=account.failures + 1, retry_at=retry_at)
    Account.objects.filter(pk=account.pk).update(
        failures=F("failures") + 1, last_error=words[:2000], last_error_at=now, next_poll_at=again
    )
    return words


def store(account: Account, page: Page, *, token: UUID | None, now: datetime) -> Collected:
    """Put one page on the shelf and move the cursor, in one transaction. Raises LeaseLost.

    `token`: the poller's lease; None for items that arrived without a poll, which leave the cursor alone.
    """
    with transaction.atomic():
        counts = shelf.put(account, page.posts, now=now)
        for item in page.bad:
            dead_letters.bury(account, item, now=now)
        crash_point("inbox.before_cursor")
        if token is not None:
            _move_cursor(account, page.cursor, token, now)
        if page.gap:
            Account.objects.filter(pk=account.pk).update(gap=page.gap, gap_at=now)
        _note_newest(account, page, now)
    crash_point("inbox.after_page")
    return Collected(
        new=counts.new,
        known=counts.known,
        changed=counts.changed,
        dead=counts.dead + len(page.bad),
        pages=1,
        gap=page.gap,
    )


def _note_newest(account: Account, page: Page, now: datetime) -> None:
    newest = min(max((post.posted_at for post in page.posts), default=now), now)
    if page.posts and (account.last_item_at is None or newest > account.last_item_at):
        account.last_item_at = newest
        Account.objects.filter(pk=account.pk).update(last_item_at=newest)


def _move_cursor(account: Account, cursor: Mapping[str, object], token: UUID, now: datetime) -> None:
    moved = Account.objects.filter(pk=account.pk, lease_token=token).update(
        cursor=dict(cursor), lease_until=now + LEASE
    )
    if not moved:
        raise LeaseLost


def bury(post: InboundPost, *, error: str, now: datetime) -> None:
    """Set aside a stored post that the desk cannot register: it leaves the queue and stays visible as a dead letter."""
    raw = f"{post.external_id}\n{post.text}".encode()
    dead_letters.bury(post.account, BadItem(raw=raw, error=error, external_id=post.external_id), now=now)
    mark(post, InboundPost.State.IGNORED, reason=f"dead letter: {error}")


def mark(post: InboundPost, state: InboundPost.State, *, reason: str = "") -> None:
    """Say what became of a waiting post."""
    InboundPost.objects.filter(pk=post.pk).update(state=state, state_reason=reason[:200])


def collect_under(broadcast_of: Mapping[int, int]) -> None:
    """Leave posts (post → broadcast) on the shelf for whoever collects under that broadcast."""
    for broadcast in set(broadcast_of.values()):
        posts = [post for post, its in broadcast_of.items() if its == broadcast]
        InboundPost.objects.filter(pk__in=posts).update(state=InboundPost.State.COLLECTED, under=broadcast)


def mark_many(post_ids: list[int], state: InboundPost.State) -> None:
    """`mark` for a whole batch in one statement."""
    InboundPost.objects.filter(pk__in=post_ids).update(state=state, state_reason="")
