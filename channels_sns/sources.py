"""The citizen's post where it stands: is it still there, and does it still say the same?

Looked at before a reply on networks that would hang a reply under nothing, and from time to time while it is fresh.
Absence alone proves nothing (a protected account looks the same): only what the network itself calls gone is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q

from channels_sns import accounts, budget, shelf
from channels_sns.adapters.contract import Adapter, Gone, OutgoingPost, TargetGone
from channels_sns.models import Account, InboundPost

FRESH = timedelta(days=7)
AGAIN = timedelta(hours=6)
BATCH = 100


def look_before_reply(account: Account, adapter: Adapter, post: OutgoingPost, *, now: datetime) -> None:
    """Raises TargetGone if the network says that the post to answer is deleted; edits are kept on the way."""
    if post.target is None or not adapter.capabilities.looks_before_reply:
        return
    if post.target.external_id in _look(account, adapter, [post.target.external_id], now):
        raise TargetGone("the post is no longer there", code="looked")


def recheck(account: Account, *, now: datetime) -> int:
    """Look at the account's fresh posts again; how many are gone since. Stops where the budget says so."""
    if budget.stopped(account, "search", now=now):
        return 0
    fresh = InboundPost.objects.filter(account=account, gone_at=None, posted_at__gte=now - FRESH)
    due = fresh.filter(Q(checked_at=None, arrived_at__lte=now - AGAIN) | Q(checked_at__lte=now - AGAIN))
    due = due.exclude(state=InboundPost.State.OWN).order_by(F("checked_at").asc(nulls_first=True))
    ids = list(due.values_list("external_id", flat=True)[:BATCH])
    if not ids:
        return 0
    adapter = accounts.open_adapter(account)
    try:
        return len(_look(account, adapter, ids, now))
    finally:
        budget.note(account, adapter.meter, now=now)


def _look(account: Account, adapter: Adapter, ids: Sequence[str], now: datetime) -> set[str]:
    """Ask the network and write down what changed; the ids that are surely gone."""
    seen = adapter.lookup(ids)
    gone = {one for one, state in seen.items() if isinstance(state, Gone) and state.verified}
    for post in InboundPost.objects.filter(account=account, external_id__in=ids).select_related("account"):
        state = seen.get(post.external_id)
        shelf.note_look(post, None if isinstance(state, Gone) else state, now=now)
        if post.external_id in gone:
            shelf.mark_gone(post, now=now)
    return gone
