"""An emergency has the floor: nothing scheduled goes out while a freeze is in force. Only writer of Freeze.

What its time passes in the meantime is missed, not sent late (channels_sns.releases); what lies in the outbox already
stays there (channels_sns.outbox.due).
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User

from channels_sns.models import Freeze


def current() -> Freeze | None:
    """The freeze in force."""
    return Freeze.objects.filter(running=True).first()


def begin(*, reason: str, by: User | None, now: datetime) -> Freeze:
    """Stop everything scheduled, in the caller's transaction; one that is in force already goes on."""
    held = locked()
    if held is not None:
        return held
    return Freeze.objects.get_or_create(running=True, defaults={"since": now, "reason": reason[:200], "by": by})[0]


def locked() -> Freeze | None:
    """The freeze in force, held to the end of the caller's transaction: its beginning and end never cross."""
    return Freeze.objects.select_for_update().filter(running=True).first()


def end(*, now: datetime) -> bool:
    """Let it go on; was anything stopped?"""
    return bool(Freeze.objects.filter(running=True).update(running=None, until=now))


def overlapped(begin: datetime, end: datetime) -> bool:
    """Was a freeze in force at some moment between?"""
    began = Freeze.objects.filter(since__lte=end)
    return began.exclude(until__lt=begin).exists()
