"""Which complaint a post belongs to: it answers one of its posts or one of the city's replies.

Many citizens write under one post of the city, so a common root alone joins nobody but the same author. A complaint
that was closed long ago takes no more posts, unless the citizen is still owed what he was promised there: who comes
back so late begins a new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from channels_sns.models import InboundPost, OutboundPost, PostVersion
from complaints.models import Complaint, ComplaintPost, Promise, Reply

#: How long a closed complaint is still the one that the citizen means.
OPEN_TO_POSTS = timedelta(days=30)


def key(account_id: int, external_id: str) -> str:
    """A post's name across accounts."""
    return f"{account_id}:{external_id}"


def _root_key(post: InboundPost) -> str:
    return f"{post.account_id}:{post.root_id}:{post.author_id}"


@dataclass(slots=True)
class Threads:
    """Posts, replies of the city and (root, author) pairs that are known to belong to a complaint.

    `closed_since`: what was closed before that takes no more posts, but is remembered as the earlier one.
    """

    closed_since: datetime
    by_key: dict[str, Complaint] = field(default_factory=dict)
    long_closed: dict[str, Complaint] = field(default_factory=dict)

    def complaint_of(self, post: InboundPost) -> Complaint | None:
        """The complaint `post` belongs to: by what it answers, by the root, by the same author under the same root."""
        return next((self.by_key[name] for name in _answered(post) if name in self.by_key), None)

    def earlier_of(self, post: InboundPost) -> Complaint | None:
        """The complaint that `post` would belong to, had it not been closed long ago."""
        return next((self.long_closed[name] for name in _answered(post) if name in self.long_closed), None)

    def know(self, name: str, complaint: Complaint) -> None:
        """`name` leads to this complaint; of a copy to the one that leads it."""
        complaint = complaint.duplicate_of or complaint
        open_to_posts = complaint.closed_at is None or complaint.closed_at >= self.closed_since
        (self.by_key if open_to_posts else self.long_closed)[name] = complaint

    def take_back_what_is_owed(self) -> None:
        """However long ago it was closed: where a promise is still owed, that is the complaint he means."""
        closed = {complaint.pk for complaint in self.long_closed.values()}
        owed = Promise.objects.owed().filter(complaint__in=closed) if closed else Promise.objects.none()
        still = set(owed.values_list("complaint_id", flat=True))
        for name in [name for name, complaint in self.long_closed.items() if complaint.pk in still]:
            self.by_key.setdefault(name, self.long_closed.pop(name))

    def learn(self, post: InboundPost, complaint: Complaint) -> None:
        """This very batch put `post` to `complaint`."""
        for name in _names(post):
            self.by_key[name] = complaint


def of(posts: Iterable[InboundPost], *, now: datetime) -> Threads:
    """What is known about the conversations of `posts`, in five queries an account, two more for messages."""
    by_account: defaultdict[int, list[InboundPost]] = defaultdict(list)
    for post in posts:
        by_account[post.account_id].append(post)
    threads = Threads(closed_since=now - OPEN_TO_POSTS)
    for account_id, own in by_account.items():
        named = {name for post in own for name in (post.parent_id, post.root_id)} - {""}
        if named:
            _read_posts(threads, account_id, named)
            _read_authors(threads, account_id, own)
            _read_replies(threads, account_id, named)
    threads.take_back_what_is_owed()
    return threads


def _read_posts(threads: Threads, account_id: int, named: set[str]) -> None:
    """By the id of a post, and by every id that an edit gave it."""
    posts = ComplaintPost.objects.filter(post__account_id=account_id, post__external_id__in=named)
    for link in posts.select_related("complaint__duplicate_of", "post"):
        threads.know(key(account_id, link.post.external_id), link.complaint)
    edits = PostVersion.objects.filter(account_id=account_id, external_id__in=named, post__complaint_link__isnull=False)
    for version in edits.select_related("post__complaint_link__complaint__duplicate_of"):
        threads.know(key(account_id, version.external_id), version.post.complaint_link.complaint)


def _read_authors(threads: Threads, account_id: int, posts: list[InboundPost]) -> None:
    """What these very authors wrote under these very roots; the newest complaint counts."""
    roots = {post.root_id for post in posts if post.author_id} - {""}
    authors = {post.author_id for post in posts if post.root_id and post.author_id}
    links = ComplaintPost.objects.filter(
        post__account_id=account_id, post__root_id__in=roots, post__author_id__in=authors
    )
    found = [
        (link.joined_at, _root_key(link.post), link.complaint)
        for link in links.select_related("complaint__duplicate_of", "post").order_by("id")
    ]
    found += _read_private(account_id, [post for post in posts if post.kind == "message" and _of_author(post)])
    for _at, name, complaint in sorted(found, key=lambda one: one[0]):
        threads.know(name, complaint)


def _read_private(account_id: int, messages: list[InboundPost]) -> list[tuple[datetime, str, Complaint]]:
    """What the city wrote to these very people alone: a conversation that it began itself belongs to the complaint.

    Known by the city's own message in that conversation, else by who was answered.
    """
    if not messages:
        return []
    answers = Reply.objects.filter(private=True, approved_at__isnull=False, complaint__account_id=account_id)
    answers = answers.exclude(state=Reply.State.RECALLED).select_related("complaint__duplicate_of")
    echoes = InboundPost.objects.filter(
        account_id=account_id, root_id__in={post.root_id for post in messages}, outbound__key__startswith="reply:"
    )
    roots = {_reply_of(key): root for root, key in echoes.values_list("root_id", "outbound__key")}
    authors = {post.author_id for post in messages}
    return [
        (reply.approved_at, _root_key(post), reply.complaint)
        for reply in answers.filter(Q(pk__in=roots) | Q(complaint__author_id__in=authors))
        for post in messages
        if reply.approved_at and (post.author_id == reply.complaint.author_id or roots.get(reply.pk) == post.root_id)
    ]


def _reply_of(key: str) -> int:
    """Whose outbox row it is: "reply:42:1"."""
    return int(key.split(":")[1])


def _read_replies(threads: Threads, account_id: int, named: set[str]) -> None:
    rows = OutboundPost.objects.filter(account_id=account_id, external_id__in=named, key__startswith="reply:")
    sent: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        sent[_reply_of(row.key)].append(row.external_id)
    for reply in Reply.objects.filter(pk__in=sent).select_related("complaint__duplicate_of"):
        for external_id in sent[reply.pk]:
            threads.know(key(account_id, external_id), reply.complaint)


def divide(posts: Iterable[InboundPost], threads: Threads) -> tuple[list[InboundPost], list[InboundPost]]:
    """(those that begin a complaint, those that join one); an answer to a post of the same batch joins that post."""
    fresh: list[InboundPost] = []
    follow_ups: list[InboundPost] = []
    seen: set[str] = set()
    for post in posts:
        joins = threads.complaint_of(post) is not None or not seen.isdisjoint(_answered(post))
        (follow_ups if joins else fresh).append(post)
        seen.update(_names(post))
    return fresh, follow_ups


def _names(post: InboundPost) -> list[str]:
    """Under which names a later post finds this one."""
    return [key(post.account_id, post.external_id), *_of_author(post)]


def _answered(post: InboundPost) -> list[str]:
    """The names under which an earlier post would be the one that `post` goes on from, the surest first."""
    answered = (one for one in (post.parent_id, post.root_id) if one not in ("", post.external_id))
    return [*(key(post.account_id, one) for one in answered), *_of_author(post)]


def _of_author(post: InboundPost) -> list[str]:
    return [_root_key(post)] if post.root_id and post.author_id else []
