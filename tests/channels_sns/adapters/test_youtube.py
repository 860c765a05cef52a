"""YouTube's adapter against written answers: what one reply that cannot be read costs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from channels_sns.adapters.youtube import YouTubeAdapter
from tests.channels_sns.adapters.graph_stub import GraphStub
from tests.channels_sns.adapters.test_mastodon import stub

__all__ = ["stub"]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def comment(name: str, *, parent: str = "", **more: Any) -> dict[str, Any]:
    snippet = {"publishedAt": "2026-11-24T02:50:00Z", "textOriginal": f"댓글 {name}", "parentId": parent, **more}
    return {"id": name, "snippet": snippet}


def thread(*shown: dict[str, Any], there: int) -> dict[str, Any]:
    snippet = {"videoId": "v", "topLevelComment": comment("Ug1"), "totalReplyCount": there}
    return {"snippet": snippet, "replies": {"comments": list(shown)}}


def poll(stub: GraphStub) -> tuple[list[str], list[str]]:
    """Ids of the posts and of the bad items."""
    adapter = YouTubeAdapter(base_url=stub.url, secrets={"access_token": "t"}, external_id="UC1")
    pages = list(adapter.poll({"since": NOW.isoformat()}, now=NOW))
    posts, bad = [one for page in pages for one in page.posts], [one for page in pages for one in page.bad]
    return [post.external_id for post in posts], [item.external_id for item in bad]


def test_a_reply_beside_its_comment_that_cannot_be_read_costs_only_itself(stub: GraphStub) -> None:
    broken = comment("Ug1.2", parent="Ug1", publishedAt="gestern")
    stub.say("v3/commentThreads", {"items": [thread(comment("Ug1.1", parent="Ug1"), broken, there=2)]})
    assert poll(stub) == (["Ug1", "Ug1.1"], ["Ug1.2"])


def test_a_late_reply_that_cannot_be_read_is_told(stub: GraphStub) -> None:
    stub.say("v3/commentThreads", {"items": [thread(there=2)]})
    late = [comment("Ug1.1", parent="Ug1"), comment("Ug1.2", parent="Ug1", publishedAt="gestern")]
    stub.say("v3/comments", {"items": late})
    assert poll(stub) == (["Ug1", "Ug1.1"], ["Ug1.2"])
