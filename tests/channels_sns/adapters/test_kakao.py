"""KakaoTalk's adapter: what the channel pushes, the answer in the chat, the later answer and its task."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels_sns.adapters.contract import (
    AuthExpired,
    ChannelError,
    IncomingPost,
    OutcomeUnknown,
    OutgoingPost,
    Rejected,
    ReplyTarget,
)
from channels_sns.adapters.kakao import KakaoAdapter
from tests.channels_sns.sandbox.receiver import Answer, Receiver, Request, receiving
from tests.sandbox import World

NOW = datetime(2026, 11, 25, 9, 0, 30, tzinfo=UTC)
TAG = "B26-000123-1"


@pytest.fixture
def adapter(world: World) -> KakaoAdapter:
    secrets = world.credentials("kakao")
    city = world.city("kakao")["id"]
    return KakaoAdapter(base_url=world.base_url("kakao"), secrets=secrets, external_id=city, options={"timeout": 10})


@pytest.fixture
def skill(world: World, adapter: KakaoAdapter) -> Iterator[Receiver]:
    """The desk's door in small: verified, read, answered with a receipt."""

    def answer(request: Request) -> Answer:
        if not adapter.verify_push(request.headers, request.body):
            return 403, b""
        said = adapter.push_answer(adapter.read_push(request.body, now=NOW), receipt="B26-000123", language="ko")
        return 200, json.dumps(said).encode()

    with receiving(answer) as receiver:
        world.settings("kakao", webhook_url=receiver.url)
        yield receiver


def message(adapter: KakaoAdapter, request: Request) -> IncomingPost:
    (post,) = adapter.read_push(request.body, now=NOW).posts
    return post


def answer_to(post: IncomingPost, text: str = f"고쳤습니다. {TAG}") -> OutgoingPost:
    assert post.author is not None
    target = ReplyTarget(external_id=post.external_id, root_id=post.root_id, author_id=post.author.external_id)
    return OutgoingPost(key="4f0c", text=text, tag=TAG, target=target)


def test_a_message_is_read_and_answered_with_its_receipt(world: World, adapter: KakaoAdapter, skill: Receiver) -> None:
    world.citizen_post("kakao", "가로등이 꺼졌어요")
    post = message(adapter, skill.posted()[0])
    assert (post.kind, post.text, post.visibility) == ("message", "가로등이 꺼졌어요", "private")
    assert post.author is not None
    assert post.root_id == f"chat:{post.author.external_id}"
    said, shown = world.posts("kakao")
    assert (said["text"], "B26-000123" in shown["text"], shown["kind"]) == ("가로등이 꺼졌어요", True, "skill")


def test_only_the_skills_own_header_opens_the_door(world: World, adapter: KakaoAdapter, skill: Receiver) -> None:
    world.settings("kakao", skill_header="X-Wrong")
    world.citizen_post("kakao", "안녕하세요")
    assert [post["kind"] for post in world.posts("kakao")] == ["message"]
    (request,) = skill.posted()
    assert not adapter.verify_push(request.headers, request.body)
    known = {"x-wrong": adapter.secrets["skill_secret"]}
    chosen = KakaoAdapter(base_url="", secrets=adapter.secrets, options={"skill_header": "X-Wrong"})
    assert chosen.verify_push(known, request.body)
    assert not KakaoAdapter(base_url="", secrets={}).verify_push({"x-desk-skill-key": ""}, request.body)


def test_the_same_words_in_a_minute_are_one_delivery(world: World, adapter: KakaoAdapter, skill: Receiver) -> None:
    for _turn in range(2):
        world.citizen_post("kakao", "가로등이 꺼졌어요")
    world.citizen_post("kakao", "신호등도요")
    first, again, other = skill.posted()
    assert adapter.push_id(first.body, now=NOW) == adapter.push_id(again.body, now=NOW)
    assert adapter.push_id(first.body, now=NOW) != adapter.push_id(other.body, now=NOW)
    assert adapter.push_id(first.body, now=NOW) != adapter.push_id(first.body, now=NOW + timedelta(minutes=1))


def test_a_later_answer_is_accepted_and_told_delivered_by_its_task(
    world: World, adapter: KakaoAdapter, skill: Receiver
) -> None:
    world.citizen_post("kakao", "가로등이 꺼졌어요")
    answer = answer_to(message(adapter, skill.posted()[0]))
    world.settings("kakao", stuck=True)
    receipt = adapter.publish(adapter.prepare(answer))
    assert (receipt.external_id, bool(receipt.pending_id)) == ("", True)
    waiting = replace(answer, pending_id=receipt.pending_id)
    assert (seen := adapter.find_own(waiting, since=NOW)).found is None
    assert not seen.complete
    world.settings("kakao", stuck=False)
    seen = adapter.find_own(waiting, since=NOW)
    assert seen.found is not None
    assert world.posts("kakao")[-1]["text"] == answer.text
    assert not adapter.find_own(answer, since=NOW).complete, "without a task nobody can tell"


def test_who_is_no_friend_gets_nothing_and_that_is_sure(world: World, adapter: KakaoAdapter, skill: Receiver) -> None:
    world.citizen_post("kakao", "안녕하세요", handle="lee_haeun")
    world.settings("kakao", not_friends=["lee_haeun"])
    answer = answer_to(message(adapter, skill.posted()[0]))
    task = adapter.publish(adapter.prepare(answer)).pending_id
    waiting = replace(answer, pending_id=task)
    seen = adapter.find_own(waiting, since=NOW)
    assert (seen.found, seen.complete) == (None, True)


def test_refusals_and_lost_answers_are_told(world: World, adapter: KakaoAdapter, skill: Receiver) -> None:
    world.citizen_post("kakao", "안녕하세요")
    prepared = adapter.prepare(answer_to(message(adapter, skill.posted()[0])))
    faults: dict[str, type[ChannelError]] = {
        "unauthorized": AuthExpired,
        "target_gone": Rejected,
        "drop_after_store": OutcomeUnknown,
        "no_id_201": OutcomeUnknown,
        "html_200": OutcomeUnknown,
    }
    for fault, error in faults.items():
        world.fault("kakao", fault, on="publish")
        with pytest.raises(ChannelError) as caught:
            adapter.publish(prepared)
        assert type(caught.value) is error, fault


def test_what_is_too_long_or_for_everybody_never_leaves(adapter: KakaoAdapter) -> None:
    target = ReplyTarget(external_id="1", author_id="someone")
    adapter.prepare(OutgoingPost(key="4f0c", text="가" * 1000, target=target))
    with pytest.raises(Rejected):
        adapter.prepare(OutgoingPost(key="4f0c", text="가" * 1001, target=target))
    with pytest.raises(Rejected):
        adapter.prepare(OutgoingPost(key="4f0c", text="안내"))


@pytest.mark.parametrize(
    "body", [b"1", b"[]", b'{"userRequest":1}', b'{"userRequest":{"user":1}}', b'{"userRequest":{}}']
)
def test_a_body_that_is_no_message_is_refused_as_one(adapter: KakaoAdapter, body: bytes) -> None:
    with pytest.raises(ValueError, match="userRequest"):
        adapter.read_push(body, now=datetime.now(UTC))
