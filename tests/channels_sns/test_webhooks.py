"""What is pushed to us is kept before it is read, counted once, and never lost on the way to the shelf."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest

from channels_sns import adapters, inbox, webhooks
from channels_sns.adapters.contract import BadItem
from channels_sns.adapters.metering import Price
from channels_sns.adapters.push import Pushed
from channels_sns.models import Account, DeadLetter, InboundPost, OutboundPost, PushDelivery, Spending
from tests.channels_sns.scripted import (
    NOON,
    Script,
    ScriptedAdapter,
    later,
    make_incoming,
    make_page,
    make_scripted_account,
    script,
)

pytestmark = pytest.mark.django_db
__all__ = ["script"]

State = PushDelivery.State
SIGNED = {"X-Signature": "signed"}


class PushingAdapter(ScriptedAdapter):
    """What a delivery says is written down beforehand, by its bytes; an error is raised."""

    says: ClassVar[dict[bytes, Pushed | Exception]] = {}

    def challenge(self, query: Mapping[str, str]) -> str | None:
        return query.get("asked")

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> bool:
        return headers.get("x-signature") == "signed"

    def read_push(self, body: bytes, *, now: datetime) -> Pushed:
        self.meter.use("mention", Price(Decimal("0.005"), "USD"))
        said = self.says[body]
        if isinstance(said, Exception):
            raise said
        return said


@pytest.fixture
def account(script: Script, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr(PushingAdapter, "says", {})
    monkeypatch.setitem(adapters.ADAPTERS, "scripted", PushingAdapter)
    return make_scripted_account()


def kept(account: Account, pushed: Pushed | Exception, body: bytes = b"one") -> PushDelivery:
    """A delivery that was received and not read yet."""
    PushingAdapter.says[body] = pushed
    delivery, new = webhooks.receive(account, headers=SIGNED, body=body, now=NOON)
    assert new
    return delivery


def read(delivery: PushDelivery) -> Pushed | None:
    pushed = webhooks.read(delivery, now=later(1))
    delivery.refresh_from_db()
    return pushed


# --- kept -------------------------------------------------------------------------------------------------------------


def test_a_delivery_is_kept_before_anything_is_made_of_it(account: Account) -> None:
    delivery = kept(account, Pushed(posts=(make_incoming("1"),)))
    assert (delivery.state, bytes(delivery.body), delivery.received_at) == (State.WAITING, b"one", NOON)
    assert not InboundPost.objects.exists()
    pushed = read(delivery)
    assert pushed is not None
    assert (delivery.state, delivery.tries, delivery.error) == (State.READ, 1, "")
    assert InboundPost.objects.get().external_id == "1"


def test_the_same_bytes_again_are_the_same_delivery(account: Account) -> None:
    delivery = kept(account, Pushed(posts=(make_incoming("1"),)))
    read(delivery)
    again, new = webhooks.receive(account, headers=SIGNED, body=b"one", now=later(60))
    assert (again.pk, new, PushDelivery.objects.count()) == (delivery.pk, False, 1)
    assert webhooks.read(again, now=later(60)) is None
    assert InboundPost.objects.count() == 1


def test_each_account_has_its_own_deliveries(account: Account) -> None:
    kept(account, Pushed())
    other = make_scripted_account(handle="busan_en", external_id="2")
    assert webhooks.receive(other, headers=SIGNED, body=b"one", now=NOON)[1]


@pytest.mark.parametrize("headers", [{}, {"X-Signature": "forged"}, {"X-Signature": "부산"}])
def test_what_is_not_signed_is_not_kept(account: Account, headers: dict[str, str]) -> None:
    with pytest.raises(webhooks.Unverified):
        webhooks.receive(account, headers=headers, body=b"one", now=NOON)
    assert not PushDelivery.objects.exists()


def test_what_is_too_large_is_not_kept(account: Account) -> None:
    with pytest.raises(webhooks.Unverified):
        webhooks.receive(account, headers=SIGNED, body=b"x" * (webhooks.BODY_MAX + 1), now=NOON)
    assert webhooks.receive(account, headers=SIGNED, body=b"x" * webhooks.BODY_MAX, now=NOON)[1]


def test_the_challenge_is_the_adapters(account: Account) -> None:
    assert webhooks.challenge(account, {"asked": "17"}) == "17"
    assert webhooks.challenge(account, {}) is None


# --- read -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pushed_first", [True, False])
def test_a_post_that_is_pushed_and_polled_is_one_row(script: Script, account: Account, pushed_first: bool) -> None:
    delivery = kept(account, Pushed(posts=(make_incoming("1"),)))
    script.pages = [make_page(make_incoming("1"), make_incoming("2"), cursor={"since": "2"})]
    if pushed_first:
        read(delivery)
        assert inbox.collect(account, now=NOON).new == 1
    else:
        assert inbox.collect(account, now=NOON).new == 2
        read(delivery)
    assert sorted(InboundPost.objects.values_list("external_id", flat=True)) == ["1", "2"]
    account.refresh_from_db()
    assert account.cursor == {"since": "2"}, "what is pushed leaves the poll's cursor alone"


def test_a_delivery_marks_what_was_deleted(account: Account) -> None:
    read(kept(account, Pushed(posts=(make_incoming("1"), make_incoming("2")))))
    read(kept(account, Pushed(gone=("1", "unknown")), b"two"))
    gone = dict(InboundPost.objects.values_list("external_id", "gone_at"))
    assert gone == {"1": later(1), "2": None}
    assert InboundPost.objects.get(external_id="1").text == "가로등이 꺼졌습니다", "what was written stays"


def test_a_deletion_concerns_only_its_own_account(account: Account) -> None:
    read(kept(account, Pushed(posts=(make_incoming("1"),))))
    other = make_scripted_account(handle="busan_en", external_id="2")
    PushingAdapter.says[b"two"] = Pushed(gone=("1",))
    read(webhooks.receive(other, headers=SIGNED, body=b"two", now=NOON)[0])
    assert InboundPost.objects.get().gone_at is None


def test_our_own_echo_is_no_citizens_post(account: Account) -> None:
    read(kept(account, Pushed(posts=(make_incoming("1", is_own=True),))))
    assert InboundPost.objects.get().state == InboundPost.State.OWN
    assert not OutboundPost.objects.exists()


def test_a_revocation_stops_the_account(account: Account) -> None:
    read(kept(account, Pushed(revoked=True)))
    account.refresh_from_db()
    assert (account.state, account.suspended_reason) == (Account.State.SUSPENDED, "revoked by the network")


def test_what_is_not_told_whole_makes_a_poll_due(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(next_poll_at=NOON + timedelta(hours=1))
    assert account.pk not in inbox.due_accounts(later(1))
    read(kept(account, Pushed(stale=True)))
    assert account.pk in inbox.due_accounts(later(1))


def test_an_unreadable_item_becomes_a_dead_letter(account: Account) -> None:
    read(kept(account, Pushed(posts=(make_incoming("1"),), bad=(BadItem(b"{}", "no id"),))))
    assert bytes(DeadLetter.objects.get().raw) == b"{}"
    assert InboundPost.objects.count() == 1


def test_what_a_delivery_costs_is_written_down(account: Account) -> None:
    read(kept(account, Pushed()))
    row = Spending.objects.get()
    assert (row.lane, row.unit, row.amount) == ("mention", "USD", Decimal("0.005"))


def test_an_unreadable_delivery_is_tried_ever_later_and_then_given_up(account: Account) -> None:
    delivery, now, waits = kept(account, ValueError("no event")), NOON, []
    for number in range(1, webhooks.TRIES_MAX + 1):
        assert delivery.state == State.WAITING
        assert webhooks.read_waiting(now=now) == 0
        delivery.refresh_from_db()
        assert delivery.tries == number
        assert webhooks.read_waiting(now=now) == 0
        delivery.refresh_from_db()
        assert delivery.tries == number, "not again before its time"
        assert delivery.retry_at is not None
        waits.append(delivery.retry_at - now)
        now = max(now, delivery.retry_at)
    assert max(waits[:4]) <= timedelta(seconds=80)
    assert timedelta(hours=1) < now - NOON < timedelta(hours=8), "an outage of an hour loses nothing"
    assert (delivery.state, delivery.error) == (State.FAILED, "ValueError: no event")
    assert bytes(delivery.body) == b"one"
    assert webhooks.read_waiting(now=now + timedelta(days=1)) == 0
    delivery.refresh_from_db()
    assert delivery.tries == webhooks.TRIES_MAX


def given_up(account: Account, body: bytes = b"one") -> PushDelivery:
    delivery = kept(account, ValueError("no event"), body)
    PushDelivery.objects.filter(pk=delivery.pk).update(state=State.FAILED, tries=webhooks.TRIES_MAX, retry_at=NOON)
    return delivery


def test_what_was_given_up_is_read_after_a_repair(account: Account) -> None:
    delivery, other = given_up(account), given_up(make_scripted_account(handle="busan_en", external_id="2"), b"two")
    assert webhooks.unread(account) == 1
    PushingAdapter.says[b"one"] = PushingAdapter.says[b"two"] = Pushed(posts=(make_incoming("1"),))
    assert webhooks.read_again(account) == 1
    assert webhooks.read_waiting(now=NOON) == 1
    for row in (delivery, other):
        row.refresh_from_db()
    assert (delivery.state, delivery.tries, webhooks.unread(account)) == (State.READ, 1, 0)
    assert other.state == State.FAILED, "another account's stay as they are"
    assert InboundPost.objects.count() == 1
    assert webhooks.read_again(account) == 0


def test_a_delivery_whose_reader_died_is_read_by_the_clock(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between keeping and reading, and in the midst of reading: nothing half-read stands."""
    delivery = kept(account, Pushed(posts=(make_incoming("1"), make_incoming("2"))))

    def dies(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(webhooks, "_settle", dies)
        with pytest.raises(KeyboardInterrupt):
            webhooks.read(delivery, now=later(1))
    delivery.refresh_from_db()
    assert (delivery.state, InboundPost.objects.count(), Spending.objects.count()) == (State.WAITING, 0, 0)
    assert webhooks.read_waiting(now=later(2)) == 1
    assert InboundPost.objects.count() == 2
    assert webhooks.read_waiting(now=later(3)) == 0


def test_two_readers_of_one_delivery_read_it_once(account: Account) -> None:
    delivery = kept(account, Pushed(posts=(make_incoming("1"),)))
    same = PushDelivery.objects.get(pk=delivery.pk)
    assert webhooks.read(delivery, now=later(1)) is not None
    assert webhooks.read(same, now=later(1)) is None


def test_resident_numbers_do_not_stay_in_what_was_read(account: Account) -> None:
    body = json.dumps({"text": "제 번호는 900101-1234568 입니다"}).encode()
    delivery = kept(account, Pushed(), body)
    read(delivery)
    assert b"1234568" not in bytes(delivery.body)
    again, new = webhooks.receive(account, headers=SIGNED, body=body, now=later(9))
    assert (again.pk, new) == (delivery.pk, False)
