"""One connection in full, for its page: how far behind, what is left, what ends, what came back, what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_sns import budget_words, health_words, scope_words, silence, tokens, webhooks
from channels_sns.accounts import UnknownNetwork, capabilities_of
from channels_sns.budget_words import Bar
from channels_sns.models import Account, InboundPost

#: The lag is measured on so many posts.
LAST = 20


@dataclass(slots=True)
class Details:
    """`warnings`: sentences about what is wrong or will be. `webhook`: the address to enter at the network, or ""."""

    lag: str = ""
    token: str = ""
    webhook: str = ""
    last_error: str = ""
    warnings: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


def of(account: Account, *, now: datetime) -> Details:
    """Everything about `account` that its page tells."""
    try:
        capabilities = capabilities_of(account)
    except UnknownNetwork:
        return Details()
    return Details(
        lag=_lag(account),
        token=token_words(account),
        webhook=webhook_address(account) if capabilities.webhook else "",
        last_error=health_words.problem_named(account.last_error.partition(":")[0]) if account.last_error else "",
        warnings=[
            *ending_words(account, now=now),
            *scope_words.lacking(account),
            *_silence(account, now),
            *_unread(account),
        ],
        stops=budget_words.stops(account, now=now),
        bars=budget_words.bars(account, now=now),
    )


def _lag(account: Account) -> str:
    """How long after they were written posts arrive here."""
    posts = InboundPost.objects.filter(account=account).exclude(state=InboundPost.State.OWN).order_by("-id")[:LAST]
    lags = [(arrived - posted).total_seconds() for posted, arrived in posts.values_list("posted_at", "arrived_at")]
    if not lags:
        return ""
    return _("%(span)s after they were written") % {"span": span(timedelta(seconds=max(0.0, median(lags))))}


def span(length: timedelta) -> str:
    """A length of time in its largest unit; seconds below a minute."""
    if length < timedelta(minutes=1):
        return _("%(number)s seconds") % {"number": round(length.total_seconds())}
    now = timezone.now()
    return timesince(now - length, now, depth=1)


def _silence(account: Account, now: datetime) -> list[str]:
    quiet = silence.of(account, now=now)
    if quiet is None:
        return []
    said = {"lasted": span(quiet.lasted), "usual": span(quiet.usual)}
    return [_("Quiet: nothing for %(lasted)s; at this hour %(usual)s are usual. Look at the network by hand.") % said]


def _unread(account: Account) -> list[str]:
    """Deliveries that were given up: a post may be in them that comes no other way."""
    count = webhooks.unread(account)
    if not count:
        return []
    said = ngettext(
        "%(count)s delivery that the network pushed could not be read. Have it read again after an update of the desk.",
        "%(count)s deliveries that the network pushed could not be read. Have them read again after an update of the "
        "desk.",
        count,
    )
    return [said % {"count": count}]


def token_words(account: Account) -> str:
    """Until when the token works, as far as anybody knows."""
    if account.token_expires_at is not None:
        return _("valid until %(when)s") % {"when": budget_words.when(account.token_expires_at)}
    return _("does not expire, as far as the network tells") if account.token_checked_at else _("not looked at yet")


def ending_words(account: Account, *, now: datetime) -> list[str]:
    """What of this account ends soon."""
    return [ending_sentence(one) for one in tokens.endings(now=now) if one.account.pk == account.pk]


def ending_sentence(ending: tokens.Ending) -> str:
    """What ends, when, and what to do."""
    if ending.days < 0:
        return _("The access has ended. Connect the account again; its history stays.")
    said = {"days": ending.days, "when": budget_words.when(ending.at)}
    if ending.what == "data":
        return _("The network stops showing data in %(days)s days (%(when)s). Connect the account again before.") % said
    return _("The token ends in %(days)s days (%(when)s). Connect the account again before.") % said


def webhook_address(account: Account, *, desk: str = "") -> str:
    """Where the network pushes to; who knows it can knock, so it is shown to administrators only.

    `desk`: this desk's address, where it is not the public one.
    """
    return str(desk or settings.PUBLIC_URL).rstrip("/") + reverse("webhook", args=[account.pk, account.push_key])
