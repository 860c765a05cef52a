"""The selects above every page: what the figures may be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from channels_sns.models import Account
from complaints.pages import names
from complaints.pages.people import person_name
from complaints.reports import words
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from departments.bureaus import bureau_of_departments
from departments.models import Role

#: These stand above every page; the others are behind "more".
FIRST = ("department", "network", "district")


@dataclass(frozen=True, slots=True)
class Choice:
    """One select: its parameter, its word, its options, what is chosen (or "")."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str
    first: bool


def choices_of(reader: Reader, asked: Slice) -> list[Choice]:
    """In the order of the dimensions; a value that is chosen but no longer offered is offered too."""
    found = []
    for name, dimension in DIMENSIONS.items():
        options, chosen = _options(name, reader), asked.where.get(name, "")
        if chosen and chosen not in dict(options):
            options = [*options, (chosen, _name_of(name, chosen))]
        found.append(Choice(name, str(dimension.label), options, chosen, name in FIRST))
    return found


def _name_of(name: str, value: str) -> str:
    key: Any = int(value) if DIMENSIONS[name].numeric and value.isdecimal() else None if value == "none" else value
    return str(words.names_of(name, [key]).get(key, value))


def _options(name: str, reader: Reader) -> list[tuple[str, str]]:
    if name in ("department", "onward"):
        return reader.departments
    if name == "bureau":
        mine = {int(pk) for pk, _name in reader.departments}
        return [(b, b) for b in sorted({b for pk, b in bureau_of_departments().items() if pk in mine})]
    if name == "officer":
        officers = User.objects.filter(memberships__role=Role.OFFICER).distinct()
        return sorted(((str(row.pk), person_name(row)) for row in officers), key=lambda option: option[1])
    if name == "account":
        return [(str(row.pk), names.channel_name(row)) for row in Account.objects.defer("secrets")]
    return _fixed(name)


def _fixed(name: str) -> list[tuple[str, str]]:
    known: dict[str, Any] = {
        "network": words.networks,
        "district": lambda: dict(names.districts()),
        "hour": lambda: {hour: words.hour(hour) for hour in range(24)},
    }
    found = known[name]() if name in known else words.fixed()[name]
    return [(str(value), str(word)) for value, word in found.items()]
