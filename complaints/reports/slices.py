"""What is asked for: a figure, a period, who and where. Read from an address, and written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.utils import timezone

from complaints.models import Figure
from complaints.models.duration import DurationQuerySet
from complaints.reports import periods
from complaints.reports.dimensions import DIMENSIONS, conditions
from complaints.reports.periods import Period

PARAMETERS = ("figure", "by", "period", "on", "from", "to", *DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Slice:
    """One question. `where`: dimension → value; NOBODY: the rows without one."""

    figure: str
    period: Period
    by: str = "department"
    where: Mapping[str, str] = field(default_factory=dict)

    def rows(self, durations: DurationQuerySet) -> DurationQuerySet:
        """What it asks for, out of `durations` (those that are reported to somebody)."""
        begun = durations.filter(began_at__gte=self.period.begins, began_at__lt=self.period.ends)
        return self.anywhen(begun).filter(figure=self.figure)

    def of_every_figure(self, durations: DurationQuerySet) -> DurationQuerySet:
        """All figures by name: the indices begin with it."""
        begun = durations.filter(began_at__gte=self.period.begins, began_at__lt=self.period.ends)
        return self.anywhen(begun).filter(figure__in=Figure.values)

    def anywhen(self, durations: DurationQuerySet) -> DurationQuerySet:
        """The same without the period."""
        return durations.filter(conditions(self.where))

    def query(self, **changes: str) -> str:
        """The address's query for this question, with some of it changed; "" takes a value away."""
        plain = {"figure": self.figure, "by": self.by, "period": self.period.name, **self.where}
        if self.period.name == "range":
            plain |= {"from": f"{self.period.first}", "to": f"{self.period.last}"}
        else:
            plain["on"] = f"{self.period.on}"
        return urlencode({name: value for name, value in {**plain, **changes}.items() if value})

    def of(self, figure: str) -> Slice:
        return replace(self, figure=figure)

    def in_period(self, period: Period) -> Slice:
        return replace(self, period=period)


def read(values: Mapping[str, str], *, now: datetime) -> Slice:
    """The question of an address; left out: the first answers of the last 30 days. Raises BadRequest for nonsense."""
    where = {name: values[name] for name in DIMENSIONS if values.get(name)}
    if not all(DIMENSIONS[name].makes_sense(value) for name, value in where.items()):
        raise BadRequest("no such filter of the reports")
    return Slice(
        figure=_one_of(values.get("figure") or Figure.FIRST_RESPONSE, Figure.values),
        period=_period(values, today=timezone.localtime(now).date()),
        by=_one_of(values.get("by") or "department", list(DIMENSIONS)),
        where=where,
    )


def _one_of(value: str, known: list[str]) -> str:
    if value not in known:
        raise BadRequest(f"{value} is none of {', '.join(known)}")
    return value


def _period(values: Mapping[str, str], *, today: date) -> Period:
    otherwise = "month" if values.get("on") else periods.RECENT
    name = _one_of(values.get("period") or otherwise, list(periods.NAMES))
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
