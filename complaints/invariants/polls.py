"""I4: a cursor never passes an item that is not stored, as far as the desk itself can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from channels_sns import inbox
from channels_sns.models import Account, DeadLetter, InboundPost, OutboundPost, PostVersion
from complaints.invariants.violation import Violation

#: Clocks of two machines differ.
SLACK = timedelta(minutes=1)
#: X's ids: the lowest bits count the posts of one millisecond; where they are all zero, the id was made from a time.
_X_EPOCH_MS = 1_288_834_974_657
_X_TIME_SHIFT = 22


def no_cursor_is_ahead(now: datetime) -> Iterator[Violation]:
    """It stands at something stored, or at a moment that is over; and a lease that nobody holds is nobody's."""
    for account in Account.objects.order_by("id"):
        for text in (*_cursor(account, now), *_lease(account, now)):
            yield Violation("I4", f"account {account.pk}", text)


def _cursor(account: Account, now: datetime) -> Iterator[str]:
    if any(moment > now + SLACK for moment in _moments(account.cursor)):
        yield _("its cursor is in the future")
    since = str(account.cursor.get("since") or "") if account.kind == "x" else ""
    if not since.isdecimal():
        return
    number = int(since)
    if _x_time(number) > now.timestamp() + SLACK.total_seconds():
        yield _("its cursor is in the future")
    elif number % (1 << _X_TIME_SHIFT) and not _is_stored(account, since):
        yield _("its cursor stands at a post that is not stored")


def _moments(value: Any) -> Iterator[datetime]:
    """Every time that is written in a cursor, however deep."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _moments(part)
    elif isinstance(value, list):
        for part in value:
            yield from _moments(part)
    elif isinstance(value, str):
        moment = _parsed(value)
        if moment is not None and moment.tzinfo is not None:
            yield moment


def _parsed(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _x_time(number: int) -> float:
    return ((number >> _X_TIME_SHIFT) + _X_EPOCH_MS) / 1000


def _is_stored(account: Account, external_id: str) -> bool:
    models = (InboundPost, PostVersion, DeadLetter, OutboundPost)
    return any(model.objects.filter(account=account, external_id=external_id).exists() for model in models)


def _lease(account: Account, now: datetime) -> Iterator[str]:
    if (account.lease_token is None) != (account.lease_until is None):
        yield _("its lease is half there")
    elif account.lease_until is not None and account.lease_until > now + inbox.LEASE + SLACK:
        yield _("it is leased for longer than any poll takes: nobody can poll it")
