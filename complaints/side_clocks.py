"""What is told beside the clocks of the answer: a complaint that was not handed on in time, to a department or to
another agency (영 제13조); requests for cooperation (협조) as they come, wait too long, come back.

complaints.escalation asks at every tick and tells each once, of 협조 by the number of the request.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints import handing
from complaints.legal_kinds import STEPS, Step
from complaints.models import Consultation, Escalation, Stage
from complaints.models.complaint import CLOSED
from complaints.recipients import Found, Roster
from departments.models import Role
from departments.working_time import Calendar

State = Consultation.State
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
BATCH = 500


def reached(roster: Roster, calendar: Calendar) -> Iterator[Found]:
    """What was reached and not told yet, with whom it concerns."""
    yield from _handing(roster, calendar)
    yield from _consulting(roster)


# --- handing on -----------------------------------------------------------------------------------------------------


def _handing(roster: Roster, calendar: Calendar) -> Iterator[Found]:
    """With nobody in charge when its transfer clock ran out: the desk, or a department that has not accepted it.

    The eight hours to another agency concern what the desk or the arbiter has: they alone transfer, and an assignment
    says that the city itself is in charge. After an outage the hour is not told of what has missed the eight as well:
    both began at one moment."""
    eight = Q(status__in=handing.AT_DESK) & _over("since_at", Step.TO_OTHER_AGENCY, roster, calendar)
    over = Q(given_at=None) & _over("began_at", Step.TO_DEPARTMENT, roster, calendar) & ~eight
    over |= _over("given_at", Step.TO_OTHER_DEPARTMENT, roster, calendar)
    for row in _unhanded(over, Stage.TRANSFER, since="began_at"):
        clock = handing.of(row, calendar=calendar)
        if clock is not None:
            people = [*roster.holders(row), *roster.heads(row)]
            yield Found(row, Stage.TRANSFER, clock.due_at, people=people)
    for row in _unhanded(eight, Stage.AGENCY, since="since_at"):
        due_at = handing.to_agency(row, calendar=calendar)
        yield Found(row, Stage.AGENCY, due_at, people=roster.dispatchers(row))


def _over(since: str, step: Step, roster: Roster, calendar: Calendar) -> Q:
    """The time of this step ran out, within the last seven days, however long the holidays before that were."""
    hours = STEPS[step].period.hours * HOUR
    latest, earliest = (calendar.working_time_before(now, hours) for now in (roster.now, roster.now - WEEK))
    return Q(**{f"{since}__lte": latest, f"{since}__gt": earliest})


def _unhanded(over: Q, stage: Stage, *, since: str) -> QuerySet[Any]:
    """Those that it was not told of since the clock began to run."""
    told = Escalation.objects.filter(complaint=OuterRef("pk"), stage=stage, at__gte=OuterRef(since))
    late = handing.waiting().filter(over).exclude(Exists(told)).order_by(since, "id")
    return late.select_related("department", "assignee").defer("text")[:BATCH]


# --- 협조 -----------------------------------------------------------------------------------------------------------


def _consulting(roster: Roster) -> Iterator[Found]:
    waiting = _requests().filter(state=State.ASKED).exclude(complaint__status__in=CLOSED)
    for row in _untold(waiting.filter(due_at__lte=roster.now, due_at__gt=roster.now - WEEK), Stage.UNHEARD):
        heads = roster.of_department(row.department_id, Role.HEAD)
        people = [*_asked(row, roster), *heads, *roster.holders(row.complaint)]
        yield Found(row.complaint, Stage.UNHEARD, row.due_at, turn=row.number, people=people)
    for row in _untold(waiting, Stage.CONSULT):
        yield Found(row.complaint, Stage.CONSULT, row.due_at, turn=row.number, people=_asked(row, roster))
    settled = Q(state__in=(State.ANSWERED, State.DECLINED), settled_at__gt=roster.now - WEEK)
    for row in _untold(_requests().filter(settled), Stage.REPLIED):
        people = [user for user in (row.asked_by, *roster.holders(row.complaint)) if user.is_active]
        yield Found(row.complaint, Stage.REPLIED, row.due_at, turn=row.number, people=people)


def _requests() -> QuerySet[Consultation]:
    return Consultation.objects.select_related(
        "asked_by", "complaint", "complaint__department", "complaint__assignee"
    ).defer("complaint__text")


def _untold(rows: QuerySet[Consultation], stage: Stage) -> QuerySet[Consultation]:
    """More time begins anew where the time was missed, not where the question or its answer was told."""
    same = Escalation.objects.filter(complaint=OuterRef("complaint"), stage=stage, turn=OuterRef("number"))
    told = same.filter(due_at=OuterRef("due_at")) if stage == Stage.UNHEARD else same
    return rows.exclude(Exists(told)).order_by("id")[:BATCH]


def _asked(row: Consultation, roster: Roster) -> list[User]:
    """The people of the department that was asked; its head, then the desk, where there are none."""
    people = roster.of_department(row.department_id, Role.STAFF) or roster.of_department(row.department_id, Role.HEAD)
    return people or roster.desk
