"""The second look: what the source says now is kept, what it calls gone is marked, and an answer to it is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from channels_sns import adapters, budget, shelf, sources
from channels_sns.accounts import open_adapter
from channels_sns.adapters.contract import Gone, IncomingPost, OutgoingPost, ReplyTarget, TargetGone, Transient
from channels_sns.adapters.metering import Meter, Price, Window
from channels_sns.models import Account, InboundPost, Spending
from tests.channels_sns.scripted import (
    NOON,
    Script,
    ScriptedAdapter,
    later,
    make_incoming,
    make_scripted_account,
    script,
)

pytestmark = pytest.mark.django_db
__all__ = ["script"]

#: When the posts came, and when the first look at them is due.
DUE = NOON + sources.AGAIN


class LookingAdapter(ScriptedAdapter):
    """Says of each id what was written down, of any other that it stands as it was."""

    states: ClassVar[dict[str, IncomingPost | Gone]] = {}
    asked: ClassVar[list[list[str]]] = []
    breaks: ClassVar[list[Exception]] = []

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        self.asked.append(list(external_ids))
        self.meter.use("search", Price(Decimal("0.005"), "USD"))
        if self.breaks:
            raise self.breaks.pop()
        return {one: self.states[one] for one in external_ids if one in self.states}


@pytest.fixture
def account(script: Script, monkeypatch: pytest.MonkeyPatch) -> Account:
    looks = replace(ScriptedAdapter.capabilities, looks_before_reply=True)
    for name, value in {"states": {}, "asked": [], "breaks": [], "capabilities": looks}.items():
        monkeypatch.setattr(LookingAdapter, name, value)
    monkeypatch.setitem(adapters.ADAPTERS, "scripted", LookingAdapter)
    return make_scripted_account()


def arrived(account: Account, *ids: str, **fields: Any) -> None:
    shelf.put(account, [make_incoming(one, **fields) for one in ids], now=NOON)


def gone(account: Account) -> set[str]:
    return set(InboundPost.objects.filter(account=account).exclude(gone_at=None).values_list("external_id", flat=True))


# --- from time to time ------------------------------------------------------------------------------------------------


def test_only_what_the_network_itself_calls_gone_is_marked(account: Account) -> None:
    arrived(account, "1", "2", "3", "4")
    LookingAdapter.states = {"1": Gone("1", True), "2": Gone("2", False), "3": make_incoming("3")}
    assert sources.recheck(account, now=DUE) == 1
    assert gone(account) == {"1"}
    assert set(InboundPost.objects.values_list("checked_at", flat=True)) == {DUE}
    assert Spending.objects.get().amount == Decimal("0.005")


def test_an_edit_becomes_a_version(account: Account) -> None:
    arrived(account, "1")
    LookingAdapter.states = {"1": make_incoming("1", "가로등과 신호등이 꺼졌습니다")}
    assert sources.recheck(account, now=DUE) == 0
    post = InboundPost.objects.get()
    assert (post.text, post.edited_at) == ("가로등과 신호등이 꺼졌습니다", DUE)
    assert [version.text for version in post.versions.order_by("id")] == [
        "가로등이 꺼졌습니다",
        "가로등과 신호등이 꺼졌습니다",
    ]


def test_an_edit_under_a_new_id_becomes_one_too(account: Account) -> None:
    arrived(account, "1")
    LookingAdapter.states = {"1": make_incoming("2", "고친 글", earlier_ids=("1",))}
    sources.recheck(account, now=DUE)
    assert InboundPost.objects.get().text == "고친 글"


def test_a_post_is_looked_at_again_after_six_hours(account: Account) -> None:
    arrived(account, "1")
    for hours, looks in ((5, 0), (6, 1), (11, 1), (12, 2)):
        sources.recheck(account, now=NOON + timedelta(hours=hours))
        assert len(LookingAdapter.asked) == looks


def test_neither_the_old_nor_the_gone_nor_our_own_is_looked_at(account: Account) -> None:
    arrived(account, "old", posted_at=DUE - sources.FRESH - timedelta(minutes=1))
    arrived(account, "own", is_own=True)
    arrived(account, "gone", "here")
    shelf.mark_gone(InboundPost.objects.get(external_id="gone"), now=NOON)
    arrived(make_scripted_account(handle="other", external_id="2"), "theirs")
    sources.recheck(account, now=DUE)
    assert LookingAdapter.asked == [["here"]]


def test_the_longest_unseen_come_first_and_not_all_at_once(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BATCH", 2)
    arrived(account, "1", "2", "3")
    InboundPost.objects.filter(external_id="1").update(checked_at=NOON - timedelta(hours=9))
    InboundPost.objects.filter(external_id="2").update(checked_at=NOON - timedelta(hours=10))
    sources.recheck(account, now=DUE)
    assert LookingAdapter.asked == [["3", "2"]]


def test_nothing_due_asks_nobody(account: Account) -> None:
    assert sources.recheck(account, now=DUE) == 0
    assert LookingAdapter.asked == []


def test_a_look_that_fails_still_costs_and_is_made_again(account: Account) -> None:
    arrived(account, "1")
    LookingAdapter.breaks.append(Transient("down"))
    with pytest.raises(Transient):
        sources.recheck(account, now=DUE)
    assert Spending.objects.count() == 1
    assert InboundPost.objects.get().checked_at is None
    sources.recheck(account, now=DUE)
    assert InboundPost.objects.get().checked_at == DUE


def test_where_no_search_is_left_nobody_looks(account: Account) -> None:
    arrived(account, "1")
    told = Meter()
    told.hear(Window("searches", "percent", 50, 100, DUE + timedelta(minutes=1)))
    budget.note(account, told, now=DUE)
    assert sources.recheck(account, now=DUE) == 0
    assert LookingAdapter.asked == []
    sources.recheck(account, now=DUE + timedelta(minutes=1))
    assert LookingAdapter.asked == [["1"]]


# --- before a reply ---------------------------------------------------------------------------------------------------


def answer(external_id: str = "1") -> OutgoingPost:
    return OutgoingPost("k", "고쳤습니다", target=ReplyTarget(external_id))


def look(account: Account, post: OutgoingPost) -> None:
    sources.look_before_reply(account, open_adapter(account), post, now=later(5))


def test_an_answer_to_what_is_gone_is_stopped(account: Account) -> None:
    arrived(account, "1")
    LookingAdapter.states = {"1": Gone("1", True)}
    with pytest.raises(TargetGone) as stopped:
        look(account, answer())
    assert stopped.value.code == "looked"
    assert gone(account) == {"1"}


@pytest.mark.parametrize("state", [Gone("1", False), make_incoming("1"), None])
def test_an_answer_to_what_may_still_stand_goes_out(account: Account, state: IncomingPost | Gone | None) -> None:
    arrived(account, "1")
    LookingAdapter.states = {"1": state} if state is not None else {}
    look(account, answer())
    assert gone(account) == set()


def test_an_edit_seen_before_the_answer_is_kept(account: Account) -> None:
    arrived(account, "1")
    LookingAdapter.states = {"1": make_incoming("1", "고친 글")}
    look(account, answer())
    assert InboundPost.objects.get().text == "고친 글"


def test_a_broadcast_and_a_network_that_refuses_by_itself_need_no_look(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(account, OutgoingPost("k", "태풍이 옵니다"))
    monkeypatch.setattr(LookingAdapter, "capabilities", ScriptedAdapter.capabilities)
    look(account, answer())
    assert LookingAdapter.asked == []
