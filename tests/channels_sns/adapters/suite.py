"""What every adapter promises, checked against the sandbox over real HTTP.

A check is a plain function that gets a `Bench`: one world, one network, one adapter. It is run for every kind in
`ADAPTERS` whose dialect the sandbox speaks; a new network needs no new test. What a network cannot do, it declares in
its capabilities, and the check is skipped.
"""

from __future__ import annotations

import io
import json
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests
from PIL import Image

from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    BadItem,
    Capabilities,
    ChannelError,
    Cursor,
    Duplicate,
    Gone,
    IncomingPost,
    OutcomeUnknown,
    OutgoingMedia,
    OutgoingPost,
    RateLimited,
    Receipt,
    Rejected,
    ReplyNotAllowed,
    ReplyTarget,
    TargetGone,
    Transient,
)
from channels_sns.adapters.edits import can_edit, edit
from tests.sandbox import World, free_port

TAG = "B26-000123-1"
SENTENCE = "담당 부서에서 고쳤습니다."
#: More than one page on every network.
MANY = 130


@dataclass(slots=True)
class Polled:
    """All pages of a poll: posts by id, in the order in which they came."""

    posts: dict[str, IncomingPost] = field(default_factory=dict)
    bad: list[BadItem] = field(default_factory=list)
    cursors: list[Cursor] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    @property
    def cursor(self) -> Cursor:
        """The last one, through JSON and back as the inbox stores it."""
        stored: Cursor = json.loads(json.dumps(dict(self.cursors[-1])))
        return stored


class Bench:
    """One network of one world, and the adapter that speaks for its city."""

    def __init__(self, world: World, kind: str) -> None:
        self.world, self.kind = world, kind
        city = world.city(kind)
        self.city_id, self.city_handle = city["id"], city["handle"]
        self.secrets = world.credentials(kind)
        self.adapter = self.open()
        self._connect()

    def _connect(self) -> None:
        """As the desk connects: who it is, and the session that some networks open for it."""
        self.adapter.identify()
        self.secrets = dict(self.adapter.secrets)

    def open(
        self, *, secrets: dict[str, str] | None = None, base_url: str = "", options: dict[str, Any] | None = None
    ) -> Adapter:
        return ADAPTERS[self.kind](
            base_url=base_url or self.world.base_url(self.kind),
            secrets=secrets or self.secrets,
            external_id=self.city_id,
            handle=self.city_handle,
            options={"timeout": 10, "scopes": [ADAPTERS[self.kind].capabilities.private_scope], **(options or {})},
        )

    @property
    def can(self) -> Capabilities:
        return self.adapter.capabilities

    def citizen(self, text: str = "가로등이 꺼졌습니다", **more: Any) -> str:
        return self.world.citizen_post(self.kind, text, **more)

    def poll(self, cursor: Cursor | None = None, *, pages: int | None = None) -> Polled:
        """Poll to the end, or so many pages as if the worker had died then."""
        polled = Polled()
        for page in self.adapter.poll(cursor or {}, now=datetime.now(UTC)):
            polled.posts.update({post.external_id: post for post in page.posts})
            polled.bad += page.bad
            polled.cursors.append(page.cursor)
            polled.gaps += [page.gap] if page.gap else []
            if len(polled.cursors) == pages:
                break
        return polled

    def arrived(self, post_id: str) -> IncomingPost:
        return self.poll().posts[post_id]

    def answer_to(self, post_id: str, *, tag: str = TAG) -> OutgoingPost:
        """The city's answer to a post, as the desk would write it."""
        post = self.arrived(post_id)
        author = post.author
        target = ReplyTarget(
            external_id=post.external_id,
            root_id=post.root_id,
            parent_id=post.parent_id,
            kind=post.kind,
            author_id=author.external_id if author else "",
            author_handle=author.handle if author else "",
            visibility=post.visibility,
        )
        text = self.adapter.reply_text(f"{SENTENCE} 접수 {tag}", target)
        return OutgoingPost(key=key_of(tag), text=text, tag=tag, target=target, created_at=datetime.now(UTC))

    def send(self, post: OutgoingPost) -> Receipt:
        return self.adapter.publish(self.adapter.prepare(post))

    def find(self, post: OutgoingPost) -> Receipt | None:
        """Read back; a read that was not complete is a failure here."""
        seen = self.adapter.find_own(post, since=datetime.now(UTC) - timedelta(minutes=10))
        assert seen.complete
        return seen.found

    def send_and_find(self, post: OutgoingPost) -> str:
        """The id of a post that was sent: from the receipt, or read back where the network gives none."""
        receipt = self.send(post)
        assert bool(receipt.external_id) == (self.can.returns_id or post.target is None)
        found = self.find(post)
        assert found is not None
        assert receipt.external_id in ("", found.external_id)
        return found.external_id

    def publishing_calls(self) -> int:
        return sum(call["method"] == "POST" for call in self.world.calls(self.kind))


