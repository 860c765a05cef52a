"""X's dialect over real HTTP with requests-oauthlib, not through our adapter."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from PIL import Image
from requests_oauthlib import OAuth1Session

from tests.sandbox import World

FIELDS = (
    "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,attachments,entities,edit_controls,"
    "public_metrics,lang"
)
ASKED = {
    "tweet.fields": FIELDS,
    "expansions": "author_id,attachments.media_keys,referenced_tweets.id",
    "user.fields": "username,name,public_metrics,profile_image_url,protected",
    "media.fields": "url,preview_image_url,type,alt_text",
}
CITY = "1402005001"


class Client:
    """The city's signed session."""

    def __init__(self, world: World) -> None:
        secrets = world.credentials("x")
        self.base = world.base_url("x")
        self.session = OAuth1Session(
            secrets["consumer_key"], secrets["consumer_secret"], secrets["access_token"], secrets["access_token_secret"]
        )

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.session.get(
            f"{self.base}/2/{path}",
            params={name.replace("__", "."): value for name, value in params.items()},
            timeout=20,
        )

    def mentions(self, **params: Any) -> dict[str, Any]:
        answer = self.get(f"users/{CITY}/mentions", **{"max_results": 100, **params})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def tweet(self, text: str, reply_to: str = "", **more: Any) -> requests.Response:
        body: dict[str, Any] = {"text": text, **more}
        if reply_to:
            body["reply"] = {"in_reply_to_tweet_id": reply_to}
        return self.session.post(f"{self.base}/2/tweets", json=body, timeout=20)


@pytest.fixture
def x(world: World) -> Iterator[Client]:
    client = Client(world)
    yield client
    client.session.close()


def make_jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(buffer, "JPEG")
    return buffer.getvalue()


