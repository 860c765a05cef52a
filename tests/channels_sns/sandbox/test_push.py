"""What X and Facebook send by themselves, as a web server of the test gets it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from tests.channels_sns.sandbox.receiver import Answer, Receiver, Request, receiving
from tests.sandbox import World

PAGE, CITY = "102005140251", "1402005001"


class XClient:
    """X's API with the city's OAuth 1.0a keys."""

    def __init__(self, world: World) -> None:
        self.base, self.secrets = world.base_url("x"), world.credentials("x")
        self.auth = OAuth1(
            self.secrets["consumer_key"],
            self.secrets["consumer_secret"],
            self.secrets["access_token"],
            self.secrets["access_token_secret"],
        )

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        return requests.request(method, f"{self.base}/2/{path}", json=body, auth=self.auth, timeout=20)

    def subscribe(self, receiver: Receiver, *kinds: str) -> None:
        assert self.ask("POST", "webhooks", {"url": receiver.url}).status_code == 200
        for kind in kinds:
            body = {"event_type": kind, "filter": {"user_id": CITY}, "tag": "desk"}
            made = self.ask("POST", "activity/subscriptions", body)
            assert made.json()["data"]["subscription"]["event_type"] == kind

    def signature(self, content: bytes) -> str:
        digest = hmac.new(self.secrets["consumer_secret"].encode(), content, hashlib.sha256).digest()
        return "sha256=" + base64.b64encode(digest).decode()


@pytest.fixture
def x(world: World) -> XClient:
    return XClient(world)


def knowing(sign: Callable[[bytes], str]) -> Callable[[Request], Answer]:
    """A desk that answers X's challenge."""

    def answer(request: Request) -> Answer:
        if request.method == "GET":
            token = sign(request.query["crc_token"].encode())
            return 200, json.dumps({"response_token": token}).encode()
        return 200, b""

    return answer


@pytest.fixture
def x_desk(x: XClient) -> Iterator[Receiver]:
    with receiving(knowing(x.signature)) as receiver:
        yield receiver


def test_x_tells_of_a_mention_over_signed_bytes(world: World, x: XClient, x_desk: Receiver) -> None:
    x.subscribe(x_desk, "post.mention.create")
    post_id = world.citizen_post("x", "가로등이 꺼졌어요", handle="kim_busan", name="김부산")
    (request,) = x_desk.waited(1)
    assert request.headers["x-twitter-webhooks-signature"] == x.signature(request.body)
    event = json.loads(request.body)["data"]
    assert (event["event_type"], event["filter"], event["tag"]) == ("post.mention.create", {"user_id": CITY}, "desk")
    assert int(event["event_uuid"])
    payload = event["payload"]
    assert (payload["id_str"], payload["id"], payload["conversation_id_str"]) == (post_id, int(post_id), post_id)
    assert payload["text"] == "@toktok_busan 가로등이 꺼졌어요"
    author = event["includes"]["users"][0]
    assert (author["id"], author["username"]) == (payload["author_id_str"], "kim_busan")


def test_x_tells_of_no_implicit_mention_and_not_of_others(world: World, x: XClient, x_desk: Receiver) -> None:
    x.subscribe(x_desk, "post.mention.create", "post.delete")
    first = world.citizen_post("x", "가로등")
    world.citizen_post("x", "덧붙입니다", in_reply_to=first, mention=False)
    world.citizen_post("x", "혼잣말", mention=False)
    world.delete("x", first)
    created, deleted = sorted(x_desk.waited(2), key=lambda request: b"post.delete" in request.body)
    event = json.loads(deleted.body)["data"]
    assert json.loads(created.body)["data"]["payload"]["id_str"] == first
    assert event["payload"]["id_str"] == first
    assert "text" not in event["payload"]
    assert event["includes"]["users"][0]["data"]["username"] == "citizen"
    assert len(x_desk.posted()) == 2


def test_x_may_send_the_same_bytes_twice(world: World, x: XClient, x_desk: Receiver) -> None:
    x.subscribe(x_desk, "post.mention.create")
    world.settings("x", push_twice=True)
    world.citizen_post("x", "가로등")
    first, again = x_desk.waited(2)
    assert first.body == again.body
    assert first.headers["x-twitter-webhooks-signature"] == again.headers["x-twitter-webhooks-signature"]


