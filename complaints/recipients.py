"""Whom an alarm concerns: who holds the complaint, who answers for the department, the desk, who is on call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import User

from complaints.models import Complaint
from departments import directory
from departments.models import Role


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

    def holders(self, complaint: Complaint) -> list[User]:
        """The person in charge; while there is none, the department's people; while none has it, the desk."""
        if complaint.assignee is not None and complaint.assignee.is_active:
            return [complaint.assignee]
        return self._people(complaint, Role.STAFF) or self.heads(complaint)

    def heads(self, complaint: Complaint) -> list[User]:
        """The heads of the department that holds it; the desk while none does, or where there is no head."""
        return self._people(complaint, Role.HEAD) or self.desk

    def _people(self, complaint: Complaint, role: Role) -> list[User]:
        if complaint.department_id is None:
            return []
        key = (complaint.department_id, role)
        if key not in self._of_department:
            found = directory.people(role, department=complaint.department_id, now=self.now)
            self._of_department[key] = list(found.order_by("pk"))
        return self._of_department[key]
