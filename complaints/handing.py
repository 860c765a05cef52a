"""The transfer clocks (영 제13조): until when a complaint must be with the department in charge, in office time.

One hour from the receipt to the department; three from a wrong one, counted since it got the complaint, to the right
one by way of the desk; eight to another agency. Beside them eight hours to ask for what is missing (규칙 제9조①). They
are sums over what the events say; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from complaints import deadlines
from complaints.legal_kinds import Step
from complaints.models import Complaint, ComplaintEvent, Status
from departments.working_time import Calendar

#: The desk has it.
AT_DESK = (Status.RECEIVED, Status.TRIAGED)
#: By these a department got it.
GIVEN = ("assign", "decide")


@dataclass(frozen=True, slots=True)
class HandOn:
    """Which of the transfer clocks, and its end."""

    step: Step
    due_at: datetime


def with_given(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotated with `given_at`: since when a department has it, or had it last in this round before it came back."""
    since = Coalesce(OuterRef("clock_from"), OuterRef("received_at"))
    given = ComplaintEvent.objects.filter(complaint=OuterRef("pk"), move__in=GIVEN, at__gte=since).order_by("-id")
    last = Case(When(status__in=AT_DESK, then=Subquery(given.values("at")[:1])))
    found: QuerySet[Any] = rows.annotate(given_at=Coalesce(F("handed_at"), last))
    return found


def given_at(complaint: Complaint) -> datetime | None:
    """The same of one complaint."""
    row: dict[str, datetime | None] = with_given(Complaint.objects.filter(pk=complaint.pk)).values("given_at").get()
    return row["given_at"]


def waiting() -> QuerySet[Any]:
    """What is with nobody who has accepted it, with `given_at` and since when its transfer clocks run: `began_at` of
    the one to the department, `since_at` of the one to another agency."""
    unaccepted = Q(status__in=AT_DESK) | Q(status=Status.ASSIGNED, accepted_at=None)
    running = Complaint.objects.filter(unaccepted, next_due_at__isnull=False, stopped_at=None)
    since = Coalesce("clock_from", "received_at")
    found: QuerySet[Any] = with_given(running).annotate(since_at=since, began_at=Coalesce("given_at", since))
    return found


def is_open(complaint: Complaint) -> bool:
    """Has nobody in charge accepted it yet?"""
    unaccepted = complaint.status == Status.ASSIGNED and complaint.accepted_at is None
    return complaint.status in AT_DESK or unaccepted


def of(complaint: Complaint, *, calendar: Calendar) -> HandOn | None:
    """The clock that runs now; None where a department has accepted it or nothing is awaited. `given_at`: as found."""
    if complaint.next_due_at is None or not is_open(complaint):
        return None
    given = complaint.handed_at or vars(complaint).get("given_at")
    step = Step.TO_OTHER_DEPARTMENT if given else Step.TO_DEPARTMENT
    return HandOn(step, deadlines.step_due(step, given or deadlines.since_of(complaint), calendar=calendar))


def to_agency(complaint: Complaint, *, calendar: Calendar) -> datetime:
    """Until when it may still go to another agency in time."""
    return deadlines.step_due(Step.TO_OTHER_AGENCY, deadlines.since_of(complaint), calendar=calendar)


def steps_of(complaint: Complaint, *, calendar: Calendar) -> Iterator[HandOn]:
    """Every single step that is open and has a clock: handing on, to another agency, asking for what is missing."""
    now_due = of(complaint, calendar=calendar)
    if now_due is None:
        return
    yield now_due
    yield HandOn(Step.TO_OTHER_AGENCY, to_agency(complaint, calendar=calendar))
    supplement = deadlines.step_due(Step.SUPPLEMENT, deadlines.since_of(complaint), calendar=calendar)
    yield HandOn(Step.SUPPLEMENT, supplement)
