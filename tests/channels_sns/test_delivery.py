"""Each post exactly once: every answer a network can give, every place a sender can die (R1–R6)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from channels_sns import budget, delivery, outbox
from channels_sns.adapters.contract import (
    AuthExpired,
    ChannelError,
    Duplicate,
    OutcomeUnknown,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    ReadBack,
    Receipt,
    Rejected,
    ReplyNotAllowed,
    ReplyTarget,
    TargetGone,
    Transient,
)
from channels_sns.adapters.metering import Allowance, Meter, Price
from channels_sns.clock import Watch, database_now
from channels_sns.locks import try_lock
from channels_sns.models import Account, OutboundPost
from channels_sns.outbox import NotPossible, State
from channels_sns.readback import quarantine
from channels_sns.secrets import unseal
from tests.channels_sns.one_reply import Desk, history
from tests.channels_sns.scripted import Script, ScriptedAdapter, make_scripted_account, script

pytestmark = pytest.mark.django_db
__all__ = ["script"]

ABSENT = ReadBack(None, complete=True)
UNSEEN = ReadBack(None, complete=False)
FOUND = ReadBack(Receipt("r77", "https://n.example/r77"), complete=True)


def test_a_reply_is_posted_and_its_receipt_kept(script: Script) -> None:
    desk = Desk()
    row = desk.run()
    assert (row.state, row.external_id, row.url) == (State.SENT, "r1", "https://n.example/r")
    assert row.sent_at is not None
    assert history(row) == ["QUEUED", "SENDING", "SENT"]
    post = script.posted[0]
    assert (post.key, post.tag, post.target) == (
        str(row.pk),
        "B26-004217-1 (1/1)",
        ReplyTarget("100", author_handle="haeundae", author_id="7"),
    )
    assert desk.run(9999).state == State.SENT
    assert len(script.posted) == 1


def test_the_same_decision_twice_is_one_row(script: Script) -> None:
    desk = Desk()
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.enqueue(
            account=desk.account, key="reply:1", parts=["x"], tags=[""], target=None, language="ko", now=desk.now
        )


def test_part_two_waits_for_part_one_and_stands_under_it(script: Script) -> None:
    desk = Desk(parts=2)
    script.publish = [Transient("refused")]
    desk.run()
    assert [post.text for post in script.posted] == ["답변 1"]
    desk.run(3600)
    desk.run(1)
    assert [post.text for post in script.posted] == ["답변 1", "답변 1", "답변 2"]
    target = script.posted[2].target
    assert target is not None
    assert (target.external_id, target.parent_id, target.author_handle, target.kind) == (
        "r2",
        "100",
        "haeundae",
        "reply",
    )


@pytest.mark.parametrize("private", [True, False])
def test_who_may_see_it_is_handed_to_the_network_and_stays(script: Script, private: bool) -> None:
    account, now = make_scripted_account(), database_now()
    target = ReplyTarget("m_1", author_id="7", kind="message" if private else "comment")
    terms = outbox.Terms(private=private)
    with transaction.atomic():
        two: dict[str, Any] = {
            "parts": ["하나", "둘"],
            "tags": ["1/2", "2/2"],
            "target": target,
            "language": "ko",
            "terms": terms,
        }
        first, _second = outbox.enqueue(account=account, key="reply:1", now=now, **two)
    delivery.deliver_due(account, now=now)
    assert [post.private for post in script.posted] == [private, private]
    assert script.posted[1].target is not None
    assert script.posted[1].target.kind == ("message" if private else "reply")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboundPost.objects.filter(pk=first.pk).update(private=not private)


def test_a_broadcast_has_no_target_and_its_second_part_goes_under_the_first(script: Script) -> None:
    account, now = make_scripted_account(), database_now()
    outbox.enqueue(account=account, key="talk", parts=["1", "2"], tags=["", ""], target=None, language="ko", now=now)
    delivery.deliver_due(account, now=now)
    delivery.deliver_due(account, now=now + timedelta(seconds=1))
    assert script.posted[0].target is None
    second = script.posted[1].target
    assert second is not None
    assert (second.external_id, second.root_id) == ("r1", "r1")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (TargetGone("gone", status=404, code="x", trace="t"), State.FAILED),
        (Rejected("too long"), State.FAILED),
        (ReplyNotAllowed("not summoned"), State.BLOCKED),
        (OutcomeUnknown("time-out"), State.UNSURE),
        (Duplicate("said already"), State.UNSURE),
        (Transient("refused"), State.QUEUED),
        (RateLimited("429"), State.QUEUED),
        (QuotaExhausted("credits"), State.QUEUED),
        (AuthExpired("401"), State.QUEUED),
        (PermissionDenied("scope"), State.QUEUED),
        (RuntimeError("a bug of ours"), State.UNSURE),
    ],
)
def test_what_every_answer_means(script: Script, error: Exception, state: State) -> None:
    desk = Desk()
    script.publish = [error]
    row = desk.run()
    assert row.state == state
    assert row.last_class == (type(error).__name__ if isinstance(error, ChannelError) else "OutcomeUnknown")


@pytest.mark.parametrize(
    ("error", "state", "named"),
    [
        (OutcomeUnknown("upload"), State.QUEUED, "Transient"),
        (Duplicate("upload"), State.QUEUED, "Transient"),
        (TargetGone("gone"), State.FAILED, "TargetGone"),
        (RuntimeError("a bug of ours"), State.FAILED, "Rejected"),
    ],
)
def test_before_the_post_nothing_can_be_unsure(script: Script, error: Exception, state: State, named: str) -> None:
    desk = Desk()
    script.prepare = [error]
    row = desk.run()
    assert (row.state, row.last_class, script.posted) == (state, named, [])


def test_a_refused_connection_is_tried_again_and_in_the_end_given_up(script: Script) -> None:
    desk = Desk()
    script.publish = [Transient("refused")] * 20
    for _try in range(20):
        row = desk.run(3600)
    assert (row.state, row.attempts, len(script.posted)) == (State.FAILED, 20, 20)


def test_a_rate_limit_counts_no_attempt_and_holds_the_whole_account(script: Script) -> None:
    desk = Desk()
    script.publish = [RateLimited("429", retry_at=desk.now + timedelta(seconds=100))]
    row = desk.run()
    assert row.attempts == 0
    assert desk.run(90).state == State.QUEUED
    assert desk.run(30).state == State.SENT


def test_an_empty_budget_waits_an_hour(script: Script) -> None:
    desk = Desk()
    script.publish = [QuotaExhausted("credits")]
    desk.run()
    assert desk.run(3500).state == State.QUEUED
    assert desk.run(200).state == State.SENT


def test_a_spent_budget_sends_nothing_but_looks_for_what_may_stand(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monthly = replace(ScriptedAdapter.capabilities, allowances=(Allowance("USD", "month"),))
    monkeypatch.setattr(ScriptedAdapter, "capabilities", monthly)
    desk = Desk(parts=2, options={"budget": {"USD": 1}})
    script.publish = [OutcomeUnknown("cut")]
    assert desk.run().state == State.UNSURE
    meter = Meter()
    meter.use("reply", Price(Decimal(1), "USD"))
    budget.note(desk.account, meter, now=desk.now)
    script.find_own = [FOUND]
    assert desk.run(60).state == State.SENT
    desk.run(60)
    assert OutboundPost.objects.get(pk=desk.rows[1].pk).state == State.QUEUED
    assert len(script.posted) == 1


def test_a_refused_token_stops_the_account_and_a_new_one_sends_once(script: Script) -> None:
    desk = Desk()
    script.publish = [AuthExpired("401")]
    desk.run()
    assert desk.fetch().state == Account.State.SUSPENDED
    desk.run(60)
    Account.objects.update(state=Account.State.ACTIVE, suspended_at=None)
    assert desk.run(60).state == State.SENT
    assert len(script.posted) == 2


def test_a_token_that_can_be_renewed_is_but_not_for_ever(script: Script) -> None:
    desk = Desk()
    script.refresh = [{"token": "fresh"}, {"token": "fresher"}]
    script.publish = [AuthExpired("401"), AuthExpired("401")]
    desk.run()
    assert unseal(desk.fetch().secrets)["token"] == "fresh"
    assert desk.fetch().state == Account.State.ACTIVE
    desk.run(1)
    assert desk.fetch().state == Account.State.SUSPENDED


def test_unreadable_secrets_stop_the_account_before_anything_leaves(script: Script) -> None:
    desk = Desk(secrets="garbage")
    assert desk.run().state == State.QUEUED
    assert desk.fetch().state == Account.State.SUSPENDED


def test_the_restore_switch_holds_everything(script: Script, settings: Any) -> None:
    settings.SENDING_ENABLED = False
    assert Desk().run().state == State.QUEUED
    assert script.posted == []


# --- unsure ---------------------------------------------------------------------------------------------------------


def test_an_unsure_post_found_on_our_timeline_is_adopted(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("reset")]
    desk.run()
    script.find_own = [FOUND]
    row = desk.run(2)
    assert (row.state, row.external_id, len(script.posted)) == (State.SENT, "r77", 1)


def test_an_accepted_post_without_an_id_is_read_back_before_we_say_so(script: Script) -> None:
    desk = Desk()
    script.publish = [Receipt("")]
    assert desk.run().state == State.UNSURE
    script.find_own = [FOUND]
    assert desk.run(2).state == State.SENT


def test_it_goes_out_again_only_after_the_quarantine_and_two_complete_reads(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    desk.run()
    assert desk.run(2).state == State.UNSURE
    assert desk.run(2).state == State.UNSURE
    assert desk.run(60).state == State.UNSURE
    assert len(script.posted) == 1
    assert desk.run(120).state == State.QUEUED
    assert desk.run(1).state == State.SENT
    assert len(script.posted) == 2


def test_reads_that_saw_not_everything_do_not_count(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    desk.run()
    script.find_own = [UNSEEN] * 5
    for _read in range(5):
        row = desk.run(200)
    assert (row.state, row.negative_reads) == (State.UNSURE, 0)


def test_after_a_day_an_officer_decides(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    desk.run()
    script.find_own = [UNSEEN]
    row = desk.run(25 * 3600)
    assert row.state == State.UNSURE
    assert row.needs_officer_at is not None
    assert desk.run(9999).needs_officer_at == row.needs_officer_at


def test_after_three_rounds_an_officer_decides(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")] * 9
    for _step in range(20):
        row = desk.run(130)
    assert row.needs_officer_at is not None
    assert len(script.posted) == 4


def test_a_duplicate_that_cannot_be_found_is_never_sent_again(script: Script) -> None:
    desk = Desk()
    script.publish = [Duplicate("403")]
    for _step in range(6):
        row = desk.run(130)
    assert row.needs_officer_at is not None
    assert len(script.posted) == 1


def test_a_network_that_cannot_be_read_back_asks_at_once(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(ScriptedAdapter, "capabilities", replace(ScriptedAdapter.capabilities, own_readback=False))
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    desk.run()
    assert desk.run(2).needs_officer_at is not None


@pytest.mark.parametrize("error", [Transient("502"), RateLimited("429")])
def test_a_failed_look_is_repeated(script: Script, error: ChannelError) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    script.find_own = [error, FOUND]
    desk.run()
    assert desk.run(2).state == State.UNSURE
    assert desk.run(900).state == State.SENT


def test_a_look_that_fails_for_a_day_ends_at_an_officer(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    script.find_own = [Transient("502")]
    desk.run()
    assert desk.run(25 * 3600).needs_officer_at is not None


@pytest.mark.parametrize("error", [AuthExpired("401"), PermissionDenied("scope")])
def test_a_refused_look_stops_the_account_and_keeps_the_post(script: Script, error: ChannelError) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    script.find_own = [error]
    desk.run()
    assert desk.run(2).state == State.UNSURE
    assert desk.fetch().state == Account.State.SUSPENDED


def test_a_look_with_a_renewed_token_goes_on(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    script.find_own = [AuthExpired("401"), FOUND]
    script.refresh = [{"token": "fresh"}]
    desk.run()
    desk.run(2)
    assert desk.run(900).state == State.SENT


def test_a_token_server_that_is_down_stops_nothing(script: Script) -> None:
    desk = Desk()
    script.publish = [AuthExpired("401"), OutcomeUnknown("time-out")]
    script.find_own = [AuthExpired("401"), FOUND]
    script.refresh = [Transient("down"), Transient("down")]
    assert desk.run().state == State.QUEUED
    assert desk.run(900).state == State.UNSURE
    assert desk.run(2).state == State.UNSURE
    assert desk.fetch().state == Account.State.ACTIVE
    assert desk.run(900).state == State.SENT


def test_who_loses_the_race_for_a_new_token_uses_the_winners(script: Script) -> None:
    from channels_sns import accounts
    from channels_sns.secrets import seal

    account = make_scripted_account()
    Account.objects.update(secrets=seal({"token": "winner"}))
    assert accounts.refresh(account)
    assert unseal(account.secrets)["token"] == "winner"


def test_the_quarantine_follows_the_network_or_the_setting(script: Script, settings: Any) -> None:
    adapter = ScriptedAdapter(base_url="https://n.example", secrets={})
    assert quarantine(adapter) == timedelta(seconds=120)
    settings.HTTP_TIMEOUT = 90
    assert quarantine(adapter) == timedelta(seconds=200)
    settings.QUARANTINE = timedelta(seconds=3)
    assert quarantine(adapter) == timedelta(seconds=3)


# --- dead and paused senders ----------------------------------------------------------------------------------------


def leave_behind(desk: Desk) -> OutboundPost:
    """A sender claimed the row and was never heard of again."""
    row = desk.row()
    assert outbox.claim(row, now=desk.now)
    return row


def test_a_dead_senders_post_is_read_back(script: Script) -> None:
    desk = Desk()
    leave_behind(desk)
    assert desk.run(30).state == State.SENDING
    script.find_own = [FOUND]
    row = desk.run(40)
    assert (row.state, row.rounds, script.posted) == (State.SENT, 1, [])


@contextmanager
def held_elsewhere(row: OutboundPost) -> Iterator[None]:
    """The row's lock, in another thread with a database session of its own."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with try_lock("outbox", row.pk) as held:
            assert held is not None
            taken.set()
            done.wait(30)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert taken.wait(30)
        yield
    finally:
        done.set()
        other.join(30)


