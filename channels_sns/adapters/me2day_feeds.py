"""The lists that me2day served, walked newest first: posts by offset, comments by count, threads by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_sns.adapters.api import Api, as_text
from channels_sns.adapters.contract import TargetGone, Transient
from channels_sns.adapters.me2day_posts import Reader, is_id, name, refusal, said, wrote

PER_PAGE = 100
#: Pages overlap, because a post that is deleted meanwhile moves the others up.
STEP_BACK = 5
PAGES_MAX = 200
COMMENTS_MAX = 6_400
THREADS_MAX = 20


@dataclass(frozen=True, slots=True)
class Step:
    """What a walk brought that it had not brought before. `done`: the bound was reached, or all there is was read."""

    items: list[Any]
    done: bool
    gap: str = ""


class Feeds:
    """The lists that the account `me` can read."""

    def __init__(self, api: Api, me: str, reader: Reader) -> None:
        self.api, self.me, self.reader = api, me, reader

    def friends_posts(self, bound: datetime) -> Iterator[Step]:
        return self.posts("friend[all]", bound)

    def posts(self, scope: str, bound: datetime) -> Iterator[Step]:
        """The posts of one scope down to `bound`."""
        seen, offset = set[str](), 0
        for _page in range(PAGES_MAX):
            params = {"scope": scope, "offset": str(offset), "count": str(PER_PAGE)}
            items = self.listed(f"/api/get_posts/{self.me}.json", params)
            fresh = [item for item in items if name(item) not in seen]
            done = not fresh or self.reader.reaches(items, bound)
            yield Step(fresh, done)
            if done:
                return
            seen.update(map(name, items))
            offset += max(1, len(items) - STEP_BACK)
        raise Transient(f"no end after {PAGES_MAX} pages")

    def comments(self, bound: datetime) -> Iterator[Step]:
        """Comments on our posts down to `bound`: the newest, asked for in growing numbers, for there is no offset."""
        seen, count = set[str](), PER_PAGE
        while True:
            items = self._tracked("to_me", count)
            fresh = [item for item in items if name(item) not in seen]
            whole = self.reader.reaches(items, bound) or (len(items) < count and (bool(fresh) or not items))
            stuck = not whole and (not fresh or count >= COMMENTS_MAX)
            gap = f"only the newest {len(items)} comments can be read" if stuck else ""
            yield Step(fresh, whole or stuck, gap)
            if whole or stuck:
                return
            seen.update(map(name, items))
            count *= 2

    def _tracked(self, scope: str, count: int) -> list[Any]:
        """Pairs {post, comment}, newest first: comments to_me or by_me."""
        log = self.record(f"/api/track_comments/{self.me}.json", {"scope": scope, "count": str(count)})
        items = log.get("comment_to_mes" if scope == "to_me" else "comment_by_mes")
        return items if isinstance(items, list) else []

    def follow_ups(self) -> list[Any]:
        """Under the posts of others that we answered last: what their authors add, and whoever summons us."""
        posts = [entry["post"] for entry in self._tracked("by_me", PER_PAGE) if _has_post(entry)]
        foreign = [post for post in posts if not as_text(post.get("me2dayPage")).endswith(f"/{self.me}")]
        found: list[Any] = []
        for post_id in list(dict.fromkeys(as_text(post.get("post_id")) for post in foreign))[:THREADS_MAX]:
            if not is_id(post_id):
                continue
            try:
                author, comments = self.thread(post_id)
            except TargetGone:
                continue
            found += [one for one in comments if wrote(one) == author or self.reader.names_us(one)]
        return found

    def thread(self, post_id: str) -> tuple[str, list[Any]]:
        """The author of a post and all comments on it. Raises TargetGone."""
        author, comments = "", list[Any]()
        for page in range(1, PAGES_MAX + 1):
            params = {"post_id": post_id, "items_per_page": "1000", "page": str(page)}
            body = self.record("/api/get_comments.json", params)
            found, author = body.get("comments"), as_text(body.get("postAuthorId"))
            comments += found if isinstance(found, list) else []
            if not found or page >= _number(body.get("totalPage")):
                return author, comments
        raise Transient(f"no end after {PAGES_MAX} pages")

    def listed(self, path: str, params: Mapping[str, str]) -> list[Any]:
        body = self.api.get(path, params)
        if not isinstance(body, list):
            raise refusal(body, writing=False)
        return body

    def record(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        body = self.api.get(path, params)
        if not isinstance(body, dict) or said(body).codes:
            raise refusal(body, writing=False)
        return body


def _has_post(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("post"), dict)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
