"""Photos from the street: whoever works on a complaint puts them beside the draft of its answer, from the card of his
tray or from the form of the answer.

No text is needed yet, and none of a colleague's is lost. The same file sent twice is one photo, so a second tap says
"done" and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns import media
from channels_sns.accounts import capabilities_of
from complaints import permissions, reply_photos, reply_targets, workflow
from complaints.models import Complaint, Reply, ReplyPhoto, Status
from complaints.pages import moves
from complaints.pages.thread import Photo, photo_of

#: Of these the answer is still to be written (permissions.may_draft).
WRITTEN_IN = (Status.ASSIGNED, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a draft: `photos`, of at most `most` that the network takes with an answer as it will go out."""

    most: int
    photos: tuple[Photo, ...] = ()

    @property
    def room(self) -> int:
        return max(0, self.most - len(self.photos))


def beside(complaints: Sequence[Complaint]) -> dict[int, Beside]:
    """By complaint, of those that this may still be done to; in three queries for any number."""
    open_ones = [complaint for complaint in complaints if complaint.status in WRITTEN_IN]
    private, photos = _private(open_ones), defaultdict[int, list[Photo]](list)
    for row in ReplyPhoto.objects.filter(complaint__in=[one.pk for one in open_ones], reply=None):
        photos[row.complaint_id].append(photo_of(row))
    return {
        one.pk: Beside(capabilities_of(one.account).photos_of_reply(private=private[one.pk]), tuple(photos[one.pk]))
        for one in open_ones
    }


def _private(complaints: Sequence[Complaint]) -> dict[int, bool]:
    """Will the citizen alone read the answer? As its draft says; without one, as the citizen wrote."""
    ids = [complaint.pk for complaint in complaints]
    drafts = Reply.objects.answers().filter(complaint__in=ids, state=Reply.State.DRAFT)
    drafted = dict(drafts.values_list("complaint_id", "private"))
    targets = reply_targets.targets_of([one for one in complaints if one.pk not in drafted])
    return {**drafted, **{pk: reply_targets.is_private(target) for pk, target in targets.items()}}


def default_alt() -> str:
    """What such a photo nearly always shows."""
    return _("Photo of the place after the work")


def put(complaint: Complaint, posted: Any, files: Mapping[str, Any], *, by: User, now: datetime) -> str:
    """One photo out of a form; what was done, in words. The first one begins the work. Raises reply_photos.NotPossible,
    and then nothing is kept."""
    file = files.get("photo")
    if not file:
        raise reply_photos.NotPossible(_("Please choose or take a photo first."))
    alt = moves.typed_text(posted, "photo_alt") or default_alt()
    painted = reply_photos.paint(file.read(media.CHOSEN_BYTES_MAX + 1))
    try:
        _store(complaint, painted, alt=alt, by=by, now=now)
    except workflow.MoveNotAllowed as error:
        said = _("The reply is written already, or the complaint has moved on. The photo was not kept.")
        raise reply_photos.NotPossible(said) from error
    return _("The photo lies beside the reply of %(number)s.") % {"number": complaint.number}


def _store(complaint: Complaint, painted: media.Painted, *, alt: str, by: User, now: datetime) -> None:
    """As the complaint is now: a photo is added to whatever a colleague did meanwhile, never in the place of it."""
    with transaction.atomic():
        row = Complaint.objects.select_for_update().get(pk=complaint.pk)
        if not permissions.may_draft(by, row):
            raise workflow.MoveNotAllowed("photo")
        if reply_photos.is_there(row, painted.sha256):
            return
        wanted = len(reply_photos.of_draft(row)) + 1
        reply_photos.refuse_more(row, wanted, private=_private([row])[row.pk])
        if row.status == Status.ASSIGNED:
            workflow.start(row, by=by, version=row.version, now=now)
        workflow.photographed(row, by=by, version=row.version, now=now)
        reply_photos.put(row, painted, alt=alt, by=by, now=now)
