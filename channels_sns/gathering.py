"""What citizens write under a broadcast that collects it: found when it comes in, left on the shelf as COLLECTED.

Whoever asked for it (a talk its opinions, an emergency its sightings) comes to look: `collected`. The state itself is
written by channels_sns.inbox.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from channels_sns.models import Broadcast, InboundPost, OutboundPost


def under(posts: Iterable[InboundPost]) -> dict[int, int]:
    """Of `posts` (parents before their answers) those that stand under a collecting broadcast: post → broadcast."""
    by_account: defaultdict[int, list[InboundPost]] = defaultdict(list)
    for post in posts:
        if post.root_id or post.parent_id:
            by_account[post.account_id].append(post)
    found: dict[int, int] = {}
    for account_id, own in by_account.items():
        found |= _of_account(account_id, own)
    open_now = set(Broadcast.objects.filter(pk__in=found.values(), collects=True).values_list("pk", flat=True))
    return {post: broadcast for post, broadcast in found.items() if broadcast in open_now}


def _of_account(account_id: int, posts: list[InboundPost]) -> dict[int, int]:
    names = {name for post in posts for name in (post.root_id, post.parent_id)} - {""}
    rows = OutboundPost.objects.filter(account_id=account_id, external_id__in=names, key__startswith="broadcast:")
    known = {row.external_id: int(row.key.split(":")[1]) for row in rows}
    held = InboundPost.objects.filter(account_id=account_id, external_id__in=names, under__isnull=False)
    known |= {post.external_id: post.under_id for post in held if post.under_id}
    found: dict[int, int] = {}
    for post in posts:
        broadcast = known.get(post.parent_id) or known.get(post.root_id)
        if broadcast:
            found[post.pk] = known[post.external_id] = broadcast
    return found


def collected(broadcast: Broadcast) -> QuerySet[InboundPost]:
    """What stands under it and was left on the shelf, the oldest first."""
    posts = InboundPost.objects.filter(under=broadcast, state=InboundPost.State.COLLECTED)
    return posts.select_related("account", "author").order_by("posted_at", "id")
