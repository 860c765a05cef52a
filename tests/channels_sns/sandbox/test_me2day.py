"""me2day's dialect over real HTTP with requests, not through our adapter."""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from PIL import Image

from tests.sandbox import World
from tests.shared_material import shared

CITY = "toktok_busan"
NONCE = "0a1b2c3d"


def ukey(user_key: str) -> str:
    return NONCE + hashlib.md5(f"{NONCE}{user_key}".encode(), usedforsecurity=False).hexdigest()


class Client:
    """The city's session: a Basic header of uid and ukey, and the application's key beside it."""

    def __init__(self, world: World) -> None:
        self.secrets = world.credentials("me2day")
        self.base = f"{world.base_url('me2day')}/api"
        self.session = requests.Session()
        self.session.auth = (self.secrets["user_id"], ukey(self.secrets["user_key"]))
        self.session.headers["me2_application_key"] = self.secrets["application_key"]

    def get(self, method: str, **params: Any) -> requests.Response:
        return self.session.get(f"{self.base}/{method}.json", params=params, timeout=20)

    def post(self, method: str, files: Any = None, **form: Any) -> requests.Response:
        return self.session.post(f"{self.base}/{method}.json", data=form, files=files, timeout=20)

    def friends(self, **params: Any) -> list[dict[str, Any]]:
        answer = self.get(f"get_posts/{CITY}", scope="friend[all]", **params)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def to_me(self, **params: Any) -> list[dict[str, Any]]:
        return list(self.get(f"track_comments/{CITY}", **params).json()["comment_to_mes"])

    def comment(self, post_id: str, body: str) -> requests.Response:
        return self.post("create_comment", post_id=post_id, body=body)


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    client = Client(world)
    yield client
    client.session.close()


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(buffer, "PNG")
    return buffer.getvalue()


def recording(name: str) -> Any:
    return json.loads(shared(f"fixtures/me2day/{name}").read_text(encoding="utf-8"))


def recorded(case_id: str) -> dict[str, Any]:
    cases = json.loads(shared("fixtures/errors/me2day.json").read_text(encoding="utf-8"))["cases"]
    return dict(next(case for case in cases if case["id"] == case_id))


