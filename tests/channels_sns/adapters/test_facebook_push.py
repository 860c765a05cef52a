"""What Facebook pushes about a Page: every item and verb that concerns the desk, its signatures, its challenge."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels_sns.adapters.facebook import FacebookAdapter
from channels_sns.adapters.push import Pushed
from tests.channels_sns.adapters.graph_stub import NOW, PAGE, SECRET, TOKEN

AT = int(NOW.timestamp())
POST = f"{PAGE}_55"


def opened(**secrets: str) -> FacebookAdapter:
    given = {"page_access_token": TOKEN, "app_secret": SECRET, "verify_token": "우리끼리-1", **secrets}
    return FacebookAdapter(base_url="https://graph.facebook.com", secrets=given, external_id=PAGE)


def change(field: str = "feed", /, **value: Any) -> dict[str, Any]:
    return {"field": field, "value": value}


def delivery(*changes: Any, page: str = PAGE, **more: Any) -> bytes:
    return json.dumps(
        {"object": "page", "entry": [{"id": page, "time": AT, "changes": list(changes), **more}]}
    ).encode()


def written(item: str = "post", verb: str = "add", /, **more: Any) -> dict[str, Any]:
    told = {"from": {"id": "7", "name": "홍길동"}, "post_id": POST, "created_time": AT, "message": "가로등이 꺼졌어요"}
    return change(item=item, verb=verb, **(told | more))


def read(*changes: Any, **more: Any) -> Pushed:
    return opened().read_push(delivery(*changes, **more), now=NOW)


# --- the feed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", ["post", "status", "share", "video"])
@pytest.mark.parametrize("verb", ["add", "edited", "edit"])
def test_a_visitors_post_becomes_a_post_as_a_poll_would_read_it(item: str, verb: str) -> None:
    (one,) = read(written(item, verb, post={"permalink_url": "https://www.facebook.com/p/55"})).posts
    assert (one.external_id, one.root_id, one.kind, one.text) == (POST, POST, "wall", "가로등이 꺼졌어요")
    assert (one.posted_at, one.is_own, one.permalink) == (
        datetime.fromtimestamp(AT, UTC),
        False,
        "https://www.facebook.com/p/55",
    )
    assert one.author is not None
    assert (one.author.external_id, one.author.name) == ("7", "홍길동")


def test_a_post_elsewhere_that_tags_the_page_is_a_mention() -> None:
    (one,) = read(written(post_id="7_9")).posts
    assert one.kind == "mention"


@pytest.mark.parametrize(
    ("comment_id", "parent", "kind", "under"),
    [("55_1", POST, "comment", POST), ("55_2", "55_1", "reply", "55_1"), ("55_3", "", "comment", POST)],
)
def test_a_comment_and_a_reply_to_it(comment_id: str, parent: str, kind: str, under: str) -> None:
    (one,) = read(written("comment", comment_id=comment_id, parent_id=parent)).posts
    assert (one.external_id, one.kind, one.parent_id, one.root_id) == (comment_id, kind, under, POST)


def test_a_comment_that_does_not_name_its_post() -> None:
    (one,) = read(written("comment", comment_id="55_1", post_id="")).posts
    assert (one.root_id, one.parent_id, one.kind) == (POST, POST, "comment")


def test_photos_come_along() -> None:
    several = written("status", photos=["https://scontent.fbcdn.net/1.jpg", "https://scontent.fbcdn.net/2.jpg"])
    alone = written("photo", message=None, link="https://scontent.fbcdn.net/3.jpg", post_id=f"{PAGE}_56")
    under = written("comment", comment_id="55_1", message="", photo="https://scontent.fbcdn.net/4.jpg")
    posts = read(several, alone, under).posts
    assert [[media.url[-5:] for media in post.media] for post in posts] == [["1.jpg", "2.jpg"], ["3.jpg"], ["4.jpg"]]
    assert posts[1].text == ""


def test_old_names_of_the_author_are_understood() -> None:
    old = written()
    del old["value"]["from"]
    (one,) = read(written() | {"value": old["value"] | {"sender_id": 7, "sender_name": "홍길동"}}).posts
    assert one.author is not None
    assert one.author.external_id == "7"


def test_what_the_page_wrote_itself_is_marked_as_its_own() -> None:
    (one,) = read(written("comment", comment_id="55_9", **{"from": {"id": PAGE, "name": "톡톡부산"}})).posts
    assert one.is_own


def test_deletions_are_told_by_id() -> None:
    gone = read(written("comment", "remove", comment_id="55_1"), change(item="post", verb="remove", post_id=POST)).gone
    assert gone == ("55_1", POST)


NAMELESS = {"from": None}


@pytest.mark.parametrize(
    "half_told",
    [
        change("mention", post_id="7_9", verb="add"),
        written(**NAMELESS),
        written("comment", comment_id="55_1", **NAMELESS),
        written(message=None),
        written("comment", comment_id="55_1", message=""),
        written(published=0),
        written("comment", "hide", comment_id="55_1"),
        written("post", "unhide"),
    ],
)
def test_what_is_not_told_whole_is_left_to_a_poll(half_told: dict[str, Any]) -> None:
    assert read(half_told) == Pushed(stale=True)


@pytest.mark.parametrize(
    "other",
    [
        change("ratings", item="rating"),
        change(item="reaction", verb="add", post_id=POST),
        change(item="like", verb="add"),
        written("post", "mute"),
    ],
)
def test_what_does_not_concern_the_desk_says_nothing(other: dict[str, Any]) -> None:
    assert read(other) == Pushed()


def test_a_lot_with_one_that_cannot_be_read_costs_only_that_one() -> None:
    broken = [written(created_time="gestern"), written("comment"), written(post_id=""), change() | {"value": None}]
    pushed = read(written(), *broken, "words", written("comment", comment_id="55_1"))
    assert [post.external_id for post in pushed.posts] == [POST, "55_1"]
    assert len(pushed.bad) == 4
    assert pushed.stale, "a poll looks what they were"
    assert "gestern" in pushed.bad[0].raw.decode()


def test_another_page_at_the_same_address_is_none_of_ours() -> None:
    assert read(written(), page="4711") == Pushed()


# --- messages ---------------------------------------------------------------------------------------------------------


def event(sender: str, recipient: str, **message: Any) -> dict[str, Any]:
    people = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": AT * 1000 + 7}
    return people | ({"message": message} if message else {"delivery": {"watermark": 1}})


def test_a_message_and_our_answer_stand_in_the_same_thread() -> None:
    photo = [
        {"type": "image", "payload": {"url": "https://scontent.fbcdn.net/1.jpg"}},
        {"type": "video", "payload": {"url": "https://video.fbcdn.net/1.mp4"}},
        {"type": "fallback", "payload": None},
    ]
    asked = event("900", PAGE, mid="m_1", text="집 앞 가로등이요", attachments=photo)
    echo = event(PAGE, "900", mid="m_2", text="접수했습니다", is_echo=True)
    first, second = read(messaging=[asked, echo]).posts
    assert (first.external_id, first.kind, first.text, first.visibility) == (
        "m_1",
        "message",
        "집 앞 가로등이요",
        "private",
    )
    assert first.root_id == second.root_id == "chat:900"
    assert (first.is_own, second.is_own) == (False, True)
    assert [media.kind for media in first.media] == ["photo", "video"]
    assert first.posted_at == datetime.fromtimestamp(AT + 0.007, UTC)


def test_receipts_say_nothing_and_a_message_that_was_taken_back_is_gone() -> None:
    taken_back = event("900", PAGE, mid="m_1", is_deleted=True)
    assert read(messaging=[event("900", PAGE), taken_back]) == Pushed(gone=("m_1",))
    nameless = read(messaging=[event("", PAGE, mid="m_1"), event("900", PAGE, text="번호 없는 글")])
    assert len(nameless.bad) == 2


# --- whose it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"object": "user", "entry": []}', b'{"object": "page"}', b"\xff"])
def test_a_body_that_is_none_of_facebooks_is_no_delivery(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        opened().read_push(body, now=NOW)


def signature(body: bytes, key: str = SECRET) -> str:
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def test_a_signature_is_checked_over_the_raw_bytes() -> None:
    """The body escapes what is not ASCII; whoever decodes it first checks something else."""
    body = delivery(written())
    assert b"\\u" in body
    decoded = json.dumps(json.loads(body), ensure_ascii=False).encode()
    assert opened().verify_push({"x-hub-signature-256": signature(body)}, body)
    for wrong in (signature(decoded), signature(body, "another"), signature(body)[:-1], "sha256=부산", ""):
        assert not opened().verify_push({"x-hub-signature-256": wrong}, body)
    assert not opened().verify_push({}, body)
    assert not opened(app_secret="").verify_push({"x-hub-signature-256": signature(body, "")}, body)


def test_the_challenge_is_echoed_to_whoever_knows_the_token() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "우리끼리-1", "hub.challenge": "1158201444"}
    assert opened().challenge(asked) == "1158201444"
    assert opened().challenge(asked | {"hub.verify_token": "아무나"}) is None
    assert opened().challenge(asked | {"hub.mode": "unsubscribe"}) is None
    assert opened().challenge({}) is None
    assert opened(verify_token="").challenge(asked | {"hub.verify_token": ""}) is None
