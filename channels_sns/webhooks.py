"""Deliveries that networks push: verified over the raw bytes, kept, answered, then read like a poll's page.

The only writer of PushDelivery. The same bytes again change nothing; a post that was polled before, or is polled later,
is the same row. What cannot be read is tried again, ever later, for some hours, and then stays here with its reason
until somebody has it read again. Once a delivery needs no more reading, resident numbers in it are starred.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from channels_sns import accounts, budget, inbox, shelf
from channels_sns.adapters.contract import Page
from channels_sns.adapters.push import Pushed
from channels_sns.backoff import next_try
from channels_sns.evidence import mask_bytes
from channels_sns.models import Account, InboundPost, PushDelivery

logger = logging.getLogger(__name__)

#: Seconds apart at first, then up to a quarter of an hour: an outage of some hours loses nothing.
TRIES_MAX = 30
BODY_MAX = 2_000_000


class Unverified(Exception):
    """The signature does not fit, or none was sent: nothing is stored."""


def challenge(account: Account, query: Mapping[str, str]) -> str | None:
    """The answer to the network's question whether this address is ours; None: it asked nothing, or wrongly."""
    return accounts.open_adapter(account).challenge(query)


def receive(account: Account, *, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[PushDelivery, bool]:
    """Keep a delivery; (row, is it new?). Raises Unverified, SecretsUnreadable."""
    adapter = accounts.open_adapter(account)
    if len(body) > BODY_MAX or not adapter.verify_push({k.lower(): v for k, v in headers.items()}, body):
        raise Unverified
    return PushDelivery.objects.get_or_create(
        account=account,
        sha256=adapter.push_id(body, now=now),
        defaults={"body": body, "received_at": now},
    )


def read(delivery: PushDelivery, *, now: datetime) -> Pushed | None:
    """Lay what a delivery brought on the inbox's shelf, once; None if it cannot be read (now)."""
    mine = PushDelivery.objects.filter(pk=delivery.pk, state=PushDelivery.State.WAITING, tries=delivery.tries)
    if not mine.update(tries=F("tries") + 1):
        return None
    try:
        with transaction.atomic():
            adapter = accounts.open_adapter(delivery.account)
            pushed = adapter.read_push(bytes(delivery.body), now=delivery.received_at)
            budget.note(delivery.account, adapter.meter, now=now)
            _store(delivery.account, pushed, now)
            _settle(delivery, PushDelivery.State.READ)
    except Exception as error:
        logger.exception("delivery %s could not be read", delivery.pk)
        words = f"{type(error).__name__}: {error}"[:2000]
        _put_off(delivery, words, now)
        return None
    return pushed


def _put_off(delivery: PushDelivery, error: str, now: datetime) -> None:
    tries = delivery.tries + 1
    if tries >= TRIES_MAX:
        _settle(delivery, PushDelivery.State.FAILED, error)
        return
    PushDelivery.objects.filter(pk=delivery.pk).update(error=error, retry_at=next_try(now=now, failures=tries))


def _settle(delivery: PushDelivery, state: PushDelivery.State, error: str = "") -> None:
    body = mask_bytes(bytes(delivery.body))
    PushDelivery.objects.filter(pk=delivery.pk).update(state=state, error=error, body=body)


def read_waiting(*, now: datetime, limit: int = 200) -> int:
    """Deliveries that were kept but not read: their process died, or reading failed and its time has come again."""
    due = Q(retry_at=None) | Q(retry_at__lte=now)
    waiting = PushDelivery.objects.filter(due, state=PushDelivery.State.WAITING).select_related("account")
    return sum(read(delivery, now=now) is not None for delivery in waiting.order_by("id")[:limit])


def unread(account: Account) -> int:
    """How many deliveries of the account were given up."""
    return PushDelivery.objects.filter(account=account, state=PushDelivery.State.FAILED).count()


def read_again(account: Account) -> int:
    """Let the clock read what was given up, from the first try on: after a repair. How many those are."""
    given_up = PushDelivery.objects.filter(account=account, state=PushDelivery.State.FAILED)
    return given_up.update(state=PushDelivery.State.WAITING, tries=0, retry_at=None)


def _store(account: Account, pushed: Pushed, now: datetime) -> None:
    if pushed.posts or pushed.bad:
        inbox.store(account, Page(pushed.posts, cursor={}, bad=pushed.bad), token=None, now=now)
    for post in InboundPost.objects.filter(account=account, external_id__in=pushed.gone):
        shelf.mark_gone(post, now=now)
    if pushed.revoked:
        accounts.suspend(account, reason="revoked by the network", now=now)
    if pushed.stale:
        inbox.poll_now(account, now=now)
