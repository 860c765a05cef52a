"""Who has which complaint open: shown to the others, and the next free one goes to each. Only writer of Presence.

It warns, it does not lock: the version of a complaint decides who was faster (complaints.workflow.Conflict). Who gives
no sign of life for a while, or opens another complaint, has let go of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet

from complaints.models import Complaint, Presence
from complaints.pages.people import person_name

#: The page gives a sign of life every 30 s while its person does something; without JavaScript, at each step.
IDLE = timedelta(minutes=2)


def opened(complaint: Complaint, user: User, *, now: datetime) -> None:
    """The person looks at it from now on, and at no other; coming back within the time keeps his turn."""
    mine = Presence.objects.filter(user=user)
    if not mine.filter(complaint=complaint, seen_at__gt=now - IDLE).update(seen_at=now):
        fresh = {"complaint": complaint, "since": now, "seen_at": now}
        Presence.objects.update_or_create(user=user, defaults=fresh)


def alive(complaint: Complaint, user: User, *, now: datetime) -> None:
    """A sign of life from an open page; one of a page that was left behind changes nothing.

    A reload says good-bye after the new page was shown: whoever is nowhere any more is here again.
    """
    if not Presence.objects.filter(user=user, complaint=complaint).update(seen_at=now):
        Presence.objects.get_or_create(user=user, defaults={"complaint": complaint, "since": now, "seen_at": now})


def left(complaint: Complaint, user: User) -> None:
    """The page was closed."""
    Presence.objects.filter(user=user, complaint=complaint).delete()


def others_at(complaint: Complaint, user: User, *, now: datetime) -> list[str]:
    """The names of those who have it open too, who came first first."""
    return [person_name(row.user) for row in _others(user, now=now).filter(complaint=complaint)]


def held_by_others(user: User, *, now: datetime) -> list[int]:
    """Complaints that others have open: the next one of the queue is none of them."""
    return list(_others(user, now=now).values_list("complaint_id", flat=True))


def names_by_complaint(user: User, *, now: datetime) -> dict[int, str]:
    """Complaint → who else has it open; as many rows as there are officers at work."""
    found: dict[int, str] = {}
    for row in _others(user, now=now):
        found.setdefault(row.complaint_id, person_name(row.user))
    return found


def _others(user: User, *, now: datetime) -> QuerySet[Presence]:
    return Presence.objects.filter(seen_at__gt=now - IDLE).exclude(user=user).select_related("user").order_by("since")
