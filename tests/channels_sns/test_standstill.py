"""Nothing stands still for ever: no row behind a broken one, no account for an old error, no doubt without an end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection, transaction

from channels_sns import delivery, outbox
from channels_sns.adapters.contract import (
    AuthExpired,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    ReadBack,
    Receipt,
    Transient,
)
from channels_sns.adapters.metering import Price
from channels_sns.clock import Watch
from channels_sns.models import Account, OutboundPost, Spending
from channels_sns.outbox import State
from tests.channels_sns.one_reply import Desk
from tests.channels_sns.scripted import Script, ScriptedAdapter, script

pytestmark = pytest.mark.django_db
__all__ = ["script"]

UNSEEN = ReadBack(None, complete=False)
FOUND = ReadBack(Receipt("r77", "https://n.example/r77"), complete=True)


def unsure(script: Script, **account: Any) -> Desk:
    """A desk whose reply timed out a moment ago."""
    desk = Desk(**account)
    script.publish = [OutcomeUnknown("time-out")]
    assert desk.run().state == State.UNSURE
    return desk


def add_reply(desk: Desk, key: str) -> OutboundPost:
    with transaction.atomic():
        (row,) = outbox.enqueue(
            account=desk.account, key=key, parts=["둘째"], tags=[key], target=None, language="ko", now=desk.now
        )
    return row


# --- a row that breaks our code -------------------------------------------------------------------------------------


def test_a_read_that_breaks_is_repeated_and_holds_nobody_up(script: Script) -> None:
    desk = unsure(script)
    second = add_reply(desk, "reply:2")
    script.find_own = [KeyError("a field that was always there"), FOUND]
    assert desk.run(2).state == State.UNSURE
    second.refresh_from_db()
    assert second.state == State.SENT
    assert desk.run(900).state == State.SENT


def test_a_row_that_breaks_the_sender_waits_and_the_next_goes_out(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    second = add_reply(desk, "reply:2")
    send = delivery._send

    def broken(row: OutboundPost, *rest: Any) -> None:
        if row.key == "reply:1:1":
            raise KeyError("target")
        send(row, *rest)

    monkeypatch.setattr(delivery, "_send", broken)
    row = desk.run()
    second.refresh_from_db()
    assert (row.state, second.state) == (State.QUEUED, State.SENT)
    assert row.next_attempt_at == pytest.approx(desk.now + delivery.AFTER_A_BUG, abs=timedelta(seconds=9))


def test_a_lost_database_ends_the_round(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()

    def gone(*_row: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(delivery, "_send", gone)
    with pytest.raises(OperationalError):
        desk.run()


def test_a_round_ends_before_the_workers_limit(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    add_reply(desk, "reply:2")
    elapsed = iter([timedelta(0), timedelta(0)])
    monkeypatch.setattr(Watch, "now", lambda self: self.started_at + next(elapsed, timedelta(minutes=2)))
    delivery.deliver_due(desk.account, now=desk.now)
    assert len(script.posted) <= 1
    assert OutboundPost.objects.filter(state=State.QUEUED).exists()


def test_a_worker_that_runs_out_of_time_while_preparing_fails_nothing(script: Script) -> None:
    desk = Desk()
    script.prepare = [SoftTimeLimitExceeded()]
    row = desk.run()
    assert (row.state, row.last_class, script.posted) == (State.QUEUED, "Transient", [])


# --- an id that is another reply's ----------------------------------------------------------------------------------


def test_an_id_that_another_reply_holds_is_no_receipt(script: Script) -> None:
    """The network answered with the id of an earlier post: nothing says that ours stands."""
    desk = Desk()
    script.publish = [Receipt("same"), Receipt("same")]
    second = add_reply(desk, "reply:2")
    assert desk.run().state == State.SENT
    second.refresh_from_db()
    assert second.state == State.UNSURE
    script.find_own = [ReadBack(Receipt("same"), complete=True)]
    desk.run(2)
    second.refresh_from_db()
    assert (second.state, second.external_id) == (State.UNSURE, "")
    assert second.needs_officer_at is not None


def test_a_receipt_for_a_row_that_moved_on_is_not_lost_in_silence(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()

    def officer_was_faster() -> Receipt:
        later = desk.now + timedelta(hours=1)
        delivery.abandon_expired(now=later)
        row = desk.row()
        outbox.note(row, needs_officer_at=later)
        outbox.cancel(row, by="officer", now=later)
        return Receipt("late")

    script.publish = [officer_was_faster]
    assert desk.run().state == State.CANCELLED
    assert "posted as late" in caplog.text


# --- unsure, and looked at ------------------------------------------------------------------------------------------


def test_the_read_that_decides_must_itself_be_complete(script: Script) -> None:
    """Two complete reads inside the quarantine and a partial one after it prove nothing."""
    desk = unsure(script)
    desk.run(2)
    assert desk.run(40).negative_reads == 2
    script.find_own = [UNSEEN]
    assert desk.run(200).state == State.UNSURE
    assert len(script.posted) == 1
    assert desk.run(900).state == State.QUEUED


@pytest.mark.parametrize("nothing_seen", [UNSEEN, Transient("502"), RateLimited("429")])
def test_looks_that_tell_nothing_become_rarer(script: Script, nothing_seen: Any) -> None:
    desk = unsure(script)
    script.find_own = [nothing_seen] * 500
    end = desk.now + timedelta(hours=2)
    while desk.now < end:
        desk.run(60)
    assert 500 - len(script.find_own) < 40
    assert desk.row().needs_officer_at is None


def test_an_account_that_may_not_send_yet_is_still_read_back(script: Script) -> None:
    desk = unsure(script)
    Account.objects.update(send_after=desk.now + timedelta(hours=3))
    queued = add_reply(desk, "reply:2")
    script.find_own = [FOUND]
    assert desk.run(2).state == State.SENT
    queued.refresh_from_db()
    assert (queued.state, len(script.posted)) == (State.QUEUED, 1)


@pytest.mark.parametrize("stopped", [{"enabled": False}, {"state": "SUSPENDED"}])
def test_doubt_on_a_stopped_account_reaches_an_officer_within_a_day(script: Script, stopped: dict[str, Any]) -> None:
    desk = unsure(script)
    Account.objects.update(**stopped, suspended_at=desk.now)
    assert delivery.abandon_expired(now=desk.now + timedelta(hours=23)) == 0
    assert desk.row().needs_officer_at is None
    delivery.abandon_expired(now=desk.now + timedelta(hours=25))
    assert desk.row().needs_officer_at is not None


def test_doubt_survives_a_stop_and_is_settled_after_the_reconnection(script: Script) -> None:
    desk = unsure(script)
    Account.objects.update(state="SUSPENDED", suspended_at=desk.now)
    assert desk.run(3600).negative_reads == 0
    Account.objects.update(state="ACTIVE", suspended_at=None)
    script.find_own = [FOUND]
    assert desk.run(60).state == State.SENT


# --- waiting for the network ----------------------------------------------------------------------------------------


def test_a_quota_that_reopens_in_thirty_years_is_asked_about_within_a_day(script: Script) -> None:
    desk = Desk()
    script.publish = [QuotaExhausted("cap", retry_at=desk.now + timedelta(days=9999))]
    desk.run()
    assert desk.run(25 * 3600).state == State.SENT


def test_a_network_that_never_says_how_long_is_asked_ever_more_rarely(script: Script) -> None:
    desk = Desk()
    script.publish = [RateLimited("429")] * 500
    end = desk.now + timedelta(hours=2)
    while desk.now < end:
        row = desk.run(60)
    assert 500 - len(script.publish) < 40
    assert (row.state, row.attempts) == (State.QUEUED, 0)


def test_a_token_that_ran_out_again_much_later_is_renewed_again(script: Script, settings: Any) -> None:
    desk = Desk()
    script.refresh = [{"token": "second"}, {"token": "third"}]
    script.publish = [AuthExpired("401"), AuthExpired("401")]
    desk.run()
    settings.SENDING_ENABLED = False
    desk.run(3600)
    settings.SENDING_ENABLED = True
    desk.run(3600)
    assert desk.fetch().state == Account.State.ACTIVE
    assert desk.run(1).state == State.SENT


# --- the database's own work ----------------------------------------------------------------------------------------


def fill_with_sent(desk: Desk, count: int) -> None:
    """An outbox as years leave it: nearly everything in it is done."""
    done = {"account": desk.account, "text": "끝난 답변", "created_at": desk.now, "sent_at": desk.now}
    OutboundPost.objects.bulk_create(
        OutboundPost(id=uuid4(), key=f"done:{at}", state=State.SENT, **done) for at in range(count)
    )


@pytest.mark.needs_pg
def test_what_is_due_is_found_by_its_index(script: Script) -> None:
    desk = Desk()
    fill_with_sent(desk, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE channels_sns_outboundpost")
    plan = outbox.due(desk.now).explain()
    assert "outbox_due" in plan, plan


def test_a_round_costs_the_same_number_of_queries_whatever_lies_in_the_outbox(
    script: Script, django_assert_max_num_queries: Any
) -> None:
    desk = Desk()
    desk.run()
    for number in range(2, 30):
        row = add_reply(desk, f"reply:{number}")
        OutboundPost.objects.filter(pk=row.pk).update(state=State.CANCELLED)
    with django_assert_max_num_queries(8):
        delivery.deliver_due(desk.account, now=desk.now)


def test_what_a_reply_costs_is_counted_even_if_it_fails(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedAdapter, "price", lambda self, post: Price(Decimal("0.01"), "USD"))
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    desk.run()
    spent = Spending.objects.get()
    assert (spent.lane, spent.unit, spent.amount) == ("reply", "USD", Decimal("0.01"))
