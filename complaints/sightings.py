"""What people write under an alarm, gathered into the emergency as it comes. Only writer of Sighting."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User

from channels_sns import gathering
from complaints.models import Emergency, Sighting


def gather(emergency: Emergency, *, now: datetime) -> int:
    """Take from the shelf what stands under the alarm and the all-clear; how many are new."""
    broadcasts = [one for one in (emergency.alarm, emergency.all_clear) if one is not None]
    fresh = [post for one in broadcasts for post in gathering.collected(one).filter(sighting=None)]
    rows = [Sighting(emergency=emergency, post=post, gathered_at=now) for post in fresh]
    Sighting.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def weigh(sighting: Sighting, state: Sighting.State, *, by: User, now: datetime) -> None:
    """An officer says what it is worth; the last word counts."""
    Sighting.objects.filter(pk=sighting.pk).update(state=state, decided_by=by, decided_at=now)
