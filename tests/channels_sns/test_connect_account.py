"""manage.py connect_account: the account is there, in its language, or a sentence says why not."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from channels_sns.models import Account
from channels_sns.secrets import unseal
from tests.sandbox import World

pytestmark = pytest.mark.django_db
NETWORK = "mastodon"


def connect(world: World, *more: str, secrets: dict[str, str] | None = None) -> str:
    """What was printed."""
    keys = world.credentials(NETWORK) if secrets is None else secrets
    given = [f"--secret={name}={value}" for name, value in keys.items()]
    where, out = world.base_url(NETWORK), io.StringIO()
    call_command(
        "connect_account", NETWORK, world.city(NETWORK)["handle"], "--base-url", where, *given, *more, stdout=out
    )
    return out.getvalue()


def test_the_account_is_kept_with_its_keys_sealed(world: World) -> None:
    shown = json.loads(connect(world, "--json"))
    account = Account.objects.get()
    assert (account.pk, account.kind, account.language) == (shown["id"], NETWORK, "ko")
    assert unseal(account.secrets) == world.credentials(NETWORK)
    assert not any(value in account.secrets for value in world.credentials(NETWORK).values())


def test_its_language_is_that_of_its_replies_and_of_the_output(world: World) -> None:
    assert connect(world, "--lang", "en").startswith("Connected: ")
    assert Account.objects.get().language == "en"


def test_what_is_wrong_is_a_sentence(world: World) -> None:
    with pytest.raises(CommandError, match="NAME=VALUE"):
        connect(world, "--lang", "en", "--secret", "nothing")
    with pytest.raises(CommandError):
        connect(world, secrets={})
    assert not Account.objects.exists()
