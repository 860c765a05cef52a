"""Mastodon's dialect over real HTTP with requests, not through our adapter."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox import World


class Client:
    """The city's session with its token."""

    def __init__(self, world: World, token: str = "") -> None:
        self.base = world.base_url("mastodon")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token or world.credentials('mastodon')['access_token']}"

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.session.get(f"{self.base}/api/{path}", params=params, timeout=20)

    def mentions(self, **params: Any) -> list[dict[str, Any]]:
        answer = self.get("v1/notifications", **{"types[]": "mention", "limit": 80, **params})
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def post(self, status: str, reply_to: str = "", key: str = "", **more: Any) -> requests.Response:
        headers = {"Idempotency-Key": key} if key else {}
        body = {"status": status, **({"in_reply_to_id": reply_to} if reply_to else {}), **more}
        return self.session.post(f"{self.base}/api/v1/statuses", json=body, headers=headers, timeout=20)


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    client = Client(world)
    yield client
    client.session.close()


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(buffer, "PNG")
    return buffer.getvalue()


def test_token_and_scopes(world: World, client: Client) -> None:
    me = client.get("v1/accounts/verify_credentials")
    assert me.json()["acct"] == "toktok_busan"
    datetime.fromisoformat(me.headers["X-RateLimit-Reset"])
    anonymous = requests.get(f"{client.base}/api/v1/notifications", timeout=20)
    assert (anonymous.status_code, anonymous.json()) == (401, {"error": "The access token is invalid"})
    reader = Client(world, f"mastodon-readonly-{world.name}")
    refused = reader.post("안녕")
    reader.session.close()
    assert (refused.status_code, refused.json()) == (403, {"error": "This action is outside the authorized scopes"})


def test_a_mention_arrives_as_html_and_hostile_text_is_escaped(world: World, client: Client) -> None:
    text = "가로등 <script>alert(1)</script> & 'x'\n둘째 줄\n\n새 문단 https://www.busan.go.kr/index"
    post_id = world.citizen_post(
        "mastodon", text, handle="kim_busan", name="김부산", image=make_png(), alt="꺼진 가로등"
    )
    (notification,) = client.mentions()
    status = notification["status"]
    assert status["id"] == post_id != notification["id"]
    assert not post_id.isdigit()
    assert status["content"].startswith('<p><span class="h-card"')
    assert "&lt;script&gt;" in status["content"]
    assert "<br />둘째 줄</p><p>새 문단 <a href=" in status["content"]
    assert notification["account"]["display_name"] == "김부산"
    assert [mention["acct"] for mention in status["mentions"]] == ["toktok_busan"]
    (photo,) = status["media_attachments"]
    assert (photo["description"], requests.get(photo["url"], timeout=20).content) == ("꺼진 가로등", make_png())


def test_min_id_walks_up_and_since_id_loses_the_middle(world: World, client: Client) -> None:
    world.burst("mastodon", 200)
    everything = client.mentions() + client.mentions(max_id=client.mentions()[-1]["id"])
    oldest = client.mentions(min_id="0")[-1]["id"]
    page = client.mentions(min_id=oldest)
    assert len(page) == 80
    assert page[0]["id"] > page[-1]["id"] > oldest
    assert client.mentions(min_id=page[0]["id"])[-1]["id"] > page[0]["id"]
    assert client.mentions(since_id=oldest)[0]["id"] == everything[0]["id"]
    links = client.get("v1/notifications", **{"types[]": "mention", "limit": 5}).links
    assert "max_id=" in links["next"]["url"]
    assert "types%5B%5D=mention" in links["prev"]["url"]
    assert client.mentions(**{"types[]": "follow"}) == []


def test_filtered_mentions_must_be_asked_for(world: World, client: Client) -> None:
    world.settings("mastodon", filtered=True)
    world.citizen_post("mastodon", "가로등")
    assert client.mentions() == []
    assert len(client.mentions(include_filtered="true")) == 1


def test_reply_stands_in_the_context(world: World, client: Client) -> None:
    source = world.citizen_post("mastodon", "가로등", handle="kim_busan")
    answer = client.post("@kim_busan 확인하겠습니다", source, visibility="unlisted", language="ko")
    assert answer.status_code == 200, answer.text
    assert answer.json()["in_reply_to_id"] == source
    assert answer.json()["visibility"] == "unlisted"
    follow_up = world.citizen_post("mastodon", "고맙습니다", in_reply_to=answer.json()["id"])
    context = client.get(f"v1/statuses/{source}/context").json()
    assert [status["id"] for status in context["descendants"]] == [answer.json()["id"], follow_up]
    above = client.get(f"v1/statuses/{follow_up}/context").json()["ancestors"]
    assert [status["id"] for status in above] == [source, answer.json()["id"]]
    own = client.get(f"v1/accounts/{answer.json()['account']['id']}/statuses").json()
    assert [status["id"] for status in own] == [answer.json()["id"]]


