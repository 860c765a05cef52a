"""X's own OpenAPI description between our adapter and our sandbox: prism finds fault with neither side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from channels_sns.adapters.contract import Gone, IncomingPost, OutgoingMedia, OutgoingPost, ReplyTarget
from channels_sns.adapters.x import XAdapter
from channels_sns.adapters.x_posts import snowflake
from tests.channels_sns.adapters.suite import photo
from tests.peers.prism import described, watched
from tests.sandbox import World
from tests.shared_material import shared

pytestmark = [pytest.mark.peers, pytest.mark.slow]

SPOKEN = (
    "/2/users/me",
    "/2/users/{id}/mentions",
    "/2/users/{id}/tweets",
    "/2/tweets",
    "/2/tweets/search/recent",
    "/2/tweets/{id}",
    "/2/media/upload",
    "/2/media/metadata",
)


def description() -> dict[str, Any]:
    """X's description of the addresses that we speak, its schemas whole.

    One patch: prism takes OAuth 1.0a for HTTP authentication of an unknown kind, so it is told of the header only.
    """
    spec: dict[str, Any] = json.loads(shared("fixtures", "x", "openapi", "x-openapi-2.159.json").read_text())
    spec["paths"] = {path: spec["paths"][path] for path in SPOKEN}
    user_token = {"type": "apiKey", "in": "header", "name": "Authorization"}
    spec["components"]["securitySchemes"]["UserToken"] = user_token
    return spec


@pytest.fixture(scope="module")
def prism(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    folder = tmp_path_factory.mktemp("prism")
    with described(description(), sandbox=sandbox, network="x", folder=folder) as between:
        yield between


def bearer(world: World) -> dict[str, str]:
    """OAuth 2: a signature of OAuth 1.0a names the host, and that is another one behind the proxy."""
    given = world.oauth2_credentials()
    return {f"oauth2_{name}" if name.endswith("_token") else name: value for name, value in given.items()}


def test_a_days_work_breaks_no_rule_of_the_description(
    prism: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (world, address), violations = prism, watched(monkeypatch)
    before = len(world.calls("x"))
    city = world.city("x")
    adapter = XAdapter(
        base_url=address,
        secrets=bearer(world),
        external_id=city["id"],
        handle=city["handle"],
        options={"timeout": 30},
    )
    now = datetime.now(UTC)
    post_id = world.citizen_post("x", "가로등이 꺼졌습니다 https://busan.go.kr/a", image=photo())
    reply_id = world.citizen_post("x", "아직도 꺼져 있습니다", in_reply_to=post_id, handle="other")
    deleted = world.citizen_post("x", "지운 글")
    world.delete("x", deleted)
    assert adapter.identify().external_id == city["id"]
    pages = list(adapter.poll({}, now=now))
    read, last = {post.external_id: post for page in pages for post in page.posts}, pages[-1]
    assert {post_id, reply_id} <= set(read)
    cursor = {**last.cursor, "crossed": None, "followed": snowflake(now - timedelta(minutes=6))}
    searched = {post.external_id for page in adapter.poll(cursor, now=now) for post in page.posts}
    assert {post_id, reply_id} <= searched
    target = ReplyTarget(post_id, root_id=post_id, author_handle="citizen")
    answer = OutgoingPost("k1", "담당 부서에서 고쳤습니다. 접수 B26-000001-1", tag="B26-000001-1", target=target)
    receipt = adapter.publish(adapter.prepare(answer))
    picture = OutgoingMedia(photo(), "image/png", "태풍의 길")
    warning = adapter.publish(adapter.prepare(OutgoingPost("k2", "태풍이 옵니다", media=(picture,))))
    seen = adapter.find_own(answer, since=now - timedelta(minutes=5))
    assert seen.found is not None
    assert seen.found.external_id == receipt.external_id
    looked_up = adapter.lookup([post_id, receipt.external_id, deleted])
    assert isinstance(looked_up[post_id], IncomingPost)
    assert isinstance(looked_up[deleted], Gone)
    for own in (receipt, warning):
        adapter.delete(own.external_id)
    assert world.replies("x", post_id) == []
    assert len(world.calls("x")) - before == 13
    assert violations == []


def test_the_description_is_really_held_against_both(prism: tuple[World, str]) -> None:
    """A request that breaks it is found, and so is an answer that does."""
    world, address = prism
    world.raw("x", ['{"id":17,"text":"a number for an id"}'])
    found: dict[str, str] = {}
    for size in ("1", "100"):
        answer = requests.get(
            f"{address}/2/users/{world.city('x')['id']}/mentions",
            params={"max_results": size},
            headers={"Authorization": f"Bearer {bearer(world)['oauth2_access_token']}"},
            timeout=30,
        )
        found[size] = answer.headers.get("sl-violations", "")
    assert "max_results" in found["1"]
    assert "response" in found["100"]
