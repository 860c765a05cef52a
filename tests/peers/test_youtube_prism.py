"""Google's own discovery document, as OpenAPI, between our adapter and our sandbox: prism finds fault with neither."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from channels_sns.adapters.contract import Gone, IncomingPost, OutgoingPost, ReplyTarget
from channels_sns.adapters.youtube import YouTubeAdapter
from tests.peers.prism import described, watched
from tests.sandbox import World
from tests.shared_material import shared

pytestmark = [pytest.mark.peers, pytest.mark.slow]

SPOKEN = ("/youtube/v3/channels", "/youtube/v3/commentThreads", "/youtube/v3/comments")


def description() -> dict[str, Any]:
    """The addresses that we speak, their schemas whole; every unknown field in an answer is a violation.

    One patch: a discovery document tells no status; Google's page says that a deletion answers 204.
    """
    spec: dict[str, Any] = json.loads(shared("fixtures", "youtube", "youtube.derived-openapi.json").read_text())
    spec["paths"] = {path: spec["paths"][path] for path in SPOKEN}
    spec["paths"]["/youtube/v3/comments"]["delete"]["responses"]["204"] = {"description": "No Content"}
    return spec


@pytest.fixture(scope="module")
def prism(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    folder = tmp_path_factory.mktemp("prism")
    with described(description(), sandbox=sandbox, network="youtube", folder=folder) as between:
        yield between


def signed_in(world: World, address: str) -> YouTubeAdapter:
    """The token comes from the sandbox itself: Google's token server is in no description."""
    city = world.city("youtube")
    adapter = YouTubeAdapter(
        base_url=address,
        secrets=world.credentials("youtube"),
        external_id=city["id"],
        handle=city["handle"],
        options={"timeout": 30, "token_url": f"{world.base_url('youtube')}/token"},
    )
    adapter.secrets = {**adapter.secrets, **adapter.refresh()}
    return adapter


def test_a_days_work_breaks_no_rule_of_the_description(
    prism: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (world, address), violations = prism, watched(monkeypatch)
    before, now = len(world.calls("youtube")), datetime.now(UTC)
    adapter = signed_in(world, address)
    thread = world.citizen_post("youtube", "가로등이 꺼졌습니다")
    late = [world.citizen_post("youtube", f"{n}번째로 저도요", in_reply_to=thread, handle="other") for n in range(7)]
    deleted = world.citizen_post("youtube", "지운 글")
    world.delete("youtube", deleted)
    assert adapter.identify().external_id == world.city("youtube")["id"]
    assert adapter.metrics()["followers"] > 0
    read = {post.external_id: post for page in adapter.poll({}, now=now) for post in page.posts}
    assert set(read) == {thread, *late}
    target = ReplyTarget(late[0], root_id=thread, parent_id=thread, kind="reply")
    answer = OutgoingPost("k1", "고쳤습니다. 접수 B26-000001-1", tag="B26-000001-1", target=target)
    receipt = adapter.publish(adapter.prepare(answer))
    seen = adapter.find_own(answer, since=now - timedelta(minutes=5))
    assert seen.found is not None
    assert seen.found.external_id == receipt.external_id
    looked_up = adapter.lookup([thread, receipt.external_id, deleted])
    assert isinstance(looked_up[thread], IncomingPost)
    assert isinstance(looked_up[deleted], Gone)
    adapter.delete(receipt.external_id)
    assert world.replies("youtube", thread) == []
    spoken = world.calls("youtube")[before:]
    assert [call["method"] for call in spoken].count("GET") == 6
    assert {call["status"] for call in spoken} == {200, 204}
    assert violations == []


def test_the_description_is_really_held_against_both(prism: tuple[World, str]) -> None:
    """A request that breaks it is found, and so is an answer that does."""
    world, address = prism
    headers = {"Authorization": f"Bearer {signed_in(world, address).secrets['access_token']}"}
    found: dict[str, list[Any]] = {}
    world.raw("youtube", ['{"id":17,"kind":"youtube#commentThread"}'])
    for size in ("100", "101"):
        asked = {"part": "snippet", "allThreadsRelatedToChannelId": world.city("youtube")["id"], "maxResults": size}
        answer = requests.get(f"{address}/youtube/v3/commentThreads", params=asked, headers=headers, timeout=30)
        found[size] = json.loads(answer.headers.get("sl-violations", "[]"))
    assert [one["location"][0] for one in found["100"]] == ["response"]
    assert ["request", "query", "maxresults"] in [one["location"] for one in found["101"]]
    wrong = {"snippet": {"parentId": 17, "textOriginal": "고쳤습니다", "colour": "red"}}
    url = f"{address}/youtube/v3/comments?part=snippet"
    refused = json.loads(requests.post(url, json=wrong, headers=headers, timeout=30).headers["sl-violations"])
    assert len([one for one in refused if one["location"][:2] == ["request", "body"]]) == 2