def code(answer: requests.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


def test_noop_answers_as_recorded(client: Client) -> None:
    assert client.get("noop").json() == recording("sjoonk/noop.json") == recorded("ok_json")["body"]
    xml = client.session.get(f"{client.base}/noop.xml", timeout=20)
    assert xml.text == recorded("ok_xml")["body"]
    assert xml.headers["Content-Type"].startswith("text/xml")


@pytest.mark.parametrize("way", ["query", "basic", "token"])
def test_three_ways_to_log_in(world: World, client: Client, way: str) -> None:
    secrets = {**client.secrets, **world.ask("me2day", "credentials?set=token")}
    params, pair = {"akey": secrets["application_key"]}, None
    if way == "query":
        params |= {"uid": CITY, "ukey": ukey(secrets["user_key"])}
    elif way == "basic":
        pair = (CITY, ukey(secrets["user_key"]))
    else:
        pair = (CITY, f"full_auth_token {secrets['full_auth_token']}")
    assert requests.get(f"{client.base}/noop.json", params=params, auth=pair, timeout=20).json()["code"] == 0


@pytest.mark.parametrize(
    ("params", "pair"),
    [
        ({}, (CITY, "")),
        ({"akey": "strange"}, None),
        ({}, (CITY, ukey("wrong"))),
        ({}, ("kim_busan", None)),
        ({}, (CITY, "full_auth_token wrong")),
    ],
)
def test_strangers_get_401(client: Client, params: dict[str, str], pair: tuple[str, str | None] | None) -> None:
    params = {"akey": client.secrets["application_key"], **params}
    auth = pair and (pair[0], ukey(client.secrets["user_key"]) if pair[1] is None else pair[1])
    answer = requests.get(f"{client.base}/noop.xml", params=params, auth=auth, timeout=20)
    assert (answer.status_code, answer.text) == (401, recorded("unauthorized")["body"])
    as_json = requests.get(f"{client.base}/noop.json", params=params, auth=auth, timeout=20)
    assert code(as_json) == (401, 1001)


def test_reading_needs_only_the_application(world: World, client: Client) -> None:
    world.citizen_post("me2day", "가로등", handle="kim_busan")
    params = {"akey": client.secrets["application_key"]}
    assert len(requests.get(f"{client.base}/get_posts/kim_busan.json", params=params, timeout=20).json()) == 1
    assert requests.get(f"{client.base}/get_posts/kim_busan.json", timeout=20).status_code == 401


def test_a_friends_post_that_names_the_city(world: World, client: Client) -> None:
    post_id = world.citizen_post("me2day", "가로등이 꺼졌어요", handle="kim_busan", name="김부산", image=make_png())
    (post,) = client.friends()
    assert post["post_id"] == post_id
    assert re.fullmatch(r"p[a-z0-9_]{6}-[a-z0-9_]+", post_id)
    home = world.base_url("me2day")
    assert post["body"] == f"<a href='{home}/{CITY}'>톡톡부산</a> 가로등이 꺼졌어요"
    assert post["textBody"] == "톡톡부산 가로등이 꺼졌어요"
    assert (post["author"]["id"], post["author"]["nickname"]) == ("kim_busan", "김부산")
    written = datetime.strptime(post["pubDate"], "%Y-%m-%dT%H:%M:%S%z")
    assert post["pubDate"].endswith("+0900")
    assert abs(written - datetime.now(UTC)) < timedelta(minutes=1)
    assert requests.get(post["media"]["photoUrl"], timeout=20).content == make_png()
    assert (post["contentType"], post["media"]["type"]) == ("me2photo", "me2photo")


def test_shapes_have_the_recorded_members(world: World, client: Client) -> None:
    source = world.citizen_post("me2day", "가로등", image=make_png())
    client.comment(source, "확인하겠습니다")
    post = client.friends()[0]
    assert set(post) == set(recording("bdares/created_post.json"))
    assert set(post["media"]) == set(recording("bdares/posts.json")[2]["media"])
    listed, wanted = client.get("get_comments", post_id=source).json(), recording("bdares/comment_list.json")
    assert set(listed) == set(wanted)
    assert set(listed["comments"][0]) == set(wanted["comments"][0])
    assert set(listed["comments"][0]["author"]) == set(wanted["comments"][0]["author"])
    tracked = client.get(f"track_comments/{CITY}", scope="by_me").json()
    seen, kept = tracked["comment_by_mes"][0], recording("bdares/comment_log.json")["comment_by_mes"][0]
    assert {name: set(seen[name]) for name in seen} == {name: set(kept[name]) for name in kept}
    person = {name for name in recording("bdares/chefedward.json") if name != "sex"}
    assert set(client.get(f"get_person/{CITY}").json()) == person


def test_hostile_text_and_links(world: World, client: Client) -> None:
    text = '<script>alert(1)</script> & "누리집":https://www.busan.go.kr/a?b=1&c=2 http://x.kr'
    world.citizen_post("me2day", text, mention=False)
    (post,) = client.friends()
    assert post["body"] == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; <a href='https://www.busan.go.kr/a?b=1&c=2'>누리집</a> "
        "<a href='http://x.kr'>http://x.kr</a>"
    )
    assert post["textBody"] == "<script>alert(1)</script> & 누리집 http://x.kr"
    world.settings("me2day", entities=True)
    assert "&#45572;" in client.friends()[0]["body"]


def test_whose_posts(world: World, client: Client) -> None:
    mine = world.city_post("me2day", "알림")
    friends = world.citizen_post("me2day", "친구 글", handle="kim_busan")
    world.citizen_post("me2day", "남의 글", handle="stranger")
    world.settings("me2day", strangers=["stranger"])
    assert [post["post_id"] for post in client.friends()] == [friends]
    assert [post["post_id"] for post in client.get(f"get_posts/{CITY}").json()] == [mine]
    assert [post["post_id"] for post in client.get("get_posts", post_id=friends).json()] == [friends]
    assert client.get("get_posts", post_id="p000000-0").json() == []
    assert code(client.get("get_posts/nobody")) == (404, 1001)


def test_count_offset_and_days(world: World, client: Client) -> None:
    ids = world.burst("me2day", 30)[::-1]
    assert [post["post_id"] for post in client.friends()] == ids[:20]
    assert [post["post_id"] for post in client.friends(offset=25, count=10)] == ids[25:]
    assert len(client.get("get_latests/citizen0").json()) == 1
    long_ago = datetime(2026, 3, 1, 0, 30, tzinfo=ZoneInfo("Asia/Seoul"))
    old = world.citizen_post("me2day", "삼일절 글", posted_at=long_ago.isoformat())
    found = client.friends(**{"from": "20260301", "to": "20260301"})
    assert [post["post_id"] for post in found] == [old]
    assert client.friends(**{"from": "20260228", "to": "20260228"}) == []


