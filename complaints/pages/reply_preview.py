"""How a reply will stand under the citizen's post: every part as the network will show and count it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from channels_sns.accounts import adapter_class
from channels_sns.adapters.text import TooLong
from complaints import replies, reply_photos
from complaints.models import Complaint
from complaints.pages.linkify import Piece, pieces
from complaints.pages.thread import Photo, photo_of


@dataclass(frozen=True, slots=True)
class Measured:
    """`length` of the longest part as the network counts, `limit` of one post; 0 `parts`: it cannot fit.

    `posts`: each with its length.
    """

    length: int
    limit: int
    parts: int
    posts: tuple[tuple[str, int], ...] = ()


def measure(complaint: Complaint, text: str, *, private: bool | None = None) -> Measured:
    """How long `text` would be on the complaint's network, mention and tag included. Raises replies.NotPossible."""
    adapter = adapter_class(complaint.account.kind)
    target = replies.way_of(complaint, private)
    reply = replies.unsaved(complaint, text, private=private)
    limit, _most = replies.room_of(reply, target)
    try:
        parts = replies.compose(reply, target)
    except TooLong:
        return Measured(limit + 1, limit, 0)
    posts = tuple((part, adapter.measure(part)) for part, _tag in parts)
    return Measured(max(length for _part, length in posts), limit, len(parts), posts)


@dataclass(frozen=True, slots=True)
class Part:
    """One post: “1 / 3”, its text with mention and receipt tag, its length against what one post holds."""

    label: str
    pieces: list[Piece]
    count: str


@dataclass(frozen=True, slots=True)
class Preview:
    """`by`: the account that speaks; `to`: whose post stands above. Without parts there is nothing to show yet.

    `private`: nobody but that person sees it. `photos` stand with the first part.
    """

    by: str
    to: str
    parts: list[Part]
    private: bool = False
    photos: Sequence[Photo] = ()


def preview_of(complaint: Complaint, text: str, measured: Measured | None, *, private: bool | None = None) -> Preview:
    """`measured`: of this text; None where it cannot fit."""
    posts = measured.posts if measured and text.strip() else ()
    return Preview(
        by=str(complaint.account),
        to=str(complaint.author) if complaint.author else "",
        parts=[_part(number, len(posts), post, measured) for number, post in enumerate(posts, start=1) if measured],
        private=bool(private),
        photos=[photo_of(photo) for photo in reply_photos.of_draft(complaint)] if posts else [],
    )


def _part(number: int, of: int, post: tuple[str, int], measured: Measured) -> Part:
    text, length = post
    count = _("%(length)s / %(most)s") % {"length": f"{length:,}", "most": f"{measured.limit:,}"}
    return Part(f"{number} / {of}" if of > 1 else "", pieces(text), count)
