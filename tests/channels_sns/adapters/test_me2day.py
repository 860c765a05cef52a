"""me2day's adapter in its odd corners, against the sandbox and against written answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from channels_sns.adapters.contract import (
    Gone,
    IncomingPost,
    OutcomeUnknown,
    OutgoingMedia,
    OutgoingPost,
    Page,
    PermissionDenied,
    Rejected,
    ReplyNotAllowed,
    ReplyTarget,
    TargetGone,
    Transient,
)
from channels_sns.adapters.me2day import Me2dayAdapter
from channels_sns.adapters.me2day_auth import KeyAuth
from channels_sns.adapters.me2day_posts import Reader, length, post_of
from tests.channels_sns.adapters.graph_stub import Answer, GraphStub, running_stub
from tests.channels_sns.adapters.suite import TAG, Bench, broadcast, photo
from tests.sandbox import World

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DONE = {"code": 0, "message": "성공했습니다.", "description": ""}
KEYS = {"application_key": "app", "user_id": "city", "user_key": "canary"}


@pytest.fixture
def stub() -> Iterator[GraphStub]:
    with running_stub() as server:
        server.say("get_posts/city.json", [])
        server.say("track_comments/city.json", {"me": "city", "comment_by_mes": [], "comment_to_mes": []})
        yield server


@pytest.fixture
def adapter(stub: GraphStub) -> Me2dayAdapter:
    return Me2dayAdapter(base_url=stub.url, secrets=KEYS, external_id="city", handle="city")


@pytest.fixture
def bench(world: World) -> Bench:
    return Bench(world, "me2day")


def author(name: str) -> dict[str, Any]:
    return {"id": name, "nickname": name, "me2dayHome": f"http://me2day.net/{name}"}


def post(number: int, *, by: str = "gildong", minutes: float = 1, **more: Any) -> dict[str, Any]:
    time = (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = f"<a href='http://me2day.net/city'>톡톡부산</a> 민원 {number}"
    return {
        "post_id": f"p{number}-x",
        "body": body,
        "pubDate": time,
        "author": author(by),
        "commentClosed": False,
        **more,
    }


def comment(number: int, *, on: int = 1, by: str = "gildong", minutes: float = 1, **more: Any) -> dict[str, Any]:
    item = post(number, by=by, minutes=minutes)
    return {
        "commentId": f"c{number}-{on}-x",
        "body": f"댓글 {number}",
        "pubDate": item["pubDate"],
        "author": item["author"],
        **more,
    }


def tracked(number: int, **more: Any) -> dict[str, Any]:
    return {"post": {"post_id": "p1-x", "plink": "http://me2day.net/city/p1-x"}, "comment": comment(number, **more)}


def poll(adapter: Me2dayAdapter, cursor: dict[str, Any] | None = None) -> list[Page]:
    return list(adapter.poll(cursor or {}, now=NOW))


def ids(pages: list[Page]) -> list[str]:
    return [item.external_id for page in pages for item in page.posts]


def reply(external_id: str = "p1-x") -> OutgoingPost:
    return OutgoingPost(key="k", text=f"고쳤습니다 {TAG}", tag=TAG, target=ReplyTarget(external_id))


# --- the sandbox's switches -----------------------------------------------------------------------------------------


def test_a_token_of_consent_works_too(bench: Bench) -> None:
    keys = dict(bench.world.ask("me2day", "credentials?set=other"))
    assert bench.open(secrets=keys).identify().handle == bench.city_handle


def test_the_keys_may_stand_in_the_address(bench: Bench) -> None:
    assert bench.open(options={"auth": "query"}).identify().external_id == bench.city_id
    assert "ukey=" in bench.world.calls("me2day")[-1]["path"]
    bench.adapter.identify()
    assert "?" not in bench.world.calls("me2day")[-1]["path"]


def test_korean_time_that_calls_itself_utc(bench: Bench) -> None:
    bench.world.settings("me2day", kst_as_z=True, entities=True)
    own = bench.world.city_post("me2day", "민원을 댓글로 남겨 주세요")
    comment_id = bench.citizen("가로등", in_reply_to=own)
    adapter = bench.open(options={"kst_as_z": True})
    (found,) = [item for page in adapter.poll({}, now=datetime.now(UTC)) for item in page.posts]
    assert (found.external_id, found.text, found.kind) == (comment_id, "가로등", "comment")
    assert (found.parent_id, found.root_id) == (own, own)
    assert abs(datetime.now(UTC) - found.posted_at) < timedelta(minutes=1)


def test_a_comment_is_answered_below_its_post(bench: Bench) -> None:
    own = bench.world.city_post("me2day", "민원을 댓글로 남겨 주세요")
    comment_id = bench.citizen("가로등", in_reply_to=own)
    answer = bench.answer_to(comment_id)
    assert bench.send_and_find(answer).startswith("c")
    assert len(bench.world.replies("me2day", own)) == 1


def test_what_the_author_adds_below_the_answer_arrives(bench: Bench) -> None:
    post_id = bench.citizen("가로등", handle="gildong")
    bench.send(bench.answer_to(post_id))
    added = bench.citizen("아직도 꺼져 있어요", handle="gildong", in_reply_to=post_id)
    chatter = bench.citizen("ㅋㅋㅋ", handle="friend", in_reply_to=post_id)
    found = bench.poll().posts
    assert added in found
    assert chatter not in found


def test_posts_that_do_not_name_the_city_stay_out(bench: Bench) -> None:
    other = bench.citizen("오늘 날씨 좋다", mention=False)
    tagged = bench.citizen("가로등", mention=False, extra={"tags": "부산 톡톡부산"})
    found = list(bench.open(options={"tags": ["톡톡부산"]}).poll({}, now=datetime.now(UTC)))
    assert tagged in ids(found)
    assert other not in ids(found)


def test_a_closed_post_is_not_answered(bench: Bench) -> None:
    post_id = bench.citizen("가로등", extra={"comment_closed": True})
    assert bench.arrived(post_id).can_reply is False
    with pytest.raises(ReplyNotAllowed):
        bench.send(bench.answer_to(post_id))


# --- walks ----------------------------------------------------------------------------------------------------------


def test_a_walk_keeps_its_bound_until_it_got_there(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    newest = [post(number, minutes=1) for number in range(100)]
    stub.say("get_posts/city.json", newest, [*newest[-5:], post(200, minutes=40)])
    first = (NOW - timedelta(minutes=10)).isoformat()
    pages = poll(adapter, {"since": {"posts": first}})
    assert [page.cursor["since"]["posts"] for page in pages[:2]] == [first, (NOW - timedelta(minutes=1)).isoformat()]
    assert len(ids(pages)) == 101
    assert [call.query["offset"] for call in stub.calls("get_posts/city.json")] == ["0", "95"]


def test_a_time_in_the_future_moves_no_bound(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("get_posts/city.json", [post(1, minutes=-6000)], [])
    assert poll(adapter)[-1].cursor == {"since": {"posts": NOW.isoformat(), "comments": NOW.isoformat()}}


def test_more_comments_are_asked_for_until_the_bound(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    rows = [tracked(number, minutes=number / 100) for number in range(150)]
    stub.say("track_comments/city.json", {"comment_to_mes": rows[:100]}, {"comment_to_mes": rows}, {})
    pages = poll(adapter)
    assert len(ids(pages)) == 150
    assert [page.gap for page in pages if page.gap] == []


def test_comments_that_the_server_keeps_back_are_a_gap(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("track_comments/city.json", {"comment_to_mes": [tracked(number) for number in range(100)]})
    assert [page.gap for page in poll(adapter) if page.gap] == ["only the newest 100 comments can be read"]


def test_a_walk_without_end_is_given_up(
    stub: GraphStub, adapter: Me2dayAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels_sns.adapters.me2day_feeds.PAGES_MAX", 2)
    stub.say("get_posts/city.json", [post(1)], [post(2)], [post(3)])
    with pytest.raises(Transient):
        poll(adapter)
    stub.say("get_comments.json", {"comments": [comment(1)], "totalPage": 9})
    with pytest.raises(Transient):
        adapter.find_own(reply(), since=NOW)


def test_a_thread_is_read_over_its_pages(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    own = comment(7, by="city", body=f"고쳤습니다 {TAG}")
    stub.say("get_comments.json", {"comments": [comment(1)], "totalPage": 2}, {"comments": [own], "totalPage": 2})
    found = adapter.find_own(reply("c1-1-x"), since=NOW).found
    assert found is not None
    assert found.external_id == "c7-1-x"


def test_follow_ups_of_a_deleted_post_are_none(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    entry = tracked(1, by="city") | {"post": {"post_id": "p9-x", "me2dayPage": "http://me2day.net/gildong"}}
    stub.say("track_comments/city.json", {"comment_by_mes": [entry, "poison", {"post": None}]})
    stub.say("get_comments.json", Answer(DONE | {"code": 1001}, 404))
    assert ids(poll(adapter)) == []


# --- refusals in a 200 ----------------------------------------------------------------------------------------------


def test_a_refusal_in_a_list_s_place(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("get_posts/city.json", {"code": 1001, "message": "권한이 없습니다."})
    with pytest.raises(PermissionDenied):
        poll(adapter)


def test_a_refusal_in_an_object_s_place(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("noop.json", {"error": {"code": "1027", "message": "요청 에러가 발생하였습니다."}}, DONE)
    with pytest.raises(Transient):
        adapter.identify()
    stub.say("get_person/city.json", [], {"id": "city", "friendsCount": None})
    with pytest.raises(Transient):
        adapter.identify()
    assert adapter.metrics() == {}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"code": 1001}, ReplyNotAllowed),
        ({"code": 1027}, OutcomeUnknown),
        ({"code": 9999}, OutcomeUnknown),
        ([], OutcomeUnknown),
        ("<error><code>0</code></error>", OutcomeUnknown),
    ],
)
def test_a_comment_that_is_not_confirmed(
    stub: GraphStub, adapter: Me2dayAdapter, body: Any, error: type[Exception]
) -> None:
    stub.say("get_posts.json", [post(1)])
    stub.say("POST create_comment.json", body)
    prepared = adapter.prepare(reply())
    with pytest.raises(error):
        adapter.publish(prepared)


def test_a_post_that_is_not_shown_is_read_back(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("POST create_post/city.json", DONE)
    with pytest.raises(OutcomeUnknown):
        adapter.publish(adapter.prepare(broadcast()))
    stub.say("get_posts/city.json", [{"post_id": 5}], [])
    assert not adapter.find_own(broadcast(), since=NOW).complete


def test_a_thread_that_is_gone_holds_nothing_of_ours(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("get_comments.json", Answer({"code": 1001}, 404))
    seen = adapter.find_own(reply(), since=NOW)
    assert (seen.found, seen.complete) == (None, True)


def test_a_deletion_must_be_confirmed(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("POST delete_post.json", {"code": 1001})
    with pytest.raises(PermissionDenied):
        adapter.delete("p1-x")


def test_a_source_that_is_gone(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("get_posts.json", [], Answer({"code": 1001}, 404))
    stub.say("noop.json", DONE)
    with pytest.raises(TargetGone):
        adapter.prepare(reply())
    assert adapter.lookup(["p1-x"]) == {"p1-x": Gone("p1-x", verified=True)}


def test_comments_are_looked_up_in_their_thread(stub: GraphStub, adapter: Me2dayAdapter) -> None:
    stub.say("get_posts.json", [post(1)])
    stub.say("get_comments.json", {"comments": [comment(5)], "totalPage": 1})
    stub.say("noop.json", DONE)
    found = adapter.lookup(["c5-1-x", "c6-1-x"])
    assert isinstance(found["c5-1-x"], IncomingPost)
    assert found["c6-1-x"] == Gone("c6-1-x", verified=True)


def test_photos_where_there_is_no_place_for_them(adapter: Me2dayAdapter) -> None:
    picture = OutgoingMedia(photo(), "image/png")
    with pytest.raises(Rejected):
        adapter.prepare(broadcast(media=[picture, picture]))
    with pytest.raises(Rejected):
        adapter.prepare(OutgoingPost(key="k", text="x", target=ReplyTarget("p1-x"), media=(picture,)))


# --- spellings ------------------------------------------------------------------------------------------------------


def test_a_key_never_travels_bare() -> None:
    request = requests.Request("GET", "http://127.0.0.1/api/noop.json").prepare()
    signed = KeyAuth(KEYS, user_id="city", in_query=True)(request).url or ""
    nonce_and_proof = signed.partition("ukey=")[2]
    nonce, proof = nonce_and_proof[:8], nonce_and_proof[8:]
    assert proof == hashlib.md5(f"{nonce}canary".encode(), usedforsecurity=False).hexdigest()
    assert "canary" not in signed


@pytest.mark.parametrize(
    ("text", "kst_as_z", "hour"),
    [
        ("2013-03-19T13:24:37+0900", False, 4),
        ("2013-03-19T04:24:37Z", False, 4),
        ("2013-03-19T04:24:37+00:00", True, 4),
        ("2013-03-19T13:24:37Z", True, 4),
        ("2012-06-14 13:24:37", False, 4),
    ],
)
def test_the_spellings_of_a_time(text: str, kst_as_z: bool, hour: int) -> None:
    moment = Reader("city", kst_as_z=kst_as_z).moment(text)
    assert (moment.hour, moment.utcoffset()) == (hour, timedelta())


def test_a_link_counts_as_its_words() -> None:
    assert length('"부산시":http://www.busan.go.kr/index 안내') == 6
    assert length("가" * 150) == 150


def test_a_comments_id_names_its_post() -> None:
    assert post_of("c6x8lvj-yw8u0a-_1t5g") == "pyw8u0a-_1t5g"
    assert post_of("pyw8u0a-_1t5g") == "pyw8u0a-_1t5g"


@pytest.mark.parametrize(
    "change", [{"post_id": "17"}, {"author": {"id": ""}}, {"body": None}, {"pubDate": "yesterday"}, {"media": 5}]
)
def test_a_post_that_lacks_something_is_a_bad_item(change: dict[str, Any]) -> None:
    posts, bad = Reader("city").page([post(1) | change])
    assert (posts, len(bad)) == ((), 1)