def test_a_comment_gives_a_code_and_no_id(world: World, client: Client) -> None:
    source = world.citizen_post("me2day", "가로등", handle="kim_busan")
    assert client.comment(source, "확인하겠습니다").json() == recorded("ok_json")["body"]
    (comment,) = client.get("get_comments", post_id=source).json()["comments"]
    assert comment["commentId"].endswith(f"-{source[1:]}")
    assert (comment["textBody"], comment["author"]["id"], comment["postId"]) == ("확인하겠습니다", CITY, source)
    (seen,) = client.get(f"track_comments/{CITY}", scope="by_me").json()["comment_by_mes"]
    assert (seen["comment"]["commentId"], seen["post"]["post_id"]) == (comment["commentId"], source)
    assert "textBody" not in seen["comment"]
    assert client.friends()[0]["commentsCount"] == 1


def test_the_same_words_twice_are_two_comments(world: World, client: Client) -> None:
    source = world.citizen_post("me2day", "가로등")
    assert [client.comment(source, "확인").json()["code"] for _ in range(2)] == [0, 0]
    assert len(world.replies("me2day", source)) == 2


def test_comments_to_the_city_and_one_level(world: World, client: Client) -> None:
    ours = world.city_post("me2day", "알림")
    first = world.citizen_post("me2day", "첫 댓글", handle="kim_busan", in_reply_to=ours)
    second = world.citizen_post("me2day", "댓글의 댓글", handle="lee_haeun", in_reply_to=first)
    elsewhere = world.citizen_post("me2day", "가로등", handle="kim_busan")
    world.citizen_post("me2day", "저도요", handle="lee_haeun", in_reply_to=elsewhere)
    assert [item["comment"]["commentId"] for item in client.to_me(scope="to_me")] == [second, first]
    assert [item["comment"]["commentId"] for item in client.to_me(scope="all", count=1)] == [second]
    assert client.to_me(scope="by_me") == []
    listed = client.get("get_comments", post_id=ours, items_per_page=1, page=2).json()
    assert (listed["totalCount"], listed["totalPage"], listed["comments"][0]["commentId"]) == (2, 2, second)
    assert code(client.get("track_comments/kim_busan")) == (403, 1001)


@pytest.mark.parametrize("kst_as_z", [False, True])
def test_two_meanings_of_z(world: World, client: Client, kst_as_z: bool) -> None:
    world.settings("me2day", kst_as_z=kst_as_z)
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    ours = world.city_post("me2day", "알림")
    world.citizen_post("me2day", "댓글", in_reply_to=ours, posted_at=at.isoformat())
    assert client.to_me()[0]["comment"]["pubDate"] == f"2026-03-01T{21 if kst_as_z else 12}:00:00Z"


@pytest.mark.parametrize(
    ("body", "taken"),
    [("가" * 150, True), ("가" * 151, False), ("", False), ('"글자":http://busan.go.kr/' + "a" * 300, True)],
)
def test_length_counts_after_the_mark_up(world: World, client: Client, body: str, taken: bool) -> None:
    source = world.citizen_post("me2day", "가로등")
    answer = client.comment(source, body)
    assert (answer.status_code == 200) is taken
    assert len(world.replies("me2day", source)) == taken


def test_a_post_with_photo_and_tags(world: World, client: Client) -> None:
    files = {"attachment": ("a.png", make_png(), "image/png")}
    form = {"post[body]": "불꽃축제", "post[tags]": "부산 축제", "post[icon]": "1"}
    post = client.post(f"create_post/{CITY}", files=files, **form).json()
    assert set(post) == set(recording("bdares/created_post.json"))
    assert [tag["name"] for tag in post["tags"]] == ["부산", "축제"]
    assert requests.get(post["media"]["photoUrl"], timeout=20).content == make_png()
    assert client.get(f"get_latests/{CITY}").json() == [post]
    bad = {"attachment": ("a.png", b"text", "image/png")}
    assert client.post(f"create_post/{CITY}", files=bad, **form).status_code == 500
    assert code(client.post("create_post/kim_busan", **form)) == (403, 1001)


