"""Due times that come near or pass, the law's and promised ones, are told to who holds the complaint, the head, the
desk; an emergency at once.

Asked at every tick of the clock. A stage is told once for a due time (the unique row of Escalation): a tick that is
lost, or comes twice, changes nothing. Another due time (an extension, a holiday) begins anew. Only writer of
Escalation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints import alerts, side_clocks, workflow
from complaints.legal_kinds import HOURS_A_DAY, KINDS
from complaints.models import Complaint, Escalation, Promise, Stage
from complaints.models.alert import CLOCK_STAGES, PROMISED
from complaints.recipients import Found, Roster
from departments import working_time
from departments.working_time import Calendar

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
#: Office time before the end of a period that is counted in hours, or in days; after it, until the desk hears of it.
BEFORE, BEFORE_DAYS = HOUR, HOURS_A_DAY * HOUR
AFTER = 4 * HOUR
#: Office time before the day of a promise ends, and after it.
PROMISE = HOURS_A_DAY * HOUR
#: An emergency that nobody answers is told again after as much time as it had, so often.
REPEATS = 3
#: The stages that the desk and the messenger hear of.
LATEST = (Stage.LATE, Stage.PR_LATE)
BATCH = 500
IN_DAYS = [kind for kind, row in KINDS.items() if row.period is not None and row.period.days]


class NotAllowed(Exception):
    """This person sends no letters of reminder."""


def escalate(*, now: datetime) -> int:
    """Tell what was reached and not told yet; how many messages to people. Emergencies come first."""
    calendar, roster = working_time.calendar_for(), Roster(now)
    promised = _promised(now, calendar)
    found = [*_emergencies(now), *_legal(now, calendar), *promised, *side_clocks.reached(roster, calendar)]
    return sum(_tell(one, roster, calendar) for one in found)


# --- what was reached -----------------------------------------------------------------------------------------------


def _emergencies(now: datetime) -> Iterator[Found]:
    """From the first moment on, at half of the time, at its end, and again after it; the latest stage first."""
    within: timedelta = settings.EMERGENCY_WITHIN
    urgent = _awaited().filter(priority=Complaint.Priority.URGENT, emergency_due_at__isnull=False)
    stages = [
        *((Stage.LATE, n, urgent.filter(emergency_due_at__lte=now - n * within)) for n in range(REPEATS, 0, -1)),
        (Stage.DUE, 0, urgent.filter(emergency_due_at__lte=now)),
        (Stage.SOON, 0, urgent.filter(emergency_due_at__lte=now + within / 2)),
        (Stage.BEGUN, 0, urgent),
    ]
    for stage, turn, rows in stages:
        told = _told(stage, turn, emergency=True, due_at=OuterRef("emergency_due_at"))
        for row in rows.exclude(told).order_by("emergency_due_at")[:BATCH]:
            yield Found(row, stage, row.emergency_due_at or now, emergency=True, turn=turn)


def _legal(now: datetime, calendar: Calendar) -> Iterator[Found]:
    """Before the end, at it, and after it, in office time; the latest stage first."""
    near, near_days = (calendar.add_working_time(now, before) for before in (BEFORE, BEFORE_DAYS))
    running = _awaited().filter(stopped_at=None, next_due_at__lte=near_days)
    stages = [
        (Stage.LATE, Q(due_at__lte=calendar.working_time_before(now, AFTER))),
        (Stage.DUE, Q(due_at__lte=now)),
        (Stage.SOON, Q(due_at__lte=near) | Q(due_at__lte=near_days, legal_kind__in=IN_DAYS)),
    ]
    for stage, reached in stages:
        told = _told(stage, 0, emergency=False, due_at=OuterRef("due_at"))
        for row in running.filter(reached).exclude(told).order_by("due_at")[:BATCH]:
            yield Found(row, stage, row.due_at)


def _promised(now: datetime, calendar: Calendar) -> Iterator[Found]:
    """A working day before the outcome is owed, when it is, and a working day after; the latest stage first."""
    stages = [
        (Stage.PR_LATE, calendar.working_time_before(now, PROMISE)),
        (Stage.PR_DUE, now),
        (Stage.PR_SOON, calendar.add_working_time(now, PROMISE)),
    ]
    for stage, until in stages:
        same = Escalation.objects.filter(complaint=OuterRef("complaint"), stage=stage, due_at=OuterRef("due_at"))
        rows = Promise.objects.owed().filter(due_at__lte=until).exclude(Exists(same)).order_by("due_at")
        for row in rows.select_related("complaint__department", "complaint__assignee")[:BATCH]:
            yield Found(row.complaint, stage, row.due_at or now)


def _awaited() -> QuerySet[Complaint]:
    rows = Complaint.objects.filter(next_due_at__isnull=False)
    return rows.select_related("department", "assignee").defer("text")


def _told(stage: Stage, turn: int, *, emergency: bool, due_at: OuterRef) -> Exists:
    same = Escalation.objects.filter(complaint=OuterRef("pk"), emergency=emergency, stage=stage, turn=turn)
    return Exists(same.filter(due_at=due_at))


# --- who hears of it ------------------------------------------------------------------------------------------------


def _tell(found: Found, roster: Roster, calendar: Calendar) -> int:
    """The stage and its alerts in one transaction; nothing if another worker was faster."""
    now, same = roster.now, {"emergency": found.emergency, "due_at": found.due_at}
    with transaction.atomic():
        people = [] if _is_old_news(found, now) else _readers(found, roster)
        values = {"stage": found.stage, "turn": found.turn, **same}
        row, new = Escalation.objects.get_or_create(
            complaint=found.complaint, **values, defaults={"at": now, "told": len(people)}
        )
        if not new or not people:
            return 0
        send_at = now if found.emergency else calendar.next_opening(now)
        alerts.write(row, people, hook=found.emergency or found.stage in LATEST, send_at=send_at, now=now)
    return len(people)


def remind(complaint: Complaint, *, by: User, now: datetime) -> bool:
    """A letter of reminder (독촉장) to who holds it and the head; False: there was one for this due time already."""
    if complaint.department is None:
        return False
    calendar, roster = working_time.calendar_for(), Roster(now)
    people = tuple(dict.fromkeys([*roster.holders(complaint), *roster.heads(complaint)]))
    same = {"stage": Stage.REMINDER, "turn": 0, "emergency": False, "due_at": complaint.due_at}
    with transaction.atomic():
        row, new = Escalation.objects.get_or_create(
            complaint=complaint, **same, defaults={"at": now, "told": len(people)}
        )
        if new:
            alerts.write(row, people, hook=False, send_at=calendar.next_opening(now), now=now)
            workflow.remark(complaint, "remind", by=by, now=now, text="", department=complaint.department)
    return new


def _is_old_news(found: Found, now: datetime) -> bool:
    """What a later stage has told already, or is long past, is only noted: a desk that was away for a week is not to
    be buried in mail. What stands beside the clocks is asked for by its own time (complaints.side_clocks)."""
    if found.stage not in (*CLOCK_STAGES, *PROMISED):
        return False
    same = Escalation.objects.filter(complaint=found.complaint, emergency=found.emergency, due_at=found.due_at)
    told = same.filter(stage__in=PROMISED if found.stage in PROMISED else CLOCK_STAGES)
    later = any(
        _rank(stage, turn) > _rank(found.stage, found.turn) for stage, turn in told.values_list("stage", "turn")
    )
    return later or found.due_at <= now - WEEK


def _rank(stage: str, turn: int) -> int:
    return list(Stage).index(Stage(stage)) + turn


def _readers(found: Found, roster: Roster) -> list[User]:
    """Each person once."""
    if found.people is not None:
        return list(dict.fromkeys(found.people))
    complaint, people = found.complaint, list[User]()
    if found.emergency:
        people += roster.at_once
    if found.stage != Stage.BEGUN:
        people += roster.holders(complaint)
    if found.stage in (Stage.DUE, Stage.PR_DUE, *LATEST):
        people += roster.heads(complaint)
    if found.stage in LATEST:
        people += roster.desk
    return list(dict.fromkeys(people))
