"""The young threads on X in which citizens wrote to the city, and the queries that look into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from channels_sns.adapters.contract import IncomingPost
from channels_sns.adapters.x_posts import is_id

AGE = timedelta(days=2)
THREADS_MAX = 50
AUTHORS_MAX = 20
#: A query is 512 characters at most.
QUERY_MAX = 512
_RETWEETS = " -is:retweet"


class Threads:
    """`kept`: root id → {"at": when a citizen last wrote to us there, "who": their ids}, as the cursor stores it."""

    def __init__(self, kept: Mapping[str, Any], *, now: datetime) -> None:
        self.kept: dict[str, dict[str, Any]] = {root: dict(thread) for root, thread in kept.items()}
        self.now = now
        self._shorten()

    def note(self, posts: Sequence[IncomingPost]) -> None:
        """Remember the threads of `posts`, which were addressed to us."""
        for post in posts:
            if post.is_own or post.author is None or not is_id(post.root_id):
                continue
            at = post.posted_at.astimezone(UTC).isoformat()
            thread = self.kept.setdefault(post.root_id, {"at": at, "who": []})
            thread["at"] = max(thread["at"], at)
            others = [one for one in thread["who"] if one != post.author.external_id]
            thread["who"] = [*others, post.author.external_id][-AUTHORS_MAX:]
        self._shorten()

    def know(self, post: IncomingPost) -> bool:
        """Did its author write to us in this thread?"""
        who = self.kept.get(post.root_id, {}).get("who") or []
        return not post.is_own and post.author is not None and post.author.external_id in who

    def queries(self) -> Iterator[str]:
        """Queries that find every post of the threads, as many of them in one as it takes."""
        words: list[str] = []
        for root in self.kept:
            if words and len(_query([*words, f"conversation_id:{root}"])) > QUERY_MAX:
                yield _query(words)
                words = []
            words.append(f"conversation_id:{root}")
        if words:
            yield _query(words)

    def _shorten(self) -> None:
        oldest = (self.now - AGE).astimezone(UTC).isoformat()
        young = {root: thread for root, thread in self.kept.items() if thread["at"] >= oldest}
        self.kept = dict(sorted(young.items(), key=lambda one: str(one[1]["at"]))[-THREADS_MAX:])


def _query(words: Sequence[str]) -> str:
    return (f"({' OR '.join(words)})" if len(words) > 1 else words[0]) + _RETWEETS
