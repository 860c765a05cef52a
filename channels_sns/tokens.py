"""What the accounts' tokens may do and until when: looked at every day, warned of days ahead.

The only writer of the token's expiry, its rights, and of MetricSample.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels_sns import accounts, budget
from channels_sns.adapters import oauth
from channels_sns.adapters.contract import Adapter, AuthExpired
from channels_sns.models import Account, MetricSample

EVERY = timedelta(days=1)
#: People are told when so many days are left, each time anew.
WARN_DAYS = (14, 7, 3, 1)


@dataclass(frozen=True, slots=True)
class Ending:
    """Something of a connection that ends soon. `days`: whole days left; below 0: it is over."""

    account: Account
    what: str
    at: datetime
    days: int

    @property
    def step(self) -> int:
        """The smallest of WARN_DAYS that is not yet passed."""
        return min(step for step in WARN_DAYS if self.days <= step)


def due(*, now: datetime) -> list[Account]:
    """Working accounts that were not looked at for a day."""
    working = Account.objects.filter(enabled=True, state=Account.State.ACTIVE, failures=0)
    return [one for one in working if one.token_checked_at is None or one.token_checked_at <= now - EVERY]


def check(account: Account, *, now: datetime) -> None:
    """Ask the network about the account's token, and count its followers. Raises ChannelError, SecretsUnreadable."""
    try:
        _ask(account, now)
    except AuthExpired:
        if not accounts.refresh(account):
            raise
        account.refresh_from_db()
        _ask(account, now)


def _ask(account: Account, now: datetime) -> None:
    adapter = accounts.open_adapter(account)
    try:
        _note_state(account, adapter, now)
        if adapter.capabilities.metrics:
            for name, value in adapter.metrics().items():
                MetricSample.objects.get_or_create(
                    account=account, name=name[:40], sampled_at=now, defaults={"value": value}
                )
    finally:
        budget.note(account, adapter.meter, now=now)


def _note_state(account: Account, adapter: Adapter, now: datetime) -> None:
    """What the network does not say stays as it was known."""
    state = adapter.token_state()
    ends = {"token_expires_at": state.expires_at, "data_access_expires_at": state.data_access_expires_at}
    rights = {"token_scopes": list(state.scopes)} if state.scopes else {}
    Account.objects.filter(pk=account.pk).update(token_checked_at=now, **ends, **rights)


def note_scopes(account: Account, scopes: tuple[str, ...]) -> None:
    """Rights that were granted while connecting; the token is looked at again soon."""
    Account.objects.filter(pk=account.pk).update(token_scopes=list(scopes), token_checked_at=None)
    account.refresh_from_db()


def missing_scopes(account: Account) -> tuple[str, ...]:
    """Rights that the desk wants and the token surely lacks."""
    wanted = accounts.capabilities_of(account).scopes or next(
        (way.scopes for way in oauth.ways_of(account.kind) if way.scopes), ()
    )
    return oauth.missing(wanted, tuple(account.token_scopes))


def endings(*, now: datetime) -> list[Ending]:
    """Everything that ends within the longest warning, the soonest first; accounts in use only.

    A token that the desk renews by itself is no news.
    """
    found = [
        Ending(account, what, at, (at - now).days)
        for account in Account.objects.filter(enabled=True)
        for what, at in _ends(account)
        if at is not None and (at - now).days <= WARN_DAYS[0]
    ]
    return sorted(found, key=lambda one: one.at)


def _ends(account: Account) -> list[tuple[str, datetime | None]]:
    renews = accounts.adapter_class(account.kind).refresh is not Adapter.refresh
    data = ("data", account.data_access_expires_at)
    return [data] if renews else [("token", account.token_expires_at), data]