def test_x_registers_only_who_knows_the_secret(world: World, x: XClient, x_desk: Receiver) -> None:
    def refusal(url: str) -> str:
        answer = x.ask("POST", "webhooks", {"url": url})
        assert answer.status_code == 400
        return str(answer.json()["errors"][0]["message"])

    with receiving(knowing(lambda content: "sha256=guess")) as stranger:
        assert refusal(stranger.url) == "CrcValidationFailed"
    assert refusal(stranger.url) == "CrcValidationFailed", "nobody is there any more"
    assert refusal("https://desk.example.org/hook") == "UrlValidationFailed"
    made = x.ask("POST", "webhooks", {"url": x_desk.url}).json()["data"]
    assert (made["url"], made["valid"]) == (x_desk.url, True)
    assert refusal(x_desk.url) == "DuplicateUrlFailed"
    assert refusal(f"{x_desk.url}/2") == "WebhookLimitExceeded"
    assert x.ask("GET", "webhooks").json()["meta"] == {"result_count": 1}
    assert x.ask("DELETE", f"webhooks/{made['id']}").json() == {"data": {"deleted": True}}
    assert x.ask("DELETE", f"webhooks/{made['id']}").status_code == 404


def test_x_asks_again_and_is_silent_towards_who_fails(world: World, x: XClient, x_desk: Receiver) -> None:
    x.subscribe(x_desk, "post.mention.create")
    (hook,) = x.ask("GET", "webhooks").json()["data"]
    x_desk.answers = lambda request: (200, b"{}")
    assert x.ask("PUT", f"webhooks/{hook['id']}").json() == {"data": {"valid": False}}
    world.citizen_post("x", "가로등")
    x_desk.answers = knowing(x.signature)
    assert x.ask("PUT", f"webhooks/{hook['id']}").json() == {"data": {"valid": True}}
    world.citizen_post("x", "신호등")
    (request,) = x_desk.waited(1)
    assert json.loads(request.body)["data"]["payload"]["text"].endswith("신호등")


def test_x_subscriptions_name_a_known_event_the_user_and_a_webhook(world: World, x: XClient, x_desk: Receiver) -> None:
    wanted = {"event_type": "post.mention.create", "filter": {"user_id": CITY}}
    assert x.ask("POST", "activity/subscriptions", wanted).status_code == 404
    x.subscribe(x_desk, "post.mention.create")
    for changed in ({"event_type": "post.everything"}, {"filter": {"user_id": "1"}}, {"filter": None}):
        assert x.ask("POST", "activity/subscriptions", {**wanted, **changed}).status_code == 400
    (made,) = x.ask("GET", "activity/subscriptions").json()["data"]
    gone = x.ask("DELETE", f"activity/subscriptions/{made['subscription_id']}")
    assert gone.json() == {"data": {"deleted": True}}
    world.citizen_post("x", "가로등")
    assert world.ask("x", "deliveries") == []


class FacebookClient:
    """Graph with the page's token."""

    def __init__(self, world: World) -> None:
        self.world, self.secrets = world, world.credentials("facebook")

    def ask(self, method: str, **params: str) -> requests.Response:
        token = self.secrets["page_access_token"]
        proof = hmac.new(self.secrets["app_secret"].encode(), token.encode(), hashlib.sha256).hexdigest()
        url = f"{self.world.base_url('facebook')}/v26.0/{PAGE}/subscribed_apps"
        headers, query = {"Authorization": f"Bearer {token}"}, {"appsecret_proof": proof, **params}
        return requests.request(method, url, params=query, headers=headers, timeout=20)

    def signature(self, content: bytes) -> str:
        return "sha256=" + hmac.new(self.secrets["app_secret"].encode(), content, hashlib.sha256).hexdigest()


@pytest.fixture
def facebook(world: World) -> FacebookClient:
    return FacebookClient(world)


