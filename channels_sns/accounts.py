"""The city's accounts: connecting, opening an adapter, stopping and starting. Only writer of their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import Adapter, AuthExpired, Capabilities, Identity, Transient
from channels_sns.locks import wait_for_lock
from channels_sns.models import Account
from channels_sns.secrets import SecretsUnreadable, seal, unseal

#: Seconds beyond the network's own time-out that whoever renews a token may take.
REFRESH_GRACE = 5.0


class UnknownNetwork(Exception):
    """No adapter of that kind."""


class MissingSecrets(Exception):
    """The secrets given are no complete set for this network."""


def capabilities_of(account: Account) -> Capabilities:
    """What this account's network can do."""
    return adapter_class(account.kind).capabilities


def adapter_class(kind: str) -> type[Adapter]:
    """The adapter of a network. Raises UnknownNetwork."""
    try:
        return ADAPTERS[kind]
    except KeyError:
        raise UnknownNetwork(
            _("There is no network “%(kind)s”. Known: %(known)s.")
            % {"kind": kind, "known": ", ".join(sorted(ADAPTERS))}
        ) from None


def open_adapter(account: Account) -> Adapter:
    """An adapter that speaks for `account`. Raises SecretsUnreadable."""
    return adapter_class(account.kind)(
        base_url=account.base_url,
        secrets=unseal(account.secrets),
        external_id=account.external_id,
        handle=account.handle,
        options={"timeout": settings.HTTP_TIMEOUT, "scopes": account.token_scopes, **account.options},
    )


def connect(
    *,
    kind: str,
    handle: str,
    base_url: str,
    secrets: Mapping[str, str],
    now: datetime,
    language: str = "ko",
    name: str = "",
    options: Mapping[str, Any] | None = None,
) -> Account:
    """Ask the network who these secrets belong to and keep the connection. Connecting again keeps all history.

    The network's own id of the account decides whether it is known, for a handle may change; options that are not
    given stay as they are. Raises UnknownNetwork, MissingSecrets, or the ChannelError the network answered with.
    """
    cls = adapter_class(kind)
    _check_complete(cls.capabilities, secrets)
    adapter = cls(base_url=base_url, secrets=secrets, handle=handle, options=options)
    identity = adapter.identify()
    known = {
        "handle": _handle(identity, handle),
        "name": name or identity.name,
        "external_id": identity.external_id,
        "language": language,
        # Identifying may have opened a session (Bluesky) or fetched a token (YouTube): kept, for both are rationed.
        "secrets": seal(adapter.secrets),
        "next_poll_at": now,
    }
    if options is not None:
        known["options"] = dict(options)
    works_again = {
        "state": Account.State.ACTIVE,
        "suspended_reason": "",
        "suspended_at": None,
        "send_after": None,
        "failures": 0,
    }
    account, _created = Account.objects.update_or_create(
        **_place(kind, base_url.rstrip("/"), identity, handle),
        defaults={**known, **works_again},
        create_defaults={**known, "kind": kind, "base_url": base_url.rstrip("/"), "connected_at": now},
    )
    return account


def _place(kind: str, server: str, identity: Identity, handle: str) -> dict[str, Any]:
    """What finds the account's row: the network's id where it is known already, else the handle."""
    there = Account.objects.filter(kind=kind, base_url=server)
    if identity.external_id and (held := there.filter(external_id=identity.external_id).first()):
        return {"pk": held.pk}
    return {"kind": kind, "base_url": server, "handle": _handle(identity, handle)}


def _handle(identity: Identity, typed: str) -> str:
    """A network may name no handle (a YouTube channel without one): its id tells two accounts apart."""
    return identity.handle or typed or identity.external_id


def _check_complete(capabilities: Capabilities, secrets: Mapping[str, str]) -> None:
    if not any(set(names) <= secrets.keys() for names in capabilities.secret_sets):
        sets = _(" or ").join(", ".join(names) for names in capabilities.secret_sets)
        raise MissingSecrets(_("%(network)s needs: %(sets)s.") % {"network": capabilities.label, "sets": sets})


def suspend(account: Account, *, reason: str, now: datetime) -> None:
    """Stop polling and sending on `account` until a person connects it again. Nothing queued is touched.

    Only if the secrets that failed are still the stored ones: new keys are not punished for the old ones' error.
    """
    Account.objects.filter(pk=account.pk, state=Account.State.ACTIVE, secrets=account.secrets).update(
        state=Account.State.SUSPENDED,
        suspended_reason=reason[:2000],
        suspended_at=now,
        last_error=reason[:2000],
        last_error_at=now,
    )


def refresh(account: Account) -> bool:
    """Get a new token once, under the account's lock; True if the account may try again.

    Whoever loses the race waits, finds other secrets stored than it had read, and uses those (compare and swap). Raises
    the ChannelError of a token server that cannot be reached.
    """
    with wait_for_lock("account", account.pk, seconds=settings.HTTP_TIMEOUT + REFRESH_GRACE) as held:
        if held is None:
            raise Transient(_("somebody else has been renewing this token for too long"))
        before, account.secrets = account.secrets, Account.objects.values_list("secrets", flat=True).get(pk=account.pk)
        if account.secrets != before:
            return True
        try:
            fresh = open_adapter(account).refresh()
        except (AuthExpired, SecretsUnreadable):
            return False
        if fresh is None:
            return False
        account.secrets = seal({**unseal(before), **fresh})
        Account.objects.filter(pk=account.pk, secrets=before).update(secrets=account.secrets)
    return True
