"""What the pages of a connection tell: lag, silence, budget, ends, and reading again after a gap."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from channels_sns import account_details, backfill, budget_words, inbox
from channels_sns.adapters import ADAPTERS, rewind
from channels_sns.adapters.contract import Capabilities
from channels_sns.adapters.metering import READS, Allowance, Meter, Price
from channels_sns.budget import Left, note
from channels_sns.models import Account, InboundPost, PushDelivery
from channels_sns.secrets import seal
from departments.models import Role
from tests.channels_sns.scripted import (
    NOON,
    Script,
    ScriptedAdapter,
    make_incoming,
    make_page,
    make_scripted_account,
    script,
)
from tests.complaints.admin.desk import client_as
from tests.sandbox import World, sandbox, world

pytestmark = pytest.mark.django_db
__all__ = ["sandbox", "script", "world"]


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def rationed(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    """The scripted network gives 100 units a day, and pushes."""
    can = {name: getattr(ScriptedAdapter.capabilities, name) for name in Capabilities.__slots__}
    more = {"allowances": (Allowance("units", "day", Decimal(100)),), "webhook": True}
    monkeypatch.setattr(ScriptedAdapter, "capabilities", Capabilities(**{**can, **more}))


def spend(account: Account, units: int, now: datetime) -> None:
    meter = Meter()
    meter.use("reply", Price(Decimal(units), "units"))
    note(account, meter, now=now)


def test_the_lag_is_how_long_after_they_were_written_posts_arrive(script: Script) -> None:
    account = make_scripted_account()
    assert account_details.of(account, now=NOON).lag == ""
    posts = [make_incoming(str(n), posted_at=NOON - timedelta(seconds=40)) for n in range(3)]
    inbox.store(account, make_page(*posts), token=None, now=NOON)
    assert account_details.of(account, now=NOON).lag == "40 seconds after they were written"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("0.2", "USD", "$0.20"),
        ("0.015", "USD", "$0.015"),
        ("12", "USD", "$12.00"),
        ("15", "KRW", "15 won"),
        ("10000", "units", "10,000 units"),
        ("2.5", "points", "2.5 points"),
        ("3", "calls", "3 calls"),
    ],
)
def test_amounts_are_written_as_people_write_them(value: str, unit: str, words: str) -> None:
    assert budget_words.amount(Decimal(value), unit) == words


@pytest.mark.parametrize(
    ("spent", "tone", "stops"), [(10, "good", 0), (69, "good", 0), (71, "warn", 1), (98, "bad", 2), (120, "bad", 2)]
)
def test_a_bar_says_what_is_left_and_a_stop_is_a_sentence(rationed: None, spent: int, tone: str, stops: int) -> None:
    account = make_scripted_account()
    spend(account, spent, NOON)
    details = account_details.of(account, now=NOON)
    (bar,) = details.bars
    assert (bar.tone, bar.percent, bar.name) == (tone, max(0, 100 - spent), "today")
    assert f"{max(0, 100 - spent)} units of 100 units left" in bar.words
    assert len(details.stops) == stops


def test_a_limit_that_nobody_set_is_said_as_it_is() -> None:
    left = Left("USD/month", "USD", Decimal("1.5"), None, 1.0, NOON)
    assert budget_words._bar(left).words == "$1.50 used, no limit set"


def test_a_window_of_the_network_is_named_by_what_it_is_for() -> None:
    window = Left("GET /2/users/:id/mentions", READS, Decimal(290), Decimal(300), 0.03, NOON)
    assert budget_words.name_of(window) == "calls to read"
    assert budget_words._bar(window).name == "calls to read (GET /2/users/:id/mentions)"


def test_officers_see_a_hard_stop_on_their_start_page(rationed: None) -> None:
    account, start = make_scripted_account(name="부산시"), reverse("admin:index")
    officer = client_as(Role.OFFICER)
    before = len(officer.get(start).context["start"].cards)
    spend(account, 99, timezone.now())
    cards = officer.get(start).context["start"].cards
    assert len(cards) == before + 1
    assert cards[-1].count_text == "1"
    assert "부산시: " in cards[-1].hint


def test_the_page_shows_warnings_bars_and_the_address_to_push_to(rationed: None, settings: Any) -> None:
    settings.PUBLIC_URL = "https://desk.example/"
    account = make_scripted_account(
        last_error="AuthExpired: 401", data_access_expires_at=timezone.now() + timedelta(days=2, hours=1)
    )
    address = f"https://desk.example/webhooks/{account.pk}/{account.push_key}/"
    client = client_as(Role.ADMINISTRATOR)
    shown = client.get(reverse("admin:channels_sns_account_change", args=[account.pk])).content.decode()
    assert address in shown
    assert "<meter" in shown
    assert shown.count("notice-warn") == 1
    listed = client.get(reverse("admin:channels_sns_account_changelist")).content.decode()
    assert "notice-warn" in listed
    assert address not in listed


def test_an_unusual_silence_is_a_warning(script: Script) -> None:
    account = make_scripted_account()
    for hour in range(10 * 24):
        arrived = NOON - timedelta(hours=4 + hour)
        inbox.store(account, make_page(make_incoming(str(hour), posted_at=arrived)), token=None, now=arrived)
    (warning,) = account_details.of(account, now=NOON).warnings
    assert warning.startswith("Quiet: nothing for 4")


@pytest.mark.parametrize("kind", sorted(rewind.REWINDS.keys() & {"x", "facebook", "mastodon", "me2day"}))
def test_what_a_gap_left_out_is_read_again_and_makes_no_row_twice(world: World, kind: str) -> None:
    post_id = world.citizen_post(kind, "가로등이 꺼졌어요")
    now = timezone.now()
    account = Account.objects.create(
        kind=kind, base_url=world.base_url(kind), handle=world.city(kind)["handle"], external_id=world.city(kind)["id"],
        secrets=seal(world.credentials(kind)), connected_at=now - timedelta(days=30),
        cursor=rewind.REWINDS[kind](now + timedelta(hours=2)), gap="lost", gap_at=now,
    )  # fmt: skip
    assert inbox.collect(account, now=now + timedelta(hours=3)).error == ""
    InboundPost.objects.all().delete()
    assert backfill.read_again(account, now=timezone.now())
    account.refresh_from_db()
    assert (account.gap, account.gap_at) == ("", None)
    collected = inbox.collect(account, now=timezone.now())
    assert (collected.error, InboundPost.objects.filter(external_id=post_id).count()) == ("", 1)
    backfill.read_again(account, now=timezone.now())
    inbox.collect(account, now=timezone.now())
    assert InboundPost.objects.filter(external_id=post_id).count() == 1


def test_reading_again_reaches_to_the_connection_at_most(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rewind.REWINDS, "scripted", lambda moment: {"since": moment.isoformat()})
    account = make_scripted_account(connected_at=NOON - timedelta(days=2), lease_token=None)
    assert backfill.read_again(account, now=NOON)
    account.refresh_from_db()
    assert (account.cursor, account.next_poll_at) == ({"since": (NOON - timedelta(days=2)).isoformat()}, NOON)


def test_a_poll_under_way_does_not_undo_reading_again(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_scripted_account()

    def rewound() -> Any:
        inbox.rewind(account, cursor={"since": "early"}, now=NOON)
        return make_page(make_incoming("100"), cursor={"since": "late"})

    script.pages = [rewound]
    assert inbox.collect(account, now=NOON).busy
    account.refresh_from_db()
    assert account.cursor == {"since": "early"}


def test_the_button_reads_again_and_only_by_a_post(world: World) -> None:
    now = timezone.now()
    account = Account.objects.create(
        kind="mastodon", base_url=world.base_url("mastodon"), handle="busan", connected_at=now - timedelta(days=30)
    )
    client, address = client_as(Role.ADMINISTRATOR), reverse("admin:channels_sns_account_reread", args=[account.pk])
    assert client.get(address).status_code == 405
    assert 'class="success"' in client.post(address, follow=True).content.decode()
    account.refresh_from_db()
    assert "since" in account.cursor


def test_what_was_pushed_and_given_up_is_told_and_read_by_the_button(world: World) -> None:
    now = timezone.now()
    account = Account.objects.create(kind="kakao", base_url=world.base_url("kakao"), handle="busan", connected_at=now)
    client, page = client_as(Role.ADMINISTRATOR), reverse("admin:channels_sns_account_change", args=[account.pk])
    address = reverse("admin:channels_sns_account_unread", args=[account.pk])
    assert address not in client.get(page).content.decode()
    for number in "12":
        PushDelivery.objects.create(account=account, sha256=number, body=b"{}", received_at=now, state="FAILED")
    assert "네트워크가 보낸 전달 2건을 읽지 못했습니다" in client.get(page).content.decode()
    assert address in client.get(page).content.decode()
    assert client.get(address).status_code == 405
    assert 'class="success"' in client.post(address, follow=True).content.decode()
    assert set(account.deliveries.values_list("state", flat=True)) == {"WAITING"}


def test_every_network_that_is_read_can_be_read_again() -> None:
    polled = {kind for kind, cls in ADAPTERS.items() if kind != "kakao" and cls.capabilities.polls}
    assert polled - rewind.REWINDS.keys() == set()
