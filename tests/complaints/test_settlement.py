"""What the network made of a reply comes back to the complaint, whatever it was."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from channels_sns import outbox
from channels_sns.adapters.contract import ChannelError, Rejected, ReplyNotAllowed, TargetGone, Transient
from channels_sns.models import OutboundPost
from channels_sns.outcomes import TRIES_MAX
from complaints import settlement
from complaints.models import Complaint, Reply, Status
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import LONG, approved, fail, leave, lose_sight, rows_of, send
from tests.make import NOON

pytestmark = pytest.mark.django_db
__all__ = ["script"]

State = Reply.State
LATER = NOON + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


def settled(complaint: Complaint, reply: Reply, *, changes: int = 1) -> tuple[str, str]:
    """(status of the complaint, state of the reply) after a settlement; a second one changes nothing."""
    assert settlement.settle(now=LATER) == changes
    assert settlement.settle(now=LATER) == 0
    complaint.refresh_from_db()
    reply.refresh_from_db()
    return complaint.status, reply.state


def test_what_waits_or_is_on_its_way_changes_nothing() -> None:
    complaint, reply = approved()
    assert settled(complaint, reply, changes=0) == (Status.ANSWERED, State.APPROVED)
    leave(rows_of(reply.outbox_key)[0], now=NOON)
    assert settled(complaint, reply, changes=0) == (Status.ANSWERED, State.APPROVED)


def test_what_was_sent_completes_the_complaint() -> None:
    complaint, reply = approved()
    send(rows_of(reply.outbox_key)[0], now=NOON, external_id="r1")
    assert settled(complaint, reply) == (Status.COMPLETED, State.SENT)
    assert (complaint.answered_at, complaint.closed_at) == (NOON, LATER)
    assert (reply.url, reply.settled_at, reply.problem) == ("https://n.example/r1", LATER, "")
    event = complaint.events.last()
    assert event is not None
    assert (event.move, event.by) == ("complete", None)


def test_a_reply_in_parts_is_sent_when_its_last_part_is() -> None:
    complaint, reply = approved(LONG)
    *earlier, last = rows_of(reply.outbox_key)
    for row in earlier:
        send(row, now=NOON)
    assert settled(complaint, reply, changes=0) == (Status.ANSWERED, State.APPROVED)
    send(last, now=NOON + timedelta(seconds=9))
    assert settled(complaint, reply) == (Status.COMPLETED, State.SENT)
    assert complaint.answered_at == NOON + timedelta(seconds=9)
    assert reply.url == rows_of(reply.outbox_key)[0].url


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ReplyNotAllowed("closed"), "does not allow"),
        (TargetGone("404"), "no longer there"),
        (Rejected("policy"), "refused the text"),
    ],
)
def test_what_was_refused_is_news_with_a_reason(error: ChannelError, words: str) -> None:
    from django.utils import translation

    complaint, reply = approved()
    fail(rows_of(reply.outbox_key)[0], error, now=NOON)
    with translation.override("en"):
        assert settled(complaint, reply) == (Status.ANSWERED, State.FAILED)
    assert words in reply.problem
    assert (complaint.news_at, reply.settled_at) == (LATER, LATER)
    event = complaint.events.last()
    assert event is not None
    assert (event.move, event.note) == ("failed", reply.problem)


def test_after_the_last_try_a_person_is_told() -> None:
    complaint, reply = approved()
    row = rows_of(reply.outbox_key)[0]
    OutboundPost.objects.filter(pk=row.pk).update(attempts=TRIES_MAX)
    row.refresh_from_db()
    fail(row, Transient("no route"), now=NOON)
    assert settled(complaint, reply) == (Status.ANSWERED, State.FAILED)
    assert reply.problem


def test_a_second_part_that_failed_makes_the_whole_reply_fail() -> None:
    complaint, reply = approved(LONG)
    first, second, *_rest = rows_of(reply.outbox_key)
    send(first, now=NOON)
    fail(second, Rejected("policy"), now=NOON)
    assert settled(complaint, reply) == (Status.ANSWERED, State.FAILED)
    assert reply.url == rows_of(reply.outbox_key)[0].url


def test_what_was_sent_again_after_a_failure_completes_the_complaint() -> None:
    complaint, reply = approved()
    row = rows_of(reply.outbox_key)[0]
    fail(row, Rejected("policy"), now=NOON)
    assert settled(complaint, reply) == (Status.ANSWERED, State.FAILED)
    outbox.retry(row, by="officer", now=NOON)
    assert settled(complaint, reply) == (Status.ANSWERED, State.APPROVED)
    assert (reply.problem, reply.settled_at) == ("", None)
    send(row, now=NOON)
    assert settled(complaint, reply) == (Status.COMPLETED, State.SENT)


def test_what_nobody_knows_is_being_checked_until_somebody_does() -> None:
    complaint, reply = approved()
    row = rows_of(reply.outbox_key)[0]
    lose_sight(row, now=NOON, needs_officer=True)
    assert settled(complaint, reply) == (Status.ANSWERED, State.UNSURE)
    assert (complaint.news_at, reply.settled_at) == (None, None)
    outbox.declare_sent(row, url="https://n.example/seen", by="officer", now=NOON)
    assert settled(complaint, reply) == (Status.COMPLETED, State.SENT)
    assert reply.url == "https://n.example/seen"


def test_what_an_officer_cancelled_in_the_outbox_comes_back_to_the_department() -> None:
    complaint, reply = approved()
    outbox.cancel(rows_of(reply.outbox_key)[0], by="officer", now=NOON)
    assert settled(complaint, reply) == (Status.IN_PROGRESS, State.RECALLED)
    event = complaint.events.last()
    assert event is not None
    assert (event.move, event.by) == ("recall", None)


@pytest.mark.parametrize("part", [0, 1])
def test_with_one_cancelled_part_nothing_else_of_the_reply_goes_out(part: int) -> None:
    complaint, reply = approved(LONG)
    outbox.cancel(rows_of(reply.outbox_key)[part], by="officer", now=NOON)
    assert settled(complaint, reply) == (Status.IN_PROGRESS, State.RECALLED)
    assert {row.state for row in rows_of(reply.outbox_key)} == {"CANCELLED"}
    assert not outbox.due(LATER).exists()


def test_a_part_on_its_way_is_waited_for_before_the_rest_is_taken_back() -> None:
    complaint, reply = approved(LONG)
    first, second, *_rest = rows_of(reply.outbox_key)
    leave(first, now=NOON)
    outbox.cancel(second, by="officer", now=NOON)
    assert settled(complaint, reply, changes=0) == (Status.ANSWERED, State.APPROVED)


def test_a_part_that_left_while_the_rest_was_taken_back_is_seen_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    complaint, reply = approved(LONG)
    outbox.cancel(rows_of(reply.outbox_key)[1], by="officer", now=NOON)

    def faster(row: OutboundPost, **_values: object) -> None:
        raise outbox.NotPossible(row.state)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "cancel", faster)
        assert settled(complaint, reply, changes=0) == (Status.ANSWERED, State.APPROVED)
    assert settled(complaint, reply) == (Status.IN_PROGRESS, State.RECALLED)


def test_somebody_faster_has_settled_it_already() -> None:
    _complaint, reply = approved()
    assert settlement._settle_one(reply.pk, LATER) is False
    Reply.objects.filter(pk=reply.pk).update(state=State.RECALLED)
    assert settlement._settle_one(reply.pk, LATER) is False


def test_failed_replies_do_not_keep_newer_ones_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settlement, "BATCH", 2)
    for _n in range(3):
        _complaint, failed = approved()
        fail(rows_of(failed.outbox_key)[0], Rejected("policy"), now=NOON)
    assert settlement.settle(now=NOON) == 3
    complaint, reply = approved()
    send(rows_of(reply.outbox_key)[0], now=NOON)
    assert settled(complaint, reply) == (Status.COMPLETED, State.SENT)


@pytest.mark.parametrize(("error", "goes_on"), [(ZeroDivisionError, True), (OperationalError, False)])
def test_a_reply_that_breaks_our_code_holds_up_none_behind_it(
    error: type[Exception], goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_first, broken), (complaint, reply) = approved(), approved()
    for one in (broken, reply):
        send(rows_of(one.outbox_key)[0], now=NOON)
    write = settlement._write

    def poisoned(one: Reply, *rest: Any) -> None:
        if one.pk == broken.pk:
            raise error
        write(one, *rest)

    monkeypatch.setattr(settlement, "_write", poisoned)
    with nullcontext() if goes_on else pytest.raises(error):
        assert settled(complaint, reply) == (Status.COMPLETED, State.SENT)
    broken.refresh_from_db()
    assert broken.state == State.APPROVED
