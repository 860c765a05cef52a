"""What is left to spend on a network, in words and as bars; and what a hard stop means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_sns import budget
from channels_sns.accounts import UnknownNetwork
from channels_sns.adapters.metering import READS, WRITES
from channels_sns.budget import Left
from channels_sns.models import Account

SCARCE = 0.3
PERIODS: dict[str, str | Promise] = {
    "hour": gettext_lazy("this hour"),
    "day": gettext_lazy("today"),
    "month": gettext_lazy("this month"),
}


#: Windows that the network itself tells of, by what uses them up.
SIDES: dict[str, str | Promise] = {READS: gettext_lazy("calls to read"), WRITES: gettext_lazy("calls to post")}


@dataclass(frozen=True, slots=True)
class Bar:
    """`percent` that is left, for a bar; the words say the same. `tone`: good, warn, bad."""

    name: str
    words: str
    percent: int
    tone: str


def amount(value: Decimal, unit: str) -> str:
    """`value` as people write it."""
    if unit == "USD":
        return f"${value:,.3f}".rstrip("0").ljust(len(f"${value:,.2f}"), "0")
    plain = f"{value:,.4f}".rstrip("0").rstrip(".")
    if unit == "KRW":
        return _("%(amount)s won") % {"amount": plain}
    if unit == "units":
        return _("%(amount)s units") % {"amount": plain}
    if unit == "points":
        return _("%(amount)s points") % {"amount": plain}
    return _("%(amount)s calls") % {"amount": plain}


def bars(account: Account, *, now: datetime) -> list[Bar]:
    """Every limit of the account."""
    try:
        return [_bar(one) for one in budget.left(account, now=now)]
    except UnknownNetwork:
        return []


def _bar(left: Left) -> Bar:
    percent = round(100 * left.share)
    tone = "bad" if left.share <= budget.RESERVE["reply"] else "warn" if left.share <= SCARCE else "good"
    name = f"{name_of(left)} ({left.name})" if left.unit in SIDES else name_of(left)
    if left.limit is None:
        words = _("%(used)s used, no limit set") % {"used": amount(left.used, left.unit)}
        return Bar(name, words, 100, "good")
    said = {"left": amount(left.remaining or Decimal(0), left.unit), "limit": amount(left.limit, left.unit)}
    words = _("%(left)s of %(limit)s left") % said
    again = _("begins anew %(when)s") % {"when": when(left.resets_at)} if left.resets_at else ""
    return Bar(name, f"{words}, {again}" if again else words, percent, tone)


def name_of(left: Left) -> str:
    """An allowance by its period; a window of the network by what it is for, else by the network's own name."""
    said = SIDES.get(left.unit) or PERIODS.get(left.name.rpartition("/")[2])
    return str(said) if said else left.name


def when(at: datetime) -> str:
    """A moment of the coming month, in Seoul."""
    return date_format(timezone.localtime(at), "m-d H:i")


def stops(account: Account, *, now: datetime) -> list[str]:
    """What the budget forbids now, a sentence each: posting, reading."""
    try:
        reply = budget.stopped(account, "reply", now=now)
        read = reply or budget.stopped(account, "mention", now=now)
    except UnknownNetwork:
        return []
    found = []
    if reply:
        found.append(_("Posting has stopped: %(why)s.") % {"why": _spent(reply)})
    if read:
        found.append(_("Reading has stopped: %(why)s.") % {"why": _spent(read)})
    return found


def _spent(left: Left) -> str:
    limit = amount(left.limit or Decimal(0), left.unit)
    said = {"used": amount(left.used, left.unit), "limit": limit, "name": name_of(left)}
    spent = _("%(name)s %(used)s of %(limit)s are used") % said
    return (
        _("%(spent)s; it goes on %(when)s") % {"spent": spent, "when": when(left.resets_at)}
        if left.resets_at
        else spent
    )


def stopped_now(*, now: datetime) -> list[tuple[Account, list[str]]]:
    """Every account in use that a budget stops."""
    working = Account.objects.filter(enabled=True).order_by("kind", "handle")
    return [(account, stops(account, now=now)) for account in working if _is_stopped(account, now)]


def _is_stopped(account: Account, now: datetime) -> bool:
    try:
        return not budget.shut(account, now=now).isdisjoint(("reply", "mention"))
    except UnknownNetwork:
        return False
