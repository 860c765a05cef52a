"""How an emergency changes: one count for every change, one line in its history. Errors of all its moves."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import F
from django.utils.translation import gettext as _

from complaints import permissions
from complaints.models import Emergency, EmergencyEvent

State = Emergency.State


class NotPossible(Exception):
    """Nothing was changed; the text says why, for the person who tried."""


class Conflict(Exception):
    """Somebody else changed it meanwhile."""


def note(emergency: Emergency, what: str, *, by: User | None, now: datetime, words: str = "") -> None:
    """Write an event."""
    EmergencyEvent.objects.create(emergency=emergency, what=what, at=now, by=by, note=words)


def take(emergency: Emergency, version: int, state: Emergency.State) -> None:
    """Count a change, in the caller's transaction. Raises Conflict, NotPossible."""
    mine = Emergency.objects.filter(pk=emergency.pk, version=version, state=state)
    taken = mine.update(version=F("version") + 1)
    emergency.refresh_from_db()
    if not taken and emergency.version != version:
        raise Conflict
    if not taken:
        raise NotPossible(_("This is not possible now: %(state)s.") % {"state": State(emergency.state).label})


def check_rights(user: User) -> None:
    if not permissions.may_alarm(user):
        raise NotPossible(_("Only an SNS officer can do this."))
