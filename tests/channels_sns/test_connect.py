"""Connecting in the browser (연결), against the sandbox's own pages: from the form to a working account, and every way
that it must not go."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.oauth import ways_of
from channels_sns.models import Account
from channels_sns.secrets import unseal
from departments.models import Role
from tests.channels_sns.adapters.test_oauth import application, decide
from tests.complaints.admin.desk import client_as
from tests.sandbox import World, free_port, sandbox, world

pytestmark = pytest.mark.django_db
__all__ = ["sandbox", "world"]

WAYS = {way.name: way for kind in ("x", "facebook", "youtube", "mastodon") if kind in ADAPTERS for way in ways_of(kind)}
CALLBACK = "admin:channels_sns_account_connect_callback"


@pytest.fixture(autouse=True)
def desk_address(settings: Any) -> None:
    """The address that the networks are given begins where tests.channels_sns.adapters.test_oauth expects it."""
    settings.PUBLIC_URL = "http://127.0.0.1:8400"


@pytest.fixture(autouse=True)
def any_callback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.channels_sns.adapters.test_oauth.DESK", "http://127.0.0.1:8400/admin/")


def page(name: str, *arguments: str, **query: str) -> str:
    address = reverse(f"admin:channels_sns_account_{name}", args=arguments)
    return f"{address}?{urlencode(query)}" if query else address


def typed(world: World, name: str, **changes: str) -> dict[str, str]:
    way = WAYS[name]
    place = {"way": name, "base_url": world.base_url(way.kind), "language": "ko", "name": ""}
    return {**place, **application(world, way), **changes}


def leave(client: Client, world: World, name: str, *, query: str = "", **changes: str) -> str:
    """Fill the form; the network's address that the desk links to."""
    address = page("connect_network", WAYS[name].kind) + query
    answer = client.post(address, typed(world, name, **changes), follow=True)
    text = answer.content.decode()
    found = re.search(r'class="button button-main" href="([^"]+)"', text)
    assert found is not None, text
    return unescape(found[1])


def come_back(client: Client, answer: dict[str, str]) -> str:
    """Follow the callback to where it leads; the page that the person sees."""
    return client.get(f"{reverse(CALLBACK)}?{urlencode(answer)}", follow=True).content.decode()


@pytest.mark.parametrize("name", WAYS)
def test_an_administrator_connects_at_the_networks_page(world: World, name: str) -> None:
    client = client_as(Role.ADMINISTRATOR)
    shown = come_back(client, decide(leave(client, world, name)))
    account = Account.objects.get()
    assert account.external_id == world.city(WAYS[name].kind)["id"]
    assert (account.state, account.base_url) == ("ACTIVE", world.base_url(WAYS[name].kind))
    assert 'class="success"' in shown
    assert 'class="error"' not in shown
    assert [value for value in unseal(account.secrets).values() if value in shown] == []


@pytest.mark.parametrize("name", ["x-oauth2", "mastodon"])
def test_connecting_again_keeps_the_history(world: World, name: str) -> None:
    client = client_as(Role.ADMINISTRATOR)
    come_back(client, decide(leave(client, world, name)))
    before = Account.objects.get()
    Account.objects.update(
        cursor={"since": "9"},
        state="SUSPENDED",
        suspended_at=timezone.now(),
        suspended_reason="AuthExpired",
        name="부산",
    )
    shown = come_back(client, decide(leave(client, world, name, query=f"?account={before.pk}")))
    after = Account.objects.get()
    assert (after.pk, after.cursor, after.state, after.connected_at) == (
        before.pk, {"since": "9"}, "ACTIVE", before.connected_at,
    )  # fmt: skip
    assert 'class="warning"' not in shown


def test_another_account_than_the_one_to_connect_again_is_named(world: World) -> None:
    other = Account.objects.create(
        kind="x", handle="other", external_id="77", base_url=world.base_url("x"), connected_at=timezone.now()
    )
    client = client_as(Role.ADMINISTRATOR)
    shown = come_back(client, decide(leave(client, world, "x-oauth1", query=f"?account={other.pk}")))
    assert 'class="warning"' in shown
    assert Account.objects.count() == 2