@pytest.fixture
def page_desk(world: World) -> Iterator[Receiver]:
    """A desk that echoes Graph's challenge for the right token."""

    def answer(request: Request) -> Answer:
        known = request.query.get("hub.verify_token") == f"verify-{world.name}"
        return (
            (200, request.query["hub.challenge"].encode()) if known else (200 if request.method == "POST" else 403, b"")
        )

    with receiving(answer) as receiver:
        world.settings("facebook", webhook_url=receiver.url)
        yield receiver


def changes_in(request: Request) -> list[dict[str, Any]]:
    body = json.loads(request.body)
    assert body["object"] == "page"
    (entry,) = body["entry"]
    assert entry["id"] == PAGE
    return list(entry["changes"])


def test_facebook_tells_of_posts_comments_and_the_pages_own_words(
    world: World, facebook: FacebookClient, page_desk: Receiver
) -> None:
    assert facebook.ask("POST", subscribed_fields="feed,mention").json() == {"success": True}
    post = world.citizen_post("facebook", "가로등이 꺼졌어요", name="김부산")
    (first,) = page_desk.waited(1)
    assert first.headers["x-hub-signature-256"] == facebook.signature(first.body)
    assert b"\\uac00" in first.body
    (change,) = changes_in(first)
    value = change["value"]
    assert (change["field"], value["item"], value["verb"], value["post_id"]) == ("feed", "post", "add", post)
    assert (value["message"], value["from"]["name"]) == ("가로등이 꺼졌어요", "김부산")
    comment = world.city_post("facebook", "확인하겠습니다", in_reply_to=post)
    (echo,) = changes_in(page_desk.waited(2)[1])
    value = echo["value"]
    assert (value["item"], value["comment_id"], value["parent_id"]) == ("comment", comment, post)
    assert value["from"]["id"] == PAGE
    world.delete("facebook", post)
    (removed,) = changes_in(page_desk.waited(3)[2])
    assert (removed["value"]["verb"], "message" in removed["value"]) == ("remove", False)


def test_facebook_names_nobody_in_a_mention_nor_without_consent(
    world: World, facebook: FacebookClient, page_desk: Receiver
) -> None:
    facebook.ask("POST", subscribed_fields="feed,mention")
    tagged = world.citizen_post("facebook", "가로등", mention=True)
    (mention,) = changes_in(page_desk.waited(1)[0])
    assert (mention["field"], mention["value"]["post_id"], "from" in mention["value"]) == ("mention", tagged, False)
    world.citizen_post("facebook", "남의 말", in_reply_to=tagged)
    world.citizen_post("facebook", "신호등", extra={"consent": False})
    (change,) = changes_in(page_desk.waited(2)[1])
    assert (change["field"], "from" in change["value"], change["value"]["message"]) == ("feed", False, "신호등")


def test_facebook_batches_and_repeats(world: World, facebook: FacebookClient, page_desk: Receiver) -> None:
    facebook.ask("POST", subscribed_fields="feed")
    world.settings("facebook", push_batch=2, push_twice=True)
    first, second = (world.citizen_post("facebook", text) for text in ("하나", "둘"))
    once, again = page_desk.waited(2)
    assert once.body == again.body
    assert [change["value"]["post_id"] for change in changes_in(once)] == [second, first]


def test_facebook_subscribes_only_an_address_that_echoes(
    world: World, facebook: FacebookClient, page_desk: Receiver
) -> None:
    assert facebook.ask("POST").json()["error"]["code"] == 100
    assert facebook.ask("POST", subscribed_fields="everything").json()["error"]["code"] == 100
    world.settings("facebook", verify_token="another")
    assert facebook.ask("POST", subscribed_fields="feed").json()["error"]["code"] == 2200
    world.settings("facebook", verify_token=f"verify-{world.name}")
    facebook.ask("POST", subscribed_fields="feed")
    assert facebook.ask("GET").json()["data"][0]["subscribed_fields"] == ["feed"]
    assert facebook.ask("DELETE").json() == {"success": True}
    assert facebook.ask("GET").json()["data"] == []
    world.citizen_post("facebook", "가로등")
    assert world.ask("facebook", "deliveries") == []
    world.settings("facebook", webhook_url="https://desk.example.org/hook")
    assert facebook.ask("POST", subscribed_fields="feed").json()["error"]["code"] == 2200
