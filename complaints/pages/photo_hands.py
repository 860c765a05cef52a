"""Photos in the form of a reply: a new one, words for those that are there, one to be taken out.

What was sent is kept even where the text is refused: nobody chooses a photo on a telephone twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from channels_sns import media
from complaints import permissions, reply_photos, workflow
from complaints.models import Complaint

WORDS = "photo-alt-"


@dataclass(frozen=True, slots=True)
class Sent:
    """`new` with the words `alt`; `words` by the ids of the draft's photos; `dropped`: the id of one of them."""

    new: media.Painted | None
    alt: str
    words: Mapping[str, str]
    dropped: str

    def store(self, complaint: Complaint, *, by: User, now: datetime) -> None:
        """In the caller's transaction. Raises reply_photos.NotPossible."""
        reply_photos.describe(complaint, self.words)
        if self.dropped:
            reply_photos.drop(complaint, self.dropped)
        if self.new is not None:
            reply_photos.put(complaint, self.new, alt=self.alt, by=by, now=now)


def read(posted: Any, files: Mapping[str, Any]) -> Sent:
    """A photo that was sent is repainted at once. Raises reply_photos.NotPossible."""
    file = files.get("photo")
    new = reply_photos.paint(file.read(media.CHOSEN_BYTES_MAX + 1)) if file else None
    words = {name.removeprefix(WORDS): posted[name] for name in posted if name.startswith(WORDS)}
    return Sent(new, posted.get("photo_alt", ""), words, posted.get("drop_photo", ""))


def keep(complaint: Complaint, sent: Sent, *, by: User, version: int, now: datetime) -> None:
    """Only the photos, without the text; nothing where somebody was faster: then the page says who. Raises
    reply_photos.NotPossible.

    Read anew: what was refused may have left `complaint` as it would have become.
    """
    complaint.refresh_from_db()
    if not (sent.new or sent.words or sent.dropped) or not permissions.may_draft(by, complaint):
        return
    try:
        with transaction.atomic():
            workflow.drafted(complaint, by=by, version=version, now=now)
            sent.store(complaint, by=by, now=now)
    except workflow.Conflict:
        return
