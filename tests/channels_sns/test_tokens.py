"""Tokens: asked about once a day, warned of days ahead; and a stopped account throws nothing away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from busan_sns import health
from channels_sns import accounts, tokens
from channels_sns.adapters.contract import AuthExpired, Capabilities, TokenState, Transient
from channels_sns.adapters.push import Pushed
from channels_sns.models import Account, InboundPost, MetricSample, OutboundPost
from channels_sns.secrets import unseal
from complaints import tasks
from complaints.models import Complaint
from departments.models import Role
from tests.channels_sns.scripted import (
    NOON,
    Script,
    ScriptedAdapter,
    later,
    make_incoming,
    make_scripted_account,
    script,
)
from tests.complaints.admin.desk import client_as

pytestmark = pytest.mark.django_db
__all__ = ["script"]

DAY = timedelta(days=1)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch, script: Script) -> list[Any]:
    """What the network says of the token, answer by answer; the last one again and again."""
    said: list[Any] = [TokenState()]

    def token_state(self: ScriptedAdapter) -> TokenState:
        answer: TokenState = Script.play(said if len(said) > 1 else list(said), None)
        return answer

    monkeypatch.setattr(ScriptedAdapter, "token_state", token_state)
    return said


def test_what_the_network_says_is_kept_with_the_followers(token: list[Any]) -> None:
    account = make_scripted_account()
    token[:] = [TokenState(later(86_400), later(90 * 86_400), ("read", "write"))]
    tokens.check(account, now=NOON)
    account.refresh_from_db()
    assert (account.token_expires_at, account.data_access_expires_at) == (later(86_400), later(90 * 86_400))
    assert (account.token_scopes, account.token_checked_at) == (["read", "write"], NOON)
    assert list(MetricSample.objects.values_list("name", "value", "sampled_at")) == [("followers", 20_000, NOON)]


def test_a_network_that_says_nothing_of_rights_leaves_what_was_granted(token: list[Any]) -> None:
    account = make_scripted_account(token_scopes=["read"])
    tokens.check(account, now=NOON)
    account.refresh_from_db()
    assert account.token_scopes == ["read"]


def test_an_access_token_that_ran_out_is_renewed_first(token: list[Any], script: Script) -> None:
    account = make_scripted_account()
    token[:] = [AuthExpired("old"), TokenState(scopes=("read",))]
    script.refresh = [{"token": "fresh"}]
    tokens.check(account, now=NOON)
    account.refresh_from_db()
    assert (unseal(account.secrets)["token"], account.token_scopes) == ("fresh", ["read"])


def test_looking_is_due_once_a_day_and_only_where_reading_works(token: list[Any]) -> None:
    account = make_scripted_account()
    make_scripted_account(handle="stopped", external_id="2", state="SUSPENDED", suspended_at=NOON)
    make_scripted_account(handle="off", external_id="3", enabled=False)
    make_scripted_account(handle="failing", external_id="4", failures=2)
    assert tokens.due(now=NOON) == [account]
    tokens.check(account, now=NOON)
    assert tokens.due(now=NOON + DAY / 2) == []
    assert tokens.due(now=NOON + DAY) == [account]


def test_one_networks_trouble_does_not_keep_the_others_from_being_looked_at(
    token: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    first = make_scripted_account()
    second = make_scripted_account(handle="second", external_id="2")
    token[:] = [Transient("away"), TokenState(scopes=("read",))]
    tasks.check_tokens()
    assert "could not be looked at" in caplog.text
    assert list(Account.objects.exclude(token_checked_at=None)) == [second]
    assert tokens.due(now=timezone.now()) == [first], "tried again within the hour"


@pytest.mark.parametrize(("days", "step"), [(14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-2, 1)])
def test_people_are_told_days_ahead(script: Script, days: int, step: int) -> None:
    make_scripted_account(data_access_expires_at=NOON + days * DAY)
    (ending,) = tokens.endings(now=NOON)
    assert (ending.what, ending.days, ending.step) == ("data", days, step)


def test_what_ends_later_is_no_news(script: Script) -> None:
    make_scripted_account(data_access_expires_at=NOON + 15 * DAY, token_expires_at=NOON + 15 * DAY)
    make_scripted_account(handle="off", external_id="2", enabled=False, data_access_expires_at=NOON)
    assert tokens.endings(now=NOON) == []


def test_a_token_that_the_desk_renews_itself_is_no_news(script: Script) -> None:
    make_scripted_account(token_expires_at=NOON + timedelta(hours=1))
    assert tokens.endings(now=NOON) == []


def test_the_administrators_start_page_and_the_probes_tell_what_ends(script: Script) -> None:
    now = timezone.now()
    make_scripted_account(last_polled_at=now, data_access_expires_at=now + 3 * DAY + timedelta(hours=1))
    (check,) = [one for one in health.checks(now=now) if one.name == "data_days_left"]
    assert (check.ok, check.value, check.label) == (True, 3, "scripted:busan")
    cards = client_as(Role.ADMINISTRATOR).get(reverse("admin:index")).context["start"].cards
    assert [card.count_text for card in cards if card.url.endswith("#ending")] == ["1"]
    (over,) = [one for one in health.checks(now=now + 5 * DAY) if one.name == "data_days_left"]
    assert not over.ok


# --- a stopped account ------------------------------------------------------------------------------------------------


@pytest.fixture
def pushing(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    """The scripted network pushes: a body is the id of one post; “signed” stands in a header."""
    can = {name: getattr(ScriptedAdapter.capabilities, name) for name in Capabilities.__slots__}
    monkeypatch.setattr(ScriptedAdapter, "capabilities", Capabilities(**{**can, "webhook": True}))
    monkeypatch.setattr(ScriptedAdapter, "verify_push", lambda self, headers, body: headers.get("x-sign") == "ours")

    def read_push(self: ScriptedAdapter, body: bytes, *, now: Any) -> Pushed:
        return Pushed(posts=(make_incoming(body.decode(), posted_at=now),))

    monkeypatch.setattr(ScriptedAdapter, "read_push", read_push)


def push(account: Account, body: str) -> int:
    address = reverse("webhook", args=[account.pk, account.push_key])
    return Client().post(address, body, content_type="text/plain", headers={"x-sign": "ours"}).status_code


def test_a_stopped_account_keeps_what_is_pushed_and_discards_nothing(pushing: None, script: Script) -> None:
    account = make_scripted_account()
    assert push(account, "100") == 200
    OutboundPost.objects.create(id=UUID(int=1), account=account, key="k", text="답변", text_sha256="0", created_at=NOON)
    cursor = {"since": "9"}
    Account.objects.update(cursor=cursor)
    accounts.suspend(account, reason="AuthExpired: 401", now=timezone.now())
    assert push(account, "101") == 200
    account.refresh_from_db()
    assert (account.state, account.cursor) == ("SUSPENDED", cursor)
    assert set(InboundPost.objects.values_list("external_id", flat=True)) == {"100", "101"}
    assert Complaint.objects.count() == 2
    assert OutboundPost.objects.get().state == OutboundPost.State.QUEUED


def test_what_arrived_meanwhile_is_not_read_twice_when_the_account_works_again(pushing: None, script: Script) -> None:
    account = make_scripted_account()
    accounts.suspend(account, reason="AuthExpired: 401", now=timezone.now())
    push(account, "101")
    again = accounts.connect(
        kind="scripted", handle="busan", base_url="https://n.example", secrets={"token": "new"}, now=timezone.now()
    )
    assert (again.pk, push(again, "101"), InboundPost.objects.count()) == (account.pk, 200, 1)
