"""Connecting an account at the network's own page: the attempt between the two halves, and what comes of it.

An attempt is one sealed text: the session holds it, nobody can read it, and only the browser that began can finish. It
counts for ten minutes and once; whoever takes it out of the session calls `finish`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare

from channels_sns import accounts, tokens
from channels_sns.accounts import adapter_class
from channels_sns.adapters import oauth_steps
from channels_sns.adapters.contract import ChannelError
from channels_sns.adapters.oauth import WAYS, Way
from channels_sns.adapters.oauth_steps import Granted, Server
from channels_sns.models import Account
from channels_sns.secrets import SecretsUnreadable, seal, unseal

logger = logging.getLogger(__name__)

LIFE = timedelta(minutes=10)


class NotThisAttempt(Exception):
    """Nothing was begun in this browser, it was too long ago, or the state is another's."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the administrator asked for. `account_id`: the account that is to be connected again; 0: a new one."""

    way: str
    base_url: str
    language: str = "ko"
    name: str = ""
    account_id: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A wish on its way. `choices`: accounts to choose from, once the person is back."""

    wish: Wish
    redirect_uri: str
    state: str
    private: dict[str, str]
    started_at: datetime
    choices: tuple[Granted, ...] = ()

    def sealed(self) -> str:
        """As text for the session."""
        known = {"wish": asdict(self.wish), "private": self.private, "choices": [asdict(one) for one in self.choices]}
        told = {"redirect_uri": self.redirect_uri, "state": self.state, "started_at": self.started_at.isoformat()}
        return seal({"attempt": json.dumps({**known, **told})})

    @classmethod
    def opened(cls, sealed: str, *, now: datetime) -> Attempt:
        """What `sealed` holds. Raises NotThisAttempt."""
        try:
            known = json.loads(unseal(sealed)["attempt"])
        except (SecretsUnreadable, KeyError) as error:
            raise NotThisAttempt from error
        choices = tuple(Granted(**{**one, "scopes": tuple(one["scopes"])}) for one in known.pop("choices"))
        started = datetime.fromisoformat(known.pop("started_at"))
        if not started <= now < started + LIFE:
            raise NotThisAttempt
        return cls(wish=Wish(**known.pop("wish")), started_at=started, choices=choices, **known)


def way_named(name: str) -> Way | None:
    """The way of that name."""
    return next((way for way in WAYS if way.name == name), None)


def begin(wish: Wish, app: Mapping[str, str], *, redirect_uri: str, now: datetime) -> tuple[Attempt, str]:
    """An attempt, and the network's address to send the person to. Raises the ChannelError of the network."""
    begun = oauth_steps.begin(_way(wish), _server(wish), app, redirect_uri=redirect_uri)
    return Attempt(wish, redirect_uri, begun.state, begun.private, now), begun.url


def finish(attempt: Attempt, answer: Mapping[str, str], *, now: datetime) -> Attempt | Account:
    """The account, connected; or the attempt again, with several accounts to choose from.

    Raises NotThisAttempt for a state that is not this attempt's, Denied, or the ChannelError of the network.
    """
    brought = answer.get("state") or answer.get("oauth_token") or answer.get("denied") or ""
    if not constant_time_compare(brought, attempt.state):
        raise NotThisAttempt
    wish = attempt.wish
    granted = oauth_steps.finish(_way(wish), _server(wish), attempt.private, answer, redirect_uri=attempt.redirect_uri)
    if not granted:
        raise oauth_steps.Denied("no page")
    if len(granted) == 1:
        return _connect(wish, granted[0], now)
    return Attempt(wish, attempt.redirect_uri, attempt.state, {}, attempt.started_at, tuple(granted))


def choose(attempt: Attempt, external_id: str, *, now: datetime) -> Account:
    """Connect one of the accounts that were offered. Raises NotThisAttempt, ChannelError."""
    chosen = next((one for one in attempt.choices if one.external_id == external_id), None)
    if chosen is None:
        raise NotThisAttempt
    return _connect(attempt.wish, chosen, now)


def _connect(wish: Wish, granted: Granted, now: datetime) -> Account:
    """Like pasted keys from here on: the network says whose they are, and what is known keeps its history."""
    account = accounts.connect(
        kind=_way(wish).kind,
        handle="",
        base_url=wish.base_url,
        secrets=granted.secrets,
        now=now,
        language=wish.language,
        name=wish.name,
    )
    tokens.note_scopes(account, granted.scopes)
    look(account, now=now)
    return account


def look(account: Account, *, now: datetime) -> None:
    """Ask at once what the new token may do, so that a missing right is said now; who cannot tell is asked later."""
    try:
        tokens.check(account, now=now)
    except ChannelError as error:
        logger.warning("account %s: its token could not be looked at: %s", account.pk, type(error).__name__)
    account.refresh_from_db()


def _way(wish: Wish) -> Way:
    way = way_named(wish.way)
    if way is None:
        raise NotThisAttempt
    return way


def _server(wish: Wish) -> Server:
    home = adapter_class(_way(wish).kind).default_base_url
    return Server(wish.base_url.rstrip("/"), home=home, seconds=settings.HTTP_TIMEOUT)