def test_a_closed_post_takes_no_comment(world: World, client: Client) -> None:
    source = world.citizen_post("me2day", "가로등", extra={"comment_closed": True})
    assert client.friends()[0]["commentClosed"] is True
    assert code(client.comment(source, "확인")) == (403, 1001)


def test_deleting(world: World, client: Client) -> None:
    source = world.citizen_post("me2day", "가로등")
    client.comment(source, "확인")
    (ours,) = world.replies("me2day", source)
    assert code(client.post("delete_comment", comment_id=ours["id"])) == (200, 0)
    assert client.get("get_comments", post_id=source).json()["comments"] == []
    assert code(client.post("delete_post", post_id=source)) == (403, 1001)
    own = client.post(f"create_post/{CITY}", **{"post[body]": "알림"}).json()["post_id"]
    assert code(client.post("delete_post", post_id=own)) == (200, 0)
    world.delete("me2day", source)
    assert client.friends() == []
    for answer in (client.comment(source, "늦은 답"), client.get("get_comments", post_id=source)):
        assert code(answer) == (404, 1001)


def test_people(world: World, client: Client) -> None:
    world.settings("me2day", friends=777)
    world.citizen_post("me2day", "가로등", handle="kim_busan", name="김부산")
    assert client.get(f"get_person/{CITY}").json()["friendsCount"] == 777
    assert [someone["nickname"] for someone in client.get(f"get_friends/{CITY}").json()["friends"]] == ["김부산"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("unauthorized", (401, 1001)),
        ("target_gone", (404, 1001)),
        ("not_summoned", (403, 1001)),
        ("rate_limited", (429, 1027)),
        ("status", (503, 1027)),
    ],
)
def test_faults_speak_in_codes(world: World, client: Client, fault: str, expected: tuple[int, int]) -> None:
    source = world.citizen_post("me2day", "가로등")
    world.fault("me2day", fault)
    assert code(client.comment(source, "확인")) == expected
    assert world.replies("me2day", source) == []


def test_trouble_after_storing_looks_like_trouble(world: World, client: Client) -> None:
    source = world.citizen_post("me2day", "가로등")
    world.fault("me2day", "status", code=500, after_store=True, on="publish")
    assert client.comment(source, "확인").json() == recorded("request_error")["body"]
    assert len(world.replies("me2day", source)) == 1
    world.fault("me2day", "drop_after_store")
    with pytest.raises(requests.ConnectionError):
        client.comment(source, "확인")
    assert len(world.replies("me2day", source)) == 2


def test_own_comments_may_show_up_late(world: World, client: Client) -> None:
    source = world.citizen_post("me2day", "가로등")
    world.fault("me2day", "readback_lag", seconds=60)
    client.comment(source, "확인")
    assert client.get(f"track_comments/{CITY}").json()["comment_by_mes"] == []
    assert client.get("get_comments", post_id=source).json()["totalCount"] == 0


def test_poison_is_served_byte_for_byte(world: World, client: Client) -> None:
    world.raw("me2day", ['{"post_id": "p1", "body": "\\ud83d"}', b'{"post_id": "\xff"}', "null"])
    body = client.get(f"get_posts/{CITY}", scope="friend[all]").content
    assert body == b'[null, {"post_id": "\xff"}, {"post_id": "p1", "body": "\\ud83d"}]'


def test_refusals_in_xml_are_well_formed(client: Client) -> None:
    answer = client.session.post(f"{client.base}/create_comment.xml", data={"post_id": "p1", "body": "글"}, timeout=20)
    element = ET.fromstring(answer.text.encode())
    assert (answer.status_code, element.tag, element.findtext("code")) == (404, "error", "1001")


def test_permalinks_lead_to_the_thread(world: World, client: Client) -> None:
    post_id = world.citizen_post("me2day", "가로등")
    assert requests.get(client.friends()[0]["plink"], timeout=20).url.endswith(f"/me2day/thread/{post_id}")


def test_pages_of_a_burst_are_served_fast(world: World, client: Client) -> None:
    world.burst("me2day", 5000)
    assert min(_timed(client) for _ in range(5)) < 0.2


def _timed(client: Client) -> float:
    started = time.perf_counter()
    assert len(client.friends(count=100)) == 100
    return time.perf_counter() - started