def test_a_row_whose_lock_is_held_is_left_alone(script: Script) -> None:
    desk = Desk()
    with held_elsewhere(desk.row()):
        assert desk.run().state == State.QUEUED
    assert desk.run().state == State.SENT


def test_the_fence_stops_a_sender_whose_claim_was_taken_away(script: Script) -> None:
    desk = Desk()

    def pause_past_the_lease() -> None:
        delivery.abandon_expired(now=desk.now + timedelta(hours=1))

    script.prepare = [pause_past_the_lease]
    assert desk.run().state == State.UNSURE
    assert script.posted == []


def test_a_receipt_that_comes_after_the_lease_still_counts(script: Script) -> None:
    desk = Desk()

    def slow_answer() -> Receipt:
        delivery.abandon_expired(now=desk.now + timedelta(hours=1))
        return Receipt("late")

    script.publish = [slow_answer]
    row = desk.run()
    assert (row.state, row.external_id) == (State.SENT, "late")


def test_what_was_said_of_an_earlier_try_says_nothing_of_the_next(script: Script) -> None:
    desk = Desk()
    script.publish = [Receipt("", pending_id="task-1")]
    assert desk.run().pending_id == "task-1"
    outbox.move(desk.row(), State.QUEUED, now=desk.now, expect=State.UNSURE, next_attempt_at=desk.now)
    assert outbox.claim(desk.row(), now=desk.now)
    delivery.abandon_expired(now=desk.now + timedelta(hours=1))
    assert (desk.row().state, desk.row().pending_id) == (State.UNSURE, "")


