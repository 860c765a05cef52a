"""Which complaint a post belongs to: it answers one of its posts or one of the city's replies.

Many citizens write under one post of the city, so a common root alone joins nobody but the same author.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from channels_sns.models import InboundPost, OutboundPost
from complaints.models import Complaint, ComplaintPost, Reply


def key(account_id: int, external_id: str) -> str:
    """A post's name across accounts."""
    return f"{account_id}:{external_id}"


def _root_key(post: InboundPost) -> str:
    return f"{post.account_id}:{post.root_id}:{post.author_id}"


@dataclass(slots=True)
class Threads:
    """Posts, replies of the city and (root, author) pairs that are known to belong to a complaint."""

    by_post: dict[str, Complaint] = field(default_factory=dict)
    by_root: dict[str, Complaint] = field(default_factory=dict)

    def complaint_of(self, post: InboundPost) -> Complaint | None:
        """The complaint `post` belongs to: by what it answers, by the root, by the same author under the same root."""
        for answered in (post.parent_id, post.root_id):
            found = self.by_post.get(key(post.account_id, answered)) if answered != post.external_id else None
            if found is not None:
                return found
        return self.by_root.get(_root_key(post)) if post.root_id and post.author_id else None

    def learn(self, post: InboundPost, complaint: Complaint) -> None:
        """This very batch put `post` to `complaint`."""
        self.by_post[key(post.account_id, post.external_id)] = complaint
        if post.root_id and post.author_id:
            self.by_root[_root_key(post)] = complaint


def of(posts: Iterable[InboundPost]) -> Threads:
    """What is known about the conversations of `posts`, in three queries."""
    wanted: dict[int, set[str]] = {}
    for post in posts:
        wanted.setdefault(post.account_id, set()).update({post.parent_id, post.root_id} - {"", post.external_id})
    threads = Threads()
    for account_id, ids in wanted.items():
        if ids:
            _read_posts(threads, account_id, ids)
            _read_replies(threads, account_id, ids)
    return threads


def _read_posts(threads: Threads, account_id: int, ids: set[str]) -> None:
    named = Q(post__external_id__in=ids) | Q(post__versions__external_id__in=ids) | Q(post__root_id__in=ids)
    links = ComplaintPost.objects.filter(named, post__account_id=account_id).select_related("complaint", "post")
    for link in links.order_by("id").distinct():
        threads.by_post[key(account_id, link.post.external_id)] = link.complaint
        for version in link.post.versions.all() if link.post.edited_at else ():
            threads.by_post[key(account_id, version.external_id)] = link.complaint
        if link.post.root_id and link.post.author_id:
            threads.by_root[_root_key(link.post)] = link.complaint


def _read_replies(threads: Threads, account_id: int, ids: set[str]) -> None:
    rows = OutboundPost.objects.filter(account_id=account_id, external_id__in=ids, key__startswith="reply:")
    reply_ids = {int(row.key.split(":")[1]): row.external_id for row in rows}
    for reply in Reply.objects.filter(pk__in=reply_ids).select_related("complaint"):
        threads.by_post[key(account_id, reply_ids[reply.pk])] = reply.complaint


def divide(posts: Iterable[InboundPost], threads: Threads) -> tuple[list[InboundPost], list[InboundPost]]:
    """(those that begin a complaint, those that join one); an answer to a post of the same batch joins that post."""
    fresh: list[InboundPost] = []
    follow_ups: list[InboundPost] = []
    seen: set[str] = set()
    for post in posts:
        joins = threads.complaint_of(post) is not None or bool(_answered(post) & seen)
        (follow_ups if joins else fresh).append(post)
        seen.add(key(post.account_id, post.external_id))
        if post.root_id and post.author_id:
            seen.add(_root_key(post))
    return fresh, follow_ups


def _answered(post: InboundPost) -> set[str]:
    """The names under which an earlier post of the batch would be the one that `post` goes on from."""
    names = {key(post.account_id, one) for one in (post.parent_id, post.root_id) if one not in ("", post.external_id)}
    return names | ({_root_key(post)} if post.root_id and post.author_id else set())