def test_a_reply_without_the_mention_does_not_notify(world: World, client: Client) -> None:
    source = world.citizen_post("mastodon", "가로등")
    world.citizen_post("mastodon", "혼잣말", in_reply_to=source, mention=False)
    assert len(client.mentions()) == 1


@pytest.mark.parametrize(("idempotency", "count"), [(True, 1), (False, 2)])
def test_idempotency_key(world: World, client: Client, idempotency: bool, count: int) -> None:
    world.settings("mastodon", idempotency=idempotency)
    first, second = client.post("하나", key="k1").json(), client.post("다른 글", key="k1").json()
    assert len({first["id"], second["id"]}) == count == len(world.posts("mastodon"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"status": "가" * 500}, 200),
        ({"status": "가" * 501}, 422),
        ({"status": ""}, 422),
        ({"status": "글", "visibility": "secret"}, 422),
        ({"status": "가" * 476 + " https://www.busan.go.kr/" + "a" * 100}, 200),
        ({"status": "글", "in_reply_to_id": "nobody"}, 404),
        ({"status": "글", "media_ids": ["nothing"]}, 422),
    ],
)
def test_what_is_refused(client: Client, body: dict[str, Any], status: int) -> None:
    answer = client.session.post(f"{client.base}/api/v1/statuses", json=body, timeout=20)
    assert answer.status_code == status
    assert status == 200 or set(answer.json()) == {"error"}


def test_photo_is_processed_described_and_attached_once(world: World, client: Client) -> None:
    world.settings("mastodon", media_seconds=0.4)
    answer = client.session.post(
        f"{client.base}/api/v2/media", files={"file": ("a.png", make_png(), "image/png")}, timeout=20
    )
    assert (answer.status_code, answer.json()["url"]) == (202, None)
    media_id = answer.json()["id"]
    assert client.get(f"v1/media/{media_id}").status_code == 206
    time.sleep(0.5)
    assert client.get(f"v1/media/{media_id}").status_code == 200
    client.session.put(f"{client.base}/api/v1/media/{media_id}", json={"description": "고친 가로등"}, timeout=20)
    status = client.post("", media_ids=[media_id]).json()
    assert status["media_attachments"][0]["description"] == "고친 가로등"
    bad = client.session.post(
        f"{client.base}/api/v2/media", files={"file": ("a.png", b"text", "image/png")}, timeout=20
    )
    assert bad.status_code == 422


def test_deleting(world: World, client: Client) -> None:
    source = world.citizen_post("mastodon", "가로등")
    ours = client.post("확인", source).json()["id"]
    assert client.session.delete(f"{client.base}/api/v1/statuses/{ours}", timeout=20).json()["text"] == "확인"
    assert client.session.delete(f"{client.base}/api/v1/statuses/{source}", timeout=20).status_code == 404
    world.delete("mastodon", source)
    assert client.get(f"v1/statuses/{source}").json() == {"error": "Record not found"}
    assert client.mentions() == []
    assert client.post("늦은 답", source).status_code == 404


def test_an_edit_keeps_the_id(world: World, client: Client) -> None:
    post_id = world.citizen_post("mastodon", "가로둥")
    assert world.edit("mastodon", post_id, "@toktok_busan 가로등") == post_id
    status = client.get(f"v1/statuses/{post_id}").json()
    assert status["edited_at"]
    assert "가로등" in status["content"]


def test_instance_says_its_limits_and_may_be_old(world: World, client: Client) -> None:
    world.settings("mastodon", max_characters=5000)
    assert client.get("v2/instance").json()["configuration"]["statuses"]["max_characters"] == 5000
    world.settings("mastodon", instance_v2=False)
    assert client.get("v2/instance").status_code == 404
    assert client.get("v1/instance").json()["configuration"]["statuses"]["characters_reserved_per_url"] == 23


def test_paging_has_its_own_window(world: World, client: Client) -> None:
    world.settings("mastodon", limits={"paging": [2, 900]})
    answers = [client.get("v1/notifications", min_id="0") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["X-RateLimit-Remaining"] == "0"
    assert "Retry-After" not in answers[2].headers
    assert client.get("v1/notifications").status_code == 200


def test_pages_of_a_burst_are_served_fast(world: World, client: Client) -> None:
    world.burst("mastodon", 5000)
    started = time.perf_counter()
    assert len(client.mentions()) == 80
    assert time.perf_counter() - started < 0.2
