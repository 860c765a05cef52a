"""What became of our own posts, as the network itself counts: seen, answered, liked, passed on.

X: public_metrics of GET /2/tweets (docs.x.com, Post object). Mastodon: replies_count, favourites_count, reblogs_count
(docs.joinmastodon.org, Status). Bluesky: replyCount, likeCount, repostCount (app.bsky.feed.defs#postView). Facebook:
the summary of a post's comments (Graph API, comments edge); how many saw it, a page learns only from Insights. me2day:
commentsCount, metooCount. What a network does not tell is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, cast

from channels_sns.adapters import x_prices
from channels_sns.adapters.api import as_text
from channels_sns.adapters.bluesky import BlueskyAdapter
from channels_sns.adapters.contract import Adapter, TargetGone
from channels_sns.adapters.facebook import FacebookAdapter
from channels_sns.adapters.mastodon import MastodonAdapter
from channels_sns.adapters.me2day import Me2dayAdapter
from channels_sns.adapters.metering import Price
from channels_sns.adapters.x import XAdapter

#: REACH, COMMENTS, LIKES, SHARES → how many.
Counts: TypeAlias = dict[str, int]
REACH, COMMENTS, LIKES, SHARES = "reach", "comments", "likes", "shares"
#: X takes so many ids in a request.
AT_ONCE = 100
#: Networks that tell nobody how many saw a post: their API has no such field.
UNSEEN = frozenset({"mastodon", "bluesky", "me2day"})
#: They tell it for a right of its own, which the desk does not ask for (Facebook: read_insights).
NEEDS_RIGHT = frozenset({"facebook"})


def counts(adapter: Adapter, ids: Sequence[str]) -> dict[str, Counts]:
    """For each of our posts what the network tells; {} for nothing. Raises ChannelErrors."""
    ask = ASKS.get(adapter.capabilities.kind)
    found = ask(adapter, ids) if ask and ids else {}
    return {one: found.get(one, {}) for one in ids}


def _picked(body: Any, names: Mapping[str, str]) -> Counts:
    """The network's names → ours; what is no number is left out."""
    values = body if isinstance(body, dict) else {}
    found = {ours: values.get(theirs) for theirs, ours in names.items()}
    return {ours: count for ours, count in found.items() if isinstance(count, int) and not isinstance(count, bool)}


def _x(adapter: Adapter, ids: Sequence[str]) -> dict[str, Counts]:
    x, names = cast("XAdapter", adapter), {"impression_count": REACH, "reply_count": COMMENTS, "like_count": LIKES}
    found: dict[str, Counts] = {}
    for start in range(0, len(ids), AT_ONCE):
        asked = {"ids": ",".join(ids[start : start + AT_ONCE]), "tweet.fields": "public_metrics"}
        body = x.api.get("/2/tweets", asked)
        rows = [row for row in (body.get("data") or []) if isinstance(row, dict)] if isinstance(body, dict) else []
        x.meter.use("search", Price(x_prices.POST_READ * Decimal(len(rows)), x_prices.UNIT))
        for row in rows:
            found[as_text(row.get("id"))] = _picked(row.get("public_metrics"), {**names, "retweet_count": SHARES})
    return found


def _mastodon(adapter: Adapter, ids: Sequence[str]) -> dict[str, Counts]:
    api = cast("MastodonAdapter", adapter).api
    names = {"replies_count": COMMENTS, "favourites_count": LIKES, "reblogs_count": SHARES}
    return _one_by_one(ids, lambda one: _picked(api.get(f"/api/v1/statuses/{one}"), names))


def _bluesky(adapter: Adapter, ids: Sequence[str]) -> dict[str, Counts]:
    names = {"replyCount": COMMENTS, "likeCount": LIKES, "repostCount": SHARES}
    views = cast("BlueskyAdapter", adapter).feeds.views(ids)
    return {uri: _picked(view, names) for uri, view in views.items()}


def _facebook(adapter: Adapter, ids: Sequence[str]) -> dict[str, Counts]:
    graph = cast("FacebookAdapter", adapter).graph
    return _one_by_one(ids, lambda one: _picked({"n": graph.total(one, "comments")}, {"n": COMMENTS}))


def _me2day(adapter: Adapter, ids: Sequence[str]) -> dict[str, Counts]:
    api, names = cast("Me2dayAdapter", adapter).api, {"commentsCount": COMMENTS, "metooCount": LIKES}

    def asked(one: str) -> Counts:
        body = api.get("/api/get_posts.json", {"post_id": one})
        return _picked(body[0] if isinstance(body, list) and body else None, names)

    return _one_by_one(ids, asked)


def _one_by_one(ids: Sequence[str], ask: Callable[[str], Counts]) -> dict[str, Counts]:
    """Of what is gone nothing is told."""
    found: dict[str, Counts] = {}
    for one in ids:
        try:
            found[one] = ask(one)
        except TargetGone:
            found[one] = {}
    return found


ASKS: Mapping[str, Callable[[Adapter, Sequence[str]], dict[str, Counts]]] = {
    "x": _x,
    "mastodon": _mastodon,
    "bluesky": _bluesky,
    "facebook": _facebook,
    "me2day": _me2day,
}