def test_a_right_that_was_not_granted_is_said_in_words(world: World) -> None:
    world.settings("x", oauth2_scope="tweet.read users.read offline.access media.write")
    client = client_as(Role.ADMINISTRATOR, username="park")
    client.cookies.load({"django_language": "en"})
    shown = come_back(client, decide(leave(client, world, "x-oauth2")))
    assert "The right to post is missing. (tweet.write)" in shown
    assert "tweet.write" not in Account.objects.get().token_scopes


def test_what_a_page_may_not_do_is_asked_of_the_network(world: World) -> None:
    world.settings("facebook", scopes=["pages_show_list", "pages_read_engagement", "pages_read_user_content"])
    client = client_as(Role.ADMINISTRATOR)
    client.cookies.load({"django_language": "en"})
    shown = come_back(client, decide(leave(client, world, "facebook")))
    assert "The right to post is missing. (pages_manage_engagement, pages_manage_posts)" in shown
    assert Account.objects.get().data_access_expires_at is not None


def test_a_secret_that_is_of_use_beside_a_set_can_be_typed(world: World) -> None:
    client = client_as(Role.ADMINISTRATOR)
    place = {"way": "keys", "base_url": world.base_url("facebook"), "language": "ko", "verify_token": "v-1"}
    client.post(page("connect_network", "facebook"), {**place, **world.credentials("facebook")})
    assert unseal(Account.objects.get().secrets)["verify_token"] == "v-1"


def test_several_pages_are_chosen_from(world: World) -> None:
    world.settings("facebook", pages=2)
    client = client_as(Role.ADMINISTRATOR)
    shown = come_back(client, decide(leave(client, world, "facebook")))
    assert Account.objects.count() == 0
    assert "Page 1" in shown
    assert "EAA" not in shown
    assert 'class="error"' in client.post(page("connect_choose"), {"page": "12345"}, follow=True).content.decode()
    client.post(page("connect_choose"), {"page": world.city("facebook")["id"]}, follow=True)
    assert Account.objects.get().external_id == world.city("facebook")["id"]
    again = client.post(page("connect_choose"), {"page": world.city("facebook")["id"]}, follow=True)
    assert 'class="error"' in again.content.decode()


@pytest.mark.parametrize("name", WAYS)
def test_a_callback_counts_once(world: World, name: str) -> None:
    client = client_as(Role.ADMINISTRATOR)
    answer = decide(leave(client, world, name))
    come_back(client, answer)
    Account.objects.all().delete()
    assert 'class="error"' in come_back(client, answer)
    assert Account.objects.count() == 0


@pytest.mark.parametrize("name", WAYS)
def test_a_forged_state_is_refused_before_the_network_is_asked(world: World, name: str) -> None:
    client = client_as(Role.ADMINISTRATOR)
    answer = decide(leave(client, world, name))
    calls = len(world.calls())
    forged = {**answer, ("state" if "state" in answer else "oauth_token"): "forged"}
    assert 'class="error"' in come_back(client, forged)
    assert 'class="error"' in come_back(client, answer), "the attempt is spent"
    assert (Account.objects.count(), len(world.calls())) == (0, calls)


def test_an_answer_counts_only_in_the_browser_that_began(world: World) -> None:
    mine, other = client_as(Role.ADMINISTRATOR, username="kim"), client_as(Role.ADMINISTRATOR, username="lee")
    answer = decide(leave(mine, world, "mastodon"))
    leave(other, world, "mastodon")
    assert 'class="error"' in come_back(other, answer)
    assert Account.objects.count() == 0


