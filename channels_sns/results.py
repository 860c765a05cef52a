"""How a broadcast was received: its posts are looked at an hour, a day and a week after they were sent.

Only writer of PostResult. What a network does not tell is kept as nothing told, so that nobody waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from channels_sns import accounts, budget
from channels_sns.adapters.results import COMMENTS, LIKES, NEEDS_RIGHT, REACH, SHARES, UNSEEN, counts
from channels_sns.models import Account, Amendment, OutboundPost, PostResult

__all__ = ["COMMENTS", "LIKES", "NEEDS_RIGHT", "REACH", "SHARES", "UNSEEN", "due_accounts", "latest", "look"]

#: Hours after the sending.
STEPS = (1, 24, 168)
#: Afterwards nobody looks any more.
LAST = timedelta(days=10)
AT_ONCE = 200


def due_accounts(*, now: datetime) -> list[Account]:
    """Working accounts with posts to look at."""
    return list(Account.objects.filter(pk__in=_due(now)).order_by("pk"))


def look(account: Account, *, now: datetime) -> int:
    """Ask the network about the posts of `account` that are due; how many. Raises ChannelError, SecretsUnreadable."""
    posts = _due(now).get(account.pk, {})
    adapter = accounts.open_adapter(account)
    try:
        told = counts(adapter, [post.external_id for post in posts])
    finally:
        budget.note(account, adapter.meter, now=now)
    rows = [
        PostResult(outbound=post, hours=hours, counts=told.get(post.external_id, {}), counted_at=now)
        for post, hours in posts.items()
    ]
    PostResult.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def latest(posts: Iterable[OutboundPost]) -> dict[UUID, PostResult]:
    """The newest look at each of these posts; one query."""
    rows = PostResult.objects.filter(outbound__in=[post.pk for post in posts]).order_by("hours")
    return {row.outbound_id: row for row in rows}


def _due(now: datetime) -> dict[int, dict[OutboundPost, int]]:
    """By account: the first posts of broadcasts, with the step that is due. What is taken down is let alone."""
    sent = OutboundPost.objects.filter(key__startswith="broadcast:", part=1, state=OutboundPost.State.SENT)
    recent = sent.filter(sent_at__gt=now - LAST).exclude(external_id="")
    working = recent.filter(account__enabled=True, account__state=Account.State.ACTIVE, account__failures=0)
    gone = Amendment.objects.filter(kind=Amendment.Kind.DELETE).values("outbound")
    found: defaultdict[int, dict[OutboundPost, int]] = defaultdict(dict)
    for hours in STEPS:  # of two that are due, the later one counts
        old = working.exclude(pk__in=gone).filter(sent_at__lte=now - timedelta(hours=hours))
        looked = PostResult.objects.filter(hours__gte=hours).values("outbound")
        for post in old.exclude(pk__in=looked).order_by("sent_at")[:AT_ONCE]:
            found[post.account_id][post] = hours
    return found
