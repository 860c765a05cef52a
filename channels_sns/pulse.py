"""Signs of life: the clock's ticks, the nudges that the broker refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from channels_sns.models.pulse import Pulse


def note(name: str, *, now: datetime) -> None:
    """`name` happened now, once more."""
    Pulse.objects.get_or_create(name=name, defaults={"at": now})
    Pulse.objects.filter(name=name).update(at=now, count=F("count") + 1)


def age(name: str, *, now: datetime) -> timedelta | None:
    """Time since `name` last happened; None: never."""
    last = Pulse.objects.filter(name=name).values_list("at", flat=True).first()
    return now - last if last else None


def count(name: str) -> int:
    """How often `name` has happened."""
    return Pulse.objects.filter(name=name).values_list("count", flat=True).first() or 0
