"""The same matter again, on a page: which complaint leads this one, which were set aside as copies of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User

from complaints import merging, privacy, same_answer
from complaints.models import Complaint, Status
from complaints.moves import MOVES

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A copy: `told`: its citizen is the leading one's own, who gets the answer anyway."""

    complaint: Complaint
    author: str
    told: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """`leading`: what this one is a copy of; its posted `answer`; `may_answer`: this person can give it here too.

    `led`: copies of this one, the first SHOWN; `more`: so many further ones.
    """

    leading: Complaint | None = None
    answer: str = ""
    may_answer: bool = False
    led: list[Line] = field(default_factory=list)
    more: int = 0


def copies_of(complaint: Complaint, user: User) -> Copies:
    """For this person: only complaints that he may see."""
    seen = Complaint.objects.visible_to(user)
    if complaint.duplicate_of_id is not None:
        leading = seen.filter(pk=complaint.duplicate_of_id).first()
        answer = same_answer.answer_of(leading) if leading else None
        may = answer is not None and MOVES["reopen"].who(user, complaint) and complaint.status == Status.DISMISSED
        return Copies(leading=leading, answer=answer.text if answer else "", may_answer=may)
    found = list(merging.copies_of(complaint).filter(pk__in=seen).select_related("author")[: SHOWN + 1])
    return Copies(
        led=[_line(row, complaint, user) for row in found[:SHOWN]],
        more=merging.copies_of(complaint).count() - SHOWN if len(found) > SHOWN else 0,
    )


def _line(copy: Complaint, leading: Complaint, user: User) -> Line:
    masked = privacy.is_masked_on(copy, user)
    return Line(copy, privacy.author_label(copy.author, masked=masked), copy.author_id == leading.author_id)
