"""What moves a legal clock: a person names the kind, or the calendar changes. complaints.workflow writes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from complaints import deadlines, permissions, workflow
from complaints.models import Complaint
from complaints.models.complaint import CLOSED
from complaints.models.kinds import LegalKind
from departments.working_time import Calendar


def may_set_kind(user: User, complaint: Complaint) -> bool:
    """An officer or the head of the department that holds it, while something is still to be done."""
    return permissions.approver(user, complaint) and complaint.status not in CLOSED


def as_kind(
    complaint: Complaint, kind: LegalKind, *, now: datetime, calendar: Calendar | None = None
) -> dict[str, datetime]:
    """The clock of this complaint if it were of that kind from now on. Raises deadlines.NoClock."""
    afresh = deadlines.reading().from_promotion and kind != LegalKind.SNS
    since = now if afresh else deadlines.since_of(complaint)
    return {"clock_from": since, "due_at": deadlines.due(kind, since, calendar=calendar)}


def set_kind(complaint: Complaint, *, by: User, version: int, now: datetime, kind: LegalKind, note: str = "") -> None:
    """A person says which kind of the law it is, and the due time follows. 법정민원 go to their own counter.

    Raises workflow.MoveNotAllowed, workflow.Conflict."""
    if not may_set_kind(by, complaint) or kind == LegalKind.STATUTORY:
        raise workflow.MoveNotAllowed("kind")
    changes: dict[str, Any] = {"legal_kind": kind, **as_kind(complaint, kind, now=now)}
    workflow.touch(complaint, "kind", by=by, now=now, version=version, note=note, **changes)


def move_due(complaint: Complaint, *, now: datetime, due_at: datetime) -> None:
    """The calendar changed and the due time with it (complaints.recount). Raises workflow.Conflict."""
    workflow.touch(complaint, "due", by=None, now=now, version=complaint.version, due_at=due_at)