def test_after_ten_minutes_nothing_is_connected(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_as(Role.ADMINISTRATOR)
    answer = decide(leave(client, world, "mastodon"))
    late = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr("channels_sns.connect_admin.timezone.now", lambda: late)
    assert 'class="error"' in come_back(client, answer)
    assert Account.objects.count() == 0


def test_refused_at_the_network_is_told_in_words(world: World) -> None:
    client = client_as(Role.ADMINISTRATOR)
    for name in WAYS:
        assert 'class="error"' in come_back(client, decide(leave(client, world, name), "deny")), name
    assert Account.objects.count() == 0


def test_a_network_that_is_away_at_the_callback_is_told_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_as(Role.ADMINISTRATOR)
    answer = decide(leave(client, world, "mastodon"))
    away = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr("channels_sns.adapters.oauth_steps.Server.url", lambda self, address: away + address.path)
    shown = come_back(client, answer)
    assert 'class="error"' in shown
    assert answer["code"] not in shown


@pytest.mark.parametrize("name", ["x-oauth1", "x-oauth2"])
def test_wrong_application_keys_are_told_at_the_form(world: World, name: str) -> None:
    client = client_as(Role.ADMINISTRATOR)
    wrong = typed(world, name, **{WAYS[name].entered[1]: "wrong-secret-value"})
    answer = client.post(page("connect_network", "x"), wrong)
    if name == "x-oauth1":  # OAuth 2 learns it at the callback only
        assert "notice-error" in answer.content.decode()
    assert "wrong-secret-value" not in answer.content.decode()


@pytest.mark.parametrize("kind", ["x", "facebook", "mastodon", "me2day"])
def test_pasted_keys_connect_at_once(world: World, kind: str) -> None:
    client = client_as(Role.ADMINISTRATOR)
    place = {"way": "keys", "base_url": world.base_url(kind), "language": "en", "name": "", "handle": "@toktok_busan"}
    client.post(page("connect_network", kind), {**place, **world.credentials(kind)})
    account = Account.objects.get()
    assert (account.kind, account.language) == (kind, "en")
    assert unseal(account.secrets).items() >= world.credentials(kind).items()


def test_an_incomplete_set_of_pasted_keys_is_named(world: World) -> None:
    client = client_as(Role.ADMINISTRATOR)
    place = {"way": "keys", "base_url": world.base_url("x"), "language": "ko", "consumer_key": "only-this-one"}
    shown = client.post(page("connect_network", "x"), place).content.decode()
    assert "notice-error" in shown
    assert "consumer_secret" in shown
    assert "only-this-one" not in shown


def test_no_secret_stands_in_the_session_in_a_page_or_in_a_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_as(Role.ADMINISTRATOR)
    hidden = [*world.oauth2_credentials().values()]
    hidden.remove(world.oauth2_credentials()["client_id"])
    url = leave(client, world, "x-oauth2")
    kept = json.dumps(dict(client.session))
    page_text = client.get(page("connect_leave")).content.decode()
    shown = come_back(client, decide(url))
    for text in (url, kept, page_text, shown, caplog.text):
        assert [value for value in hidden if value in text] == []


def test_the_callback_leads_to_an_address_without_the_code(world: World) -> None:
    client = client_as(Role.ADMINISTRATOR)
    answer = decide(leave(client, world, "mastodon"))
    response = client.get(f"{reverse(CALLBACK)}?{urlencode(answer)}")
    assert urlsplit(response.headers["Location"]).query == ""
    out = Client().get(f"{reverse(CALLBACK)}?{urlencode(answer)}")
    assert dict(parse_qsl(urlsplit(out.headers["Location"]).query)) == {}


def test_connecting_needs_the_forms_own_token(world: World) -> None:
    client = client_as(Role.ADMINISTRATOR)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(page("connect_network", "mastodon"), typed(world, "mastodon")).status_code == 403
    assert strict.post(page("connect_choose"), {"page": "1"}).status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_connecting_is_for_administrators(role: Role, world: World) -> None:
    client = client_as(role)
    for name in ("connect", "connect_leave", "connect_choose", "connect_callback"):
        assert client.get(page(name)).status_code == 404, name
    assert client.post(page("connect_network", "x"), typed(world, "x-oauth1")).status_code == 404
    assert world.calls() == []


def test_the_pages_name_the_address_to_enter_and_every_network() -> None:
    client = client_as(Role.ADMINISTRATOR)
    assert page("connect_network", "me2day") in client.get(page("connect")).content.decode()
    assert "http://127.0.0.1:8400/admin/" in client.get(page("connect_network", "x")).content.decode()
    assert client.get(page("connect_network", "telegraph")).status_code == 404
    assert client.get(page("connect_leave")).status_code == 302
