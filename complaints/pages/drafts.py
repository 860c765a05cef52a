"""What is being typed, kept on the server until it is sent: a crash or a dead battery costs at most two seconds' words.

Only writer of TypedText. It is nobody else's: colleagues see a draft when its author saves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from channels_sns.evidence import mask_resident_numbers
from complaints.models import Complaint, TypedText

TEXT_MAX = 20_000
FIELDS = frozenset(TypedText.Field.values)


@dataclass(frozen=True, slots=True)
class Kept:
    """The texts of one person about one complaint, "" where there is none."""

    reply: str = ""
    note: str = ""


def keep(complaint: Complaint, user: User, *, field: str, text: str, now: datetime) -> bool:
    """Keep `text` as it stands in the field; an empty one keeps nothing. False: there is no such field.

    Resident registration numbers are masked: nobody asked for them, so nobody may store them.
    """
    if field not in FIELDS:
        return False
    if not text.strip():
        forget(complaint, user, field=field)
        return True
    kept = mask_resident_numbers(text.replace("\x00", "")[:TEXT_MAX])
    values = {"text": kept, "saved_at": now}
    TypedText.objects.update_or_create(complaint=complaint, user=user, field=field, defaults=values)
    return True


def forget(complaint: Complaint, user: User, *, field: str) -> None:
    """It was sent, or wiped out."""
    TypedText.objects.filter(complaint=complaint, user=user, field=field).delete()


def kept(complaint: Complaint, user: User) -> Kept:
    """What this person had typed when he was interrupted."""
    return Kept(**dict(TypedText.objects.filter(complaint=complaint, user=user).values_list("field", "text")))
