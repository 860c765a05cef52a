"""매월 점검: how a calendar month was handled, to be signed by the 5th of the next one (영 제22조, 규칙 제7조)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Figure
from complaints.reports import cases, notices_owed, periods, tables, words
from complaints.reports.cards import Card, list_of
from complaints.reports.cases import Case
from complaints.reports.notices_owed import Notice
from complaints.reports.numbers import Numbers
from complaints.reports.overview import compared
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.tables import Cell, Line

#: The day of the next month by which it must be done.
DUE_DAY = 5
#: So many single cases are printed; the list behind the number has them all.
MOST = 50


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything the page shows. `over`: the month is over, so that nothing begins in it any more."""

    due: date
    over: bool
    made_at: datetime
    heads: list[str]
    kinds: list[Line]
    departments: list[Line]
    figures: list[Line]
    late: list[Case]
    late_count: int
    excluded: list[Card]
    counted: int
    notices: list[Line]
    notice_heads: list[str]
    notices_listed: list[Notice]
    notices_count: int


def month_of(asked: Slice, *, chosen: bool, now: datetime) -> Slice:
    """A whole month: the one that was chosen, else the last one, for that is the one to be signed."""
    day = asked.period.on if chosen else timezone.localtime(now).date().replace(day=1) - timedelta(days=1)
    return asked.of(Figure.FIRST_RESPONSE).in_period(periods.containing("month", day))


def inspection_of(asked: Slice, reader: Reader, *, now: datetime, part: str = notices_owed.UNTOLD) -> Inspection:
    """Some twenty-five queries, however many complaints there are. `part`: which notices are listed."""
    source = reader.source
    notices = notices_owed.notices_of(asked, reader.durations, now=now)
    listed = notices_owed.of_part(notices, part)
    whole = source.of_slice(asked, now=now)
    return Inspection(
        due=due_of(asked),
        over=is_over(asked, now=now),
        made_at=timezone.localtime(now),
        heads=heads(),
        kinds=[_line(_("together"), asked, whole), *_lines(replace(asked, by="legal_kind"), reader, now)],
        departments=_lines(replace(asked, by="department"), reader, now),
        figures=compared(asked, source, now=now),
        late=cases.late(asked, reader.durations, now=now, most=MOST),
        late_count=whole.missed,
        excluded=_excluded(asked, whole),
        counted=whole.counted,
        notices=notices_owed.lines(asked, notices),
        notice_heads=notices_owed.heads(),
        notices_listed=listed if part != notices_owed.UNTOLD else listed[:MOST],
        notices_count=len(listed),
    )


def due_of(asked: Slice) -> date:
    """The day by which it must be inspected."""
    return periods.containing("month", asked.period.last + periods.DAY).first.replace(day=DUE_DAY)


def is_over(asked: Slice, *, now: datetime) -> bool:
    """Nothing begins in the month any more."""
    return timezone.localtime(now).date() > asked.period.last


def heads() -> list[str]:
    """The headings, in the order of the cells."""
    return [
        _("Received"), _("Answered in time"), _("Answered too late"), _("Not yet answered"), _("of them overdue"),
        _("Closed without an answer"), _("Within target"), _("Excluded"),
    ]  # fmt: skip


def _lines(asked: Slice, reader: Reader, now: datetime) -> list[Line]:
    """Those with the most that is late on top."""
    groups = reader.source.by_group(asked, now=now)
    names = words.names_of(asked.by, groups)
    order = sorted(groups, key=lambda key: (-groups[key].missed, -groups[key].counted, str(names.get(key))))
    return [_line(str(names.get(key, key)), tables.narrowed(asked, key), groups[key]) for key in order]


def _line(name: str, asked: Slice, found: Numbers) -> Line:
    counts = [
        (found.counted, "all"), (found.within, "within"), (found.late, "late"), (found.open, "open"),
        (found.overdue, "overdue"), (found.left, "left"),
    ]  # fmt: skip
    share = f"{words.percent(found.share)} ({found.within:,}/{found.judged:,})" if found.judged else ""
    said = [*((f"{count:,}", part) for count, part in counts), (share, "within"), (f"{found.excluded:,}", "excluded")]
    cells = [
        Cell(head, text or words.DASH, list_of(asked, part) if text not in ("", "0") else "")
        for head, (text, part) in zip(heads(), said, strict=True)
    ]
    return Line(name, list_of(asked, "all"), found.is_marked, cells)


def _excluded(asked: Slice, whole: Numbers) -> list[Card]:
    """What is in no number, by rule."""
    rules = (
        (_("not a complaint"), whole.dismissed, "dismissed"),
        (_("duplicates"), whole.duplicate, "duplicate"),
        (_("written by the city itself"), whole.own, "own"),
    )
    return [Card(label, f"{count:,}", "", list_of(asked, part)) for label, count, part in rules]
