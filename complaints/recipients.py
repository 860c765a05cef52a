"""Whom an alarm concerns: who holds the complaint, who answers for the department, the desk, who is on call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import User

from complaints.models import Arbitration, Complaint, Stage
from departments import directory
from departments.models import Role


@dataclass(frozen=True, slots=True)
class Found:
    """A stage that was reached: of this complaint, for this due time. `people`: who hears of it, where the stage alone
    does not say so."""

    complaint: Complaint
    stage: Stage
    due_at: datetime
    emergency: bool = False
    turn: int = 0
    people: Sequence[User] | None = None


@dataclass
class Roster:
    """The people of one moment, each list read once."""

    now: datetime
    _of_department: dict[tuple[int, Role], list[User]] = field(default_factory=dict)

    @cached_property
    def desk(self) -> list[User]:
        """Every SNS officer."""
        return list(directory.people(Role.OFFICER, now=self.now).order_by("pk"))

    @cached_property
    def at_once(self) -> list[User]:
        """Who answers an emergency: whoever is on call; where the roster has a hole, every officer."""
        return directory.on_call(now=self.now) or self.desk

    @cached_property
    def arbiters(self) -> list[User]:
        """Who decides what departments sent back too often."""
        return list(directory.people(Role.ARBITER, now=self.now).order_by("pk"))

    def dispatchers(self, complaint: Complaint) -> list[User]:
        """Who may hand what no department has over to another agency (permissions.dispatcher_or_decider): the arbiter,
        once it came before him and there is one; else the desk. Of an emergency both."""
        if complaint.arbitration == Arbitration.NONE or not self.arbiters:
            return self.holders(complaint)
        urgent = complaint.priority == Complaint.Priority.URGENT
        return [*self.arbiters, *(self.desk if urgent else [])]

    def holders(self, complaint: Complaint) -> list[User]:
        """The person in charge; while there is none, the department's people; while none has it, the desk."""
        if complaint.assignee is not None and complaint.assignee.is_active:
            return [complaint.assignee]
        return self.of_department(complaint.department_id, Role.STAFF) or self.heads(complaint)

    def heads(self, complaint: Complaint) -> list[User]:
        """The heads of the department that holds it; the desk while none does, or where there is no head."""
        return self.of_department(complaint.department_id, Role.HEAD) or self.desk

    def of_department(self, department: int | None, role: Role) -> list[User]:
        """Its people in this role; nobody of no department."""
        if department is None:
            return []
        key = (department, role)
        if key not in self._of_department:
            found = directory.people(role, department=department, now=self.now)
            self._of_department[key] = list(found.order_by("pk"))
        return self._of_department[key]