def broadcast(text: str = "", media: Iterable[OutgoingMedia] = ()) -> OutgoingPost:
    return OutgoingPost(
        key=key_of("broadcast"),
        text=text or f"태풍이 옵니다. {TAG}",
        tag=TAG,
        media=tuple(media),
        created_at=datetime.now(UTC),
    )


def key_of(name: str) -> str:
    """A key as the outbox gives it: a UUID, the same for the same row."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(buffer, "PNG")
    return buffer.getvalue()


# --- who ------------------------------------------------------------------------------------------------------------


def check_identify_names_the_city(bench: Bench) -> None:
    me = bench.adapter.identify()
    assert (me.external_id, me.handle) == (bench.city_id, bench.city_handle)
    assert me.name


def check_metrics_are_counted(bench: Bench) -> None:
    followers = bench.adapter.metrics()["followers"]
    assert followers == bench.adapter.identify().followers
    assert followers > 0


def check_wrong_secrets_are_refused(bench: Bench) -> None:
    wrong = {name: f"{value}x" for name, value in bench.world.credentials(bench.kind).items()}
    with pytest.raises(AuthExpired):
        bench.open(secrets=wrong).identify()


# --- in -------------------------------------------------------------------------------------------------------------


def check_an_empty_network_is_no_error(bench: Bench) -> None:
    first = bench.poll()
    assert (first.posts, first.bad, first.gaps) == ({}, [], [])
    again = bench.poll(first.cursor)
    assert (again.posts, again.bad, again.gaps) == ({}, [], [])


def check_a_citizens_post_arrives_whole(bench: Bench) -> None:
    text = "해운대 <b>가로등</b> & 신호등\n둘째 줄 \U0001f6a8"
    post_id = bench.citizen(text, handle="gildong", name="홍길동 (가상)", image=photo())
    post = bench.arrived(post_id)
    assert post.author is not None
    assert post.author.name in ("홍길동 (가상)", "@gildong"), "YouTube shows handles for names"
    assert post.author.handle.partition(".")[0] in ("gildong", ""), "Facebook gives none, Bluesky a domain"
    assert post.author.external_id
    for line in text.split("\n"):
        assert line in post.text
    assert abs(datetime.now(UTC) - post.posted_at) < timedelta(minutes=1)
    assert post.posted_at.utcoffset() == timedelta()
    assert post.kind in bench.can.polls
    assert not post.is_own
    assert post.permalink.startswith("http")
    assert json.loads(post.raw)
    if not bench.can.images_max:
        return
    (picture,) = post.media
    assert picture.kind == "photo"
    assert requests.get(picture.url, timeout=10).content.startswith(b"\x89PNG")


def check_more_than_a_page_is_read_to_the_end(bench: Bench) -> None:
    cursor = bench.poll().cursor
    ids = bench.world.burst(bench.kind, MANY)
    polled = bench.poll(cursor)
    assert set(ids) - set(polled.posts) == set()
    assert len(polled.cursors) > 1
    assert polled.gaps == []


def check_the_first_poll_reads_the_last_minutes_to_the_end(bench: Bench) -> None:
    ids = bench.world.burst(bench.kind, MANY)
    assert set(ids) - set(bench.poll().posts) == set()


def check_every_poll_reads_an_overlap_again(bench: Bench) -> None:
    ids = {bench.citizen(f"{number}번째 민원") for number in range(3)}
    first = bench.poll()
    again = bench.poll(first.cursor)
    assert set(first.posts) == set(again.posts) == ids
    later = bench.citizen("늦은 민원")
    assert later in bench.poll(again.cursor).posts


def check_a_broken_walk_goes_on_without_loss(bench: Bench) -> None:
    cursor = bench.poll().cursor
    ids = set(bench.world.burst(bench.kind, MANY))
    broken = bench.poll(cursor, pages=1)
    ids |= {bench.citizen("그동안 들어온 민원")}
    rest = bench.poll(broken.cursor)
    last = bench.poll(rest.cursor)
    assert ids - {*broken.posts, *rest.posts, *last.posts} == set()


def check_poison_costs_only_itself(bench: Bench) -> None:
    poison = ['{"id":{}}', "{}", "[]", '"words"', "17", '{"id":{"id":1},"created_time":"never","pubDate":0}']
    cursor = bench.poll().cursor
    ids = bench.world.burst(bench.kind, 25)
    bench.world.raw(bench.kind, poison)
    ids += bench.world.burst(bench.kind, 24)
    polled = bench.poll(cursor)
    assert set(polled.posts) == set(ids)
    assert {item.raw.decode() for item in polled.bad} == set(poison)
    assert all(item.error for item in polled.bad)


def check_an_edit_is_seen(bench: Bench) -> None:
    if bench.can.edits == "none":
        pytest.skip("posts cannot be edited here")
    post_id = bench.citizen("가로등이 꺼졌습니다")
    new_id = bench.world.edit(bench.kind, post_id, "가로등과 신호등이 꺼졌습니다")
    post = bench.adapter.lookup([new_id])[new_id]
    assert isinstance(post, IncomingPost)
    assert "신호등" in post.text
    assert (post_id == new_id) if bench.can.edits == "same_id" else (post_id in post.earlier_ids)


def check_lookup_tells_standing_from_deleted(bench: Bench) -> None:
    standing, deleted = bench.citizen("그대로 있는 글"), bench.citizen("지운 글")
    bench.world.delete(bench.kind, deleted)
    found = bench.adapter.lookup([standing, deleted])
    assert set(found) == {standing, deleted}
    post, gone = found[standing], found[deleted]
    assert isinstance(post, IncomingPost)
    assert "그대로 있는 글" in post.text
    assert isinstance(gone, Gone)
    assert bench.adapter.lookup([]) == {}


# --- out ------------------------------------------------------------------------------------------------------------


def check_a_reply_stands_once_under_the_post(bench: Bench) -> None:
    post_id = bench.citizen()
    answer = bench.answer_to(post_id)
    own_id = bench.send_and_find(answer)
    (reply,) = bench.world.replies(bench.kind, post_id)
    assert reply["id"] == own_id
    assert f"{SENTENCE} 접수 {TAG}" in reply["text"]


def check_a_reply_that_is_not_there_is_surely_absent(bench: Bench) -> None:
    first, second = bench.citizen("첫 글", handle="first"), bench.citizen("둘째 글", handle="second")
    assert bench.find(bench.answer_to(first)) is None
    bench.send(bench.answer_to(first))
    assert bench.find(bench.answer_to(second)) is None
    assert bench.find(bench.answer_to(first, tag="B26-000999-1")) is None


def check_an_answer_of_ours_is_no_strangers(bench: Bench) -> None:
    """What comes back of our own is marked as ours, so that it never becomes a complaint."""
    answer = bench.answer_to(bench.citizen())
    own_id = bench.send_and_find(answer)
    own = bench.adapter.lookup([own_id])[own_id]
    assert isinstance(own, IncomingPost)
    assert own.is_own
    assert answer.target is not None
    assert own.parent_id == answer.target.external_id


def check_a_private_answer_is_seen_by_its_author_alone(bench: Bench) -> None:
    if not bench.can.private_reply:
        pytest.skip(f"{bench.can.label} answers no public post in private")
    asked = bench.answer_to(bench.citizen(handle="kim_busan", name="김부산"))
    answer = replace(asked, private=True)
    assert bench.find(answer) is None
    sent = bench.send(answer)
    found = bench.find(answer)
    assert found is not None
    assert found.external_id == sent.external_id
    stands = [sent.external_id in seen_by(bench, who) or TAG in seen_by(bench, who) for who in ("김부산", "이해운", "")]
    assert stands == [True, False, False]


def check_what_the_author_says_to_it_arrives_as_a_message(bench: Bench) -> None:
    if not bench.can.private_reply:
        pytest.skip(f"{bench.can.label} answers no public post in private")
    asked = bench.answer_to(bench.citizen(handle="kim_busan", name="김부산"))
    sent = bench.send(replace(asked, private=True))
    under = {} if bench.can.private_once else {"in_reply_to": sent.external_id, "extra": {"visibility": "direct"}}
    said = bench.citizen("고맙습니다, 비밀로 말씀드리면", handle="kim_busan", kind="message", **under)
    arrived = bench.arrived(said)
    assert asked.target is not None
    assert (arrived.kind, arrived.author and arrived.author.external_id) == ("message", asked.target.author_id)
    to = ReplyTarget(
        said,
        arrived.root_id,
        arrived.parent_id,
        "message",
        asked.target.author_id,
        asked.target.author_handle,
        "direct",
    )
    again = bench.send(replace(asked, key=key_of("again"), target=to, text=f"{asked.text} 다시", private=True))
    assert again.external_id not in ("", sent.external_id)


def seen_by(bench: Bench, who: str) -> str:
    """All that this citizen sees of the city's answers on the network's pages."""
    cookies = {"sandbox_citizen": quote(who or "지나가는이")}
    pages = [
        requests.get(bench.world.page_url(bench.kind) + page, cookies=cookies, timeout=20) for page in ("", "messages")
    ]
    return "".join(page.text for page in pages if page.ok)


def check_the_way_to_address_a_citizen_is_found_once(bench: Bench) -> None:
    answer = bench.answer_to(bench.citizen())
    assert answer.target is not None
    assert bench.adapter.reply_text(answer.text, answer.target) == answer.text
    assert SENTENCE in answer.text


def check_a_broadcast_stands_by_itself(bench: Bench) -> None:
    if not bench.can.publish:
        pytest.skip("no broadcasts here")
    assert bench.find(broadcast()) is None
    own_id = bench.send_and_find(broadcast())
    (post,) = [post for post in bench.world.posts(bench.kind) if post["id"] == own_id]
    assert (post["is_city"], post["parent"] or "", TAG in post["text"]) == (True, "", True)


def check_a_photo_goes_out_with_a_broadcast(bench: Bench) -> None:
    if not (bench.can.publish and bench.can.images_max):
        pytest.skip("no photos here")
    own_id = bench.send_and_find(broadcast(media=[OutgoingMedia(photo(), "image/png", "태풍의 길")]))
    (post,) = [post for post in bench.world.posts(bench.kind) if post["id"] == own_id]
    assert len(post["media"]) == 1


def check_a_broadcast_is_taken_down_with_its_photo(bench: Bench) -> None:
    if not (bench.can.publish and bench.can.images_max):
        pytest.skip("no photos here")
    post = broadcast(media=[OutgoingMedia(photo(), "image/png", "태풍의 길")])
    receipt = bench.send(post)
    address = next(one for one in bench.world.posts(bench.kind) if one["id"] == receipt.external_id)
    for name in (receipt.external_id, *receipt.media_ids):
        bench.adapter.delete(name)
    gone = bench.adapter.lookup([receipt.external_id])[receipt.external_id]
    assert isinstance(gone, Gone)
    assert gone.verified
    for media in address["media"] if receipt.media_ids else ():
        assert requests.get(f"{bench.world.base_url(bench.kind)}/media/{media['name']}", timeout=5).status_code == 404
    for name in (receipt.external_id, *receipt.media_ids):
        with pytest.raises(TargetGone):
            bench.adapter.delete(name)


def check_a_broadcast_is_changed_where_it_stands(bench: Bench) -> None:
    if not bench.can.publish:
        pytest.skip("no broadcasts here")
    own_id = bench.send_and_find(broadcast(media=[OutgoingMedia(photo(), "image/png", "태풍의 길")]))
    if not can_edit(bench.kind):
        with pytest.raises(Rejected):
            edit(bench.adapter, own_id, "태풍이 비켜 갔습니다.")
        return
    for _turn in range(2):
        edit(bench.adapter, own_id, "태풍이 비켜 갔습니다.")
    post = bench.adapter.lookup([own_id])[own_id]
    assert isinstance(post, IncomingPost)
    assert (post.text, len(post.media)) == ("태풍이 비켜 갔습니다.", 1)
    with pytest.raises(Rejected):
        edit(bench.adapter, own_id, "가" * (bench.can.max_length + 1))
    bench.adapter.delete(own_id)
    with pytest.raises(TargetGone):
        edit(bench.adapter, own_id, "다시")


def check_our_own_post_is_taken_down(bench: Bench) -> None:
    if not bench.can.delete_own:
        pytest.skip("nothing can be deleted here")
    post_id = bench.citizen()
    answer = bench.answer_to(post_id)
    own_id = bench.send_and_find(answer)
    bench.adapter.delete(own_id)
    assert bench.world.replies(bench.kind, post_id) == []
    assert bench.find(answer) is None
    with pytest.raises(TargetGone):
        bench.adapter.delete(own_id)


def check_the_measure_is_the_networks_own(bench: Bench) -> None:
    """A text of exactly the limit is taken; one sign more never leaves."""
    limit = bench.can.max_length
    text = f"{TAG} https://www.busan.go.kr/index?menu=1 " + "가" * min(limit, 8000)
    while bench.adapter.measure(text) > limit:
        text = text[: -max(1, (bench.adapter.measure(text) - limit) // 2)]
    assert limit - 1 <= bench.adapter.measure(text) <= limit or limit > 8000
    answer = bench.answer_to(bench.citizen())
    assert answer.target is not None
    bench.send(OutgoingPost(key=key_of("full"), text=text, tag=TAG, target=answer.target, created_at=datetime.now(UTC)))
    calls = bench.publishing_calls()
    with pytest.raises(Rejected):
        bench.adapter.prepare(OutgoingPost(key=key_of("long"), text=text + "가" * (limit + 1), target=answer.target))
    assert bench.publishing_calls() == calls


def check_a_post_that_is_gone_cannot_be_answered(bench: Bench) -> None:
    post_id = bench.citizen()
    answer = bench.answer_to(post_id)
    bench.world.delete(bench.kind, post_id)
    with pytest.raises(TargetGone):
        bench.send(answer)
    assert bench.world.replies(bench.kind, post_id) == []


# --- refusals and disasters -----------------------------------------------------------------------------------------


def refused(bench: Bench, fault: str, error: type[ChannelError]) -> ChannelError:
    """The error that a refused answer raises; nothing may stand under the post."""
    post_id = bench.citizen()
    prepared = bench.adapter.prepare(bench.answer_to(post_id))
    bench.world.fault(bench.kind, fault, on="publish")
    with pytest.raises(ChannelError) as caught:
        bench.adapter.publish(prepared)
    assert type(caught.value) is error, repr(caught.value)
    assert bench.world.replies(bench.kind, post_id) == []
    return caught.value


def check_a_refused_token_is_told(bench: Bench) -> None:
    refused(bench, "unauthorized", AuthExpired)


def check_a_rate_limit_is_told_with_its_end(bench: Bench) -> None:
    error = refused(bench, "rate_limited", RateLimited)
    assert error.retry_at is None or error.retry_at > datetime.now(UTC) - timedelta(seconds=5)
    bench.world.fault(bench.kind, "rate_limited", on="read", headers={"Retry-After": "90"})
    with pytest.raises(RateLimited) as caught:
        bench.poll()
    assert caught.value.retry_at is not None
    assert timedelta(seconds=60) < caught.value.retry_at - datetime.now(UTC) <= timedelta(minutes=60)


def check_a_duplicate_is_told(bench: Bench) -> None:
    if not bench.can.refuses_duplicates:
        pytest.skip("the same text is posted twice here")
    refused(bench, "duplicate_refusal", Duplicate)


def check_a_target_that_is_gone_is_told(bench: Bench) -> None:
    refused(bench, "target_gone", TargetGone)


def check_a_closed_door_is_told(bench: Bench) -> None:
    refused(bench, "not_summoned", ReplyNotAllowed)


def check_a_lost_connection_while_publishing(bench: Bench) -> None:
    lost(bench, "drop_after_store")
    lost(bench, "drop_before_store")


def check_half_an_answer_while_publishing(bench: Bench) -> None:
    lost(bench, "truncated_json", on="publish")


def check_a_web_page_while_publishing(bench: Bench) -> None:
    lost(bench, "html_200", on="publish")


def check_success_without_an_id_while_publishing(bench: Bench) -> None:
    lost(bench, "no_id_201")


def check_server_errors_while_publishing(bench: Bench) -> None:
    for code in (500, 502, 503, 504):
        lost(bench, "status", code=code, on="publish", after_store=code > 501)
    lost(bench, "status", code=503, body="html", on="publish", after_store=True)
    lost(bench, "status", code=502, body="empty", on="publish")


def check_an_endless_answer_while_publishing(bench: Bench) -> None:
    lost(bench, "big_body", on="publish")


def check_a_dripping_answer_while_publishing(bench: Bench) -> None:
    answer = bench.answer_to(bench.citizen())
    prepared = bench.adapter.prepare(answer)
    bench.world.fault(bench.kind, "slow_drip", on="publish")
    begun = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        bench.open(options={"timeout": 1}).publish(prepared)
    assert time.monotonic() - begun < 5
    assert bench.find(answer) is not None


def lost(bench: Bench, fault: str, **params: Any) -> None:
    """The answer of a publish is lost: the adapter says so, and reading back tells what happened."""
    tag = f"B26-{len(bench.world.calls()):06d}-1"
    post_id = bench.citizen(f"가로등 {tag}")
    answer = bench.answer_to(post_id, tag=tag)
    prepared = bench.adapter.prepare(answer)
    bench.world.fault(bench.kind, fault, **params)
    with pytest.raises(ChannelError) as caught:
        bench.adapter.publish(prepared)
    assert type(caught.value) is OutcomeUnknown, f"{fault} {params}: {caught.value!r}"
    found = [reply["id"] for reply in bench.world.replies(bench.kind, post_id)]
    seen = bench.find(answer)
    assert ([seen.external_id] if seen else []) == found


def check_nothing_left_when_nobody_listens(bench: Bench) -> None:
    prepared = bench.adapter.prepare(bench.answer_to(bench.citizen()))
    closed = bench.open(base_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(ChannelError) as caught:
        closed.publish(prepared)
    assert type(caught.value) is Transient
    with pytest.raises(Transient):
        list(closed.poll({}, now=datetime.now(UTC)))


def check_a_disaster_while_reading_is_tried_again(bench: Bench) -> None:
    post_id = bench.citizen()
    disasters: list[tuple[str, dict[str, Any]]] = [
        ("html_200", {}),
        ("truncated_json", {}),
        ("big_body", {}),
        ("drop_before_store", {}),
        *(("status", {"code": code}) for code in (500, 502, 503)),
        ("status", {"code": 503, "body": "html"}),
    ]
    for name, params in disasters:
        bench.world.fault(bench.kind, name, on="read", **params)
        with pytest.raises(ChannelError) as caught:
            bench.poll()
        assert type(caught.value) is Transient, f"{name}: {caught.value!r}"
    assert post_id in bench.poll().posts


def check_a_dripping_page_ends(bench: Bench) -> None:
    bench.citizen()
    bench.world.fault(bench.kind, "slow_drip", on="read")
    begun = time.monotonic()
    with pytest.raises(Transient):
        list(bench.open(options={"timeout": 1}).poll({}, now=datetime.now(UTC)))
    assert time.monotonic() - begun < 5


def check_a_wrong_content_type_is_no_disaster(bench: Bench) -> None:
    post_id = bench.citizen()
    bench.world.fault(bench.kind, "wrong_content_type", on="any", times=None)
    bench.send(bench.answer_to(post_id))
    assert len(bench.world.replies(bench.kind, post_id)) == 1


Check = Callable[[Bench], None]
CHECKS: list[Check] = [function for name, function in list(globals().items()) if name.startswith("check_")]
