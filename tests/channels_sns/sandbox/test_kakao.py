"""KakaoTalk's dialect: a skill of the test's own, and the Event API with requests, not through our adapter."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.channels_sns.sandbox.receiver import Answer, Receiver, Request, receiving
from tests.channels_sns.sandbox.test_web import Browser
from tests.sandbox import World


def said(text: str, *replies: str) -> bytes:
    quick = [{"label": reply, "action": "message", "messageText": reply} for reply in replies]
    template = {"outputs": [{"simpleText": {"text": text}}], "quickReplies": quick}
    return json.dumps({"version": "2.0", "template": template}).encode()


def receipt(request: Request) -> Answer:
    utterance = json.loads(request.body)["userRequest"]["utterance"]
    return 200, said(f"접수했습니다: {utterance}", "진행 상황")


@pytest.fixture
def skill(world: World) -> Iterator[Receiver]:
    """The desk's stand-in, registered with the channel."""
    with receiving(receipt) as receiver:
        world.settings("kakao", webhook_url=receiver.url)
        yield receiver


@pytest.fixture
def citizen(world: World) -> Iterator[Browser]:
    citizen = Browser(world)
    yield citizen
    citizen.session.close()


class Bot:
    """The Event API with the channel's key."""

    def __init__(self, world: World) -> None:
        self.base, self.secrets = world.base_url("kakao"), world.credentials("kakao")
        self.headers = {"Authorization": f"KakaoAK {self.secrets['rest_api_key']}"}

    def talk(self, *users: str, text: str = "고쳤습니다", **changed: Any) -> requests.Response:
        body = {
            "event": {"name": "complaint_answered", "data": {"text": text}},
            "user": [{"type": "botUserKey", "id": user} for user in users],
            **changed,
        }
        url = f"{self.base}/v2/bots/{self.secrets['bot_id']}/talk"
        return requests.post(url, json=body, headers=self.headers, timeout=20)

    def task(self, task_id: str) -> requests.Response:
        return requests.get(f"{self.base}/v1/tasks/{task_id}", headers=self.headers, timeout=20)


def user_in(request: Request) -> str:
    return str(json.loads(request.body)["userRequest"]["user"]["id"])


def test_a_message_goes_to_the_skill_and_its_answer_stands_in_the_chat(
    world: World, skill: Receiver, citizen: Browser
) -> None:
    chat = citizen.send(world.page_url("kakao"), name="김부산", text="가로등이 꺼졌어요")
    assert chat.url == world.page_url("kakao")
    assert chat.text.index("가로등이 꺼졌어요") < chat.text.index("접수했습니다: 가로등이 꺼졌어요")
    assert '<button name="text" value="진행 상황">' in chat.text
    (request,) = skill.posted()
    assert request.headers["x-desk-skill-key"] == world.credentials("kakao")["skill_secret"]
    payload = json.loads(request.body)
    asked = payload["userRequest"]
    assert (asked["utterance"], asked["timezone"], asked["user"]["type"]) == (
        "가로등이 꺼졌어요",
        "Asia/Seoul",
        "botUserKey",
    )
    assert asked["user"]["properties"]["isFriend"] is True
    assert payload["bot"]["id"] == world.credentials("kakao")["bot_id"]
    assert "callbackUrl" not in asked
    assert {"intent", "action", "contexts"} <= payload.keys()
    message, answer = world.posts("kakao")
    assert (message["kind"], answer["kind"], answer["parent"]) == ("message", "skill", message["id"])


def test_the_operators_secret_and_header_are_settings(world: World, skill: Receiver) -> None:
    world.settings("kakao", skill_secret="열쇠-1".encode().hex(), skill_header="X-Other")
    world.citizen_post("kakao", "안녕하세요")
    (request,) = skill.posted()
    assert request.headers["x-other"] == world.credentials("kakao")["skill_secret"] == "열쇠-1".encode().hex()


def test_nobody_sees_the_chats_of_others(world: World, skill: Receiver, citizen: Browser) -> None:
    world.citizen_post("kakao", "남의 이야기", handle="lee_haeun")
    mine = citizen.send(world.page_url("kakao"), name="김부산", text="내 이야기").text
    assert "내 이야기" in mine
    assert "남의 이야기" not in mine
    assert len({user_in(request) for request in skill.posted()}) == 2


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"{}"),
        (200, b"<html>"),
        (200, b'{"template": {"outputs": [{"simpleText": {"text": "old"}}]}}'),
        (200, b'{"version": "2.0", "template": {"outputs": []}}'),
        (200, b'{"version": "2.0", "template": {"outputs": [{"hologram": {}}]}}'),
        (302, said("elsewhere")),
    ],
)
def test_what_is_no_answer_is_not_shown(world: World, skill: Receiver, citizen: Browser, answer: Answer) -> None:
    skill.answers = lambda request: answer
    chat = citizen.send(world.page_url("kakao"), name="김부산", text="안녕하세요").text
    assert 'class="notice"' in chat
    assert [post["kind"] for post in world.posts("kakao")] == ["message"]


