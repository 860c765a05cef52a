"""How a reply will stand under the citizen's post: every part as the network will show and count it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from complaints import replies
from complaints.models import Complaint
from complaints.pages.linkify import Piece, pieces


@dataclass(frozen=True, slots=True)
class Part:
    """One post: “1 / 3”, its text with mention and receipt tag, its length against what one post holds."""

    label: str
    pieces: list[Piece]
    count: str


@dataclass(frozen=True, slots=True)
class Preview:
    """`by`: the account that speaks; `to`: whose post stands above. Without parts there is nothing to show yet.

    `private`: nobody but that person sees it.
    """

    by: str
    to: str
    parts: list[Part]
    private: bool = False


def preview_of(
    complaint: Complaint, text: str, measured: replies.Measured | None, *, private: bool | None = None
) -> Preview:
    """`measured`: of this text; None where it cannot fit."""
    posts = measured.posts if measured and text.strip() else ()
    return Preview(
        by=str(complaint.account),
        to=str(complaint.author) if complaint.author else "",
        parts=[_part(number, len(posts), post, measured) for number, post in enumerate(posts, start=1) if measured],
        private=bool(private),
    )


def _part(number: int, of: int, post: tuple[str, int], measured: replies.Measured) -> Part:
    text, length = post
    count = _("%(length)s / %(most)s") % {"length": f"{length:,}", "most": f"{measured.limit:,}"}
    return Part(f"{number} / {of}" if of > 1 else "", pieces(text), count)
