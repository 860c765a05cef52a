"""Single cases on a page, the worst first: what a department holds, what is overdue and by how much on both clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from complaints.models import Status
from complaints.models.duration import DurationQuerySet
from complaints.models.kinds import LegalKind
from complaints.reports import words
from complaints.reports.numbers import PARTS
from complaints.reports.slices import Slice
from departments import working_time

#: So many stand on a page; the list behind the number has them all.
MOST = 20
_VALUES = (
    "complaint_id", "complaint__number", "complaint__status", "department__name", "district__name", "legal_kind",
    "began_at", "ended_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint. `late`: by how much its due time has passed, or had when it ended, on both clocks; "": in time."""

    url: str
    number: str
    status: str
    department: str
    district: str
    kind: str
    began_at: datetime
    due_at: datetime | None
    age: str
    late_wall: str
    late_working: str


def held(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> list[Case]:
    """What is open now, whenever it came: those whose due time passes first."""
    return _cases(rows_held(asked, durations, now=now), "complaint__next_due_at", MOST, now)


def rows_held(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> DurationQuerySet:
    rows = asked.anywhen(durations).filter(PARTS["open"](now), figure="RESOLUTION")
    return rows.order_by(F("complaint__next_due_at").asc(nulls_last=True), "began_at", "id")


def overdue(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> list[Case]:
    """What is overdue now, whenever it came, the oldest due time first."""
    return _cases(rows_overdue(asked, durations, now=now), "due_at", MOST, now)


def rows_overdue(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> DurationQuerySet:
    return asked.anywhen(durations).filter(PARTS["overdue"](now), figure=asked.figure).order_by("due_at", "id")


def late(asked: Slice, durations: DurationQuerySet, *, now: datetime, most: int) -> list[Case]:
    """Of the period: answered too late or overdue now; what still waits first, then the oldest due time."""
    return _cases(rows_late(asked, durations, now=now), "due_at", most, now)


def rows_late(asked: Slice, durations: DurationQuerySet, *, now: datetime) -> DurationQuerySet:
    missed = PARTS["late"](now) | PARTS["overdue"](now)
    return asked.rows(durations).filter(missed).order_by(F("ended_at").asc(nulls_first=True), "due_at", "id")


def _cases(rows: DurationQuerySet, due: str, most: int, now: datetime) -> list[Case]:
    calendar = working_time.calendar_for()
    return [_case(values, now, calendar) for values in rows.values_list(*_VALUES, due)[:most]]


def _case(values: tuple[Any, ...], now: datetime, calendar: working_time.Calendar) -> Case:
    pk, number, status, department, district, kind, began, ended, due = values
    end = ended or now
    passed = due is not None and due < end
    return Case(
        url=reverse("admin:complaints_complaint_change", args=[pk]),
        number=number,
        status=str(Status(status).label),
        department=department or words.DASH,
        district=district or words.DASH,
        kind=str(LegalKind(kind).label),
        began_at=timezone.localtime(began),
        due_at=timezone.localtime(due) if due else None,
        age=words.wall(_seconds(end - began)),
        late_wall=words.wall(_seconds(end - due)) if passed else "",
        late_working=words.working(_seconds(calendar.working_time_between(due, end))) if passed else "",
    )


def _seconds(length: Any) -> int:
    return max(0, int(length.total_seconds()))
