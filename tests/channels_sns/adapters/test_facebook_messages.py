"""The Page's inbox, private answers, what the network says of a token and of its use."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_sns.adapters import facebook_errors, rewind
from channels_sns.adapters.contract import (
    AuthExpired,
    Duplicate,
    IncomingPost,
    OutcomeUnknown,
    OutgoingMedia,
    OutgoingPost,
    Page,
    Rejected,
    ReplyNotAllowed,
    ReplyTarget,
    TargetGone,
    TokenState,
    Transient,
)
from channels_sns.adapters.facebook import FacebookAdapter
from tests.channels_sns.adapters.graph_stub import NOW, PAGE, PROOF, SECRET, TOKEN, Answer, GraphStub, target, wall
from tests.shared_material import shared


@pytest.fixture
def inbox(graph: GraphStub) -> FacebookAdapter:
    """An adapter whose token has the right to the messages."""
    secrets = {"page_access_token": TOKEN, "app_secret": SECRET}
    scopes = {"scopes": ["pages_messaging"]}
    return FacebookAdapter(base_url=graph.url, secrets=secrets, external_id=PAGE, options=scopes)


def time(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def conversation(number: int, person: str, minutes: float) -> dict[str, Any]:
    people = {"data": [{"id": person, "name": "홍길동"}, {"id": PAGE}]}
    return {"id": f"t_{number}", "updated_time": time(minutes), "participants": people}


def message(number: int, person: str, minutes: float, text: str = "가로등이요", **more: Any) -> dict[str, Any]:
    sender = {"id": person, "name": "톡톡부산" if person == PAGE else "홍길동"}
    return {"id": f"m_{number}", "message": text, "from": sender, "created_time": time(minutes), **more}


def poll(adapter: FacebookAdapter, cursor: Any = None) -> list[Page]:
    return list(adapter.poll(cursor or {}, now=NOW))


def posts(pages: list[Page]) -> dict[str, IncomingPost]:
    return {post.external_id: post for page in pages for post in page.posts}


# --- in ---------------------------------------------------------------------------------------------------------------


def test_every_conversation_is_a_thread_of_its_own(graph: GraphStub, inbox: FacebookAdapter) -> None:
    graph.say(f"{PAGE}/conversations", {"data": [conversation(1, "900", 1), conversation(2, "901", 2)]})
    photo = {"data": [{"image_data": {"url": "https://scontent.fbcdn.net/1.jpg"}}, {"file_url": "https://x/1.pdf"}]}
    film = {"data": [{"video_data": {"url": "https://v/1.mp4", "preview_url": "https://v/1.jpg"}}]}
    graph.say(
        "t_1/messages", {"data": [message(12, PAGE, 1, "접수했습니다"), message(11, "900", 2, attachments=photo)]}
    )
    graph.say("t_2/messages", {"data": [message(21, "901", 2, attachments=film)]})
    found = posts(poll(inbox))
    assert {one: (it.kind, it.root_id, it.is_own) for one, it in found.items()} == {
        "m_12": ("message", "chat:900", True),
        "m_11": ("message", "chat:900", False),
        "m_21": ("message", "chat:901", False),
    }
    assert [media.url for media in found["m_11"].media] == ["https://scontent.fbcdn.net/1.jpg"]
    assert [media.kind for media in found["m_21"].media] == ["video"]
    assert found["m_11"].visibility == "private"


def test_only_what_is_new_is_read(graph: GraphStub, inbox: FacebookAdapter) -> None:
    since = {
        "since": {"start": (NOW - timedelta(days=9)).isoformat(), "messages": (NOW - timedelta(hours=1)).isoformat()}
    }
    more = {"next": "https://graph.example/x?after=A"}
    graph.say(
        f"{PAGE}/conversations", {"data": [conversation(1, "900", 5), conversation(2, "901", 300)], "paging": more}
    )
    graph.say("t_1/messages", {"data": [message(12, "900", 5), message(11, "900", 200)], "paging": more})
    pages = poll(inbox, since)
    assert list(posts(pages)) == ["m_12"]
    assert len(graph.calls("/conversations")) == len(graph.calls("/messages")) == 1
    assert pages[-1].cursor["since"]["messages"] == (NOW - timedelta(minutes=5)).isoformat()


def test_without_the_right_the_inbox_is_left_alone(graph: GraphStub, adapter: FacebookAdapter) -> None:
    poll(adapter)
    assert graph.calls("/conversations") == []


def test_a_right_that_was_taken_away_stops_the_messages_only(graph: GraphStub, inbox: FacebookAdapter) -> None:
    graph.say(f"{PAGE}/conversations", Answer({"error": {"message": "(#200) no", "code": 200}}, 403))
    pages = poll(inbox)
    assert [page.gap for page in pages if page.gap] == ["the messages are refused: (#200) no"]
    assert "comments" in pages[-1].cursor["since"]


def test_many_comments_do_not_keep_the_messages_waiting(graph: GraphStub, inbox: FacebookAdapter) -> None:
    graph.say(f"{PAGE}/feed", {"data": [wall(1)]})
    graph.say(f"{PAGE}_1/comments", {"data": []})
    poll(inbox)
    edges = [call.path.rpartition("/")[2] for call in graph.asked]
    assert edges.index("conversations") < edges.index("comments")


def test_a_message_is_looked_up_as_one(graph: GraphStub, inbox: FacebookAdapter) -> None:
    graph.say("m_11", message(11, "900", 5, "고친 글"))
    found = inbox.lookup(["m_11"])["m_11"]
    assert isinstance(found, IncomingPost)
    assert (found.kind, found.root_id, found.text) == ("message", "chat:900", "고친 글")


def test_what_is_read_again_is_read_on_every_edge(graph: GraphStub, inbox: FacebookAdapter) -> None:
    """Messages and wall posts of a day on which the account stood still, and not only those of the last minutes."""
    graph.say(f"{PAGE}/conversations", {"data": [conversation(1, "900", 600)]})
    graph.say("t_1/messages", {"data": [message(11, "900", 600)]})
    graph.say(f"{PAGE}/feed", {"data": [wall(1, minutes=900)]})
    assert posts(poll(inbox, rewind.REWINDS["facebook"](NOW - timedelta(days=1)))).keys() == {"m_11", f"{PAGE}_1"}


# --- out --------------------------------------------------------------------------------------------------------------


def answer(to: ReplyTarget, *, private: bool = False, **more: Any) -> OutgoingPost:
    return OutgoingPost("k", "고쳤습니다. 접수 B26-1", tag="B26-1", target=to, private=private, **more)


def test_a_message_is_answered_in_its_thread(graph: GraphStub, inbox: FacebookAdapter) -> None:
    graph.say(f"POST {PAGE}/messages", {"recipient_id": "900", "message_id": "m_12"})
    to = target("message", "m_11", root_id="chat:900", author_id="900")
    receipt = inbox.publish(inbox.prepare(answer(to)))
    assert receipt.external_id == "m_12"
    (asked,) = graph.calls("/messages")
    assert json.loads(asked.form["recipient"]) == {"id": "900"}
    assert json.loads(asked.form["message"]) == {"text": "고쳤습니다. 접수 B26-1"}
    assert (asked.form["messaging_type"], asked.form["appsecret_proof"]) == ("RESPONSE", PROOF)


def test_a_comment_is_answered_in_private_where_it_may_be(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say("1_2", {"id": "1_2", "can_reply_privately": True}, {"id": "1_2", "can_reply_privately": False})
    to = target("comment", "1_2", root_id="1090_1")
    assert json.loads(adapter.prepare(answer(to, private=True)).body["recipient"]) == {"comment_id": "1_2"}
    with pytest.raises(ReplyNotAllowed):
        adapter.prepare(answer(to, private=True))
    wall = adapter.prepare(answer(target("wall", "1090_1"), private=True))
    assert json.loads(wall.body["recipient"]) == {"post_id": "1090_1"}


def test_what_no_message_can_be_never_leaves(graph: GraphStub, adapter: FacebookAdapter) -> None:
    to = target("message", "m_11", author_id="900")
    photo = OutgoingMedia(b"x", "image/png")
    for wrong in (
        OutgoingPost("k", "가" * 2001, target=to),
        answer(to, media=(photo,)),
        OutgoingPost("k", "모두에게", private=True),
    ):
        with pytest.raises(Rejected):
            adapter.prepare(wrong)
    with pytest.raises(Rejected):
        adapter.delete("m_12")
    assert graph.asked == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code": 10, "error_subcode": 2018278}, ReplyNotAllowed),
        ({"code": 551}, ReplyNotAllowed),
        ({"code": 10900}, Duplicate),
        ({"code": 100, "error_subcode": 2018001}, TargetGone),
    ],
)
def test_a_refused_message_is_told(
    graph: GraphStub, adapter: FacebookAdapter, said: dict[str, int], error: type[Exception]
) -> None:
    graph.say(f"POST {PAGE}/messages", Answer({"error": said}, 400))
    with pytest.raises(error):
        adapter.publish(adapter.prepare(answer(target("message", "m_11", author_id="900"))))


def test_a_message_without_an_id_may_have_been_sent(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say(f"POST {PAGE}/messages", {"recipient_id": "900"})
    with pytest.raises(OutcomeUnknown):
        adapter.publish(adapter.prepare(answer(target("message", "m_11", author_id="900"))))


def test_our_message_is_read_back(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say(f"{PAGE}/conversations", {"data": [conversation(1, "900", 1), conversation(2, "901", 2)]})
    graph.say("t_1/messages", {"data": [message(12, PAGE, 1, "고쳤습니다. 접수 B26-1"), message(11, "900", 2)]})
    graph.say("t_2/messages", {"data": [message(21, "901", 2, "접수 B26-1 아닌가요")]})
    since = NOW - timedelta(minutes=10)
    mine = adapter.find_own(answer(target("message", "m_11", author_id="900")), since=since)
    assert mine.found is not None
    assert (mine.found.external_id, mine.complete) == ("m_12", True)
    theirs = adapter.find_own(answer(target("message", "m_21", author_id="901")), since=since)
    assert (theirs.found, theirs.complete) == (None, True)
    private = adapter.find_own(answer(target("comment", "1_2"), private=True), since=since)
    assert private.found is not None
    untagged = OutgoingPost("k", "고쳤습니다. 접수 B26-1", target=target("message", "m_11", author_id="900"))
    assert adapter.find_own(untagged, since=since).found is not None
    graph.say("t_2/messages", {"data": [message(21, "901", 2), {"id": "m_22"}]})
    unread = adapter.find_own(answer(target("message", "m_21", author_id="901")), since=since)
    assert (unread.found, unread.complete) == (None, False)


# --- the token --------------------------------------------------------------------------------------------------------


def test_the_network_says_until_when_a_token_works(graph: GraphStub, adapter: FacebookAdapter) -> None:
    told = {"is_valid": True, "expires_at": 0, "data_access_expires_at": 1803103200, "scopes": ["pages_messaging", 7]}
    graph.say("debug_token", {"data": told})
    state = adapter.token_state()
    assert state == TokenState(None, datetime.fromtimestamp(1803103200, UTC), ("pages_messaging", "7"))
    (asked,) = graph.asked
    assert asked.query == {"input_token": TOKEN, "appsecret_proof": PROOF}
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_application_itself_asks_where_it_is_known(graph: GraphStub) -> None:
    secrets = {"page_access_token": TOKEN, "app_secret": SECRET, "app_id": "77"}
    graph.say("debug_token", {"data": {"is_valid": True}})
    assert FacebookAdapter(base_url=graph.url, secrets=secrets, external_id=PAGE).token_state() == TokenState()
    (asked,) = graph.asked
    assert asked.headers["Authorization"] == f"Bearer 77|{SECRET}"
    assert asked.query == {"input_token": TOKEN}


def test_a_recorded_answer_is_understood(graph: GraphStub, adapter: FacebookAdapter) -> None:
    told = json.loads(shared("fixtures", "facebook", "restfb-json", "debug-token-info.json").read_text())
    graph.say("debug_token", {"data": told})
    expected = TokenState(datetime.fromtimestamp(1352419328, UTC), None, ("email", "publish_actions"))
    assert adapter.token_state() == expected


def test_a_dead_token_is_told(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say("debug_token", {"data": {"is_valid": False, "error": {"code": 190, "message": "Session has expired"}}})
    with pytest.raises(AuthExpired, match="Session has expired"):
        adapter.token_state()
    graph.say("debug_token", {"data": {"is_valid": False}})
    with pytest.raises(AuthExpired):
        adapter.token_state()
    graph.say("debug_token", {"data": []})
    with pytest.raises(Transient):
        adapter.token_state()


# --- what is used up --------------------------------------------------------------------------------------------------


def test_the_use_of_the_network_is_heard(graph: GraphStub, adapter: FacebookAdapter) -> None:
    use = [
        {"type": "pages", "call_count": 97, "total_cputime": 23, "total_time": 5, "estimated_time_to_regain_access": 19}
    ]
    headers = {"X-Business-Use-Case-Usage": json.dumps({PAGE: use}), "X-App-Usage": '{"call_count":12,"total_time":40}'}
    graph.say("me", Answer({"id": PAGE}, headers=headers))
    adapter.identify()
    windows = adapter.meter.windows
    assert {name: (one.remaining, one.limit, one.unit) for name, one in windows.items()} == {
        "pages": (3, 100, "percent"),
        "app": (60, 100, "percent"),
    }
    now = datetime.now(UTC)
    reset = windows["pages"].resets_at
    assert reset is not None
    assert timedelta(minutes=18) < reset - now < timedelta(minutes=20)


@pytest.mark.parametrize("header", ["", "{", "[]", '{"x": [7]}', '{"call_count": true}', '{"call_count": "97"}', "ü"])
def test_a_header_that_is_malformed_says_nothing(header: str) -> None:
    assert list(facebook_errors.windows({"x-app-usage": header}, now=NOW)) == []
    assert facebook_errors.regain_at({"x-app-usage": header}, now=NOW) is None


def test_more_than_everything_is_everything() -> None:
    (window,) = facebook_errors.windows({"x-page-usage": '{"call_count": 140}'}, now=NOW)
    assert (window.name, window.remaining, window.resets_at) == ("page", 0, NOW + timedelta(hours=1))
