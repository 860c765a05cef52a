"""What was assigned and nobody accepted goes back to the desk (docs/hand-over.md): a citizen does not wait for a tray.

How long a department may take is office time on its own calendar, looked up when the clock ticks: a holiday declared
meanwhile counts at once. What is on hold, accepted or decided by the arbiter stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from complaints import workflow
from complaints.models import Complaint, Status
from departments import working_time
from departments.working_time import Calendar


def allowed() -> timedelta:
    """Office time from the hand-over to the acceptance."""
    return timedelta(hours=settings.ACCEPT_HOURS)


def accept_until(complaint: Complaint, calendar: Calendar) -> datetime | None:
    """Until when the department must accept it; None: nobody waits for that."""
    waits = complaint.status == Status.ASSIGNED and complaint.accepted_at is None
    return calendar.add_working_time(complaint.handed_at, allowed()) if waits and complaint.handed_at else None


def take_back(*, now: datetime) -> int:
    """Take back what waited too long; how many. Whoever accepts at that very moment is faster, or too late."""
    taken = 0
    for complaint in _waiting(now):
        try:
            workflow.take_back(complaint, now=now)
        except (workflow.Conflict, workflow.MoveNotAllowed):
            continue
        taken += 1
    return taken


def _waiting(now: datetime) -> Iterator[Complaint]:
    calendars: dict[int | None, Calendar] = {}
    for complaint in _unaccepted().filter(handed_at__lte=now - allowed()).select_related("department").defer("text"):
        key = complaint.department_id
        calendar = calendars.get(key) or calendars.setdefault(key, working_time.calendar_for(complaint.department))
        until = accept_until(complaint, calendar)
        if until is not None and until <= now:
            yield complaint


def _unaccepted() -> QuerySet[Complaint]:
    return Complaint.objects.filter(status=Status.ASSIGNED, accepted_at=None, handed_at__isnull=False).order_by("pk")
