"""An officer who answers whatever is registered, as fast as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from complaints import replies, workflow
from complaints.models import Complaint, Status
from departments.models import Department


@dataclass(frozen=True, slots=True)
class Office:
    officer: User
    department: Department

    def answer_all(self) -> int:
        """Assign, answer and approve every new complaint; how many are answered by now."""
        for complaint in Complaint.objects.filter(status=Status.RECEIVED).select_related("account"):
            self._answer(complaint)
        return Complaint.objects.filter(status__in=(Status.ANSWERED, Status.COMPLETED)).count()

    def _answer(self, complaint: Complaint) -> None:
        def step() -> dict[str, Any]:
            return {"by": self.officer, "version": complaint.version, "now": timezone.now()}

        workflow.assign(complaint, department=self.department, **step())
        replies.draft(complaint, text="담당 부서에서 살펴보겠습니다.", **step())
        replies.approve(complaint, **step())
