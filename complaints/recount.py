"""A changed calendar moves the due times of open complaints: bit by bit, the old value kept as an event.

Nobody has to tell: the calendar's rows and the settings are held against what was counted last. A pass goes through
the open complaints by their id; a second one, a minute later, finds what was being opened during the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from complaints import clocks, deadlines
from complaints.models import Complaint, DueBasis
from departments import working_time
from departments.working_time import Calendar

BATCH = 200
PASSES = 2
AGAIN_AFTER = timedelta(minutes=1)


def recount(*, now: datetime, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Move the due times that are no longer right; how many. Stops between two batches when `goes_on` says no.

    The first time ever only the present calendar is noted: what is open was counted by it."""
    calendar, read = working_time.calendar_for(), deadlines.reading()
    counted_by = repr((calendar.week, *map(sorted, (calendar.added, calendar.removed)), read))
    wanted = hashlib.sha256(counted_by.encode()).hexdigest()
    basis, new = DueBasis.objects.get_or_create(pk=1, defaults={"applied": wanted})
    if new or basis.applied == wanted:
        return 0
    if basis.target != wanted:  # a change that is taken back half-way must be taken back everywhere: nothing is applied
        basis.applied, basis.target, basis.cursor, basis.passes, basis.noticed_at = "", wanted, 0, 0, now
    if basis.passes and basis.noticed_at and now < basis.noticed_at + AGAIN_AFTER:
        return 0
    return _pass(basis, calendar, now=now, goes_on=goes_on)


def _pass(basis: DueBasis, calendar: Calendar, *, now: datetime, goes_on: Callable[[], bool]) -> int:
    """Go on with the pass from where it stopped. Who is faster than we are is seen again in the next pass."""
    moved, read = 0, deadlines.reading()
    while True:
        batch = list(
            Complaint.objects.open()
            .filter(pk__gt=basis.cursor)
            .order_by("pk")
            .defer("text")
            .prefetch_related("holds")[:BATCH]
        )
        wanted = {one.pk: deadlines.due_of(one, calendar=calendar, read=read) for one in batch}
        due = {one.pk: wanted[one.pk] for one in batch if wanted[one.pk] != one.due_at}
        moved += clocks.move_due(batch, now=now, due=due)
        basis.cursor = batch[-1].pk if batch else basis.cursor
        if len(batch) < BATCH:
            basis.cursor, basis.passes = 0, basis.passes + 1
            basis.applied = basis.target if basis.passes >= PASSES else basis.applied
        basis.save()
        if len(batch) < BATCH or not goes_on():
            return moved
