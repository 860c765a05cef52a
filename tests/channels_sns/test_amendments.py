"""Own posts taken down or changed, and looked at until that is seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from channels_sns import amendments, broadcasts, delivery, outbox
from channels_sns.adapters.contract import (
    AuthExpired,
    Gone,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Rejected,
    TargetGone,
    Transient,
)
from channels_sns.clock import database_now
from channels_sns.models import Account, Amendment, OutboundPost
from tests.broadcasting import approve, make_draft, photo, posts
from tests.channels_sns.scripted import NOON, Script, make_incoming, make_scripted_account, script
from tests.channels_sns.test_broadcast_delivery import NETWORKS, connect, deliver, standing
from tests.complaints.fates import leave, lose_sight, send
from tests.make import make_account, make_person
from tests.sandbox import World

pytestmark = pytest.mark.django_db
__all__ = ["script"]
State = Amendment.State
GONE = {"77": Gone("77", verified=True)}


class Wall:
    """One account with one post on it, and a clock that the test moves."""

    def __init__(self, *, sent: bool = True, text: str = "태풍이 옵니다.") -> None:
        self.account, self.now = make_scripted_account(), NOON
        self.post = posts(approve(make_draft([self.account], text=text)))[0]
        if sent:
            send(self.post, now=NOON, external_id="77")

    def take_down(self) -> Amendment:
        (row,) = amendments.take_down([self.post], by=make_person(), now=self.now)
        return row

    def run(self, after: float = 0.0) -> Amendment:
        self.now += timedelta(seconds=after)
        amendments.carry_out_due(Account.objects.get(pk=self.account.pk), now=self.now)
        return Amendment.objects.get()


def test_a_post_is_taken_down_and_the_source_looked_at(script: Script) -> None:
    wall = Wall()
    OutboundPost.objects.filter(pk=wall.post.pk).update(media_ids=["p1", "p2"])
    wall.take_down()
    assert amendments.due_accounts(wall.now) == [wall.account.pk]
    script.lookup = [GONE]
    row = wall.run()
    assert (row.state, script.deleted, row.attempts) == (State.VERIFIED, ["77", "p1", "p2"], 1)
    assert row.verified_at is not None
    assert amendments.due_accounts(wall.now + timedelta(days=1)) == []


def test_asked_twice_it_is_one(script: Script) -> None:
    wall = Wall()
    assert wall.take_down() == wall.take_down()
    assert str(Amendment.objects.get()) == f"DELETE {wall.post.pk}"


def test_what_is_gone_already_is_only_looked_at(script: Script) -> None:
    wall = Wall()
    wall.take_down()
    script.delete, script.lookup = [TargetGone("not there")], [GONE]
    assert wall.run().state == State.VERIFIED


def test_as_long_as_the_network_shows_it_it_is_looked_at_and_then_taken_down_again(script: Script) -> None:
    wall = Wall()
    wall.take_down()
    script.lookup = [{"77": make_incoming("77")}] * amendments.LOOKS_MAX
    row = wall.run()
    for _turn in range(amendments.LOOKS_MAX - 1):
        assert row.state == State.DONE
        row = wall.run(600)
    assert (row.state, len(script.deleted)) == (State.QUEUED, 1)
    script.lookup = [GONE]
    assert wall.run(3600).state == State.VERIFIED
    assert len(script.deleted) == 2


def test_hidden_from_us_is_not_gone(script: Script) -> None:
    wall = Wall()
    wall.take_down()
    script.lookup = [{"77": Gone("77", verified=False)}]
    assert wall.run().state == State.DONE


@pytest.mark.parametrize(
    ("error", "state", "attempts"),
    [
        (Transient("busy"), State.QUEUED, 1),
        (OutcomeUnknown("time-out"), State.QUEUED, 1),
        (RateLimited("slow down"), State.QUEUED, 0),
        (Rejected("no"), State.FAILED, 1),
        (RuntimeError("our bug"), State.FAILED, 1),
    ],
)
def test_what_a_network_may_answer(script: Script, error: Exception, state: str, attempts: int) -> None:
    wall = Wall()
    wall.take_down()
    script.delete = [error]
    row = wall.run()
    assert (row.state, row.attempts, type(error).__name__ in row.last_error) == (state, attempts, True)
    if state == State.FAILED:
        assert amendments.again(row, now=wall.now)
        assert not amendments.again(row, now=wall.now)
    script.lookup = [GONE]
    assert wall.run(3600).state == State.VERIFIED


def test_it_is_given_up_and_told(script: Script) -> None:
    wall = Wall()
    row = wall.take_down()
    Amendment.objects.filter(pk=row.pk).update(attempts=amendments.TRIES_MAX - 1)
    script.delete = [Transient("busy")]
    assert wall.run().state == State.FAILED


def test_a_refused_token_is_renewed_or_stops_the_account(script: Script) -> None:
    wall = Wall()
    wall.take_down()
    script.delete, script.refresh = (
        [AuthExpired("old"), AuthExpired("old")],
        [{"token": "new"}, Transient("away"), None],
    )
    wall.run()
    assert Account.objects.get().state == "ACTIVE"
    wall.run(3600)
    assert Account.objects.get().state == "ACTIVE"
    script.delete = [PermissionDenied("scope")]
    assert wall.run(3600).state == State.QUEUED
    assert Account.objects.get().state == "SUSPENDED"
    assert amendments.due_accounts(wall.now + timedelta(days=1)) == []


def test_what_has_not_left_does_not_leave(script: Script) -> None:
    wall = Wall(sent=False)
    wall.take_down()
    wall.post.refresh_from_db()
    assert wall.post.state == "CANCELLED"
    row = wall.run()
    assert (row.state, script.deleted) == (State.VERIFIED, [])


def test_what_is_on_its_way_is_taken_down_once_it_stands(script: Script) -> None:
    wall = Wall(sent=False)
    lose_sight(wall.post, now=NOON)
    wall.take_down()
    assert wall.run().state == State.QUEUED
    assert script.deleted == []
    outbox.move(wall.post, outbox.State.SENT, now=NOON, expect=outbox.State.UNSURE, external_id="77", sent_at=NOON)
    script.lookup = [GONE]
    assert wall.run(60).state == State.VERIFIED
    assert script.deleted == ["77"]


def test_what_nobody_knows_the_fate_of_is_not_called_gone(script: Script) -> None:
    wall = Wall(sent=False)
    lose_sight(wall.post, now=NOON, needs_officer=True)
    wall.take_down()
    assert wall.run().state == State.QUEUED
    outbox.declare_sent(wall.post, url="https://n.example/77", by="officer", now=NOON)
    row = wall.run(60)
    assert (row.state, bool(row.last_error), script.deleted) == (State.FAILED, True, [])


def test_what_turns_out_to_be_absent_is_not_posted_to_be_taken_down(script: Script) -> None:
    wall = Wall(sent=False)
    lose_sight(wall.post, now=NOON)
    wall.take_down()
    outbox.move(wall.post, outbox.State.QUEUED, now=NOON, expect=outbox.State.UNSURE, next_attempt_at=NOON)
    delivery.deliver_due(wall.account, now=NOON + timedelta(seconds=1))
    wall.post.refresh_from_db()
    assert (wall.post.state, script.posted, wall.run(60).state) == ("CANCELLED", [], State.VERIFIED)


def test_while_it_is_being_sent_nobody_interferes(script: Script) -> None:
    wall = Wall(sent=False)
    leave(wall.post, now=NOON)
    wall.take_down()
    assert wall.run().state == State.QUEUED


# --- changed ----------------------------------------------------------------------------------------------------------


def facebook_post() -> OutboundPost:
    row = posts(approve(make_draft([make_account("facebook")])))[0]
    send(row, now=NOON, external_id="77_1")
    return row


def test_a_change_is_asked_for_once_at_a_time() -> None:
    row, officer = facebook_post(), make_person()
    amendments.correct(row, text=" 고친 글 ", by=officer, now=NOON)
    assert (Amendment.objects.get().text, Amendment.objects.get().kind) == ("고친 글", "EDIT")
    with pytest.raises(amendments.NotPossible):
        amendments.correct(row, text="또 고친 글", by=officer, now=NOON)


def test_changes_that_make_no_sense() -> None:
    officer, row = make_person(), facebook_post()
    elsewhere = posts(approve(make_draft([make_account("x")])))[0]
    queued = posts(approve(make_draft([make_account("facebook")])))[0]
    cases: list[tuple[OutboundPost, str]] = [(elsewhere, "글"), (queued, "글"), (row, " "), (row, "가" * 8001)]
    for post, text in cases:
        with pytest.raises(amendments.NotPossible):
            amendments.correct(post, text=text, by=officer, now=NOON)
    amendments.take_down([row], by=officer, now=NOON)
    with pytest.raises(amendments.NotPossible):
        amendments.correct(row, text="글", by=officer, now=NOON)


# --- on the sandbox's walls -------------------------------------------------------------------------------------------


def carry_out(account: Account, *, after: float = 0.0) -> datetime:
    now = database_now() + timedelta(seconds=after)
    amendments.carry_out_due(Account.objects.get(pk=account.pk), now=now)
    return now


def on_the_wall(world: World, network: str) -> tuple[Account, OutboundPost]:
    account = connect(world, network)
    broadcast = make_draft([account], text="아이를 찾습니다. 빨간 모자를 썼습니다.", now=database_now())
    broadcasts.add_picture(broadcast, photo(), alt="빨간 모자를 쓴 아이", version=broadcast.version)
    approve(broadcast, now=database_now())
    deliver(account)
    return account, posts(broadcast)[0]


@pytest.mark.parametrize("network", NETWORKS)
def test_it_is_gone_from_the_wall(world: World, network: str) -> None:
    account, post = on_the_wall(world, network)
    amendments.take_down([post], by=make_person(), now=database_now())
    world.fault(network, "status", code=503, on="any")
    carry_out(account)
    for turn in range(4):
        carry_out(account, after=3600 * turn)
    assert Amendment.objects.get().state == State.VERIFIED
    assert standing(world, network) == []


@pytest.mark.parametrize("network", ["facebook", "mastodon"])
def test_it_is_changed_on_the_wall_and_keeps_its_photo(world: World, network: str) -> None:
    account, post = on_the_wall(world, network)
    amendments.correct(post, text="아이를 찾았습니다. 고맙습니다!", by=make_person(), now=database_now())
    carry_out(account)
    assert Amendment.objects.get().state == State.VERIFIED
    (seen,) = standing(world, network)
    assert (seen["text"], len(seen["media"])) == ("아이를 찾았습니다. 고맙습니다!", 1)


@pytest.mark.parametrize("text", ["아이를 찾습니다. 파란 모자를 썼습니다.", "아이를 찾습니다."])
def test_a_change_is_seen_only_where_the_old_words_are_gone(script: Script, text: str) -> None:
    wall = Wall(text="아이를 찾습니다. 빨간 모자를 썼습니다.")
    asked = {"kind": "EDIT", "text": text, "state": "DONE", "asked_at": NOON, "next_attempt_at": NOON}
    Amendment.objects.create(outbound=wall.post, **asked)
    shown = (make_incoming("77", "아이를 찾습니다. 빨간 모자를 썼습니다."), make_incoming("77", text))
    script.lookup = [{"77": one} for one in shown]
    assert [wall.run(after).state for after in (0, 60)] == [State.DONE, State.VERIFIED]


def test_what_the_network_does_not_show_yet_is_taken_down_all_the_same(world: World) -> None:
    world.fault("bluesky", "readback_lag", seconds=3600)
    account, post = on_the_wall(world, "bluesky")
    amendments.take_down([post], by=make_person(), now=database_now())
    carry_out(account)
    assert (Amendment.objects.get().state, standing(world, "bluesky")) == (State.VERIFIED, [])


def test_a_change_of_what_is_gone_is_told(world: World) -> None:
    account, post = on_the_wall(world, "mastodon")
    world.delete("mastodon", post.external_id)
    amendments.correct(post, text="아이를 찾았습니다.", by=make_person(), now=database_now())
    carry_out(account)
    row: Any = Amendment.objects.get()
    assert (row.state, "TargetGone" in row.last_error) == (State.FAILED, True)
