"""Bluesky's dialect over real HTTP with requests, not through our adapter."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from PIL import Image

from tests.channels_sns.sandbox.test_web import Browser
from tests.sandbox import World

CITY = "did:plc:toktokbusan2222222222222"
POST = "app.bsky.feed.post"
RKEY, OTHER_RKEY = "3kaaaaaaaaaaa", "3kaaaaaaaaaab"
WHEN = "2026-11-25T09:00:00.000Z"
FAMILY = "👨‍👩‍👧‍👦"


class Client:
    """The city's session, logged in with its app password."""

    def __init__(self, world: World) -> None:
        self.world, self.base = world, world.base_url("bluesky")
        self.session = requests.Session()
        self.tokens = self.log_in().json()
        self.use(self.tokens["accessJwt"])

    def log_in(self, **changed: str) -> requests.Response:
        secrets = self.world.credentials("bluesky")
        body = {"identifier": secrets["identifier"], "password": secrets["app_password"], **changed}
        return requests.post(f"{self.base}/xrpc/com.atproto.server.createSession", json=body, timeout=20)

    def use(self, token: str) -> None:
        self.session.headers["Authorization"] = f"Bearer {token}"

    def get(self, method: str, **params: Any) -> requests.Response:
        return self.session.get(f"{self.base}/xrpc/{method}", params=params, timeout=20)

    def post(self, method: str, body: Any = None) -> requests.Response:
        return self.session.post(f"{self.base}/xrpc/{method}", json=body, timeout=20)

    def write(self, text: str, *, rkey: str = "", method: str = "putRecord", **more: Any) -> requests.Response:
        record = {"$type": POST, "text": text, "createdAt": WHEN, **more}
        keyed = {"rkey": rkey} if rkey else {}
        return self.post(f"com.atproto.repo.{method}", {"repo": CITY, "collection": POST, "record": record, **keyed})

    def answer(self, parent: dict[str, str], text: str = "확인하겠습니다", rkey: str = RKEY) -> requests.Response:
        target = {"uri": parent["uri"], "cid": parent["cid"]}
        return self.write(text, rkey=rkey, reply={"root": target, "parent": target})

    def notifications(self, **params: Any) -> list[dict[str, Any]]:
        answer = self.get("app.bsky.notification.listNotifications", **params)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["notifications"])

    def posts(self, *uris: str) -> list[dict[str, Any]]:
        return list(self.get("app.bsky.feed.getPosts", uris=uris).json()["posts"])

    def thread(self, uri: str, **params: Any) -> dict[str, Any]:
        return dict(self.get("app.bsky.feed.getPostThread", uri=uri, **params).json()["thread"])


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    client = Client(world)
    yield client
    client.session.close()


@pytest.fixture
def citizen(world: World) -> Iterator[Browser]:
    citizen = Browser(world)
    yield citizen
    citizen.session.close()


def told(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "blue").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_session_and_its_tokens(world: World, client: Client) -> None:
    assert client.get("com.atproto.server.getSession").json()["handle"] == "toktok-busan.test"
    assert told(client.log_in(password="guess")) == (401, "AuthenticationRequired")
    assert told(requests.get(f"{client.base}/xrpc/com.atproto.server.getSession", timeout=20)) == (401, "AuthMissing")
    client.use("a.b.c")
    assert told(client.get("com.atproto.server.getSession")) == (400, "InvalidToken")
    client.use(client.tokens["refreshJwt"])
    assert told(client.get("com.atproto.server.getSession")) == (400, "InvalidToken")
    world.settings("bluesky", expire=1)
    client.use(client.tokens["accessJwt"])
    assert told(client.get("com.atproto.server.getSession")) == (400, "ExpiredToken")
    assert told(client.post("com.atproto.server.refreshSession")) == (400, "InvalidToken")
    client.use(client.tokens["refreshJwt"])
    for _turn in range(3):
        fresh = client.post("com.atproto.server.refreshSession").json()
    client.use(fresh["accessJwt"])
    assert client.get("com.atproto.server.getSession").ok
    refused = client.post("com.atproto.server.createAppPassword", {"name": "more"})
    assert (refused.status_code, refused.json()["message"]) == (400, "Bad token scope")
    world.settings("bluesky", expire_refresh=1)
    client.use(client.tokens["refreshJwt"])
    assert told(client.post("com.atproto.server.refreshSession")) == (400, "ExpiredToken")


