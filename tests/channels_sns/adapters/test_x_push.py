"""What X pushes: events in the shapes of its documentation, its signatures, its challenge."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from decimal import Decimal
from typing import Any

import pytest

from channels_sns.adapters.push import Pushed
from channels_sns.adapters.x import XAdapter
from tests.channels_sns.adapters.graph_stub import NOW

OWN, CITIZEN, SECRET = "1402005001", "2222222222222222222", "canary-consumer-secret"
PEOPLE = [{"id": CITIZEN, "username": "gildong", "name": "홍길동 (가상)", "protected": False}]


def opened(secret: str = SECRET) -> XAdapter:
    keys = {"consumer_key": "k", "consumer_secret": secret, "access_token": "t", "access_token_secret": "ts"}
    return XAdapter(base_url="https://api.x.com", secrets=keys, external_id=OWN, handle="toktok_busan")


def event(kind: str, payload: Any, *, subscriber: str = OWN, **more: Any) -> bytes:
    chosen = {"user_id": subscriber} if subscriber else {}
    data = {"event_uuid": "2080765813578191303", "event_type": kind, "filter": chosen, "payload": payload, **more}
    return json.dumps({"data": data}).encode()


def post(text: str = "@toktok_busan 가로등", **more: Any) -> dict[str, Any]:
    item = {"id": "2080765813578191303", "author_id": CITIZEN, "created_at": "2026-07-24T21:23:23.000Z"}
    history = {"edit_history_tweet_ids": [item["id"]], "conversation_id": item["id"]}
    return {**item, **history, "text": text, **more}


def read(body: bytes) -> Pushed:
    return opened().read_push(body, now=NOW)


# --- what an event says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_mention_becomes_a_post_with_its_author(wrapped: bool) -> None:
    people = [{"data": one} for one in PEOPLE] if wrapped else PEOPLE
    (one,) = read(event("post.mention.create", post(), includes={"users": people})).posts
    assert one.author is not None
    assert (one.author.external_id, one.author.handle, one.author.name) == (CITIZEN, "gildong", "홍길동 (가상)")
    assert (one.external_id, one.kind, one.text) == ("2080765813578191303", "mention", "@toktok_busan 가로등")
    assert one.permalink == "https://x.com/gildong/status/2080765813578191303"
    assert one.can_reply is True


def test_an_answer_to_us_stands_under_our_post() -> None:
    """It does not summon us: the name that opens it may be inherited."""
    answer = post("@toktok_busan 아직 꺼져 있어요", conversation_id="1", in_reply_to_tweet_id="1")
    (one,) = read(event("post.reply.create", answer, includes={})).posts
    assert (one.kind, one.parent_id, one.root_id, one.can_reply) == ("reply", "1", "1", None)
    referenced = post(referenced_tweets=[{"type": "replied_to", "id": "9"}])
    (two,) = read(event("post.reply.create", referenced)).posts
    assert two.parent_id == "9"


def test_a_quote_of_ours_lets_us_answer_although_it_does_not_show_what_it_quotes() -> None:
    quote = post("이 공지 참고하세요", referenced_tweets=[{"type": "quoted", "id": "1"}])
    (one,) = read(event("post.quote.create", quote)).posts
    assert (one.kind, one.can_reply) == ("quote", True)


def test_a_twin_in_text_counts_more_than_its_number() -> None:
    rounded = post(id=2080765813578191400, id_str="2080765813578191303", author_id=2.2e18, author_id_str=CITIZEN)
    people = [{"id": 2.2e18, "id_str": CITIZEN, "username": "gildong"}]
    (one,) = read(event("post.mention.create", rounded, includes={"users": people})).posts
    assert one.external_id == "2080765813578191303"
    assert one.author is not None
    assert one.author.handle == "gildong"


def test_our_own_post_is_ours() -> None:
    (one,) = read(event("post.reply.create", post(author_id=OWN))).posts
    assert one.is_own


def test_an_edit_names_its_earlier_version() -> None:
    (one,) = read(event("post.mention.create", post(edit_history_tweet_ids=["7", "2080765813578191303"]))).posts
    assert one.earlier_ids == ("7",)


def test_a_deletion_and_a_revocation() -> None:
    deleted = event("post.delete", {"id": "5", "author_id": CITIZEN}, subscriber=CITIZEN)
    assert read(deleted) == Pushed(gone=("5",))
    assert read(event("oauth.revoke", {"user_id": OWN, "app_id": "1"}, subscriber="")) == Pushed(revoked=True)
    assert read(event("oauth.revoke", {"user_id": CITIZEN}, subscriber="")) == Pushed()


@pytest.mark.parametrize("kind", ["like.create", "post.repost.create", "post.create", "follow.follow", "tomorrow.new"])
def test_what_does_not_concern_the_desk_says_nothing(kind: str) -> None:
    assert read(event(kind, post())) == Pushed()


def test_an_event_of_another_account_of_the_application_says_nothing() -> None:
    assert read(event("post.mention.create", post(), subscriber="77")) == Pushed()
    assert len(read(event("post.mention.create", post(), subscriber="")).posts) == 1


def test_a_post_that_cannot_be_read_is_kept_whole() -> None:
    pushed = read(event("post.mention.create", {"id": {}, "text": "읽을 수 없는 글"}))
    assert pushed.posts == ()
    assert "읽을 수 없는 글" in pushed.bad[0].raw.decode()


def test_several_events_in_one_delivery() -> None:
    one = json.loads(event("post.mention.create", post()))["data"]
    two = json.loads(event("post.delete", {"id": "5"}))["data"]
    pushed = read(json.dumps({"data": [one, two]}).encode())
    assert ([found.external_id for found in pushed.posts], pushed.gone) == (["2080765813578191303"], ("5",))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"\xff", b'{"data": null}', b'{"data": {"event_type": 7, "payload": {}}}',
     b'{"data": {"event_type": "post.delete"}}', b'{"data": {"event_type": "post.delete", "payload": []}}'],
)  # fmt: skip
def test_a_body_that_is_none_of_xs_is_no_delivery(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(body)


def test_every_event_with_a_post_costs() -> None:
    adapter = opened()
    adapter.read_push(event("post.mention.create", post()), now=NOW)
    adapter.read_push(event("like.create", {}), now=NOW)
    assert adapter.meter.used == {("mention", "USD"): Decimal("0.005")}


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_the_same_event_is_the_same_however_it_is_written() -> None:
    adapter, body = opened(), event("post.mention.create", post())
    spaced = json.dumps(json.loads(body), indent=1).encode()
    assert adapter.push_id(body, now=NOW) == adapter.push_id(spaced, now=NOW)
    negative = body.replace(b"2080765813578191303", b"-2781149976877970683", 1)
    reply = event("post.reply.create", post())
    ids = {adapter.push_id(one, now=NOW) for one in (body, negative, reply, b"{", b'{"data": {}}')}
    assert len(ids) == 5
    assert all(len(one) == 64 for one in ids)


def signature(body: bytes, key: str = SECRET) -> str:
    return "sha256=" + base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    ("header", "fits"),
    [
        (signature(b"body"), True),
        (signature(b"body "), False),
        (signature(b"body", "another"), False),
        (signature(b"body").removeprefix("sha256="), False),
        ("sha256=" + hmac.new(SECRET.encode(), b"body", hashlib.sha256).hexdigest(), False),
        ("sha256=부산", False),
        ("", False),
    ],
)
def test_a_signature_is_checked_over_the_raw_bytes(header: str, fits: bool) -> None:
    assert opened().verify_push({"x-twitter-webhooks-signature": header}, b"body") is fits


def test_without_a_key_nothing_is_verified_and_nothing_answered() -> None:
    bare = opened("")
    assert not bare.verify_push({"x-twitter-webhooks-signature": signature(b"body", "")}, b"body")
    assert not bare.verify_push({}, b"body")
    assert bare.challenge({"crc_token": "1"}) is None


def test_the_challenge_is_answered_with_the_applications_secret() -> None:
    answer = opened().challenge({"crc_token": "부산-1", "nonce": "x"})
    assert answer is not None
    assert json.loads(answer) == {"response_token": signature("부산-1".encode())}
    assert opened().challenge({}) is None
