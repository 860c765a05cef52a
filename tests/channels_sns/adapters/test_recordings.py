"""What the networks really sent, recorded by others: every post in it is read, none goes bad."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels_sns.adapters import me2day_posts, x_posts
from channels_sns.adapters.contract import BadItem, IncomingPost
from channels_sns.adapters.facebook_posts import Reader
from tests.shared_material import shared

RECORDED_BY_X = (
    "create_and_delete_tweet",
    "get_home_timeline",
    "get_quote_tweets",
    "get_tweet",
    "get_tweets",
    "get_users_mentions",
    "get_users_tweets",
    "search_recent_tweets",
)


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def sound(posts: tuple[IncomingPost, ...], bad: tuple[BadItem, ...]) -> tuple[IncomingPost, ...]:
    """`posts`, if each has what the inbox needs."""
    assert bad == ()
    for post in posts:
        assert post.external_id
        assert post.posted_at.utcoffset() is not None
        assert datetime(2006, 1, 1, tzinfo=UTC) < post.posted_at < datetime(2027, 1, 1, tzinfo=UTC)
        assert json.loads(post.raw)
    return posts


@pytest.mark.parametrize("name", RECORDED_BY_X)
def test_x(name: str) -> None:
    exchanges = load(shared("fixtures", "x", "tweepy-decoded", f"test_client_{name}.json"))
    for body in (exchange["body"] for exchange in exchanges if exchange["request"]["method"] != "DELETE"):
        posts = sound(*x_posts.read_page(body, own_id="783214", own_handle="Twitter"))
        assert len(posts) == (len(body["data"]) if isinstance(body["data"], list) else 1) > 0
        assert all(post.text for post in posts)


def facebook_lists(folder: str, kind: str) -> Iterator[list[Any]]:
    for path in sorted(shared("fixtures", "facebook", "python-facebook", "facebook", "apidata", folder).glob("*.json")):
        body = load(path)
        if kind in path.name and isinstance(body.get("data"), list):
            yield body["data"]


def test_facebooks_feeds() -> None:
    lists = list(facebook_lists("posts", "feed"))
    posts = [post for items in lists for post in sound(*Reader("19292868552").posts(items))]
    assert len(posts) == sum(len(items) for items in lists) == 20
    assert any(post.media for post in posts)


def test_facebooks_comments() -> None:
    items = load(
        shared("fixtures", "facebook", "python-facebook", "facebook", "apidata", "comments", "comments_info.json")
    )
    posts = sound(*Reader("19292868552").comments(items.values(), root_id="19292868552_10158371815748553"))
    assert [post.external_id for post in posts] == list(items)
    model = load(shared("fixtures", "facebook", "python-facebook", "facebook", "models", "comment.json"))
    (post,) = sound(*Reader("1").comments([model]))
    assert [media.kind for media in post.media] == ["photo"]


@pytest.mark.parametrize(
    ("name", "count"), [("post", 1), ("posts", 10), ("search", 20), ("created_post", 1), ("comment_list", 1)]
)
def test_me2days_posts_and_comments(name: str, count: int) -> None:
    body = load(shared("fixtures", "me2day", "bdares", f"{name}.json"))
    items = body if isinstance(body, list) else body.get("comments", [body])
    posts = sound(*me2day_posts.Reader("me2api").page(items))
    assert len(posts) == count
    assert not any("<" in post.text or "&#" in post.text for post in posts)


def test_me2days_log_of_comments() -> None:
    """Bodies without textBody, with links to the people who are spoken to."""
    log = load(shared("fixtures", "me2day", "bdares", "comment_log.json"))
    items = log["comment_by_mes"] + log["comment_to_mes"]
    posts = sound(*me2day_posts.Reader(log["me"]).page(items))
    assert len(posts) == len(items) == 30
    assert {post.is_own for post in posts} == {True, False}
    for post, item in zip(posts, items, strict=True):
        assert post.root_id == item["post"]["post_id"] == me2day_posts.post_of(post.external_id)
    assert posts[0].text == '꿈쏭 "출시했다"고 하는데 구글플레이에 안나오네. ㅠㅠ'


def test_me2days_post_made_by_another_client() -> None:
    body = load(shared("fixtures", "me2day", "sjoonk", "create_post.json"))
    (post,) = sound(*me2day_posts.Reader("sjoonk").page([body]))
    assert (post.external_id, post.is_own) == ("pvy3lt", True)
    assert post.posted_at == datetime(2011, 1, 21, 6, 56, 24, tzinfo=UTC)
