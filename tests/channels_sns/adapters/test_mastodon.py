"""Mastodon's adapter where servers differ, against the sandbox's switches and against written answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_sns.adapters.contract import (
    AuthExpired,
    Gone,
    IncomingPost,
    OutcomeUnknown,
    OutgoingMedia,
    OutgoingPost,
    Page,
    PermissionDenied,
    Rejected,
    ReplyTarget,
    TargetGone,
    Transient,
)
from channels_sns.adapters.mastodon import MastodonAdapter
from channels_sns.adapters.mastodon_feeds import LOST, STUCK
from channels_sns.adapters.mastodon_posts import length, mention, not_more_open, read_statuses, said
from tests.channels_sns.adapters.graph_stub import Answer, GraphStub, running_stub
from tests.channels_sns.adapters.suite import TAG, Bench, broadcast, photo
from tests.sandbox import World

OWN = "01CITY"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NOTIFICATIONS = "v1/notifications"


@pytest.fixture
def stub() -> Iterator[GraphStub]:
    with running_stub() as server:
        yield server


@pytest.fixture
def adapter(stub: GraphStub) -> MastodonAdapter:
    return MastodonAdapter(base_url=stub.url, secrets={"access_token": "t"}, external_id=OWN, handle="city")


@pytest.fixture
def bench(world: World) -> Bench:
    return Bench(world, "mastodon")


def status(external_id: str, *, author: str = "01CITIZEN", **more: Any) -> dict[str, Any]:
    body = {
        "id": external_id,
        "created_at": NOW.isoformat(),
        "content": f"<p>글 {external_id}</p>",
        "visibility": "public",
    }
    return {**body, "account": {"id": author, "acct": "gildong"}, "in_reply_to_id": None, **more}


def notification(name: str, *, minutes: int = 1, **more: Any) -> dict[str, Any]:
    created = (NOW - timedelta(minutes=minutes)).isoformat()
    return {"id": name, "type": "mention", "created_at": created, "status": status(f"s{name}"), **more}


def poll(adapter: MastodonAdapter, cursor: dict[str, Any]) -> list[Page]:
    return list(adapter.poll(cursor, now=NOW))


def reply(visibility: str = "public") -> OutgoingPost:
    target = ReplyTarget("s1", author_handle="gildong", visibility=visibility)
    return OutgoingPost(key="k", text=f"@gildong 고쳤습니다 {TAG}", tag=TAG, target=target)


# --- the sandbox's switches -----------------------------------------------------------------------------------------


def test_mentions_of_strangers_are_asked_for(bench: Bench) -> None:
    bench.world.settings("mastodon", filtered=True, link_header=False, instance_v2=False)
    post_id = bench.citizen()
    assert post_id in bench.poll().posts


def test_an_answer_is_never_more_open_than_the_post(bench: Bench) -> None:
    post_id = bench.citizen("비공개 민원", extra={"visibility": "direct"})
    answer = bench.answer_to(post_id)
    assert bench.arrived(post_id).kind == "message"
    own = bench.adapter.lookup([bench.send_and_find(answer)])
    assert [post.visibility for post in own.values() if isinstance(post, IncomingPost)] == ["direct"]


def test_the_same_key_makes_one_post_where_the_server_honours_it(bench: Bench) -> None:
    prepared = bench.adapter.prepare(bench.answer_to(bench.citizen()))
    assert bench.adapter.publish(prepared) == bench.adapter.publish(prepared)
    bench.world.settings("mastodon", idempotency=False)
    assert bench.adapter.publish(prepared) != bench.adapter.publish(prepared)


def test_a_photo_is_waited_for(bench: Bench) -> None:
    bench.world.settings("mastodon", media_seconds=1)
    own_id = bench.send_and_find(broadcast(media=[OutgoingMedia(photo(), "image/png", "지도")]))
    own = bench.adapter.lookup([own_id])[own_id]
    assert isinstance(own, IncomingPost)
    assert [(media.kind, media.alt) for media in own.media] == [("photo", "지도")]


def test_a_token_that_may_only_read_is_told(bench: Bench) -> None:
    reader = bench.open(secrets={"access_token": f"mastodon-readonly-{bench.world.name}"})
    with pytest.raises(PermissionDenied):
        reader.publish(reader.prepare(broadcast()))


# --- polling --------------------------------------------------------------------------------------------------------


def test_hollow_notifications_are_passed_over(stub: GraphStub, adapter: MastodonAdapter) -> None:
    rows = [notification("9", status=None), notification("8", type="favourite"), notification("7"), {"id": "6"}]
    stub.say(NOTIFICATIONS, rows, [])
    page = poll(adapter, {"trail": ["5"]})[-1]
    assert [post.external_id for post in page.posts] == ["s7"]
    assert [item.external_id for item in page.bad] == ["6"]
    assert page.cursor == {"trail": ["9", "8", "7", "6", "5"]}


def test_a_first_poll_begins_above_what_is_old(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say(NOTIFICATIONS, [notification("5"), notification("4"), notification("3", minutes=600)])
    (page,) = poll(adapter, {})
    assert [post.external_id for post in page.posts] == ["s5", "s4"]
    assert page.cursor == {"trail": ["5", "4", "3"]}


def test_a_lost_stretch_is_shown(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say(NOTIFICATIONS, [notification(str(number)) for number in range(99, 40, -1)], [])
    pages = poll(adapter, {"trail": [str(number) for number in range(20, 10, -1)]})
    assert [page.gap for page in pages if page.gap] == [LOST]


def test_a_deleted_overlap_of_a_few_is_no_gap(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say(NOTIFICATIONS, [notification("9")], [])
    assert {page.gap for page in poll(adapter, {"trail": ["3", "2", "1"]})} == {""}


def test_a_page_of_poison_is_shown_and_ends(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say(NOTIFICATIONS, [{"type": "mention", "status": {}}] * 80)
    page = poll(adapter, {"trail": ["1"]})[-1]
    assert (page.gap, len(page.bad), page.cursor) == (STUCK, 80, {"trail": ["1"]})


ODD = [
    *(str(10**20 - n) for n in range(90)),
    *("9" * length for length in (400, 4_000)),
    *("../../me", "01NT/..", "１２３", "한글", "a b", "-1", "", " ", "x" * 200, ".", ".."),
]


def test_no_odd_id_becomes_the_cursor_and_what_has_one_is_a_dead_letter(
    stub: GraphStub, adapter: MastodonAdapter
) -> None:
    odd = [*map(notification, ODD), {**notification("1"), "id": 17}, {**notification("1"), "id": None}]
    stub.say(NOTIFICATIONS, [*odd[:50], notification("7"), *odd[50:]])
    page = poll(adapter, {"trail": ["5"]})[-1]
    assert [post.external_id for post in page.posts] == ["s7"]
    assert (len(page.bad), page.cursor) == (len(odd), {"trail": ["7", "5"]})


def test_a_post_above_a_page_of_odd_ids_is_found(bench: Bench) -> None:
    """However they look: the newest page is read without asking for any id."""
    cursors = [bench.poll().cursor, {}]
    for ids in (ODD[:90], [f"01NT{n:013d}"[::-1] for n in range(90)], [str((1 << 63) - 1 - n) for n in range(90)]):
        bench.world.raw("mastodon", [json.dumps(notification(one)) for one in ids])
        post_id = bench.citizen()
        for n, cursor in enumerate(cursors):
            polled = bench.poll(cursor)
            assert post_id in polled.posts
            cursors[n] = polled.cursor


def test_a_post_between_pages_of_odd_ids_is_found(bench: Bench) -> None:
    cursor = bench.poll().cursor
    ids = list(bench.world.burst("mastodon", 70))
    bench.world.raw("mastodon", [json.dumps(notification(one)) for one in ODD[:30]])
    ids += bench.world.burst("mastodon", 170)
    polled = bench.poll(cursor)
    assert set(ids) <= set(polled.posts)
    assert polled.gaps == []


def test_a_bound_that_the_server_cannot_read_gives_way_to_the_next(stub: GraphStub, adapter: MastodonAdapter) -> None:
    """Well-formed ids too may be none of the server's: beyond them it shows what it has shown, or nothing."""
    newest = [notification(str(number)) for number in range(300, 220, -1)]
    first, second = [notification("zz"), notification("20")], [notification("230"), notification("21")]
    stub.say(NOTIFICATIONS, newest, first, [], second)
    pages = poll(adapter, {"trail": ["9"]})
    assert [call.query.get("min_id") for call in stub.asked] == [None, "9", "zz", "20"]
    assert "s21" in {post.external_id for page in pages for post in page.posts}
    assert {page.gap for page in pages} == {""}


