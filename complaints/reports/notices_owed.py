"""The notices of a month that the law wants: of extensions (연장, 영 제21조), interim notices (중간통지, 영 제23조).

An extension is told with its reason, so each needs a notice that stands on the network. An interim notice is owed
from the day on which 30 days have passed since the receipt, and every 30 again, of what was still open when that day
ended; it was sent if one stands from that day on, before the next. Events and spans of the resolution say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any, NamedTuple

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import deadlines, legal_notices
from complaints.legal_kinds import INTERIM_DAYS
from complaints.models import ComplaintEvent, Duration, Figure, Reply
from complaints.models.duration import DurationQuerySet
from complaints.reports import words
from complaints.reports.slices import Slice
from complaints.reports.tables import Cell, Line
from departments.working_time import KST

#: Number → what its list is called.
PARTS: dict[str, str | Promise] = {
    "extended": gettext_lazy("extensions"),
    "extended_told": gettext_lazy("extensions whose notice stands"),
    "extended_untold": gettext_lazy("extensions whose notice does not stand"),
    "interim": gettext_lazy("interim notices owed"),
    "interim_told": gettext_lazy("interim notices sent"),
    "interim_untold": gettext_lazy("interim notices not sent"),
}
UNTOLD = "untold"
#: What is read of a span, as Open names it.
_VALUES = ("complaint_id", "complaint__number", "department__name", "complaint__received_at", "began_at", "ended_at")
CYCLE = timedelta(days=INTERIM_DAYS)


class Open(NamedTuple):
    """A span of the resolution, as much of it as tells what was owed."""

    complaint_id: int
    number: str
    department: str | None
    received_at: datetime
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: since which day it is owed; when it was told, None where it was not."""

    kind: str
    complaint_id: int
    number: str
    department: str
    since: date
    told_at: datetime | None

    @property
    def url(self) -> str:
        return reverse("admin:complaints_complaint_change", args=[self.complaint_id])

    @property
    def label(self) -> str:
        return _("Extension") if self.kind == "extended" else _("Interim notice")


def part_in(values: Mapping[str, str]) -> str:
    """Which list is wanted; UNTOLD: what is missing of both. Raises BadRequest."""
    part = values.get("part") or UNTOLD
    if part != UNTOLD and part not in PARTS:
        raise BadRequest("no such list")
    return part


def of_part(found: Iterable[Notice], part: str) -> list[Notice]:
    """Those that the number counts."""
    kind, _sign, told = ("", "", part) if part == UNTOLD else part.partition("_")
    wanted = {"": (True, False), "told": (True,), "untold": (False,)}[told]
    return [one for one in found if one.kind.startswith(kind) and (one.told_at is not None) in wanted]


def lines(asked: Slice, found: list[Notice]) -> list[Line]:
    """A line for each of the two, every number with its list."""
    address = f"{reverse('reports:monthly')}?{asked.query()}"
    return [
        _line(_("Extensions"), "extended", address, found),
        _line(_("Interim notices"), "interim", address, found),
    ]


def heads() -> list[str]:
    """The headings, in the order of the cells."""
    return [_("Owed in the month"), _("Notice stands"), _("Notice does not stand")]


def _line(name: str, kind: str, address: str, found: list[Notice]) -> Line:
    parts = (kind, f"{kind}_told", f"{kind}_untold")
    counts = [(part, len(of_part(found, part))) for part in parts]
    cells = [
        Cell(head, f"{count:,}", f"{address}&part={part}#notices" if count else "")
        for head, (part, count) in zip(heads(), counts, strict=True)
    ]
    return Line(name, f"{address}&part={kind}#notices", False, cells)


# --- what was owed --------------------------------------------------------------------------------------------------


def notices_of(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> list[Notice]:
    """Of a month, the oldest first; five queries. What is owed later than today is not owed yet."""
    spans = asked.anywhen(durations).filter(figure=Figure.RESOLUTION, excluded="")
    found = [*_extensions(asked, spans), *_interim(asked, spans, now=now)]
    return sorted(found, key=lambda one: (one.since, one.number))


def _stands() -> Exists:
    """Of an event: the network has the text that was said with it."""
    said = Reply.objects.filter(complaint=OuterRef("complaint"), drafted_at=OuterRef("at"), kind=Reply.Kind.NOTICE)
    return Exists(said.filter(state=Reply.State.SENT))


def _extensions(asked: Slice, spans: DurationQuerySet) -> Iterator[Notice]:
    events = ComplaintEvent.objects.filter(move="extend", at__gte=asked.period.begins, at__lt=asked.period.ends)
    rows = events.filter(complaint__in=spans.values("complaint"))
    for pk, number, department, at, stands in rows.values_list(
        "complaint_id", "complaint__number", "department__name", "at", _stands()
    ):
        yield Notice("extended", pk, number, department or words.DASH, _day(at), at if stands else None)


def _interim(asked: Slice, spans: DurationQuerySet, *, now: datetime) -> Iterator[Notice]:
    owed = [(row, day) for row in _open_in(asked, spans) for day in _owed_days(row, asked, now=now)]
    told: defaultdict[int, list[datetime]] = defaultdict(list)
    sent = ComplaintEvent.objects.filter(_stands(), move=legal_notices.INTERIM)
    sent = sent.filter(at__gte=asked.period.begins, at__lt=asked.period.ends + CYCLE).order_by("at")
    for pk, at in sent.values_list("complaint_id", "at") if owed else ():
        told[pk].append(at)
    for row, day in owed:
        told_at = next((at for at in told[row.complaint_id] if day <= _day(at) < day + CYCLE), None)
        yield Notice("interim", row.complaint_id, row.number, row.department or words.DASH, day, told_at)


def _open_in(asked: Slice, spans: DurationQuerySet) -> Iterator[Open]:
    """What was old enough and open some time in the month: what still runs, then what ended since its beginning."""
    old: Any = spans.filter(began_at__lt=asked.period.ends, complaint__received_at__lt=asked.period.ends - CYCLE)
    old = old.order_by("id").values_list(*_VALUES)
    yield from map(Open._make, old.filter(state=Duration.State.OPEN))
    yield from map(Open._make, old.filter(ended_at__gte=asked.period.begins))


def _owed_days(row: Open, asked: Slice, *, now: datetime) -> list[date]:
    """The days of the month from which one was owed, of what was still open when they ended."""
    last = min(asked.period.last, _day(now))
    since = max(asked.period.first, _day(row.began_at))
    days = takewhile(lambda day: day <= last, deadlines.interim_notices(row.received_at, since=since))
    until = _day(row.ended_at) if row.ended_at else None
    return [day for day in days if until is None or day < until]


def _day(at: datetime) -> date:
    return at.astimezone(KST).date()
