"""Lengths, shares and names as the reports write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_sns.models import Account
from complaints.ledger import ENDS
from complaints.models import Complaint
from complaints.models.kinds import LegalKind
from complaints.pages.names import channel_name, network_word
from complaints.pages.people import person_name
from complaints.pages.words import span
from complaints.reckoning_words import WEEKDAYS
from complaints.reports.dimensions import KINDS
from departments.models import Department, District

DASH = "–"
HOUR = 3600


def wall(seconds: int | None) -> str:
    """ "3일 2시간"; less than a minute in seconds."""
    if seconds is None:
        return DASH
    return _seconds(seconds) if seconds < 60 else span(timedelta(seconds=seconds))


def working(seconds: int | None) -> str:
    """ "27시간 10분": office time is told in hours, for its days are no days of the calendar."""
    if seconds is None:
        return DASH
    if seconds < HOUR:
        return wall(seconds)
    hours, minutes = divmod(seconds // 60, 60)
    whole = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": f"{hours:,}"}
    rest = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return f"{whole} {rest}" if minutes else whole


def _seconds(number: int) -> str:
    return ngettext("%(n)d second", "%(n)d seconds", number) % {"n": number}


def percent(share: float | None) -> str:
    """One decimal, cut and not rounded: 99.95 % is no 100 %."""
    return DASH if share is None else f"{int(share * 1000 + 1e-9) / 10:.1f} %"


def change(now: int | None, before: int | None) -> str:
    """ "▲ 12.0 %", "▼ 3.1 %", "=": how a length differs from an earlier one."""
    if now is None or not before:
        return ""
    if now == before:
        return "="
    return f"{'▲' if now > before else '▼'} {abs(now - before) / before * 100:.1f} %"


def names_of(dimension: str, keys: Iterable[Any]) -> dict[Any, str]:
    """What the values of a dimension are called; what is gone keeps the name it had. At most one query."""
    wanted = [key for key in keys if key is not None]
    nobody = _("nobody yet")
    nothing = {
        "department": nobody,
        "bureau": nobody,
        "officer": nobody,
        "ending": _("not ended yet"),
        "onward": _("nobody"),
    }
    return {None: nothing.get(dimension, _("unknown"))} | _names(dimension, wanted)


def _names(dimension: str, wanted: list[Any]) -> dict[Any, str]:
    if dimension in ("department", "onward"):
        return dict(Department.objects.filter(pk__in=wanted).values_list("pk", "name"))
    if dimension == "district":
        return dict(District.objects.filter(pk__in=wanted).values_list("pk", "name"))
    if dimension == "account":
        return {row.pk: channel_name(row) for row in Account.objects.defer("secrets").filter(pk__in=wanted)}
    if dimension == "officer":
        return {row.pk: person_name(row) for row in User.objects.filter(pk__in=wanted)}
    if dimension == "network":
        return networks()
    if dimension == "hour":
        return {key: hour(key) for key in wanted}
    known = fixed().get(dimension, {})
    return {key: str(known.get(key, key)) for key in wanted}


def fixed() -> dict[str, dict[Any, Any]]:
    """Dimension → its values with their words, where the code knows them all."""
    return {
        "kind": dict(KINDS),
        "weekday": dict(WEEKDAYS),
        "priority": dict(Complaint.Priority.choices),
        "legal_kind": {value: word for value, word in LegalKind.choices if value != LegalKind.STATUTORY},
        "ending": dict(ENDS),
    }


def hour(number: int) -> str:
    """ "9시": from then until the next."""
    return _("%(n)d o'clock") % {"n": number}


def counter(name: str) -> str:
    """What the networks count of an account; what has no word of ours keeps the network's own."""
    known = {"followers": _("Followers"), "fans": _("Likes of the page")}
    return known.get(name, name)


def networks() -> dict[str, str]:
    """Every network the city has an account on."""
    return {row.kind: network_word(row) for row in Account.objects.defer("secrets").order_by("kind")}
