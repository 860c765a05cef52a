"""Where X shows what concerns the city: the mentions, a search beside them, and what follows in young threads.

The mentions end after 800; what they lost, a search of the last seven days finds. A search of the last hour checks them
now and then, and another looks into the threads of those who wrote to us for what they wrote on without naming us.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from channels_sns.adapters import x_posts, x_prices
from channels_sns.adapters.api import Api
from channels_sns.adapters.contract import (
    AuthExpired,
    BadItem,
    ChannelError,
    Cursor,
    IncomingPost,
    Page,
    PermissionDenied,
    QuotaExhausted,
    Rejected,
    Transient,
)
from channels_sns.adapters.metering import Lane, Meter, Price
from channels_sns.adapters.x_posts import snowflake, snowflake_back
from channels_sns.adapters.x_threads import Threads

OVERLAP = timedelta(minutes=15)
#: How far the network's clock may be ahead of ours.
AHEAD = timedelta(hours=1)
#: The network keeps only the newest 800 mentions, and searches only seven days.
MENTIONS_KEPT = 800
SEARCH_REACH = timedelta(days=7) - timedelta(minutes=10)
CROSS_EVERY, CROSS_REACH = timedelta(minutes=30), timedelta(hours=1)
FOLLOW_EVERY = timedelta(minutes=5)
PAGES_MAX = 200
SEARCH = "/2/tweets/search/recent"
Readings = tuple[tuple[IncomingPost, ...], tuple[BadItem, ...]]


class Feeds:
    """One account's reading, page by page; every post read is charged to a lane."""

    def __init__(self, api: Api, meter: Meter, *, own_id: str, handle: str, vocabulary: str) -> None:
        self.api, self.meter, self.own_id, self.handle, self.vocabulary = api, meter, own_id, handle, vocabulary

    def pages(self, path: str, params: Mapping[str, str], token_name: str = "next_token") -> Iterator[dict[str, Any]]:  # noqa: S107
        """Every page of a list, newest first."""
        asked = {**x_posts.fields(self.vocabulary), "max_results": "100", **params}
        for _page in range(PAGES_MAX):
            body = self.api.get(path, asked)
            body = body if isinstance(body, dict) else {}
            yield body
            asked[token_name] = str((body.get("meta") or {}).get("next_token") or "")
            if not asked[token_name]:
                return
        raise Transient(f"no end after {PAGES_MAX} pages")

    def read(self, body: Mapping[str, Any], lane: Lane, each: Decimal, *, known: str = "") -> Readings:
        """(posts, bad items) of a page; charged are those above the id `known`, the others were so before."""
        posts, bad = x_posts.read_page(body, own_id=self.own_id, own_handle=self.handle)
        fresh = [post for post in posts if x_posts.later(post.external_id, known) != known]
        if fresh:
            self.meter.use(lane, Price(each * len(fresh), x_prices.UNIT))
        return posts, bad

    def lookup(self, ids: Sequence[str]) -> dict[str, Any]:
        body = self.api.get("/2/tweets", {**x_posts.fields(self.vocabulary), "ids": ",".join(ids)})
        return body if isinstance(body, dict) else {}