def test_two_claims_of_one_row_end_in_one(script: Script) -> None:
    desk = Desk()
    first, second = desk.row(), desk.row()
    assert outbox.claim(first, now=desk.now)
    assert not outbox.claim(second, now=desk.now)


def test_a_claim_lost_at_the_last_moment_sends_nothing(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    monkeypatch.setattr(outbox, "claim", lambda row, now: False)
    assert desk.run().state == State.QUEUED
    assert script.posted == []


def test_a_row_that_moved_on_meanwhile_is_skipped(script: Script) -> None:
    desk = Desk()
    row = desk.row()
    OutboundPost.objects.filter(pk=row.pk).update(state=State.CANCELLED)
    assert delivery.deliver(row, Watch(desk.now)) == State.CANCELLED


def test_rows_settled_by_another_worker_in_between_are_not_sent(script: Script) -> None:
    desk = Desk()
    now = desk.now
    outbox.enqueue(account=desk.account, key="reply:2", parts=["둘"], tags=[""], target=None, language="ko", now=now)

    def other_worker() -> Receipt:
        OutboundPost.objects.filter(key="reply:2:1").update(state=State.CANCELLED)
        return Receipt("r1")

    script.publish = [other_worker]
    assert delivery.deliver_due(desk.account, now=now) == {State.SENT: 1}


# --- people ---------------------------------------------------------------------------------------------------------


def test_a_queued_post_can_be_cancelled_and_a_sent_one_not(script: Script) -> None:
    desk = Desk()
    outbox.cancel(desk.row(), by="officer", now=desk.now)
    assert desk.run(60).state == State.CANCELLED
    with pytest.raises(NotPossible):
        outbox.cancel(desk.row(), by="officer", now=desk.now)


@pytest.mark.parametrize("error", [TargetGone("gone"), ReplyNotAllowed("no")])
def test_an_officer_may_try_a_failed_post_again(script: Script, error: ChannelError) -> None:
    desk = Desk()
    script.publish = [error]
    desk.run()
    outbox.retry(desk.row(), by="officer", now=desk.now)
    assert desk.run(1).state == State.SENT
    with pytest.raises(NotPossible):
        outbox.retry(desk.row(), by="officer", now=desk.now)


def undecided(script: Script) -> Desk:
    desk = Desk()
    script.publish = [Duplicate("403")]
    for _step in range(6):
        desk.run(130)
    return desk


def test_an_officer_settles_an_undecided_post(script: Script) -> None:
    desk = undecided(script)
    outbox.declare_sent(desk.row(), url="https://n.example/seen", by="officer", now=desk.now)
    row = desk.row()
    assert (row.state, row.url, row.needs_officer_at) == (State.SENT, "https://n.example/seen", None)
    with pytest.raises(NotPossible):
        outbox.declare_sent(row, url="", by="officer", now=desk.now)


def test_an_officer_gives_an_undecided_post_up(script: Script) -> None:
    desk = undecided(script)
    outbox.cancel(desk.row(), by="officer", now=desk.now)
    assert desk.row().state == State.CANCELLED


def test_an_officer_sends_an_undecided_post_again(script: Script) -> None:
    desk = undecided(script)
    outbox.retry(desk.row(), by="officer", now=desk.now)
    assert desk.run(1).state == State.SENT


def test_an_unsure_post_that_is_still_being_checked_is_not_for_officers(script: Script) -> None:
    desk = Desk()
    script.publish = [OutcomeUnknown("time-out")]
    desk.run()
    decisions: tuple[Callable[[], None], ...] = (
        lambda: outbox.cancel(desk.row(), by="o", now=desk.now),
        lambda: outbox.retry(desk.row(), by="o", now=desk.now),
        lambda: outbox.declare_sent(desk.row(), url="", by="o", now=desk.now),
    )
    for decide in decisions:
        with pytest.raises(NotPossible):
            decide()


def test_the_sweep_knows_which_accounts_have_work(script: Script) -> None:
    desk = Desk()
    assert outbox.due_accounts(desk.now) == [desk.account.pk]
    desk.run()
    assert outbox.due_accounts(desk.now + timedelta(days=1)) == []


# --- the database's own guard ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"), [("QUEUED", "SENT"), ("QUEUED", "UNSURE"), ("FAILED", "SENT"), ("CANCELLED", "QUEUED")]
)
def test_the_database_refuses_an_edge_that_does_not_exist(script: Script, old: str, new: str) -> None:
    row = Desk().row()
    path = {"QUEUED": [], "FAILED": ["SENDING", "FAILED"], "CANCELLED": ["CANCELLED"]}[old]
    lease: dict[str, Any] = {"claim_token": row.pk, "lease_until": datetime.fromisoformat("2026-11-24T00:00:00Z")}
    for step in path:
        OutboundPost.objects.filter(pk=row.pk).update(state=step, **lease)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboundPost.objects.filter(pk=row.pk).update(state=new, sent_at=lease["lease_until"])


