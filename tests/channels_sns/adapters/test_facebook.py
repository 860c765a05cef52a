"""Facebook's adapter against written answers: what is sent, how pages are walked, how posts and refusals are read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_sns.adapters.contract import (
    IncomingPost,
    OutgoingMedia,
    OutgoingPost,
    Page,
    Rejected,
    ReplyTarget,
    Transient,
)
from channels_sns.adapters.facebook import FacebookAdapter
from channels_sns.adapters.facebook_posts import Reader
from tests.channels_sns.adapters.graph_stub import (
    GONE,
    NOW,
    PAGE,
    PROOF,
    TOKEN,
    Answer,
    GraphStub,
    comment,
    target,
    wall,
)
from tests.sandbox import World
from tests.shared_material import shared


def poll(adapter: FacebookAdapter, cursor: Any = None) -> list[Page]:
    return list(adapter.poll(cursor or {}, now=NOW))


def posts(pages: list[Page]) -> dict[str, IncomingPost]:
    return {post.external_id: post for page in pages for post in page.posts}


# --- what is sent -----------------------------------------------------------------------------------------------------


def test_the_token_travels_in_the_header_and_every_call_is_proven(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say("me", {"id": PAGE, "name": "톡톡부산", "followers_count": 5, "fan_count": 4})
    graph.say(f"POST {PAGE}/feed", {"id": f"{PAGE}_5"})
    graph.say(f"DELETE {PAGE}_5", {"success": True})
    assert adapter.metrics() == {"followers": 5, "fans": 4}
    poll(adapter)
    adapter.publish(adapter.prepare(OutgoingPost("k", "태풍이 옵니다")))
    adapter.delete(f"{PAGE}_5")
    assert len(graph.asked) == 5
    for call in graph.asked:
        assert call.path.startswith("/v26.0/")
        assert call.headers["Authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in str(call.query) + call.body.decode()
        assert (call.form if call.method == "POST" else call.query)["appsecret_proof"] == PROOF


def test_an_account_without_the_applications_secret_sends_no_proof(graph: GraphStub) -> None:
    bare = FacebookAdapter(
        base_url=graph.url, secrets={"page_access_token": TOKEN}, external_id=PAGE, options={"version": "v27.0"}
    )
    poll(bare)
    assert {call.path.split("/")[1] for call in graph.asked} == {"v27.0"}
    assert all("appsecret_proof" not in call.query for call in graph.asked)


@pytest.mark.parametrize(
    ("answered", "place"),
    [
        (target("wall", "1090_1", root_id="1090_1"), "1090_1"),
        (target("comment", "1_2", root_id="1090_1", parent_id="1090_1"), "1_2"),
        (target("reply", "1_3", root_id="1090_1", parent_id="1_2"), "1_2"),
    ],
)
def test_an_answer_to_a_reply_goes_under_the_comment_above(
    graph: GraphStub, adapter: FacebookAdapter, answered: ReplyTarget, place: str
) -> None:
    graph.say(f"POST {place}/comments", {"id": "1_9", "permalink_url": "https://www.facebook.com/x?comment_id=9"})
    receipt = adapter.publish(adapter.prepare(OutgoingPost("k", "답변", target=answered)))
    assert (receipt.external_id, receipt.url) == ("1_9", "https://www.facebook.com/x?comment_id=9")


def test_photos_are_uploaded_unseen_and_then_attached(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say(f"POST {PAGE}/photos", {"id": "51"}, {"id": "52"}, {"id": "53"})
    graph.say(f"POST {PAGE}/feed", {"id": f"{PAGE}_5"})
    graph.say("POST 1_2/comments", {"id": "1_9"})
    photo = OutgoingMedia(b"GIF89a", "image/gif", "지도")
    adapter.publish(adapter.prepare(OutgoingPost("k", "태풍", media=(photo, photo))))
    answer = OutgoingPost("k", "답변", target=target("comment", "1_2"), media=(photo,))
    adapter.publish(adapter.prepare(answer))
    uploads = graph.calls("/photos")
    assert all(b'name="published"\r\n\r\nfalse' in call.body for call in uploads)
    assert all("지도".encode() in call.body for call in uploads)
    form = graph.calls("/feed")[0].form
    assert [json.loads(form[f"attached_media[{n}]"]) for n in (0, 1)] == [{"media_fbid": "51"}, {"media_fbid": "52"}]
    assert graph.calls("/comments")[0].form["attachment_id"] == "53"
    with pytest.raises(Rejected):
        adapter.prepare(OutgoingPost("k", "답변", target=target("comment", "1_2"), media=(photo, photo)))


# --- walking ----------------------------------------------------------------------------------------------------------


def test_an_empty_page_with_a_next_one_is_not_the_end(graph: GraphStub, adapter: FacebookAdapter) -> None:
    """And its address, which carries the token, is neither followed nor repeated."""
    following = f"http://192.0.2.1/v26.0/x?access_token={TOKEN}&after=QVFI&limit=100&appsecret_proof=old"
    graph.say(f"{PAGE}/feed", {"data": [], "paging": {"next": following}}, {"data": [wall(1)]})
    assert list(posts(poll(adapter))) == [f"{PAGE}_1"]
    second = graph.calls("/feed")[1].query
    assert second["after"] == "QVFI"
    assert "access_token" not in second
    assert second["appsecret_proof"] == PROOF


def test_a_page_that_comes_for_ever_ends(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say(f"{PAGE}/tagged", {"data": [], "paging": {"next": "https://graph.example/x?after=A"}})
    with pytest.raises(Transient):
        poll(adapter)
    assert len(graph.asked) < 5


def test_what_the_network_does_not_serve_is_a_gap(graph: GraphStub, adapter: FacebookAdapter) -> None:
    deep = {"error": {"message": "(#100) The After Cursor specified exceeds the max limit supported", "code": 100}}
    more = {"data": [wall(1)], "paging": {"next": "https://graph.example/x?after=A"}}
    graph.say(f"{PAGE}/feed", more, Answer(deep, 400))
    pages = poll(adapter)
    assert [page.gap for page in pages if page.gap] == [
        "the network does not serve all of feed: (#100) The After Cursor specified exceeds the max limit supported"
    ]
    assert list(posts(pages)) == [f"{PAGE}_1"]


def test_a_mark_moves_only_at_the_end_of_its_walk(graph: GraphStub, adapter: FacebookAdapter) -> None:
    start = poll(adapter)[-1].cursor
    more = {"data": [wall(2, minutes=-30), wall(1, minutes=-10)], "paging": {"next": "https://graph.example/x?after=A"}}
    graph.say(f"{PAGE}/feed", more, {"data": [wall(0, minutes=-5)]})
    pages = list(adapter.poll(start, now=NOW + timedelta(hours=1)))
    marks = [page.cursor["since"]["feed"] for page in pages if page.posts]
    assert marks == [NOW.isoformat(), (NOW + timedelta(minutes=30)).isoformat()]
    assert json.loads(json.dumps(pages[-1].cursor)) == pages[-1].cursor
    assert "after" not in str(pages[-1].cursor)


def test_posts_from_before_the_connection_are_no_complaints_but_their_comments_are(
    graph: GraphStub, adapter: FacebookAdapter
) -> None:
    graph.say(f"{PAGE}/feed", {"data": [wall(1, minutes=5_000, author=PAGE), wall(2, minutes=5_000)]})
    graph.say(f"{PAGE}_1/comments", {"data": [comment(9, parent="1_8")]})
    assert list(posts(poll(adapter))) == ["1_9"]


def test_old_threads_are_read_again_only_if_they_changed(graph: GraphStub, adapter: FacebookAdapter) -> None:
    fresh = [wall(n, minutes=n) for n in range(1, 26)]
    quiet, stirred = wall(50, minutes=900), wall(51, minutes=900)
    stirred["updated_time"] = fresh[0]["updated_time"]
    graph.say(f"{PAGE}/feed", {"data": [*fresh, quiet, stirred]})
    poll(adapter)
    assert len(graph.calls("/comments")) == 26
    assert graph.calls(f"{PAGE}_51/comments")
    assert not graph.calls(f"{PAGE}_50/comments")


def test_a_thread_that_vanished_meanwhile_stops_nothing(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say(f"{PAGE}/feed", {"data": [wall(1), wall(2)]})
    graph.say(f"{PAGE}_1/comments", Answer(GONE, 400))
    graph.say(f"{PAGE}_2/comments", {"data": [comment(9, post=2)]})
    assert set(posts(poll(adapter))) == {f"{PAGE}_1", f"{PAGE}_2", "2_9"}


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_photo_without_words_is_a_post_and_an_album_is_its_photos(graph: GraphStub, adapter: FacebookAdapter) -> None:
    def picture(name: str, kind: str = "photo") -> dict[str, Any]:
        return {"type": kind, "media": {"image": {"src": f"https://scontent.fbcdn.net/{name}.jpg", "width": 9}}}

    album = {**picture("1", "album"), "subattachments": {"data": [picture("1"), picture("2")]}}
    silent = wall(1, attachments={"data": [picture("0")]})
    del silent["message"]
    link, film = {"data": [picture("l", "share")]}, {"data": [picture("f", "video_inline")]}
    page = {"data": [silent, wall(2, attachments={"data": [album]}), wall(3, attachments=link)]}
    page["data"].append(wall(4, attachments=film))
    graph.say(f"{PAGE}/feed", page)
    read = posts(poll(adapter))
    names = {key: [(one.url[-5:], one.kind) for one in post.media] for key, post in read.items()}
    assert read[f"{PAGE}_1"].text == ""
    assert names == {
        f"{PAGE}_1": [("0.jpg", "photo")],
        f"{PAGE}_2": [("1.jpg", "photo"), ("2.jpg", "photo")],
        f"{PAGE}_3": [],
        f"{PAGE}_4": [("f.jpg", "video")],
    }


def test_who_wrote_what_where(graph: GraphStub, adapter: FacebookAdapter) -> None:
    nameless = wall(2)
    del nameless["from"]
    tagging = {**wall(3), "id": "88_3"}
    graph.say(f"{PAGE}/feed", {"data": [wall(1), nameless, wall(4, author=PAGE), wall(5, is_published=False), tagging]})
    graph.say(f"{PAGE}/tagged", {"data": [tagging]})
    graph.say(f"{PAGE}_1/comments", {"data": [comment(7), comment(8, parent="1_7"), comment(9, author=PAGE)]})
    graph.say("88_3/comments", {"data": [comment(6, post=3, author="55"), comment(7, post=3)]})
    read = posts(poll(adapter))
    assert {key: post.kind for key, post in read.items()} == {
        "88_3": "mention",
        f"{PAGE}_1": "wall",
        f"{PAGE}_2": "wall",
        "1_7": "comment",
        "1_8": "reply",
        "1_9": "comment",
        "3_7": "comment",
    }
    assert read[f"{PAGE}_2"].author is None
    assert [key for key, post in read.items() if post.is_own] == ["1_9"]
    assert (read["1_8"].root_id, read["1_8"].parent_id) == (f"{PAGE}_1", "1_7")
    assert (read["1_7"].root_id, read["1_7"].parent_id) == (f"{PAGE}_1", f"{PAGE}_1")


def test_a_closed_comment_is_said_to_be_closed() -> None:
    items = [comment(7, can_comment=False), comment(8, can_comment=True), comment(9, parent="1_7", can_comment=False)]
    read, _bad = Reader(PAGE).comments(items, root_id=f"{PAGE}_1")
    assert [post.can_reply for post in read] == [False, True, None]


@pytest.mark.parametrize(
    "name", ["posts/feed_fields_p1.json", "posts/feeds_default_fields_p2.json", "comments/comments_p1.json"]
)
def test_recorded_pages_are_read_whole(name: str) -> None:
    path = shared("fixtures", "facebook", "python-facebook", "facebook", "apidata", *name.split("/"))
    items = json.loads(path.read_text())["data"]
    for number, item in enumerate(items):
        item.setdefault("id", f"1_{number}")
    reader = Reader("19292868552")
    read, bad = reader.comments(items) if "comments" in name else reader.posts(items)
    assert (len(read), bad) == (len(items), ())
    assert all(post.posted_at.utcoffset() == timedelta() and post.author is None for post in read)


# --- on the sandbox ---------------------------------------------------------------------------------------------------


def test_a_conversation_goes_as_deep_as_facebook_lets_it(world: World) -> None:
    """Tags and replies to replies come in; an answer to such a reply is hung beside it, and found there."""
    city = world.city("facebook")
    live = FacebookAdapter(
        base_url=world.base_url("facebook"),
        secrets=world.credentials("facebook"),
        external_id=city["id"],
        handle=city["handle"],
    )
    now = datetime.now(UTC)
    tagging = world.citizen_post("facebook", f"@{city['handle']} 신호등이 꺼졌습니다")
    post_id = world.citizen_post("facebook", "가로등이 꺼졌습니다")
    comment_id = world.citizen_post("facebook", "저희 동네도요", in_reply_to=post_id, handle="other")
    reply_id = world.citizen_post("facebook", "여기도요", in_reply_to=comment_id, handle="third")
    read = posts(list(live.poll({}, now=now)))
    assert {one: read[one].kind for one in (tagging, post_id, comment_id, reply_id)} == {
        tagging: "mention",
        post_id: "wall",
        comment_id: "comment",
        reply_id: "reply",
    }
    asked = read[reply_id]
    answered = target("reply", reply_id, root_id=asked.root_id, parent_id=asked.parent_id)
    answer = OutgoingPost("k", "고쳤습니다. 접수 B26-000007-1", tag="B26-000007-1", target=answered)
    receipt = live.publish(live.prepare(answer))
    (standing,) = world.replies("facebook", comment_id)
    seen = live.find_own(answer, since=now - timedelta(minutes=5))
    assert seen.found is not None
    assert standing["id"] == receipt.external_id == seen.found.external_id