class Walk:
    """One poll. What it knows besides its bounds stands in the cursor from poll to poll."""

    def __init__(self, feeds: Feeds, cursor: Cursor, *, now: datetime) -> None:
        self.feeds, self.now = feeds, now
        first = not cursor.get("since")
        self.since = str(cursor.get("since") or snowflake(now))
        self.start = str(cursor.get("start") or self.since)
        walk = cursor.get("walk") or {}
        self.walking, self.resumed, self.seen = True, bool(walk), 0
        self.newest, self.until = str(walk.get("newest") or self.since), str(walk.get("until") or "")
        self.crossed = now if first else _moment(cursor.get("crossed"))
        self.followed = str(cursor.get("followed") or self.since)
        self.threads = Threads(cursor.get("threads") or {}, now=now)

    def pages(self) -> Iterator[Page]:
        """Newest first down to the bound; a walk that was broken off goes on below its oldest post."""
        yield from self._mentions()
        gap = ""
        if self.until and (self.resumed or self.seen >= MENTIONS_KEPT):
            gap = yield from self._lost_mentions()
        self.walking = False
        yield Page((), self.cursor, gap=gap)
        if "search" not in self.feeds.meter.shut:
            yield from self._beside()

    @property
    def cursor(self) -> Cursor:
        walk = {"walk": {"until": self.until, "newest": self.newest}} if self.walking and self.until else {}
        return {
            "since": self.since if self.walking else self.newest,
            "start": self.start,
            "crossed": self.crossed.isoformat() if self.crossed else None,
            "followed": self.followed,
            "threads": self.threads.kept,
            **walk,
        }

    # --- the mentions -------------------------------------------------------------------------------------------------

    def _mentions(self) -> Iterator[Page]:
        bounds = {"since_id": snowflake_back(self.since, OVERLAP)} | ({"until_id": self.until} if self.until else {})
        path = f"/2/users/{self.feeds.own_id}/mentions"
        for body in self.feeds.pages(path, bounds, "pagination_token"):
            yield self._step(body, x_prices.OWN_READ)

    def _lost_mentions(self) -> Generator[Page, None, str]:
        """Below the oldest mention that is listed, by search. Returns the gap that is left, "" for none."""
        bound, reach = snowflake_back(self.since, OVERLAP), snowflake(self.now - SEARCH_REACH)
        floor = x_posts.later(bound, reach)
        if self.until != floor and x_posts.later(self.until, floor) == self.until:
            bounds = {"query": self._addressed, "since_id": floor, "until_id": self.until}
            try:
                for body in self.feeds.pages(SEARCH, bounds):
                    yield self._step(body, x_prices.POST_READ)
            except (PermissionDenied, Rejected) as error:
                return f"the network lists only {MENTIONS_KEPT} mentions and refused the search below: {error.detail}"
        beyond = f"the network lists only {MENTIONS_KEPT} mentions and searches only seven days"
        return "" if floor == bound else beyond

    def _step(self, body: Mapping[str, Any], each: Decimal) -> Page:
        posts, bad = self.feeds.read(body, "mention", each, known=self.since)
        ids = [post.external_id for post in posts if self._is_believable(post.external_id)]
        self.seen += len(posts) + len(bad)
        self.newest, self.until = x_posts.later(self.newest, *ids), x_posts.earlier(*ids) or self.until
        self.threads.note(posts)
        return Page(posts, self.cursor, bad)

    def _is_believable(self, post_id: str) -> bool:
        """May a bound be taken from it? Not from an id of the future, nor from one below what was asked for."""
        above = x_posts.later(post_id, snowflake_back(self.since, OVERLAP)) == post_id
        return above and x_posts.later(post_id, snowflake(self.now + AHEAD)) != post_id

    # --- beside them --------------------------------------------------------------------------------------------------

    @property
    def _addressed(self) -> str:
        return f"@{self.feeds.handle} -is:retweet"

    def _beside(self) -> Iterator[Page]:
        """What the mentions did not show. A search that fails is made up for by the next one; one that is forbidden
        is told to people."""
        try:
            if self.crossed is None or self.now - self.crossed >= CROSS_EVERY:
                yield from self._cross_check()
            if self._may_follow:
                yield from self._follow()
        except PermissionDenied as error:
            self.crossed, self.followed = self.now, snowflake(self.now)
            yield Page((), self.cursor, gap=f"the search beside the mentions is refused: {error.detail}")
        except (AuthExpired, QuotaExhausted):
            raise
        except ChannelError:
            return

    def _cross_check(self) -> Iterator[Page]:
        bound = snowflake(max(self.now - CROSS_REACH, x_posts.moment_of(self.start) - OVERLAP))
        known = snowflake(self.crossed) if self.crossed else ""
        for body in self.feeds.pages(SEARCH, {"query": self._addressed, "since_id": bound}):
            posts, bad = self.feeds.read(body, "search", x_prices.POST_READ, known=known)
            self.threads.note(posts)
            yield Page(posts, self.cursor, bad)
        self.crossed = self.now
        yield Page((), self.cursor)

    @property
    def _may_follow(self) -> bool:
        return bool(self.threads.kept) and self.now - x_posts.moment_of(self.followed) >= FOLLOW_EVERY

    def _follow(self) -> Iterator[Page]:
        """What those who wrote to us wrote on in the same thread; strangers there talk among themselves."""
        bound = x_posts.later(snowflake_back(self.followed, OVERLAP), snowflake(self.now - SEARCH_REACH))
        for query in self.threads.queries():
            for body in self.feeds.pages(SEARCH, {"query": query, "since_id": bound}):
                posts, bad = self.feeds.read(body, "search", x_prices.POST_READ, known=self.followed)
                ours: tuple[IncomingPost, ...] = tuple(post for post in posts if self.threads.know(post))
                yield Page(ours, self.cursor, bad)
        self.followed = snowflake(self.now)
        yield Page((), self.cursor)


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) and value else None
