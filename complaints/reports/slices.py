"""What is asked for: a figure, a period, who and where. Read from an address, and written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Figure
from complaints.models.duration import DurationQuerySet
from complaints.reports import periods
from complaints.reports.periods import Period

#: Parameter → column of Duration, of those that name a row by its id.
BY_ID = {"department": "department_id", "account": "account_id", "district": "district_id"}
#: Parameter → column, of those that are a word.
BY_WORD = {"network": "account__kind", "priority": "complaint__priority", "kind": "complaint__thread__post__kind"}
#: What a table may be broken down by, and its word.
DIMENSIONS: dict[str, str | Promise] = {
    "department": _("Department"),
    "network": _("Channel"),
    "account": _("Account"),
    "district": _("District"),
    "kind": _("Kind of post"),
    "priority": _("Priority"),
}
#: How the posts reach the city.
KINDS: dict[str, str | Promise] = {
    "mention": _("mention"),
    "wall": _("post on the page"),
    "comment": _("comment"),
    "reply": _("reply"),
    "message": _("message"),
    "quote": _("quotation"),
}
NOBODY = "none"
PARAMETERS = ("figure", "by", "period", "on", "from", "to", *BY_ID, *BY_WORD)


@dataclass(frozen=True, slots=True)
class Slice:
    """One question. `where`: parameter → value, of BY_ID and BY_WORD; NOBODY: the rows without one."""

    figure: str
    period: Period
    by: str = "department"
    where: Mapping[str, str] = field(default_factory=dict)

    def rows(self, durations: DurationQuerySet) -> DurationQuerySet:
        """What it asks for, out of `durations` (those that are reported to somebody)."""
        return self.of_every_figure(durations).filter(figure=self.figure)

    def of_every_figure(self, durations: DurationQuerySet) -> DurationQuerySet:
        begun = durations.filter(began_at__gte=self.period.begins, began_at__lt=self.period.ends)
        return self.anywhen(begun)

    def anywhen(self, durations: DurationQuerySet) -> DurationQuerySet:
        """The same without the period."""
        return durations.filter(**self._conditions())

    def _conditions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in self.where.items():
            column = BY_ID.get(name) or BY_WORD[name]
            found[column] = None if value == NOBODY else int(value) if name in BY_ID else value
        if "kind" in self.where:
            found["complaint__thread__opened"] = True
        return found

    def query(self, **changes: str) -> str:
        """The address's query for this question, with some of it changed; "" takes a value away."""
        plain = {"figure": self.figure, "by": self.by, "period": self.period.name, **self.where}
        if self.period.name == "range":
            plain |= {"from": f"{self.period.first}", "to": f"{self.period.last}"}
        else:
            plain["on"] = f"{self.period.first}"
        return urlencode({name: value for name, value in {**plain, **changes}.items() if value})

    def of(self, figure: str) -> Slice:
        return replace(self, figure=figure)

    def in_period(self, period: Period) -> Slice:
        return replace(self, period=period)


def read(values: Mapping[str, str], *, now: datetime) -> Slice:
    """The question of an address; what is left out is this month's first answers. Raises BadRequest for nonsense."""
    where = {name: values[name] for name in (*BY_ID, *BY_WORD) if values.get(name)}
    if not all(_makes_sense(name, value) for name, value in where.items()):
        raise BadRequest("no such filter of the reports")
    return Slice(
        figure=_one_of(values.get("figure") or Figure.FIRST_RESPONSE, Figure.values),
        period=_period(values, today=timezone.localtime(now).date()),
        by=_one_of(values.get("by") or "department", list(DIMENSIONS)),
        where=where,
    )


def _makes_sense(name: str, value: str) -> bool:
    if name in BY_ID:
        return value == NOBODY or (value.isascii() and value.isdecimal())
    known = {"priority": Complaint.Priority.values, "kind": list(KINDS)}.get(name)
    return value in known if known else value.isascii() and value.isidentifier()


def _one_of(value: str, known: list[str]) -> str:
    if value not in known:
        raise BadRequest(f"{value} is none of {', '.join(known)}")
    return value


def _period(values: Mapping[str, str], *, today: date) -> Period:
    name = _one_of(values.get("period") or "month", list(periods.NAMES))
    if name != "range":
        return periods.containing(name, _day(values.get("on"), otherwise=today))
    last = _day(values.get("to"), otherwise=today)
    first = _day(values.get("from"), otherwise=last)
    return Period(name, min(first, last), max(first, last))


def _day(text: str | None, *, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text) if text else otherwise
    except ValueError as error:
        raise BadRequest("no day") from error
    if not periods.FIRST < day < periods.LAST:
        raise BadRequest("no day of the almanac")
    return day
