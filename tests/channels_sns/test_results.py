"""What the networks count of our posts: an hour, a day, a week after; what they do not tell is not guessed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_sns import accounts, amendments, results
from channels_sns.adapters import results as asked
from channels_sns.adapters.contract import TargetGone, Transient
from channels_sns.adapters.results import counts
from channels_sns.clock import database_now
from channels_sns.models import Account, OutboundPost, PostResult, Spending
from complaints import tasks
from tests.broadcasting import approve, make_draft, posts
from tests.channels_sns.scripted import NOON, Script, make_scripted_account, script
from tests.channels_sns.test_broadcast_delivery import NETWORKS, connect, deliver
from tests.complaints.fates import send
from tests.make import make_person
from tests.sandbox import World

pytestmark = pytest.mark.django_db
__all__ = ["script"]
HOUR = timedelta(hours=1)
TOLD = {"comments": 3, "likes": 5}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, script: Script) -> list[Any]:
    """What the scripted network tells of each post, look by look; an error is raised. The last one stays."""
    steps: list[Any] = [TOLD]

    def ask(_adapter: Any, ids: Any) -> dict[str, Any]:
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        if isinstance(step, Exception):
            raise step
        return dict.fromkeys(ids, step)

    monkeypatch.setattr(asked, "ASKS", {"scripted": ask})
    return steps


def sent() -> OutboundPost:
    post = posts(approve(make_draft([make_scripted_account()])))[0]
    send(post, now=NOON, external_id="77")
    return post


def looks(after: timedelta) -> int:
    return sum(results.look(account, now=NOON + after) for account in results.due_accounts(now=NOON + after))


def test_it_is_looked_at_after_an_hour_a_day_and_a_week(told: list[Any]) -> None:
    post = sent()
    assert looks(HOUR - timedelta(seconds=1)) == 0
    for after in (HOUR, 24 * HOUR, 168 * HOUR):
        assert looks(after) == 1
        assert looks(after + HOUR / 2) == 0
    assert list(PostResult.objects.values_list("hours", "counts")) == [(1, TOLD), (24, TOLD), (168, TOLD)]
    assert results.latest([post])[post.pk].hours == 168


def test_what_was_slept_through_is_looked_at_once(told: list[Any]) -> None:
    sent()
    assert [looks(30 * HOUR), looks(31 * HOUR), looks(10 * 24 * HOUR + HOUR)] == [1, 0, 0]
    assert PostResult.objects.get().hours == 24


def test_nothing_told_is_kept_as_that(told: list[Any]) -> None:
    told[:] = [{}]
    sent()
    assert [looks(HOUR), looks(2 * HOUR)] == [1, 0]
    assert PostResult.objects.get().counts == {}


def test_what_is_taken_down_is_let_alone(told: list[Any]) -> None:
    amendments.take_down([sent()], by=make_person(), now=NOON)
    assert looks(HOUR) == 0


def test_a_stopped_account_is_let_alone(told: list[Any]) -> None:
    Account.objects.filter(pk=sent().account_id).update(state="SUSPENDED", suspended_at=NOON)
    assert looks(HOUR) == 0


def test_a_silent_network_is_asked_again(told: list[Any], caplog: pytest.LogCaptureFixture) -> None:
    told[:] = [Transient("away"), TOLD]
    post = sent()
    OutboundPost.objects.filter(pk=post.pk).update(sent_at=database_now() - HOUR)
    tasks.count_results()
    assert "could not be read" in caplog.text
    tasks.count_results()
    assert PostResult.objects.get().counts == TOLD


@pytest.mark.parametrize("network", NETWORKS)
def test_each_network_tells_what_it_counts(world: World, network: str) -> None:
    account = connect(world, network)
    broadcast = approve(make_draft([account], text="다대포 영화제에 오세요!", now=database_now()), now=database_now())
    deliver(account)
    deliver(account, after=60)
    (row,) = posts(broadcast)
    assert row.external_id
    world.citizen_post(network, "기대됩니다", in_reply_to=row.external_id)
    assert results.look(account, now=database_now() + HOUR) == 1
    told = PostResult.objects.get().counts
    assert isinstance(told["comments"], int)
    assert set(told) <= {"reach", "comments", "likes", "shares"}
    assert ("reach" in told) == (network == "x")
    if network in ("facebook", "me2day"):
        assert told["comments"] == 1
    if network == "x":
        assert sum(Spending.objects.filter(lane="search").values_list("amount", flat=True)) > 0


def test_what_is_gone_or_senseless_tells_nothing() -> None:
    def gone(_one: str) -> dict[str, int]:
        raise TargetGone("gone")

    assert asked._one_by_one(["1"], gone) == {"1": {}}
    assert asked._picked([], {"a": "b"}) == asked._picked({"a": True, "c": "7"}, {"a": "b", "c": "d"}) == {}


def test_a_network_that_nobody_asks_tells_nothing(script: Script) -> None:

    assert counts(accounts.open_adapter(make_scripted_account()), ["1"]) == {"1": {}}
