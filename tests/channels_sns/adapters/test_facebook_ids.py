"""A hostile id is a dead letter before it can become part of an address, wherever Facebook's answers carry one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels_sns.adapters import facebook_errors
from channels_sns.adapters.contract import OutcomeUnknown, OutgoingMedia, OutgoingPost, Page, Rejected, Transient
from channels_sns.adapters.errors import classify
from channels_sns.adapters.facebook import FacebookAdapter
from channels_sns.adapters.http import Response
from tests.channels_sns.adapters.graph_stub import NOW, PAGE, SECRET, TOKEN, GraphStub, comment, target, wall
from tests.channels_sns.adapters.suite import broadcast
from tests.channels_sns.adapters.test_facebook_messages import conversation, message
from tests.channels_sns.adapters.test_facebook_push import read, written

HOSTILE = (
    "../me",
    "1/../me",
    "1_2/comments",
    "..",
    "1 2",
    "1%2F2",
    "１２",
    "١٢",
    "_1",
    "1_",
    "1__2",
    "a",
    "1\n",
    "9" * 200,
)
UNKNOWN_PATH = {"error": {"message": "Unknown path components: /x", "type": "OAuthException", "code": 2500}}

pytestmark = pytest.mark.parametrize("hostile", HOSTILE)


def poll(graph: GraphStub, *, scopes: tuple[str, ...] = ()) -> list[Page]:
    """One poll of everything; what was asked for is checked to be made of the stub's own ids."""
    secrets = {"page_access_token": TOKEN, "app_secret": SECRET}
    adapter = FacebookAdapter(base_url=graph.url, secrets=secrets, external_id=PAGE, options={"scopes": scopes})
    pages = list(adapter.poll({}, now=NOW))
    nodes = {call.path.split("/")[2] for call in graph.asked}
    assert nodes <= {PAGE, f"{PAGE}_1", "t_1"}
    return pages


def found(pages: list[Page]) -> tuple[list[str], int]:
    """(ids of the posts, number of dead letters)"""
    return [post.external_id for page in pages for post in page.posts], sum(len(page.bad) for page in pages)


@pytest.mark.parametrize("where", [{"id": "?"}, {"from": {"id": "?", "name": "홍길동"}}])
@pytest.mark.parametrize("edge", ["feed", "tagged"])
def test_a_post_costs_only_itself(graph: GraphStub, hostile: str, edge: str, where: dict[str, Any]) -> None:
    graph.say(f"{PAGE}/{edge}", {"data": [_filled(wall(2), where, hostile), wall(1)]})
    assert found(poll(graph)) == ([f"{PAGE}_1"], 1)


@pytest.mark.parametrize("where", [{"id": "?"}, {"from": {"id": "?"}}, {"parent": {"id": "?"}}])
def test_a_comment_costs_only_itself(graph: GraphStub, hostile: str, where: dict[str, Any]) -> None:
    graph.say(f"{PAGE}/feed", {"data": [wall(1)]})
    graph.say(f"{PAGE}_1/comments", {"data": [_filled(comment(8), where, hostile), comment(9)]})
    assert found(poll(graph)) == ([f"{PAGE}_1", "1_9"], 1)


def test_a_conversation_costs_only_itself(graph: GraphStub, hostile: str) -> None:
    stranger = {**conversation(2, "8", 5), "id": hostile}
    nobody = conversation(3, hostile, 5)
    graph.say(f"{PAGE}/conversations", {"data": [stranger, nobody, "words", conversation(1, "7", 6)]})
    graph.say("t_1/messages", {"data": [{**message(2, "7", 6), "id": hostile}, message(1, "7", 6)]})
    assert found(poll(graph, scopes=("pages_messaging",))) == (["m_1"], 4)


@pytest.mark.parametrize("field", ["post_id", "comment_id", "parent_id"])
@pytest.mark.parametrize("verb", ["add", "remove"])
def test_a_pushed_comment_costs_only_itself(hostile: str, field: str, verb: str) -> None:
    told = {"comment_id": "55_9", "parent_id": f"{PAGE}_55", field: hostile}
    pushed = read(written("comment", verb, **told), written())
    assert [post.external_id for post in pushed.posts] == [f"{PAGE}_55"]
    removed_by_a_good_id = verb == "remove" and field != "comment_id"
    assert (len(pushed.bad), pushed.gone) == ((0, ("55_9",)) if removed_by_a_good_id else (1, ()))


@pytest.mark.parametrize("where", ["mid", "sender", "recipient"])
def test_a_pushed_message_costs_only_itself(hostile: str, where: str) -> None:
    ids = {"mid": "m_1", "sender": "7", "recipient": PAGE, where: hostile}
    event = {"sender": {"id": ids["sender"]}, "recipient": {"id": ids["recipient"]}, "timestamp": 1}
    pushed = read(messaging=[{**event, "message": {"mid": ids["mid"], "text": "가로등"}}])
    assert (pushed.posts, len(pushed.bad)) == ((), 1)


def test_what_we_wrote_is_known_by_no_such_id(graph: GraphStub, adapter: FacebookAdapter, hostile: str) -> None:
    graph.say("me", {"id": hostile, "name": "톡톡부산"})
    graph.say(f"POST {PAGE}/photos", {"id": hostile})
    graph.say(f"POST {PAGE}/feed", {"id": hostile})
    with pytest.raises(Transient):
        adapter.identify()
    with pytest.raises(Transient):
        adapter.prepare(broadcast(media=[OutgoingMedia(b"", "image/png")]))
    with pytest.raises(OutcomeUnknown):
        adapter.publish(adapter.prepare(broadcast()))


def test_a_post_that_was_stored_before_asks_for_nothing(
    graph: GraphStub, adapter: FacebookAdapter, hostile: str
) -> None:
    answer = OutgoingPost(key="k", text="고쳤습니다", target=target("comment", hostile))
    for call in (lambda: adapter.prepare(answer), lambda: adapter.lookup([hostile]), lambda: adapter.delete(hostile)):
        with pytest.raises(Rejected):
            call()
    assert graph.asked == []


def test_an_unknown_path_is_no_refused_token(hostile: str) -> None:
    body = {"error": {**UNKNOWN_PATH["error"], "message": f"Unknown path components: /{hostile}"}}
    said = facebook_errors.said(body)
    error = classify(facebook_errors.RULES, Response(400, {}, json.dumps(body).encode()), said, writing=False)
    assert type(error) is Rejected


def _filled(item: dict[str, Any], where: dict[str, Any], hostile: str) -> dict[str, Any]:
    """`item` with the hostile id in place of “?”."""
    filled: dict[str, Any] = json.loads(json.dumps(where).replace('"?"', json.dumps(hostile)))
    return item | filled
