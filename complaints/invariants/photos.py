"""I6: a stored photo is there, byte for byte; one that is not says why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from channels_sns import media
from channels_sns.models import InboundMedia
from complaints.invariants.violation import GRACE, Violation

State = InboundMedia.State


def every_photo_is_whole(now: datetime) -> Iterator[Violation]:
    """Final states only, apart from what the clock is about to fetch."""
    for photo in InboundMedia.objects.order_by("id").iterator(chunk_size=500):
        text = _wrong(photo, now)
        if text:
            yield Violation("I6", f"photo {photo.pk} of post {photo.post_id}", text)


def _wrong(photo: InboundMedia, now: datetime) -> str:
    if photo.state == State.WAITING:
        due = photo.next_try_at
        return _("should have been fetched by now") if due is None or due < now - GRACE else ""
    if photo.state != State.STORED:
        return "" if photo.failure else _("is missing without a reason")
    return _wrong_file(photo)


def _wrong_file(photo: InboundMedia) -> str:
    try:
        content = media.path_of(photo.file).read_bytes()
    except OSError:
        return _("its file is missing")
    if hashlib.sha256(content).hexdigest() != photo.sha256:
        return _("its file is not the one that was stored")
    return "" if photo.thumbnail and media.path_of(photo.thumbnail).is_file() else _("its small copy is missing")
