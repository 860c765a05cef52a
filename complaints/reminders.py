"""독촉장 (법 제25조, 영 제28조②, 별지 제7호서식): what is overdue, by department, and the letter about it.

Who watches over the handling (민원심사관: an SNS officer or a manager) sends it; of each overdue complaint who holds it
and the head are told, once for a due time, and it stands in its history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import F, OuterRef, QuerySet, Subquery

from complaints import escalation
from complaints.models import Complaint, Escalation, Stage
from departments import directory
from departments.models import Department, Role

READERS = (Role.OFFICER, Role.MANAGER, Role.AUDITOR, Role.HEAD)
SENDERS = (Role.OFFICER, Role.MANAGER)
#: More than this is no list any more; the oldest come first, so the rest follows.
MOST = 500


@dataclass(slots=True)
class Overdue:
    """One department; each row with `reminded_at`. `fresh`: nobody was reminded of these yet."""

    department: Department
    rows: list[Complaint] = field(default_factory=list)

    @property
    def fresh(self) -> list[Complaint]:
        return [row for row in self.rows if vars(row)["reminded_at"] is None]


def may_send(user: User) -> bool:
    return directory.has_role(user, *SENDERS)


def overdue(user: User, *, now: datetime) -> QuerySet[Complaint]:
    """What departments hold, whose first answer is late by the law's clock; a head's his own departments'."""
    told = Escalation.objects.filter(complaint=OuterRef("pk"), stage=Stage.REMINDER, due_at=OuterRef("due_at"))
    late = Complaint.objects.visible_to(user).filter(
        next_due_at__lt=now, due_at__lt=now, stopped_at=None, department__isnull=False
    )
    if directory.roles_of(user).isdisjoint({Role.OFFICER, Role.MANAGER, Role.AUDITOR}):
        own = [row.pk for row in directory.departments_of(user) if directory.heads(user, row)]
        late = late.filter(department__in=own)
    rows = late.annotate(reminded_at=Subquery(told.values("at")[:1])).select_related("department", "assignee")
    return rows.defer("text").order_by(F("due_at").asc(), "id")


def by_department(user: User, *, now: datetime) -> Iterator[Overdue]:
    """By department, who is latest first; of the oldest MOST."""
    found: dict[int, Overdue] = {}
    for row in overdue(user, now=now)[:MOST]:
        if row.department is not None:
            found.setdefault(row.department.pk, Overdue(row.department)).rows.append(row)
    yield from found.values()


def of_department(user: User, department: int, *, now: datetime) -> Overdue | None:
    """What is overdue there; None where nothing is that this person may see."""
    rows = list(overdue(user, now=now).filter(department=department)[:MOST])
    return Overdue(rows[0].department, rows) if rows and rows[0].department else None


def send(user: User, department: int, *, now: datetime) -> int:
    """Remind of what nobody was reminded of yet; of how many. Two at once remind once. Raises escalation.NotAllowed."""
    if not may_send(user):
        raise escalation.NotAllowed
    late = of_department(user, department, now=now)
    return sum(escalation.remind(row, by=user, now=now) for row in late.fresh) if late else 0
