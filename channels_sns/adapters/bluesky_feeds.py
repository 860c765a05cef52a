"""Where Bluesky shows what concerns the city: notifications, a search, young threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any

from channels_sns.adapters import bluesky_posts
from channels_sns.adapters.api import Api, as_text
from channels_sns.adapters.contract import BadItem, Cursor, IncomingPost, Page, PostKind, TargetGone, Transient

OVERLAP = timedelta(minutes=15)
PAGES_MAX = 100
#: Threads younger than this are walked for replies that raised no notification, this often.
THREAD_AGE = timedelta(days=2)
BESIDE_EVERY = timedelta(minutes=5)
THREADS_MAX = 50
REASONS: dict[str, PostKind] = {"mention": "mention", "reply": "reply", "quote": "quote"}
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Feeds:
    """One account's feeds. `own_id`: its DID."""

    def __init__(self, api: Api, *, own_id: str, handle: str) -> None:
        self.api, self.own_id, self.handle = api, own_id, handle

    def walk(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Newest first down to the bound. The stored cursor stays as it was until the walk has reached its end."""
        since = moment(cursor.get("since")) or now
        newest, older = since, ""
        for _page in range(PAGES_MAX):
            notes, poison, older = self._notifications(older)
            posts, bad = self._hydrated(notes)
            times = [min(moment(note["indexedAt"]) or now, now) for note in notes]
            newest = max([newest, *times])
            if not older or (times and median_low(times) < since - OVERLAP):
                beside, more_bad = self._beside(cursor, since, now)
                found = (*posts, *beside)
                yield Page(found, self._cursor(cursor, newest, found, now), (*poison, *bad, *more_bad))
                return
            yield Page(tuple(posts), cursor, (*poison, *bad))
        raise Transient(f"no end after {PAGES_MAX} pages")

    def _notifications(self, older: str) -> tuple[list[dict[str, Any]], list[BadItem], str]:
        """Those that concern us, those that are none, and where older ones go on."""
        params = {"limit": "50", "reasons": list(REASONS)} | ({"cursor": older} if older else {})
        body = as_dict(self.api.get("app.bsky.notification.listNotifications", params))
        notes, bad = bluesky_posts.notes(body.get("notifications") or [])
        return [note for note in notes if note["reason"] in REASONS], bad, as_text(body.get("cursor"))

    def _hydrated(self, notes: Sequence[Mapping[str, Any]]) -> tuple[list[IncomingPost], list[BadItem]]:
        """The posts as they are shown, with their pictures; a notification whose post is gone speaks for itself."""
        views = self.views([as_text(note.get("uri")) for note in notes])
        items = ((views.get(as_text(n.get("uri")), n), REASONS[str(n["reason"])]) for n in notes)
        return bluesky_posts.read(items, own_id=self.own_id)

    def views(self, uris: Sequence[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(uris), 25):
            body = as_dict(self.api.get("app.bsky.feed.getPosts", {"uris": list(uris[start : start + 25])}))
            found.update({as_text(view.get("uri")): view for view in body.get("posts") or [] if isinstance(view, dict)})
        return found

    def _beside(self, cursor: Cursor, since: datetime, now: datetime) -> tuple[list[IncomingPost], list[BadItem]]:
        """What raised no notification. Every few minutes; a search that fails is made up for by the next one."""
        if now - (moment(cursor.get("walked")) or LONG_AGO) < BESIDE_EVERY:
            return [], []
        items: list[tuple[Any, PostKind]] = [(view, "mention") for view in self._searched(since - OVERLAP)]
        for uri in cursor.get("threads") or {}:
            items += [(view, "reply") for view in self._thread(uri)]
        posts, bad = bluesky_posts.read(items, own_id=self.own_id)
        return [post for post in posts if not post.is_own], bad

    def _searched(self, since: datetime) -> list[Any]:
        """Every post with our handle in it, page by page."""
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        params = {"q": f"@{self.handle}", "sort": "latest", "since": start, "limit": "100"}
        found: list[Any] = []
        for _page in range(PAGES_MAX):
            body = as_dict(self.api.get("app.bsky.feed.searchPosts", params))
            found += body.get("posts") or []
            params["cursor"] = as_text(body.get("cursor"))
            if not params["cursor"]:
                break
        return found

    def _thread(self, uri: str) -> list[dict[str, Any]]:
        try:
            body = self.api.get("app.bsky.feed.getPostThread", {"uri": uri, "depth": "6", "parentHeight": "0"})
        except TargetGone:
            return []
        return list(bluesky_posts.replies_below(as_dict(body).get("thread")))

    def _cursor(self, cursor: Cursor, newest: datetime, posts: Sequence[IncomingPost], now: datetime) -> dict[str, Any]:
        walked = moment(cursor.get("walked"))
        due = walked is None or now - walked >= BESIDE_EVERY
        threads = {**(cursor.get("threads") or {}), **{post.root_id: post.posted_at.isoformat() for post in posts}}
        young = {uri: at for uri, at in threads.items() if now - datetime.fromisoformat(at) < THREAD_AGE}
        kept = dict(sorted(young.items(), key=lambda one: one[1])[-THREADS_MAX:])
        return {
            "since": newest.isoformat(),
            "walked": now.isoformat() if due else cursor.get("walked"),
            "threads": kept,
        }


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None