def test_a_server_that_goes_round_in_circles_ends(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say(NOTIFICATIONS, [notification("2"), notification("1")])
    assert len(poll(adapter, {"trail": ["0"]})) == 3
    assert len(poll(adapter, {})) == 2


@pytest.mark.parametrize("cursor", [{"trail": ["0"]}, {}])
def test_a_walk_without_end_is_given_up(
    stub: GraphStub, adapter: MastodonAdapter, cursor: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels_sns.adapters.mastodon_feeds.PAGES_MAX", 2)
    stub.say(NOTIFICATIONS, [notification("1")], [notification("2")], [notification("3")])
    with pytest.raises(Transient):
        poll(adapter, cursor)


def test_an_answer_that_is_no_list_is_tried_again(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say(NOTIFICATIONS, {"error": "?"})
    with pytest.raises(Transient):
        poll(adapter, {})


# --- who, and what stands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [400, 401, 422])
def test_every_server_has_its_own_no(stub: GraphStub, adapter: MastodonAdapter, code: int) -> None:
    stub.say("v1/accounts/verify_credentials", Answer("Invalid Bearer token", code))
    with pytest.raises(AuthExpired):
        adapter.identify()


@pytest.mark.parametrize("words", ["Invalid Bearer token", " invalid bearer token\n"])
def test_takahe_refuses_a_token_in_plain_words(stub: GraphStub, adapter: MastodonAdapter, words: str) -> None:
    stub.say(NOTIFICATIONS, Answer(words, 400, {"Content-Type": "text/html; charset=utf-8"}))
    with pytest.raises(AuthExpired, match=r"(?i)invalid bearer token"):
        poll(adapter, {})
    stub.say(NOTIFICATIONS, Answer("<html>Invalid Bearer token</html>", 400))
    with pytest.raises(Rejected):
        poll(adapter, {})


def test_an_account_without_a_name_is_none(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say("v1/accounts/verify_credentials", {}, {"id": OWN, "acct": "city"})
    with pytest.raises(Transient):
        adapter.identify()
    assert adapter.metrics() == {}


def test_absence_is_verified_with_a_control_call(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say("v1/statuses/s1", Answer("<h1>Not Found</h1>", 404))
    stub.say("v1/accounts/verify_credentials", {"id": OWN}, Answer({}, 401))
    assert adapter.lookup(["s1"]) == {"s1": Gone("s1", verified=True)}
    with pytest.raises(AuthExpired):
        adapter.lookup(["s1"])


def test_a_status_that_is_none_is_tried_again(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say("v1/statuses/s1", {"id": "s1"})
    with pytest.raises(Transient):
        adapter.lookup(["s1"])


# --- out ------------------------------------------------------------------------------------------------------------


def test_a_stray_answer_is_taken_back(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say("v1/statuses/s1", status("s1"))
    stub.say("POST v1/statuses", status("s2", author=OWN))
    stub.say("DELETE v1/statuses/s2", {}, Answer({}, 500))
    prepared = adapter.prepare(reply())
    with pytest.raises(TargetGone):
        adapter.publish(prepared)
    with pytest.raises(Rejected, match="by hand"):
        adapter.publish(prepared)


def test_a_receipt_must_name_the_post(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say("POST v1/statuses", [])
    with pytest.raises(OutcomeUnknown):
        adapter.publish(adapter.prepare(broadcast()))


def test_a_photo_that_is_never_ready(
    stub: GraphStub, adapter: MastodonAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels_sns.adapters.mastodon.MEDIA_SECONDS", 0)
    stub.say("POST v2/media", {"id": "m1", "url": None}, {})
    post = broadcast(media=[OutgoingMedia(photo(), "image/png")])
    with pytest.raises(Transient, match="not processed"):
        adapter.prepare(post)
    with pytest.raises(Transient, match="no id"):
        adapter.prepare(post)


def test_a_private_answer_is_found_in_the_thread(stub: GraphStub, adapter: MastodonAdapter) -> None:
    """snac leaves it out of the account's own list."""
    own = status("s2", author=OWN, in_reply_to_id="s1", content=f"<p>고쳤습니다 {TAG}</p>", url="http://x/s2")
    stranger = status("s3", in_reply_to_id="s1", content=f"<p>{TAG}</p>")
    stub.say("v1/statuses/s1/context", {"ancestors": [], "descendants": [stranger, own]})
    stub.say(f"v1/accounts/{OWN}/statuses", [])
    found = adapter.find_own(reply(), since=NOW).found
    assert found is not None
    assert (found.external_id, found.url) == ("s2", "http://x/s2")


def test_reading_back_is_complete_only_if_everything_was_read(stub: GraphStub, adapter: MastodonAdapter) -> None:
    stub.say("v1/statuses/s1/context", Answer({}, 404), Answer({}, 404), {"descendants": None})
    stub.say(f"v1/accounts/{OWN}/statuses", [status("s9", author=OWN)], [], [{"id": "s8"}], [])
    since = NOW - timedelta(hours=1)
    assert adapter.find_own(reply(), since=since).complete
    assert not adapter.find_own(reply(), since=since).complete
    with pytest.raises(Transient):
        adapter.find_own(reply(), since=since)


def test_reading_back_ends(stub: GraphStub, adapter: MastodonAdapter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels_sns.adapters.mastodon_feeds.PAGES_MAX", 2)
    stub.say(f"v1/accounts/{OWN}/statuses", [status("s9", author=OWN)], [status("s8", author=OWN)])
    with pytest.raises(Transient):
        adapter.find_own(broadcast(), since=NOW - timedelta(hours=1))


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("안녕하세요", 5),
        ("@gildong@mastodon.example 안녕", 11),
        ("https://www.busan.go.kr/minwon/view?id=123456789 확인", 26),
        ("(https://busan.go.kr/a).", 26),
        ("👨‍👩‍👧🚨", 2),
        ("me@busan.go.kr", 14),
    ],
)
def test_length_as_mastodon_counts(text: str, expected: int) -> None:
    assert length(text) == expected


def test_the_mention_is_put_in_once() -> None:
    assert mention("고쳤습니다", "gildong@a.example") == "@gildong@a.example 고쳤습니다"
    assert mention("안녕 @gildong!", "gildong") == "안녕 @gildong!"
    assert mention("@gildong@a.example 안녕", "gildong") == "@gildong @gildong@a.example 안녕"
    assert mention("고쳤습니다", "") == "고쳤습니다"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("public", "unlisted"), "unlisted"),
        (("private", "public"), "private"),
        (("local",), "direct"),
        (("", ""), "direct"),
    ],
)
def test_the_stricter_visibility_is_kept(given: tuple[str, ...], kept: str) -> None:
    assert not_more_open(*given) == kept


def test_the_sides_of_a_status() -> None:
    films = [
        {"type": "gifv", "url": None, "remote_url": "http://far/a.mp4"},
        {"type": "video", "preview_url": "http://x/v.png"},
        {"type": "audio", "url": "http://x/a.ogg"},
        {"type": "image"},
    ]
    item = status(
        "s1",
        media_attachments=films,
        spoiler_text="주의",
        created_at="2026-11-24T03:00:00",
        edited_at="2026-11-24T04:00:00Z",
    )
    (post,), _bad = read_statuses([item], own_id=OWN)
    assert [(media.kind, media.url) for media in post.media] == [
        ("gif", "http://far/a.mp4"),
        ("video", "http://x/v.png"),
    ]
    assert post.text == "주의\n\n글 s1"
    assert (post.posted_at, post.edited_at) == (NOW, NOW + timedelta(hours=1))


@pytest.mark.parametrize("change", [{"id": 17}, {"account": {"id": ""}}, {"content": None}, {"created_at": 5}])
def test_a_status_that_lacks_something_is_a_bad_item(change: dict[str, Any]) -> None:
    posts, bad = read_statuses([status("s1") | change], own_id=OWN)
    assert (posts, len(bad)) == ((), 1)


def test_a_refusal_that_is_no_object_says_nothing() -> None:
    assert said([]).text == ""
