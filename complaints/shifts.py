"""The hand-over of a shift: a note for whoever comes next, and his word that he took over. Only writer of ShiftNote."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet

from complaints.models import ShiftNote

NOTE_MAX = 4000


def write(key: UUID, text: str, *, by: User, now: datetime) -> ShiftNote:
    """Leave a note; the same form sent twice is one note, as it was first."""
    row, _new = ShiftNote.objects.get_or_create(key=key, defaults={"text": text, "author": by, "written_at": now})
    return row


def take_over(*, up_to: int, by: User, now: datetime) -> int:
    """This person has taken over what was shown, up to that note; how many notes. His own, and what another took over
    before, stay as they are."""
    waiting = ShiftNote.objects.filter(taken_at=None, pk__lte=up_to).exclude(author=by)
    return waiting.update(taken_by=by, taken_at=now)


def newest() -> QuerySet[ShiftNote]:
    """The newest first."""
    return ShiftNote.objects.select_related("author", "taken_by").order_by("-id")
