"""What an administrator does with a connection that exists: describe it, give it new keys, ask whether it works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from channels_sns import accounts
from channels_sns.models import Account
from channels_sns.secrets import unseal


def describe(account: Account, *, name: str, language: str, enabled: bool) -> None:
    """Keep its name, the language of its replies and whether it is in use."""
    Account.objects.filter(pk=account.pk).update(name=name, language=language, enabled=enabled)
    account.refresh_from_db()


def reconnect(account: Account, *, secrets: Mapping[str, str], now: datetime) -> Account:
    """Ask the network with the stored secrets, those in `secrets` replaced; who answers works again.

    Raises MissingSecrets, UnknownNetwork, SecretsUnreadable or the ChannelError the network answered with; then
    nothing is changed.
    """
    complete = len(secrets) and any(set(names) <= secrets.keys() for names in _sets(account))
    kept = {} if complete else unseal(account.secrets)
    return accounts.connect(
        kind=account.kind,
        handle=account.handle,
        base_url=account.base_url,
        secrets={**kept, **secrets},
        now=now,
        language=account.language,
        name=account.name,
        options=account.options,
    )


def _sets(account: Account) -> tuple[tuple[str, ...], ...]:
    return accounts.capabilities_of(account).secret_sets