def test_the_database_refuses_to_change_an_approved_text(script: Script) -> None:
    row = Desk().row()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboundPost.objects.filter(pk=row.pk).update(text="다른 말")


def test_what_hangs_under_a_part_that_is_not_shown_yet_is_tried_again(script: Script) -> None:
    desk = Desk(parts=2)
    script.prepare = [None, TargetGone("not there"), None, TargetGone("not there")]
    desk.run()
    second = desk.rows[1]
    second.refresh_from_db()
    assert (second.state, second.last_class) == (State.QUEUED, "Transient")
    desk.run(100)
    second.refresh_from_db()
    assert second.state == State.SENT


def test_a_part_that_was_taken_away_is_not_waited_for(script: Script) -> None:
    desk = Desk(parts=2)
    script.prepare = [None, Transient("busy"), TargetGone("not there")]
    desk.run()
    desk.run(3600)
    desk.rows[1].refresh_from_db()
    assert (desk.rows[1].state, desk.rows[1].last_class) == (State.FAILED, "TargetGone")


def put(desk: Desk, key: str, text: str, terms: outbox.Terms) -> OutboundPost:
    """One more post in the outbox."""
    (row,) = outbox.enqueue(
        account=desk.account, key=key, parts=[text], tags=[""], target=None, language="ko", now=desk.now, terms=terms
    )
    return row