def test_me_needs_a_right_signature(world: World, x: Client) -> None:
    answer = x.get("users/me", user__fields="public_metrics")
    assert answer.json()["data"]["id"] == CITY
    assert answer.headers["x-rate-limit-limit"] == "75"
    secrets = world.credentials("x")
    with OAuth1Session(
        secrets["consumer_key"], "wrong", secrets["access_token"], secrets["access_token_secret"]
    ) as wrong:
        refused = wrong.get(f"{x.base}/2/users/me", timeout=20)
    assert refused.status_code == 401
    assert refused.json() == {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    assert requests.get(f"{x.base}/2/users/me", timeout=20).status_code == 401


def test_bearer_tokens_and_rotation_of_the_refresh_token(world: World) -> None:
    secrets, base = world.oauth2_credentials(), world.base_url("x")

    def me(token: str) -> requests.Response:
        return requests.get(f"{base}/2/users/me", headers={"Authorization": f"Bearer {token}"}, timeout=20)

    def refresh(token: str) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return requests.post(
            f"{base}/2/oauth2/token", data=form, auth=(secrets["client_id"], secrets["client_secret"]), timeout=20
        )

    assert me(secrets["access_token"]).status_code == 200
    world.settings("x", oauth2_expired=True)
    assert me(secrets["access_token"]).status_code == 401
    fresh = refresh(secrets["refresh_token"]).json()
    assert me(fresh["access_token"]).status_code == 200
    late = refresh(secrets["refresh_token"])
    assert (late.status_code, late.json()["error"]) == (400, "invalid_request")
    assert me(f"x-app-only-{world.name}").json()["title"] == "Unsupported Authentication"


def test_a_mention_with_everything_expanded(world: World, x: Client) -> None:
    assert x.mentions() == {"meta": {"result_count": 0}}
    post_id = world.citizen_post(
        "x", "가로등이 꺼졌어요 #해운대", handle="kim_busan", name="김부산", image=make_jpeg(), alt="꺼진 가로등"
    )
    page = x.mentions(**ASKED)
    (post,) = page["data"]
    assert post["id"] == post_id == post["conversation_id"]
    assert post["text"] == "@toktok_busan 가로등이 꺼졌어요 #해운대"
    assert post["edit_history_tweet_ids"] == [post_id]
    assert [entity["username"] for entity in post["entities"]["mentions"]] == ["toktok_busan"]
    moment = datetime.fromisoformat(post["created_at"])
    assert moment == datetime.fromtimestamp(((int(post_id) >> 22) + 1288834974657) / 1000, UTC)
    (author,) = page["includes"]["users"]
    assert (author["id"], author["username"], author["name"]) == (post["author_id"], "kim_busan", "김부산")
    (photo,) = page["includes"]["media"]
    assert post["attachments"]["media_keys"] == [photo["media_key"]]
    assert photo["alt_text"] == "꺼진 가로등"
    assert requests.get(photo["url"], timeout=20).content == make_jpeg()


def test_without_fields_only_id_text_and_history(world: World, x: Client) -> None:
    world.citizen_post("x", "가로등")
    (post,) = x.mentions()["data"]
    assert set(post) == {"id", "text", "edit_history_tweet_ids"}


def test_the_words_of_the_newer_specification(world: World, x: Client) -> None:
    first = world.citizen_post("x", "가로등")
    world.citizen_post("x", "@toktok_busan 아직도요", in_reply_to=first)
    page = x.mentions(post__fields="created_at,conversation_id", expansions="author_id,referenced_posts")
    post = page["data"][0]
    assert post["referenced_posts"] == [{"type": "replied_to", "id": first}]
    assert post["edit_history_post_ids"] == [post["id"]]
    assert "edit_history_tweet_ids" not in post
    assert page["includes"]["posts"][0]["id"] == first


def test_paging_back_to_since_id_and_forth(world: World, x: Client) -> None:
    ids = world.burst("x", 250)
    seen: list[str] = []
    token: dict[str, str] = {}
    pages = []
    while True:
        page = x.mentions(since_id=ids[19], **token)
        pages.append(page)
        seen += [post["id"] for post in page["data"]]
        if "next_token" not in page["meta"]:
            break
        token = {"pagination_token": page["meta"]["next_token"]}
    assert seen == ids[:19:-1]
    assert pages[0]["meta"] | {"next_token": ""} == {
        "result_count": 100,
        "newest_id": ids[-1],
        "oldest_id": ids[150],
        "next_token": "",
    }
    back = x.mentions(since_id=ids[19], pagination_token=pages[1]["meta"]["previous_token"])
    assert [post["id"] for post in back["data"]] == [post["id"] for post in pages[0]["data"]]


def test_bounds_are_numbers_and_times(world: World, x: Client) -> None:
    early, late = world.citizen_post("x", "하나", posted_at="2026-11-01T00:00:00+00:00"), world.citizen_post("x", "둘")
    assert [post["id"] for post in x.mentions(since_id="9")["data"]] == [late, early]
    assert [post["id"] for post in x.mentions(end_time="2026-11-01T00:00:01Z")["data"]] == [early]
    assert [post["id"] for post in x.mentions(start_time="2026-11-01T00:00:00.500Z")["data"]] == [late]
    assert [post["id"] for post in x.mentions(until_id=late)["data"]] == [early]


def test_only_the_last_800_mentions_can_be_reached(world: World, x: Client) -> None:
    ids = world.burst("x", 900)
    answer = x.mentions(until_id=ids[105])
    assert answer["data"][-1]["id"] == ids[100]


@pytest.mark.parametrize(
    "params",
    [
        {"max_results": 4},
        {"max_results": 101},
        {"max_results": "ten"},
        {"pagination_token": "bogus"},
        {"since_id": "abc"},
        {"start_time": "yesterday"},
        {"tweet.fields": "colour"},
        {"expansions": "everything"},
        {"unknown": "1"},
    ],
)
def test_wrong_parameters_are_named(x: Client, params: dict[str, Any]) -> None:
    answer = x.get(f"users/{CITY}/mentions", **params)
    assert answer.status_code == 400
    assert list(answer.json()["errors"][0]["parameters"]) == list(params)


def test_reply_stands_in_the_conversation(world: World, x: Client) -> None:
    source = world.citizen_post("x", "가로등이 꺼졌어요", handle="kim_busan")
    answer = x.tweet("확인하겠습니다", source)
    assert answer.status_code == 201, answer.text
    reply_id = answer.json()["data"]["id"]
    assert answer.json()["data"]["text"] == "확인하겠습니다"
    (own,) = x.get(f"users/{CITY}/tweets", **ASKED).json()["data"]
    assert own["referenced_tweets"] == [{"type": "replied_to", "id": source}]
    assert own["conversation_id"] == source
    assert own["text"] == "@kim_busan 확인하겠습니다"
    found = x.get("tweets/search/recent", query=f"conversation_id:{source}").json()
    assert [post["id"] for post in found["data"]] == [reply_id, source]
    assert x.mentions()["meta"]["result_count"] == 1


def test_an_inherited_mention_reaches_us_but_does_not_summon(world: World, x: Client) -> None:
    source = world.citizen_post("x", "가로등")
    ours = x.tweet("확인하겠습니다", source).json()["data"]["id"]
    silent = world.citizen_post("x", "고맙습니다", in_reply_to=ours)
    called = world.citizen_post("x", "@toktok_busan 아직도 꺼져 있어요", in_reply_to=ours)
    assert [post["id"] for post in x.mentions()["data"]] == [called, silent, source]
    refused = x.tweet("천만에요", silent)
    assert refused.status_code == 403
    assert "not been mentioned or otherwise engaged" in refused.json()["detail"]
    assert x.tweet("다시 확인하겠습니다", called).status_code == 201
    world.settings("x", summon_rule=False)
    assert x.tweet("천만에요", silent).status_code == 201


def test_repeated_text_and_vanished_target_are_refused(world: World, x: Client) -> None:
    source = world.citizen_post("x", "가로등")
    assert x.tweet("같은 글", source).status_code == 201
    again = x.tweet("같은 글", source)
    assert (again.status_code, "duplicate" in again.json()["detail"]) == (403, True)
    world.delete("x", source)
    gone = x.tweet("다른 글", source)
    assert (gone.status_code, "deleted or not visible" in gone.json()["detail"]) == (403, True)


@pytest.mark.parametrize(("text", "status"), [("가" * 140, 201), ("가" * 141, 403), ("a" * 280, 201), ("a" * 281, 403)])
def test_length_is_weighted(x: Client, text: str, status: int) -> None:
    assert x.tweet(text).status_code == status


def test_links_weigh_23_however_long(x: Client) -> None:
    assert x.tweet("가" * 128 + " https://www.busan.go.kr/" + "a" * 300).status_code == 201


@pytest.mark.parametrize(
    "more", [{"colour": "red"}, {"reply": {"to": "1"}}, {"media": {"media_ids": ["1"]}}, {"text": 5}, {"text": ""}]
)
def test_bodies_outside_the_schema_are_refused(x: Client, more: dict[str, Any]) -> None:
    answer = (
        x.tweet("글", **more) if "text" not in more else x.session.post(f"{x.base}/2/tweets", json=more, timeout=20)
    )
    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Request"


@pytest.mark.parametrize("multipart", [True, False])
def test_photo_with_description(world: World, x: Client, multipart: bool) -> None:
    if multipart:
        parts: dict[str, Any] = {
            "files": {"media": ("a.jpg", make_jpeg(), "image/jpeg")},
            "data": {"media_category": "tweet_image"},
        }
    else:
        parts = {"json": {"media": base64.b64encode(make_jpeg()).decode(), "media_category": "tweet_image"}}
    uploaded = x.session.post(f"{x.base}/2/media/upload", timeout=20, **parts).json()["data"]
    described = {"id": uploaded["id"], "metadata": {"alt_text": {"text": "고친 가로등"}}}
    assert x.session.post(f"{x.base}/2/media/metadata", json=described, timeout=20).status_code == 200
    assert x.tweet("", media={"media_ids": [uploaded["id"]]}).status_code == 201
    page = x.get(f"users/{CITY}/tweets", **ASKED).json()
    assert page["includes"]["media"][0]["alt_text"] == "고친 가로등"
    assert x.tweet("또", media={"media_ids": [uploaded["id"]]}).status_code == 400


def test_lookup_tells_what_is_missing(world: World, x: Client) -> None:
    here, gone = world.citizen_post("x", "하나"), world.citizen_post("x", "둘")
    world.delete("x", gone)
    answer = x.get("tweets", ids=f"{here},{gone}").json()
    assert [post["id"] for post in answer["data"]] == [here]
    assert answer["errors"][0]["resource_id"] == gone
    assert x.get(f"tweets/{gone}").json()["errors"][0]["title"] == "Not Found Error"


def test_only_own_posts_can_be_deleted(world: World, x: Client) -> None:
    source = world.citizen_post("x", "가로등")
    ours = x.tweet("확인", source).json()["data"]["id"]
    assert x.session.delete(f"{x.base}/2/tweets/{ours}", timeout=20).json() == {"data": {"deleted": True}}
    assert x.session.delete(f"{x.base}/2/tweets/{source}", timeout=20).status_code == 403
    assert world.replies("x", source) == []


def test_an_edit_is_a_new_post_in_the_same_chain(world: World, x: Client) -> None:
    first = world.citizen_post("x", "가로둥")
    second = world.edit("x", first, "@toktok_busan 가로등")
    (post,) = x.mentions(**ASKED)["data"]
    assert post["id"] == second
    assert post["edit_history_tweet_ids"] == [first, second]
    assert post["conversation_id"] == first
    assert post["edit_controls"]["edits_remaining"] == 4


def test_rate_window_is_real(world: World, x: Client) -> None:
    world.settings("x", limits={"GET 2/users/<str:user_id>/mentions": [2, 1]})
    assert [x.get(f"users/{CITY}/mentions").status_code for _ in range(3)] == [200, 200, 429]
    refused = x.get(f"users/{CITY}/mentions")
    assert refused.headers["x-rate-limit-remaining"] == "0"
    time.sleep(max(0.0, int(refused.headers["x-rate-limit-reset"]) - time.time()))
    assert x.get(f"users/{CITY}/mentions").status_code == 200


def test_the_day_window_hides_behind_the_short_one(world: World, x: Client) -> None:
    world.settings("x", limits={"24h": [1, 86400]})
    assert x.tweet("하나").status_code == 201
    refused = x.tweet("둘")
    assert refused.status_code == 429
    assert refused.headers["x-rate-limit-remaining"] != "0"
    assert refused.headers["x-user-limit-24hour-remaining"] == "0"


def test_poison_is_served_byte_for_byte(world: World, x: Client) -> None:
    world.raw("x", ['{"id": "1", "text": "\\ud83d"}', b'{"id": "\xff"}', "null"])
    body = x.get(f"users/{CITY}/mentions", max_results=5).content
    assert b'{"id": "1", "text": "\\ud83d"}' in body
    assert b'{"id": "\xff"}' in body
    assert b"[null, " in body


def test_ten_thousand_posts_are_served_fast(world: World, x: Client) -> None:
    started = time.perf_counter()
    world.burst("x", 10_000)
    assert time.perf_counter() - started < 15
    world.settings("x", limits=False)
    best = min(_timed(x) for _ in range(5))
    assert best < 0.15


def _timed(x: Client) -> float:
    started = time.perf_counter()
    x.mentions(**ASKED)
    return time.perf_counter() - started


def test_old_mentions_by_search(world: World, x: Client) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    world.citizen_post("x", "어제 글", posted_at=yesterday.isoformat())
    found = x.get("tweets/search/recent", query="@toktok_busan -is:retweet").json()
    assert found["meta"]["result_count"] == 1
