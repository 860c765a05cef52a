"""The doors of the clock: each looks again, does what is due and nothing else, and leaves its turn free."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from channels_sns import delivery, inbox, media, nudge, sources
from channels_sns.adapters.contract import Transient
from channels_sns.models import Account, InboundPost, OutboundPost
from channels_sns.models.turn import Turn
from complaints import intake, replies, settlement, tasks
from complaints.models import Complaint, Status
from departments.models import Role
from tests.channels_sns.scripted import Script, make_incoming, make_page, make_scripted_account, script
from tests.elsewhere import held_elsewhere
from tests.make import make_complaint, make_person, make_post

pytestmark = pytest.mark.django_db
__all__ = ["script"]

Handed = list[tuple[str, tuple[Any, ...]]]


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Handed:
    """What would have gone to the broker: (task, ids). Nothing runs."""
    out: Handed = []

    def note(task: Any, *ids: int, expires: int) -> None:
        assert 0 < expires <= 60
        out.append((task.__name__, ids))

    monkeypatch.setattr(tasks, "_hand_out", note)
    return out


def account(**fields: Any) -> Account:
    return make_scripted_account(connected_at=timezone.now() - timedelta(days=1), **fields)


def with_reply() -> Complaint:
    complaint, officer, now = (
        make_complaint(account=account(), status="ASSIGNED"),
        make_person(Role.OFFICER),
        timezone.now(),
    )
    replies.draft(complaint, text="고쳤습니다.", by=officer, version=1, now=now)
    replies.approve(complaint, by=officer, version=complaint.version, now=now)
    return complaint


def free(name: str) -> bool:
    return Turn.objects.get(name=name).until <= timezone.now()


def test_the_sweep_registers_settles_and_hands_out_only_what_is_due(script: Script, handed: Handed) -> None:
    now = timezone.now()
    due = account(next_poll_at=now - timedelta(seconds=1))
    waiting = account(handle="later", next_poll_at=now + timedelta(minutes=1))
    account(handle="off", enabled=False)
    account(handle="stopped", state=Account.State.SUSPENDED, suspended_at=now)
    post = make_post(waiting, posted_at=now, arrived_at=now)
    tasks.sweep()
    post.refresh_from_db()
    assert post.state == InboundPost.State.REGISTERED
    assert handed == [("collect", (due.pk,))]
    assert free("sweep")


def test_the_sweep_hands_out_what_is_to_be_sent(script: Script, handed: Handed) -> None:
    complaint = with_reply()
    Account.objects.update(next_poll_at=timezone.now() + timedelta(minutes=1))
    tasks.sweep()
    assert handed == [("deliver", (complaint.account_id,))]


def test_the_sweep_hands_out_photos_that_wait(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "is_due", lambda *, now: True)
    tasks.sweep()
    assert handed == [("fetch_photos", ())]


@contextmanager
def turn_elsewhere(name: str) -> Iterator[None]:
    """Another worker is at it."""
    Turn.objects.update_or_create(name=name, defaults={"until": timezone.now() + timedelta(minutes=5)})
    with held_elsewhere("turn", name):
        yield


def test_two_sweeps_at_once_are_one(handed: Handed) -> None:
    account()
    with turn_elsewhere("sweep"):
        tasks.sweep()
    assert handed == []


@pytest.mark.parametrize(("error", "goes_on"), [(ZeroDivisionError, True), (OperationalError, False)])
def test_a_step_that_breaks_holds_up_none_of_the_others(
    error: type[Exception], goes_on: bool, handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_values: Any) -> None:
        raise error

    due = account(next_poll_at=timezone.now() - timedelta(seconds=1))
    monkeypatch.setattr(settlement, "settle", broken)
    with pytest.raises(error):
        tasks.sweep()
    assert (handed, free("sweep")) == ([("collect", (due.pk,))] if goes_on else [], True)


def test_collect_polls_and_registers_at_once(script: Script) -> None:
    one = account()
    script.pages = [make_page(make_incoming("1", posted_at=timezone.now()))]
    tasks.collect(one.pk)
    assert Complaint.objects.get().account == one


def test_collect_passes_over_what_is_not_due(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    one = account(next_poll_at=timezone.now() + timedelta(minutes=1))
    monkeypatch.setattr(inbox, "collect", lambda *_args, **_values: pytest.fail("polled"))
    tasks.collect(one.pk)
    tasks.collect(one.pk + 1)


def test_collect_registers_nothing_where_nothing_came(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "register_waiting", lambda **_values: pytest.fail("registered"))
    tasks.collect(account().pk)


def test_deliver_sends_and_settles(script: Script) -> None:
    complaint = with_reply()
    tasks.deliver(complaint.account_id)
    complaint.refresh_from_db()
    assert (complaint.status, len(script.posted)) == (Status.COMPLETED, 1)
    assert free(f"send:{complaint.account_id}")


def test_deliver_waits_for_its_turn_and_leaves_it_free(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = with_reply()
    name = f"send:{complaint.account_id}"
    with turn_elsewhere(name):
        tasks.deliver(complaint.account_id)
    assert (script.posted, OutboundPost.objects.get().state) == ([], "QUEUED")

    def broken(*_args: Any, **_values: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(delivery, "deliver_due", broken)
    with pytest.raises(ZeroDivisionError):
        tasks.deliver(complaint.account_id)
    assert free(name)


def test_deliver_of_an_account_that_is_gone_is_nothing() -> None:
    tasks.deliver(0)
    assert not Turn.objects.exists()


def test_deliver_without_anything_due_settles_nothing(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settlement, "settle", lambda **_values: pytest.fail("settled"))
    tasks.deliver(account().pk)


@pytest.mark.parametrize("mine", [True, False])
def test_photos_are_fetched_by_one(monkeypatch: pytest.MonkeyPatch, mine: bool) -> None:
    done: list[str] = []
    monkeypatch.setattr(media, "give_up_exhausted", lambda *, now: done.append("given up"))
    monkeypatch.setattr(media, "fetch_due", lambda *, now: done.append("fetched"))
    with nullcontext() if mine else turn_elsewhere("photos"):
        tasks.fetch_photos()
    assert done == (["given up", "fetched"] if mine else [])


def test_rechecking_leaves_out_what_is_in_trouble_and_survives_an_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = account(), account(handle="second")
    account(handle="failing", failures=1)
    looked: list[int] = []

    def look(one: Account, *, now: datetime) -> None:
        looked.append(one.pk)
        if one == first:
            raise Transient("no route")

    monkeypatch.setattr(sources, "recheck", look)
    tasks.recheck()
    assert sorted(looked) == [first.pk, second.pk]
    assert "could not be looked at again" in caplog.text
    with turn_elsewhere("recheck"):
        tasks.recheck()
    assert len(looked) == 2


def test_a_message_carries_ids_and_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.collect, "apply_async", lambda **values: sent.append(values))
    tasks._hand_out(tasks.collect, 7, expires=60)
    assert sent == [{"args": (7,), "expires": 60, "retry": False}]


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1/0"])
def test_an_approval_nudges_only_where_a_broker_is(
    settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, script: Script, url: str
) -> None:
    told: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(nudge, "_publish", lambda task, ids: told.append((task, ids)))
    monkeypatch.setattr(nudge, "_rest_until", [0.0])
    settings.REDIS_URL = url
    with django_capture_on_commit_callbacks(execute=True):
        complaint = with_reply()
        assert told == [], "not before the transaction stands"
    assert told == ([("complaints.tasks.deliver", (complaint.account_id,))] if url else [])
