"""How a connection is, in words for a person: what happened, since when, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from channels_sns.accounts import UnknownNetwork, capabilities_of
from channels_sns.adapters.contract import (
    AuthExpired,
    ChannelError,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Transient,
)
from channels_sns.adapters.oauth import BESIDE
from channels_sns.models import Account, OutboundPost
from channels_sns.secrets import SecretsUnreadable

FAILURES_WORTH_WORDS = 3


@dataclass(frozen=True, slots=True)
class Health:
    """`tone`: good, warn, bad. `to_do` is "" where nothing is to be done."""

    account: Account
    network: str
    tone: str
    state: str
    to_do: str
    last_poll: str
    newest: str


def of(account: Account, *, now: datetime) -> Health:
    """The health of one connection at `now`."""
    tone, state, to_do = _judge(account)
    return Health(
        account=account,
        network=network_name(account),
        tone=tone,
        state=state,
        to_do=to_do,
        last_poll=_since(account.last_polled_at, now) or _("never yet"),
        newest=_since(account.last_item_at, now) or _("none yet"),
    )


def _judge(account: Account) -> tuple[str, str, str]:
    if not account.enabled:
        return "warn", _("Switched off"), _("Nothing is read or posted. Switch it on when the city uses it again.")
    if account.state == Account.State.SUSPENDED:
        to_do = _("Enter new keys below, or check again if the network was the cause. Waiting replies are kept.")
        return "bad", _("Stopped"), to_do
    if account.gap:
        return (
            "warn",
            _("Works, with a gap"),
            _("The network could not serve all older posts: read the last days again, or look there by hand."),
        )
    if account.failures >= FAILURES_WORTH_WORDS:
        return (
            "bad",
            _("Cannot be read at present"),
            _("The desk keeps trying. If it lasts, check the network's status."),
        )
    if account.last_polled_at is None:
        return "warn", _("Not read yet"), _("The first reading follows within a minute. If not, is the worker running?")
    return "good", _("Works"), ""


def _since(at: datetime | None, now: datetime) -> str:
    return _("%(span)s ago") % {"span": timesince(at, now, depth=1)} if at else ""


def network_name(account: Account) -> str:
    """The network as its capabilities call it."""
    try:
        return str(capabilities_of(account).label)
    except UnknownNetwork:
        return account.kind


def secret_names(account: Account) -> list[str]:
    """All secrets the network knows, in the order of its sets, each once; then those that are of use beside them."""
    try:
        sets = capabilities_of(account).secret_sets
    except UnknownNetwork:
        return []
    return list(dict.fromkeys(name for names in (*sets, BESIDE.get(account.kind, ())) for name in names))


def problem(error: Exception) -> str:
    """An error of a connection in a sentence that says what to do."""
    sentences: list[tuple[type[ChannelError], str]] = [
        (AuthExpired, _("The network refuses the keys. Please enter new ones.")),
        (PermissionDenied, _("The keys work but may not do what the desk needs. Please widen their rights.")),
        (RateLimited, _("The network asks us to wait. Please try again in some minutes.")),
        (QuotaExhausted, _("The network's quota is used up.")),
        (Transient, _("The network did not answer. Please try again in a moment.")),
    ]
    for kind, sentence in sentences:
        if isinstance(error, kind):
            return sentence
    if isinstance(error, ChannelError):
        return _("The network answered with something unexpected. Please try again.")
    return str(error)


def problem_named(name: str) -> str:
    """The same for an error of which only its name was written down, e.g. "AuthExpired"."""
    if name == "BudgetSpent":
        return _("What the desk may spend there is used up; reading waits so that replies can go out.")
    if name == SecretsUnreadable.__name__:
        return _("The stored keys of this account cannot be read. Connect the account again.")
    kinds: tuple[type[ChannelError], ...] = (AuthExpired, PermissionDenied, RateLimited, QuotaExhausted, Transient)
    return problem(next((kind() for kind in kinds if kind.__name__ == name), ChannelError()))


def followable(url: str) -> str:
    """`url` if a person may follow it (http, https, with a host), else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc
    return url.strip() if good else ""


def decisions(row: OutboundPost) -> list[dict[str, Any]]:
    """What an officer may decide about an outgoing post now."""
    undecided = row.state == OutboundPost.State.UNSURE and row.needs_officer_at is not None
    found = []
    if undecided:
        found.append({"name": "sent", "label": _("It stands there: mark as posted"), "asks_url": True})
    if undecided or row.state in (OutboundPost.State.FAILED, OutboundPost.State.BLOCKED):
        found.append({"name": "retry", "label": _("It does not stand there: send again")})
    if undecided or row.state == OutboundPost.State.QUEUED:
        found.append({"name": "cancel", "label": _("Do not post it")})
    return found
