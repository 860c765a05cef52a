"""An id that is none is a dead letter before anything is asked for with it, on every network; so is one from the future
no bound of the next poll. Facebook's and Mastodon's have tests of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_sns.adapters import bluesky_posts, me2day_posts, x_posts, x_prices, youtube_posts
from channels_sns.adapters.contract import BadItem, OutgoingPost, ReplyTarget
from channels_sns.adapters.kakao import KakaoAdapter
from channels_sns.adapters.metering import Meter
from channels_sns.adapters.x_feeds import Feeds, Walk
from tests.channels_sns.adapters.graph_stub import GraphStub
from tests.channels_sns.adapters.test_mastodon import stub

__all__ = ["stub"]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TIME = NOW.isoformat()
HOSTILE = ("../me", "1/2", "1,2", "", "한글", "１２", "a b", "1?x=y", "9" * 200)
URI = "at://did:plc:abc/app.bsky.feed.post/3k"

pytestmark = pytest.mark.parametrize("hostile", HOSTILE)


@pytest.mark.parametrize("where", ["id", "author_id", "conversation_id", "in_reply_to_tweet_id"])
def test_x(hostile: str, where: str) -> None:
    item = {"id": "5", "author_id": "7", "conversation_id": "5", "text": "가로등", "created_at": TIME, where: hostile}
    posts, bad = x_posts.read_page({"data": [item]}, own_id="1", own_handle="city")
    told = hostile or where == "id"
    assert (len(posts), len(bad)) == ((0, 1) if told else (1, 0))


@pytest.mark.parametrize("where", ["id", "parentId"])
def test_youtube(hostile: str, where: str) -> None:
    snippet = {"publishedAt": TIME, "textOriginal": "가로등"} | ({where: hostile} if where != "id" else {})
    items = [{"id": hostile if where == "id" else "Ug5", "snippet": snippet}]
    posts, bad = youtube_posts.read_comments(items, video_id="v", own_id="UC1")
    told = hostile or where == "id"
    assert (len(posts), len(bad)) == ((0, 1) if told else (1, 0))


@pytest.mark.parametrize("where", ["uri", "root", "parent"])
def test_bluesky(hostile: str, where: str) -> None:
    ends = {"root": {"uri": URI}, "parent": {"uri": URI}} | ({where: {"uri": hostile}} if where != "uri" else {})
    view: dict[str, Any] = {"author": {"did": "did:plc:x"}, "record": {"createdAt": TIME, "reply": ends}}
    view |= {"uri": hostile if where == "uri" else URI, "indexedAt": TIME, "reason": "mention"}
    posts, bad = bluesky_posts.read([(view, "mention")], own_id="did:plc:me")
    told = hostile or where != "root"
    assert (len(posts), len(bad)) == ((0, 1) if told else (1, 0))
    assert [type(one) for one in bluesky_posts.notes([view])[1]] == ([BadItem] if where == "uri" else [])


@pytest.mark.parametrize("where", ["commentId", "postId", "post_id"])
def test_me2day(hostile: str, where: str) -> None:
    item = {"author": {"id": "gildong"}, "body": "가로등", "pubDate": TIME}
    item |= {"post_id": "p1"} if where == "post_id" else {"commentId": "c1-1", "postId": "p1"}
    posts, bad = me2day_posts.Reader("city").page([item | {where: hostile}])
    told = hostile or where != "postId"
    assert (len(posts), len(bad)) == ((0, 1) if told else (1, 0))


def test_kakao(stub: GraphStub, hostile: str) -> None:
    secrets = {"rest_api_key": "k", "bot_id": f"b{hostile}", "skill_secret": "s"}
    adapter = KakaoAdapter(base_url=stub.url, secrets=secrets)
    post = OutgoingPost(key="k", text="고쳤습니다", target=ReplyTarget("1", author_id="7"), pending_id=f"t{hostile}")
    assert adapter.prepare(post).url.count("/") == 4
    adapter.find_own(post, since=NOW)
    assert [call.path.count("/") for call in stub.asked] == [3]


def test_no_bound_is_taken_from_an_id_of_the_future_or_of_long_ago(hostile: str) -> None:
    feeds = Feeds(None, Meter(), own_id="1", handle="city", vocabulary="tweet")  # type: ignore[arg-type]  # not asked
    walk = Walk(feeds, {"since": x_posts.snowflake(NOW)}, now=NOW)
    ids = [str((1 << 63) - 1), x_posts.snowflake(NOW + timedelta(days=1)), "5", hostile]
    good = [x_posts.snowflake(NOW - timedelta(minutes=2)), x_posts.snowflake(NOW + timedelta(minutes=2))]
    items = [{"id": one, "text": "가로등", "created_at": TIME} for one in (*ids, *good)]
    page = walk._step({"data": items}, x_prices.OWN_READ)
    assert len(page.posts) == 5
    assert (walk.until, walk.newest) == (good[0], good[1])
