"""Where it happened: an officer takes a district that the text may mean, or another one. complaints.workflow writes."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints import permissions, searchdocs, workflow
from complaints.models import Complaint
from complaints.models.complaint import CLOSED
from departments.models import District


def may_locate(user: User, complaint: Complaint) -> bool:
    """An officer, while something is still to be done."""
    return permissions.officer(user, complaint) and complaint.status not in CLOSED


def locate(complaint: Complaint, *, by: User, version: int, now: datetime, district: District | None) -> None:
    """It happened there; None: nobody can tell. Raises workflow.MoveNotAllowed, workflow.Conflict."""
    if not may_locate(by, complaint):
        raise workflow.MoveNotAllowed("place")
    with transaction.atomic():
        name = district.name if district else ""
        workflow.touch(complaint, "place", by=by, now=now, version=version, note=name, district=district)
        searchdocs.refresh([complaint.pk], now=now)
