"""Photos of an answer: put to the draft, repainted; bound to the reply by its approval, and never changed after it.

Only writer of ReplyPhoto. A photo goes out with the first part of the answer, in the words that were approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from channels_sns import media
from channels_sns.accounts import capabilities_of
from channels_sns.adapters.text import nfc
from complaints.models import Complaint, Reply, ReplyPhoto

ALT_MAX = 1000
_NAMES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


class NotPossible(Exception):
    """The text says why, for the person who tried."""


def paint(content: bytes) -> media.Painted:
    """Store our own copy of a photo, without EXIF. Raises NotPossible."""
    try:
        return media.paint(content)
    except media.NoPhoto as error:
        raise NotPossible(str(error)) from error


def put(complaint: Complaint, painted: media.Painted, *, alt: str, by: User, now: datetime) -> None:
    """Put it to the draft; the same file twice is one photo. Raises NotPossible where the network takes no more.

    For the citizen alone a network takes fewer: the approval looks at that, until then it may become a public one.
    """
    if not is_there(complaint, painted.sha256):
        refuse_more(complaint, len(of_draft(complaint)) + 1, private=False)
    more = {"id": painted.id, "added_by": by, "added_at": now, "alt": _cleaned(alt)}
    ReplyPhoto.objects.get_or_create(
        complaint=complaint, reply=None, sha256=painted.sha256, defaults={**painted.stored, **more}
    )


def describe(complaint: Complaint, words: Mapping[str, str]) -> None:
    """The words for the draft's photos, by their ids; of others nothing changes."""
    for photo in of_draft(complaint):
        if str(photo.pk) in words:
            ReplyPhoto.objects.filter(pk=photo.pk, reply=None).update(alt=_cleaned(words[str(photo.pk)]))


def drop(complaint: Complaint, photo_id: str) -> None:
    """Take a photo out of the draft; one that is not there is out already."""
    for photo in of_draft(complaint):
        if str(photo.pk) == photo_id:
            ReplyPhoto.objects.filter(pk=photo.pk, reply=None).delete()


def of_draft(complaint: Complaint) -> list[ReplyPhoto]:
    """In the order in which they will stand."""
    return list(complaint.reply_photos.filter(reply=None))


def is_there(complaint: Complaint, sha256: str) -> bool:
    """Lies this very file with the draft already?"""
    return complaint.reply_photos.filter(reply=None, sha256=sha256).exists()


def bind(reply: Reply) -> None:
    """The draft's photos belong to this approved answer now. Raises NotPossible."""
    photos = of_draft(reply.complaint)
    _check(reply, photos)
    ReplyPhoto.objects.filter(pk__in=[photo.pk for photo in photos]).update(reply=reply)


def media_of(reply: Reply) -> list[dict[str, str]]:
    """What the outbox sends with it."""
    return [{"file": photo.file, "alt": photo.alt} for photo in reply.photos.all()]


def bring_back(reply: Reply) -> None:
    """The answer was taken back: its photos are offered again with its text, and stay with it in the history."""
    for photo in reply.photos.all():
        kept = ("alt", "file", "thumbnail", "width", "height", "added_by", "added_at")
        values = {name: getattr(photo, name) for name in kept}
        ReplyPhoto.objects.get_or_create(
            complaint=reply.complaint, reply=None, sha256=photo.sha256, defaults={"id": uuid4(), **values}
        )


def refuse_more(complaint: Complaint, number: int, *, private: bool) -> None:
    """So many photos go out with an answer there. Raises NotPossible."""
    most = capabilities_of(complaint.account).photos_of_reply(private=private)
    if number and not most:
        raise NotPossible(
            _("A private answer carries no photo on this network.")
            if private
            else _("Answers on this network carry no photo.")
        )
    if number > most:
        raise NotPossible(_("An answer on this network carries at most %(most)d photos.") % {"most": most})


def _check(reply: Reply, photos: list[ReplyPhoto]) -> None:
    refuse_more(reply.complaint, len(photos), private=reply.private)
    if any(not _tells(photo.alt) for photo in photos):
        raise NotPossible(_("Say in words what the photo shows: some people hear it read aloud."))


def _cleaned(alt: str) -> str:
    return nfc(" ".join(alt.replace("\x00", "").split()))[:ALT_MAX]


def _tells(alt: str) -> bool:
    """A file's name says nothing."""
    return len(alt) > 1 and (" " in alt or not alt.lower().endswith(_NAMES))
