"""Clients that the networks or others wrote, on our sandbox: they understand it, and see what our adapters wrote.

An adapter and a sandbox by the same hand may share a mistake; these were written by neither.
"""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import Adapter, OutgoingPost, ReplyTarget
from tests.channels_sns.sandbox.receiver import Receiver, Request, receiving
from tests.peers.install import CLIENTS
from tests.peers.running import required
from tests.sandbox import World

pytestmark = [pytest.mark.peers, pytest.mark.slow]

PROGRAMS = Path(__file__).parent / "clients"
TAG = "B26-000001-1"


def told(program: str, **given: Any) -> dict[str, Any]:
    """What a program of `clients/` saw, run by the Python beside which those clients are installed."""
    command = [str(required(CLIENTS)), str(PROGRAMS / f"{program}.py")]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def opened(world: World, kind: str) -> Adapter:
    city = world.city(kind)
    adapter = ADAPTERS[kind](
        base_url=world.base_url(kind),
        secrets=world.credentials(kind),
        external_id=city["id"],
        handle=city["handle"],
        options={"timeout": 30},
    )
    adapter.identify()
    return adapter


def answered(adapter: Adapter, target: ReplyTarget) -> str:
    """The id of an answer that our adapter wrote."""
    answer = OutgoingPost("k1", f"담당 부서에서 고쳤습니다. 접수 {TAG}", tag=TAG, target=target)
    return adapter.publish(adapter.prepare(answer)).external_id


def test_googles_client_understands_our_youtube_and_sees_our_answer(world: World) -> None:
    older, newer = (world.citizen_post("youtube", text) for text in ("가로등이 꺼졌습니다", "신호등도요"))
    late = world.citizen_post("youtube", "세 번째 민원", handle="third")
    world.citizen_post("youtube", "저희 동네도요", in_reply_to=older, handle="other")
    answered(opened(world, "youtube"), ReplyTarget(older, root_id=older))
    said = told("youtube", address=world.base_url("youtube"), thread=older, **world.credentials("youtube"))
    ours = f"담당 부서에서 고쳤습니다. 접수 {TAG}"
    assert (said["channel"], said["subscribers"]) == (world.city("youtube")["id"], "5120")
    assert said["threads"] == ["세 번째 민원", "신호등도요", "가로등이 꺼졌습니다"], (late, newer)
    assert said["can_reply"] == [True] * 3
    assert said["below"] == [ours, "저희 동네도요"]
    assert said["answer"]["seen"] == ["모두 고쳤습니다", ours, "저희 동네도요"]
    assert said["answer"]["after"] == said["below"]
    assert said["refused"] == {
        "nobody's thread": [404, "parentCommentNotFound"],
        "no filter": [400, "missingRequiredParameter"],
        "too much of a page": [400, "invalidValue"],
    }


def test_what_googles_client_wrote_our_adapter_reads_as_ours(world: World) -> None:
    thread = world.citizen_post("youtube", "가로등이 꺼졌습니다")
    adapter = opened(world, "youtube")
    told("youtube", address=world.base_url("youtube"), thread=thread, **world.credentials("youtube"))
    spent = [call["path"].rpartition("/")[2].partition("?")[0] for call in world.calls("youtube")]
    assert spent.count("token") == 2, "each client signed in once"
    (post,) = [post for page in adapter.poll({}, now=datetime.now(UTC)) for post in page.posts]
    assert post.external_id == thread, "what was written and taken down again is gone"


def test_metas_client_understands_our_graph_and_sees_our_answer(world: World) -> None:
    post = world.citizen_post("facebook", "가로등이 꺼졌습니다")
    comment = world.citizen_post("facebook", "저희 동네도요", in_reply_to=post, handle="other")
    below = world.citizen_post("facebook", "여기도요", in_reply_to=comment, handle="third")
    page = world.city("facebook")
    target = ReplyTarget(comment, root_id=post, parent_id=post, kind="comment")
    own = answered(opened(world, "facebook"), target)
    said = told(
        "facebook",
        address=world.base_url("facebook"),
        page=page["id"],
        post=post,
        comment=comment,
        **world.credentials("facebook"),
    )
    ours = f"담당 부서에서 고쳤습니다. 접수 {TAG}"
    assert said["page"] == [page["id"], page["name"], 5000]
    assert [(one["id"], one["message"]) for one in said["wall"]] == [(post, "가로등이 꺼졌습니다")]
    assert [one["id"] for one in said["comments"]] == [comment, below, own]
    assert [(one.get("parent") or {}).get("id") for one in said["comments"]] == [None, comment, comment]
    assert (said["answer"]["from"]["id"], said["answer"]["parent"]["id"]) == (page["id"], comment)
    assert said["seen"] == ["저희 동네도요", "여기도요", ours, "고쳤습니다"]
    assert said["posted"]
    assert said["after"] == ["저희 동네도요", "여기도요", ours]
    assert said["refused"] == {
        "what was deleted": [400, 100, "GraphMethodException"],
        "a forged proof": [400, 100, "GraphMethodException"],
    }


@pytest.fixture
def skill(world: World) -> Any:
    """Keeps what KakaoTalk's sandbox asks a skill, and answers nothing."""

    def silent(_request: Request) -> tuple[int, bytes]:
        return 200, b"{}"

    with receiving(silent) as receiver:
        world.settings("kakao", webhook_url=receiver.url)
        yield receiver


def test_a_library_for_skills_reads_the_payload_as_our_adapter_does(world: World, skill: Receiver) -> None:
    adapter = ADAPTERS["kakao"](base_url=world.base_url("kakao"), secrets=world.credentials("kakao"))
    for language in ("ko", "en"):
        world.citizen_post("kakao", "가로등이 꺼졌어요 😢")
        body = skill.posted()[-1].body
        pushed = adapter.read_push(body, now=datetime.now(UTC))
        (post,) = pushed.posts
        ours = adapter.push_answer(pushed, receipt="B26-000123", language=language)
        assert ours is not None
        text = ours["template"]["outputs"][0]["simpleText"]["text"]
        said = told("kakao", payload=json.loads(body), text=text)
        assert post.author is not None
        assert (said["user"], said["words"]) == (post.author.external_id, post.text)
        assert said["bot"] == world.credentials("kakao")["bot_id"]
        assert (said["friend"], said["skill"]) == (True, "민원 접수")
        assert said["answer"] == ours
        assert "B26-000123" in text
