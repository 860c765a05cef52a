"""One poll of a Page: its tags, its wall, the comments, the messages; each edge with a mark of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from channels_sns.adapters import facebook_posts
from channels_sns.adapters.contract import Cursor, IncomingPost, Page, PermissionDenied, TargetGone
from channels_sns.adapters.facebook_graph import Graph, Step
from channels_sns.adapters.facebook_messages import Inbox
from channels_sns.adapters.facebook_posts import Reader, named_moment

#: How far before the newest known item (at first: before the connection) a poll reads again.
OVERLAP = timedelta(minutes=15)
#: Comments are read under so many of the newest posts in any case, and under others of these days if they changed.
THREADS_ALWAYS = 25
THREAD_DAYS = 14
#: The network ranks a Page's feed and serves about so many posts of a year.
FEED_KEPT = 600


def params(edge: str, fields: str, since: datetime) -> dict[str, str]:
    """What an edge is asked for. Comments come with the replies among them, not ranked and not filtered."""
    flat = {"filter": "stream", "order": "reverse_chronological"} if edge == "comments" else {}
    return {"fields": fields, "since": str(int(since.timestamp())), **flat}


class Thread(NamedTuple):
    """A post whose comments concern the city. `touched_at`: of its last change or comment, as far as we are told."""

    post: IncomingPost
    touched_at: datetime | None

    def may_have_news(self, since: datetime) -> bool:
        if self.touched_at is None:
            return True
        return self.touched_at > self.post.posted_at and self.touched_at >= since


class Marks:
    """How far each edge was read. A mark moves up only when its walk has come to the end."""

    def __init__(self, cursor: Cursor, now: datetime) -> None:
        self._now = now
        self._kept = {edge: datetime.fromisoformat(time) for edge, time in (cursor.get("since") or {}).items()}
        self._start = self._kept.setdefault("start", now)
        self._seen: dict[str, datetime] = {}

    @property
    def floor(self) -> datetime:
        """What was written before the account was connected is no business of the desk."""
        return self._start - OVERLAP

    def bound(self, edge: str) -> datetime:
        return self._kept.get(edge, self._start) - OVERLAP

    def see(self, edge: str, times: Iterable[datetime | None]) -> None:
        """Note the times of what an edge served; times to come are not believed."""
        believable = [time for time in times if time is not None and time <= self._now]
        self._seen[edge] = max([self._seen.get(edge, self._kept.get(edge, self._start)), *believable])

    def settle(self, edge: str) -> None:
        self._kept[edge] = self._seen.get(edge, self._kept.get(edge, self._start))

    @property
    def cursor(self) -> Cursor:
        return {"since": {edge: time.isoformat() for edge, time in self._kept.items()}}


class Walk:
    """One poll. `inbox`: None where the token has no right to the messages."""

    def __init__(
        self, graph: Graph, reader: Reader, cursor: Cursor, *, now: datetime, days: float, inbox: Inbox | None = None
    ) -> None:
        self.graph, self.reader, self.inbox = graph, reader, inbox
        self.marks = Marks(cursor, now)
        self.oldest_thread = now - timedelta(days=days)
        self.threads: list[Thread] = []

    def pages(self) -> Iterator[Page]:
        """The comments at last: under many posts they may take longer than one poll has, and nothing waits for them."""
        yield from self._tags()
        yield from self._wall()
        if self.inbox is not None:
            yield from self._messages(self.inbox)
        yield from self._comments()

    def _edge(self, node: str, edge: str, fields: str, since: datetime) -> Iterator[Step]:
        return self.graph.pages(node, edge, params(edge, fields, since))

    def _tags(self) -> Iterator[Page]:
        """A post may be tagged long after it was written."""
        for step in self._edge(self.reader.page_id, "tagged", facebook_posts.TAGGED, self.marks.bound("tagged")):
            posts, bad = self.reader.posts(step.items)
            tagged = [named_moment(item, "tagged_time") for item in step.items]
            self.marks.see("tagged", [*tagged, *(post.posted_at for post in posts)])
            if step.done:
                self.marks.settle("tagged")
            yield Page(tuple(post for post in posts if not post.is_own), self.marks.cursor, bad, step.gap)

    def _wall(self) -> Iterator[Page]:
        """New posts, and those of the last days again: for their edits, and for the comments under them."""
        bound, seen = self.marks.bound("feed"), 0
        for step in self._edge(self.reader.page_id, "feed", facebook_posts.POST, min(bound, self.oldest_thread)):
            posts, bad = self.reader.posts(step.items)
            self._remember(step.items, posts)
            self.marks.see("feed", [post.posted_at for post in posts])
            seen += sum(post.posted_at >= bound for post in posts)
            full = f"{seen} posts at once: the network serves only some of so many" if seen >= FEED_KEPT else ""
            if step.done:
                self.marks.settle("feed")
            strangers = tuple(post for post in posts if not post.is_own and post.posted_at >= self.marks.floor)
            yield Page(strangers, self.marks.cursor, bad, step.gap or (full if step.done else ""))

    def _remember(self, items: Iterable[Any], posts: Iterable[IncomingPost]) -> None:
        touched = {item["id"]: named_moment(item, "updated_time") for item in items if _has_id(item)}
        self.threads += [Thread(post, touched.get(post.external_id)) for post in posts]

    def _comments(self) -> Iterator[Page]:
        since = self.marks.bound("comments")
        threads = sorted(self.threads, key=lambda thread: thread.post.posted_at, reverse=True)
        older = [thread for thread in threads[THREADS_ALWAYS:] if thread.may_have_news(since)]
        for post, _touched_at in [*threads[:THREADS_ALWAYS], *older]:
            for step in self._under(post, since):
                comments, bad = self.reader.comments(step.items, root_id=post.external_id)
                self.marks.see("comments", [comment.posted_at for comment in comments])
                ours = tuple(comment for comment in comments if _concerns_us(comment, post))
                yield Page(ours, self.marks.cursor, bad, step.gap)
        self.marks.settle("comments")
        yield Page((), self.marks.cursor)

    def _messages(self, inbox: Inbox) -> Iterator[Page]:
        """A right that was taken away since stops the messages only, and people are told."""
        try:
            for posts, bad in inbox.since(self.marks.bound("messages")):
                self.marks.see("messages", [post.posted_at for post in posts])
                yield Page(posts, self.marks.cursor, bad)
        except PermissionDenied as error:
            yield Page((), self.marks.cursor, gap=f"the messages are refused: {error.detail}")
            return
        self.marks.settle("messages")
        yield Page((), self.marks.cursor)

    def _under(self, post: IncomingPost, since: datetime) -> Iterator[Step]:
        """The comments under one post, as far as there are any and it is still shown to us."""
        try:
            for step in self._edge(post.external_id, "comments", facebook_posts.COMMENT, since):
                if step.items or step.gap:
                    yield step
        except TargetGone:
            return
        except PermissionDenied:
            if post.kind != "mention":
                raise


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str)


def _concerns_us(comment: IncomingPost, post: IncomingPost) -> bool:
    """Under a post that merely names the Page, strangers talk among themselves."""
    return post.kind != "mention" or comment.is_own or comment.author == post.author
