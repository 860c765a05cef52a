"""Connecting, stopping, and secrets that nobody can read without the key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import call_command

from channels_sns import accounts, locks
from channels_sns.accounts import MissingSecrets, UnknownNetwork
from channels_sns.adapters.contract import Identity, Transient
from channels_sns.locks import Held
from channels_sns.models import Account
from channels_sns.redaction import redact
from channels_sns.secrets import SecretsUnreadable, seal, unseal
from tests.channels_sns.scripted import NOON, Script, ScriptedAdapter, later, make_scripted_account, script

pytestmark = pytest.mark.django_db
__all__ = ["script"]


def connect(**changes: Any) -> Account:
    values: dict[str, Any] = {
        "kind": "scripted",
        "handle": "busan",
        "base_url": "https://n.example/",
        "secrets": {"token": "t-1"},
        "now": NOON,
    }
    return accounts.connect(**(values | changes))


def test_connecting_asks_the_network_who_we_are(script: Script) -> None:
    account = connect(language="en")
    assert (account.external_id, account.name, account.base_url, account.language) == (
        "1",
        "부산",
        "https://n.example",
        "en",
    )
    assert (account.connected_at, account.next_poll_at) == (NOON, NOON)
    assert unseal(account.secrets) == {"token": "t-1"}


def test_connecting_again_keeps_the_history_and_wakes_the_account(script: Script) -> None:
    account = connect()
    Account.objects.update(cursor={"since": "9"})
    accounts.suspend(account, reason="AuthExpired: 401", now=NOON)
    again = connect(secrets={"token": "t-2"}, now=later(60))
    again.refresh_from_db()
    assert (again.pk, again.cursor, again.state, again.suspended_at) == (account.pk, {"since": "9"}, "ACTIVE", None)
    assert (again.connected_at, unseal(again.secrets)) == (NOON, {"token": "t-2"})


def test_an_unknown_network_is_named(script: Script) -> None:
    with pytest.raises(UnknownNetwork, match="telegraph"):
        connect(kind="telegraph")


def test_incomplete_secrets_are_named(script: Script) -> None:
    with pytest.raises(MissingSecrets, match="key, secret"):
        connect(secrets={"key": "only"})


def test_an_account_is_stopped_once_with_its_reason(script: Script) -> None:
    account = make_scripted_account()
    accounts.suspend(account, reason="first", now=NOON)
    accounts.suspend(account, reason="second", now=later(5))
    account.refresh_from_db()
    assert (account.suspended_reason, account.suspended_at) == ("first", NOON)


def test_a_network_without_expiry_has_nothing_to_refresh(script: Script) -> None:
    assert not accounts.refresh(make_scripted_account())


def test_who_comes_second_waits_for_the_new_token_and_uses_it(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying the old token again at once would look as if the new one had been refused, and stop the account."""
    account = make_scripted_account()
    script.refresh = [{"token": "second"}]
    tries: list[str] = []

    @contextmanager
    def busy_once(kind: str, key: object) -> Iterator[Held | None]:
        tries.append(kind)
        if len(tries) == 1:
            Account.objects.update(secrets=seal({"token": "first"}))
        yield Held(None) if len(tries) > 1 else None

    monkeypatch.setattr(locks, "try_lock", busy_once)
    assert accounts.refresh(account)
    assert (unseal(account.secrets)["token"], tries) == ("first", ["account", "account"])


def test_a_renewal_that_never_ends_is_not_waited_for(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_scripted_account()

    @contextmanager
    def busy(kind: str, key: object) -> Iterator[Held | None]:
        yield None

    monkeypatch.setattr(locks, "try_lock", busy)
    monkeypatch.setattr(accounts, "REFRESH_GRACE", -settings.HTTP_TIMEOUT)
    with pytest.raises(Transient):
        accounts.refresh(account)


def test_an_error_about_old_keys_does_not_stop_an_account_with_new_ones(script: Script) -> None:
    account = connect()
    connect(secrets={"token": "t-2"})
    accounts.suspend(account, reason="AuthExpired: 401 for t-1", now=NOON)
    account.refresh_from_db()
    assert account.state == Account.State.ACTIVE


def test_an_account_that_was_renamed_is_the_same_account(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    first = connect()
    Account.objects.update(cursor={"since": "9"})
    monkeypatch.setattr(ScriptedAdapter, "identify", lambda self: Identity("1", "busan_city", "부산"))
    again = connect(handle="busan_city")
    again.refresh_from_db()
    assert (again.pk, again.handle, again.cursor) == (first.pk, "busan_city", {"since": "9"})


def test_a_network_without_ids_of_accounts_goes_by_the_handle(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedAdapter, "identify", lambda self: Identity("", self.handle, "부산"))
    assert connect().pk == connect().pk
    assert connect(handle="haeundae").pk != connect().pk


def test_what_the_network_gave_while_it_was_asked_is_kept(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session or an access token: both are rationed, so the first poll must not fetch another."""

    def identify(self: ScriptedAdapter) -> Identity:
        self.secrets = {**self.secrets, "session": "s-1"}
        return Identity("1", "busan")

    monkeypatch.setattr(ScriptedAdapter, "identify", identify)
    assert unseal(connect().secrets) == {"token": "t-1", "session": "s-1"}


def test_two_accounts_without_handles_are_two_accounts(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedAdapter, "identify", lambda self: Identity(self.secrets["token"], ""))
    first, second = connect(handle="", secrets={"token": "UC1"}), connect(handle="", secrets={"token": "UC2"})
    assert (first.handle, second.handle, Account.objects.count()) == ("UC1", "UC2", 2)


def test_connecting_again_keeps_the_options_that_are_not_given(script: Script) -> None:
    connect(options={"poll_seconds": 600})
    assert connect().options == {"poll_seconds": 600}
    assert connect(options={}).options == {}


def test_the_stored_secrets_show_nothing(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    make_scripted_account()
    call_command("dumpdata", "channels_sns")
    assert "t-canary-1" not in capsys.readouterr().out


def test_a_changed_or_foreign_secret_does_not_open(settings: Any) -> None:
    sealed = seal({"a": "b"})
    with pytest.raises(SecretsUnreadable):
        unseal(sealed[:-4] + "AAAA")
    settings.FIELD_KEYS = (Fernet.generate_key().decode(),)
    with pytest.raises(SecretsUnreadable):
        unseal(sealed)
    assert unseal("") == {}


def test_keys_can_be_rotated(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = (old,)
    sealed = seal({"a": "b"})
    settings.FIELD_KEYS = (new, old)
    assert unseal(sealed) == {"a": "b"}


def test_the_embedded_desk_has_a_key_without_being_given_one(settings: Any) -> None:
    settings.FIELD_KEYS = ()
    assert unseal(seal({"a": "b"})) == {"a": "b"}


@pytest.mark.parametrize(
    "line",
    [
        "GET /me?access_token=CANARY1234&appsecret_proof=CANARY5678",
        "Authorization: Bearer CANARY123456",
        'Authorization: OAuth oauth_token="CANARY12", oauth_signature="CANARY34"',
        "redis://:CANARY99@127.0.0.1:6379/0",
        '{"refresh_token": "CANARY77"}',
        "akey=CANARY1&ukey=CANARY2",
    ],
)
def test_no_secret_reaches_a_log_line(line: str) -> None:
    assert "CANARY" not in redact(line)