def test_an_emergency_that_comes_meanwhile_goes_next(script: Script) -> None:
    desk = Desk(parts=2)

    def alarm() -> Receipt:
        put(desk, "alarm", "아이를 찾습니다", outbox.Terms(lane=outbox.Lane.EMERGENCY))
        return Receipt("r1")

    script.publish = [alarm]
    desk.run()
    assert [post.text for post in script.posted] == ["답변 1", "아이를 찾습니다", "답변 2"]


def test_each_lane_stops_by_itself(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    put(desk, "news", "소식", outbox.Terms(lane=outbox.Lane.BROADCAST))
    put(desk, "alarm", "긴급", outbox.Terms(lane=outbox.Lane.EMERGENCY))
    monkeypatch.setattr(budget, "shut", lambda _account, now: frozenset({"broadcast", "reply"}))
    desk.run()
    assert [post.text for post in script.posted] == ["긴급"]


def test_a_photo_that_is_lost_is_told(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    row = put(desk, "p", "글", outbox.Terms(media=[{"file": "photos/none.jpg", "alt": "없는 사진"}]))
    monkeypatch.setattr(ScriptedAdapter, "capabilities", replace(ScriptedAdapter.capabilities, images_max=4))
    desk.run()
    row.refresh_from_db()
    assert (row.state, "FileNotFoundError" in row.last_error) == (State.FAILED, True)
