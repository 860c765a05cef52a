"""A description derived from Meta's own SDK specifications between our adapter and our sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_sns.adapters.contract import IncomingPost, OutgoingPost, ReplyTarget
from channels_sns.adapters.facebook import FacebookAdapter
from tests.channels_sns.adapters.suite import photo
from tests.peers.prism import described, watched
from tests.sandbox import World
from tests.shared_material import shared

pytestmark = [pytest.mark.peers, pytest.mark.slow]


def description() -> dict[str, Any]:
    """Meta's own words for pages, posts and comments.

    Two patches: the SDK lists no edges among a post's fields (attachments), nor what /tagged adds to it.
    """
    text = shared("fixtures", "facebook", "fb-graph-page.derived-openapi.json").read_text()
    spec: dict[str, Any] = json.loads(text)
    missing = {"attachments": {"type": "object"}, "tagged_time": {"type": "string"}}
    spec["components"]["schemas"]["PagePost"]["properties"] |= missing
    return spec


@pytest.fixture(scope="module")
def prism(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    folder = tmp_path_factory.mktemp("prism")
    with described(description(), sandbox=sandbox, network="facebook", folder=folder) as between:
        yield between


def test_a_days_work_breaks_no_rule_of_the_description(
    prism: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (world, address), violations = prism, watched(monkeypatch)
    city, now = world.city("facebook"), datetime.now(UTC)
    adapter = FacebookAdapter(
        base_url=address,
        secrets=world.credentials("facebook"),
        external_id=city["id"],
        handle=city["handle"],
        options={"timeout": 30},
    )
    post_id = world.citizen_post("facebook", "가로등이 꺼졌습니다", image=photo())
    comment_id = world.citizen_post("facebook", "저희 동네도요", in_reply_to=post_id, handle="other")
    tagging = world.citizen_post("facebook", f"@{city['handle']} 신호등도 꺼졌습니다")
    assert adapter.identify().external_id == city["id"]
    assert adapter.metrics()["followers"] > 0
    read = {post.external_id: post for page in adapter.poll({}, now=now) for post in page.posts}
    assert {one: read[one].kind for one in (post_id, comment_id, tagging)} == {
        post_id: "wall",
        comment_id: "comment",
        tagging: "mention",
    }
    target = ReplyTarget(comment_id, root_id=post_id, parent_id=post_id, kind="comment")
    answer = OutgoingPost("k1", "고쳤습니다. 접수 B26-000001-1", tag="B26-000001-1", target=target)
    receipt = adapter.publish(adapter.prepare(answer))
    # Without a photo: prism takes the bytes of a form for text and passes on others.
    warning = adapter.publish(adapter.prepare(OutgoingPost("k2", "태풍이 옵니다")))
    seen = adapter.find_own(answer, since=now - timedelta(minutes=5))
    assert seen.found is not None
    assert seen.found.external_id == receipt.external_id
    assert isinstance(adapter.lookup([comment_id])[comment_id], IncomingPost)
    for own in (receipt, warning):
        adapter.delete(own.external_id)
    assert world.replies("facebook", comment_id) == []
    assert violations == []