def test_log_ins_are_rationed(world: World, client: Client) -> None:
    world.settings("bluesky", limits={"sessions": [2, 300]})
    answers = [client.log_in() for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    last = answers[-1]
    assert told(last) == (429, "RateLimitExceeded")
    assert (last.headers["RateLimit-Policy"], last.headers["RateLimit-Remaining"]) == ("2;w=300", "0")
    assert 0 < int(last.headers["Retry-After"]) <= 300
    assert client.get("com.atproto.server.getSession").headers["RateLimit-Limit"] == "3000"
    world.settings("bluesky", old_server=True)
    assert [client.log_in().headers.get("Retry-After") for _turn in range(3)] == [None, None, None]


def test_writes_are_counted_in_points(world: World, client: Client) -> None:
    world.settings("bluesky", limits={"writes": [5, 3600]})
    assert client.write("하나", method="createRecord").headers["RateLimit-Remaining"] == "2"
    assert client.write("둘", rkey=RKEY).ok
    assert told(client.write("셋", rkey=OTHER_RKEY)) == (429, "RateLimitExceeded")


def test_a_mention_arrives_with_its_bytes_marked(world: World, client: Client) -> None:
    uri = world.citizen_post("bluesky", "가로등이 꺼졌어요", handle="kim_busan", name="김부산")
    (notification,) = client.notifications()
    assert (notification["uri"], notification["reason"]) == (uri, "mention")
    assert uri.startswith(f"at://{notification['author']['did']}/{POST}/")
    assert notification["author"]["handle"] == "kim-busan.test"
    record = notification["record"]
    (facet,) = record["facets"]
    index = facet["index"]
    marked = record["text"].encode()[index["byteStart"] : index["byteEnd"]].decode()
    assert (marked, facet["features"][0]["did"]) == ("@toktok-busan.test", CITY)


def test_a_mention_in_the_text_alone_raises_nothing_but_can_be_searched(world: World, client: Client) -> None:
    uri = world.citizen_post("bluesky", "가로등 @toktok-busan.test", extra={"facets": False})
    assert client.notifications() == []
    search = client.get("app.bsky.feed.searchPosts", q="toktok-busan.test", limit=10).json()
    assert [post["uri"] for post in search["posts"]] == [uri]
    marked = client.get("app.bsky.feed.searchPosts", q="toktok-busan.test", mentions=CITY).json()
    assert marked["posts"] == []
    assert told(client.get("app.bsky.feed.searchPosts")) == (400, "InvalidRequest")


def test_notifications_come_newest_first_on_pages(world: World, client: Client) -> None:
    uris = world.burst("bluesky", 5)
    first = client.get("app.bsky.notification.listNotifications", limit=3).json()
    rest = client.get("app.bsky.notification.listNotifications", limit=3, cursor=first["cursor"]).json()
    assert [item["uri"] for item in [*first["notifications"], *rest["notifications"]]] == uris[::-1]
    assert "cursor" not in rest
    world.settings("bluesky", old_server=True)
    assert "cursor" in client.get("app.bsky.notification.listNotifications", limit=5).json()
    assert client.notifications(reasons=["quote"]) == []
    assert len(client.notifications(reasons=["mention", "reply"])) == 5
    assert told(client.get("app.bsky.notification.listNotifications", cursor="guess")) == (400, "InvalidRequest")
    assert told(client.get("app.bsky.notification.listNotifications", limit=101)) == (400, "InvalidRequest")


def test_the_same_key_again_is_the_same_post(world: World, client: Client) -> None:
    uri = world.citizen_post("bluesky", "가로등이 꺼졌어요")
    (parent,) = client.posts(uri)
    first, again = client.answer(parent), client.answer(parent)
    assert (first.status_code, first.json()["uri"]) == (200, f"at://{CITY}/{POST}/{RKEY}")
    assert first.json() == again.json()
    assert len(world.replies("bluesky", uri)) == 1
    assert told(client.write("셋", rkey=RKEY, method="createRecord")) == (500, "InternalServerError")
    edited = client.answer(parent, "고쳐 적었습니다").json()
    assert (edited["uri"], edited["cid"] == first.json()["cid"]) == (first.json()["uri"], False)
    (reply,) = world.replies("bluesky", uri)
    assert reply["text"] == "고쳐 적었습니다"


def test_a_record_is_read_from_the_repository_and_deleted_more_than_once(world: World, client: Client) -> None:
    where = {"repo": CITY, "collection": POST, "rkey": RKEY}
    missing = client.get("com.atproto.repo.getRecord", **where)
    assert told(missing) == (400, "RecordNotFound")
    world.fault("bluesky", "readback_lag", seconds=60)
    written = client.write("안내", rkey=RKEY).json()
    found = client.get("com.atproto.repo.getRecord", **where).json()
    assert (found["uri"], found["cid"]) == (written["uri"], written["cid"])
    assert found["value"] == {"$type": POST, "text": "안내", "createdAt": WHEN}
    assert client.posts(written["uri"]) == [], "the index lags, the repository does not"
    for _turn in range(2):
        assert client.post("com.atproto.repo.deleteRecord", where).status_code == 200
    assert told(client.get("com.atproto.repo.getRecord", **where)) == (400, "RecordNotFound")
    assert client.write("새로", rkey=RKEY).json()["uri"] == written["uri"]


def test_lengths_are_graphemes_and_bytes(client: Client) -> None:
    assert client.write("가" * 300, method="createRecord").ok
    long = client.write("가" * 301, method="createRecord")
    assert told(long) == (400, "InvalidRequest")
    assert "grapheme too big (maximum 300, got 301)" in long.json()["message"]
    assert client.write(FAMILY * 120, method="createRecord").ok
    assert "string too big" in client.write(FAMILY * 121, method="createRecord").json()["message"]


@pytest.mark.parametrize(
    "changed",
    [
        {"createdAt": "yesterday"},
        {"createdAt": None},
        {"reply": {"root": {"uri": "at://x/y/z", "cid": "c"}, "parent": {"uri": "at://x/y/z", "cid": "c"}}},
        {"reply": {"parent": {"uri": "at://did:plc:abc/app.bsky.feed.post/3k", "cid": "c"}}},
        {"facets": [{"index": {"byteStart": 0}, "features": []}]},
        {"$type": "app.bsky.feed.like"},
        {"embed": {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": {"ref": {"$link": "none"}}}]}},
    ],
)
def test_records_that_are_none(client: Client, changed: dict[str, Any]) -> None:
    assert client.write("안내", rkey=RKEY, **changed).status_code == 400


def test_a_wrong_repository_key_or_method(client: Client) -> None:
    body = {"repo": "did:plc:other", "collection": POST, "record": {"text": "", "createdAt": WHEN}}
    assert told(client.post("com.atproto.repo.createRecord", body)) == (401, "AuthenticationRequired")
    assert told(client.write("안내", rkey="not a key")) == (400, "InvalidRequest")
    assert told(client.get("app.bsky.feed.getLikes")) == (501, "MethodNotImplemented")


def test_an_answer_to_a_deleted_post_is_accepted(world: World, client: Client) -> None:
    uri = world.citizen_post("bluesky", "가로등")
    (parent,) = client.posts(uri)
    world.delete("bluesky", uri)
    assert (client.notifications(), client.posts(uri)) == ([], [])
    assert told(client.get("app.bsky.feed.getPostThread", uri=uri)) == (400, "NotFound")
    answer = client.answer(parent)
    assert answer.status_code == 200
    above = client.thread(answer.json()["uri"])["parent"]
    assert (above["$type"].rpartition("#")[2], above["uri"]) == ("notFoundPost", uri)


def test_the_thread_shows_what_no_notification_told(world: World, client: Client) -> None:
    uri = world.citizen_post("bluesky", "가로등")
    reply = client.answer(client.posts(uri)[0]).json()
    world.settings("bluesky", index_seconds=60)
    thanks = world.citizen_post("bluesky", "고맙습니다", in_reply_to=reply["uri"])
    assert [item["uri"] for item in client.notifications()] == [uri]
    below = client.thread(uri, depth=6)["replies"][0]
    assert (below["post"]["uri"], below["replies"][0]["post"]["uri"]) == (reply["uri"], thanks)
    world.settings("bluesky", index_seconds=0)
    more = world.citizen_post("bluesky", "하나 더요", in_reply_to=reply["uri"])
    newest = client.notifications()[0]
    assert (newest["uri"], newest["reason"], newest["reasonSubject"]) == (more, "reply", reply["uri"])


def test_whoever_blocks_the_city_is_gone(world: World, client: Client) -> None:
    uri = world.citizen_post("bluesky", "가로등", handle="kim_busan")
    (parent,) = client.posts(uri)
    world.settings("bluesky", blocked_by=["kim_busan"])
    thread = client.thread(uri)
    assert (thread["blocked"], thread["author"]["viewer"]["blockedBy"]) == (True, True)
    assert client.notifications() == []
    assert client.answer(parent).status_code == 200


def test_profiles_by_handle_and_did(world: World, client: Client) -> None:
    world.settings("bluesky", followers=123)
    for actor in (CITY, "toktok-busan.test"):
        assert client.get("app.bsky.actor.getProfile", actor=actor).json()["followersCount"] == 123
    assert told(client.get("app.bsky.actor.getProfile", actor="nobody.test")) == (400, "InvalidRequest")
    assert client.get("com.atproto.identity.resolveHandle", handle="toktok-busan.test").json() == {"did": CITY}


def test_photos_of_citizens_and_of_the_city(world: World, client: Client) -> None:
    uri = world.citizen_post("bluesky", "", image=make_png(), alt="꺼진 가로등")
    (post,) = client.posts(uri)
    (shown,) = post["embed"]["images"]
    assert shown["alt"] == post["record"]["embed"]["images"][0]["alt"] == "꺼진 가로등"
    picture = requests.get(shown["fullsize"], timeout=20)
    assert (picture.content, picture.headers["Content-Type"]) == (make_png(), "image/png")
    cid = post["record"]["embed"]["images"][0]["image"]["ref"]["$link"]
    url = f"{client.base}/xrpc/com.atproto.sync.getBlob"
    assert requests.get(url, params={"did": post["author"]["did"], "cid": cid}, timeout=20).content == make_png()
    blob = upload(client, make_png()).json()["blob"]
    image = {"image": blob, "alt": "고친 가로등"}
    written = client.write("고쳤습니다", rkey=RKEY, embed={"$type": "app.bsky.embed.images", "images": [image]})
    assert written.status_code == 200
    assert client.posts(written.json()["uri"])[0]["embed"]["images"][0]["alt"] == "고친 가로등"


def upload(client: Client, content: bytes) -> requests.Response:
    url, headers = f"{client.base}/xrpc/com.atproto.repo.uploadBlob", {"Content-Type": "image/png"}
    return client.session.post(url, data=content, headers=headers, timeout=20)


def test_photos_have_two_limits_and_a_description(world: World, client: Client) -> None:
    world.settings("bluesky", image_bytes=50)
    image = {"image": upload(client, make_png()).json()["blob"], "alt": ""}
    embed = {"$type": "app.bsky.embed.images", "images": [image]}
    assert told(client.write("", rkey=RKEY, embed=embed)) == (400, "BlobTooLarge")
    bare = {**embed, "images": [{"image": image["image"]}]}
    assert 'must have the property "alt"' in client.write("", rkey=RKEY, embed=bare).json()["message"]
    many = {**embed, "images": [image] * 5}
    assert "array too big" in client.write("", rkey=RKEY, embed=many).json()["message"]
    world.settings("bluesky", blob_bytes=60)
    assert told(upload(client, make_png())) == (413, "PayloadTooLarge")
    assert upload(client, b"x").status_code == 400


def test_the_page_mentions_the_city_and_leads_from_the_networks_own_address(world: World, citizen: Browser) -> None:
    written = citizen.send(world.page_url("bluesky"), name="김부산", text="가로등", call_city="on")
    (post,) = world.posts("bluesky")
    assert post["text"] == "@toktok-busan.test 가로등"
    assert '<span class="tag">@toktok-busan.test</span>' in written.text
    answered = citizen.send(written.url, name="김부산", text="하나 더요")
    assert [post["kind"] for post in world.posts("bluesky")] == ["mention", "post"]
    rkey = post["id"].rpartition("/")[2]
    opened = citizen.open(f"{world.base_url('bluesky')}/profile/kim-busan.test/post/{rkey}")
    assert (opened.status_code, opened.url) == (200, answered.url)