def test_a_skill_that_thinks_too_long_is_not_waited_for(world: World, skill: Receiver) -> None:
    world.settings("kakao", skill_seconds=0.2)
    release = threading.Event()

    def slow(request: Request) -> Answer:
        release.wait(10)
        return receipt(request)

    skill.answers = slow
    started = time.monotonic()
    world.citizen_post("kakao", "안녕하세요")
    assert time.monotonic() - started < 5
    release.set()
    assert [post["kind"] for post in world.posts("kakao")] == ["message"]
    (sent,) = world.ask("kakao", "deliveries")
    assert sent["status"] == 0


def test_nobody_outside_this_machine_is_called(world: World) -> None:
    world.settings("kakao", webhook_url="https://skill.example.org/hook")
    world.citizen_post("kakao", "안녕하세요")
    (sent,) = world.ask("kakao", "deliveries")
    assert (sent["status"], sent["answer"].startswith("not an address on this machine")) == (0, True)


def test_without_a_skill_nobody_answers(world: World) -> None:
    world.citizen_post("kakao", "안녕하세요")
    assert len(world.posts("kakao")) == 1
    assert world.ask("kakao", "deliveries") == []


def test_a_later_answer_is_accepted_first_and_delivered_later(world: World, skill: Receiver, citizen: Browser) -> None:
    page = world.page_url("kakao")
    citizen.send(page, name="김부산", text="가로등이 꺼졌어요")
    world.settings("kakao", delivery_seconds=1)
    bot = Bot(world)
    accepted = bot.talk(user_in(skill.posted()[0])).json()
    assert accepted["status"] == "SUCCESS"
    assert bot.task(accepted["taskId"]).json()["status"] == "PROCESSING"
    assert "고쳤습니다" not in citizen.open(page).text
    deadline = time.monotonic() + 10
    while bot.task(accepted["taskId"]).json()["status"] == "PROCESSING" and time.monotonic() < deadline:
        time.sleep(0.1)
    task = bot.task(accepted["taskId"]).json()
    assert (task["status"], task["successCount"], task["fail"]["count"]) == ("ALL SUCCESS", 1, 0)
    assert "고쳤습니다" in citizen.open(page).text
    assert world.posts("kakao")[-1]["parent"] == world.posts("kakao")[0]["id"]


def test_only_friends_hear_of_it(world: World, skill: Receiver) -> None:
    world.settings("kakao", not_friends=["lee_haeun"])
    for handle in ("kim_busan", "lee_haeun"):
        world.citizen_post("kakao", "안녕하세요", handle=handle)
    friend, stranger = (user_in(request) for request in skill.posted())
    properties = json.loads(skill.posted()[1].body)["userRequest"]["user"]["properties"]
    assert "isFriend" not in properties
    bot = Bot(world)
    both = bot.task(bot.talk(friend, stranger).json()["taskId"]).json()
    assert (both["status"], both["successCount"], both["fail"]["count"]) == ("PARTIAL SUCCESS", 1, 1)
    for nobody in (stranger, "unknown"):
        assert bot.task(bot.talk(nobody).json()["taskId"]).json()["status"] == "FAIL"


def test_requests_that_make_no_sense(world: World, skill: Receiver) -> None:
    world.citizen_post("kakao", "안녕하세요")
    bot, user = Bot(world), user_in(skill.posted()[0])
    assert bot.talk().status_code == 400
    assert bot.talk(*[user] * 101).status_code == 400
    assert bot.talk(user, event={"data": {}}).status_code == 400
    assert bot.talk(user, user=[{"type": "phone", "id": "1"}]).status_code == 400
    assert bot.task("nothing").status_code == 404
    world.settings("kakao", key_revoked=True)
    assert (bot.talk(user).status_code, bot.talk(user).json()["code"]) == (401, -401)


def test_a_task_may_never_end(world: World, skill: Receiver) -> None:
    world.settings("kakao", stuck=True)
    world.citizen_post("kakao", "안녕하세요")
    bot = Bot(world)
    assert bot.task(bot.talk(user_in(skill.posted()[0])).json()["taskId"]).json()["status"] == "PROCESSING"


def test_slow_work_may_answer_once_by_callback(world: World, skill: Receiver) -> None:
    world.settings("kakao", callback=world.address)
    waiting = {"version": "2.0", "useCallback": True, "data": {"text": "접수 중입니다"}}
    skill.answers = lambda request: (200, json.dumps(waiting).encode())
    world.citizen_post("kakao", "안녕하세요")
    url = json.loads(skill.posted()[0].body)["userRequest"]["callbackUrl"]
    assert requests.post(url, data=b"{}", timeout=20).status_code == 400
    answers = [requests.post(url, data=said("접수했습니다"), timeout=20).status_code for _turn in range(2)]
    assert answers == [200, 400]
    assert [post["text"] for post in world.posts("kakao")] == ["안녕하세요", "접수 중입니다", "접수했습니다"]
