"""반복민원 and 다수인관련민원 (법 제23조, 제2조6호; 영 제26조).

법 제23조①: who files the same complaint three times or more without just cause may, when its result was told him two
times or more, have what he files after that closed (종결) without a further answer. The desk suggests, an officer or
the head links, and a person closes, with a reason and a notice to the citizen; nothing happens by itself. What concerns
many goes before the committee (민원조정위원회) first and is not closed here. Only writer of Repetition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import legal_notices, notices, permissions, replies, similar, workflow
from complaints.models import Complaint, Repetition, Reply, Status
from complaints.models.complaint import ComplaintQuerySet

#: 법 제23조①: so many filings, and so many results told before the one that may be closed.
FILINGS, RESULTS = 3, 2
#: 법 제2조6호: what concerns five households or more and is filed by five or more together.
MANY = 5
#: Compared are so many of the citizen's newest; from this cosine on they are suggested.
COMPARED, ALIKE = 50, 0.35


class NotPossible(Exception):
    """The text says why, for the person who tried."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier complaint of the same citizen that reads alike; `words` stand in both."""

    complaint: Complaint
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How often it was filed, this time included, and how often its result was told before."""

    filings: int
    results: int

    @property
    def is_repeated(self) -> bool:
        return self.filings >= FILINGS and self.results >= RESULTS


def may_link(user: User, complaint: Complaint) -> bool:
    """An officer, or the head of the department that holds it."""
    return permissions.approver(user, complaint)


def candidates(complaint: Complaint, *, among: ComplaintQuerySet) -> list[Candidate]:
    """Earlier complaints of the same citizen that read alike and are not linked yet, the most alike first."""
    if complaint.author_id is None:
        return []
    earlier = _earlier(complaint, among).exclude(repeated_by__complaint=complaint)
    rows = list(earlier.order_by("-received_at", "-id")[:COMPARED])
    near = similar.Index([row.text for row in rows]).near(complaint.text, at_least=ALIKE)
    return [Candidate(rows[at], score, similar.shared_words(complaint.text, rows[at].text)) for at, score in near]


def _earlier(complaint: Complaint, among: ComplaintQuerySet) -> ComplaintQuerySet:
    before = Q(received_at__lt=complaint.received_at) | Q(received_at=complaint.received_at, pk__lt=complaint.pk)
    return among.filter(before, author=complaint.author_id)


def linked(complaint: Complaint) -> list[Repetition]:
    """What a person has linked, the oldest first."""
    return list(complaint.repeats.select_related("earlier", "by").order_by("earlier__received_at", "id"))


def count_of(complaint: Complaint, links: Sequence[Repetition]) -> Count:
    """Told is a result whose answer stood on the network before this one came."""
    told = Reply.objects.answers().filter(
        complaint__in=[link.earlier_id for link in links],
        state=Reply.State.SENT,
        settled_at__lte=complaint.received_at,
    )
    return Count(1 + len(links), told.count() if links else 0)


# --- a person -------------------------------------------------------------------------------------------------------


def link(complaint: Complaint, earlier_id: int, *, by: User, now: datetime) -> None:
    """Say that it is the same as that earlier one. Raises NotPossible, workflow.MoveNotAllowed."""
    if not may_link(by, complaint):
        raise workflow.MoveNotAllowed("repeat")
    earlier = _earlier(complaint, Complaint.objects.visible_to(by)).filter(pk=earlier_id).first()
    if complaint.author_id is None or earlier is None:
        raise NotPossible(_("Only an earlier complaint of the same citizen can be linked."))
    with transaction.atomic():
        values = {"by": by, "at": now}
        _row, new = Repetition.objects.get_or_create(complaint=complaint, earlier=earlier, defaults=values)
        if new:
            workflow.touch(complaint, "repeat", by=by, now=now, note=earlier.number)


def unlink(complaint: Complaint, earlier_id: int, *, by: User, now: datetime) -> None:
    """It is another matter after all. Raises workflow.MoveNotAllowed."""
    if not may_link(by, complaint):
        raise workflow.MoveNotAllowed("repeat")
    with transaction.atomic():
        link = complaint.repeats.filter(earlier=earlier_id).select_related("earlier").first()
        if link is not None:
            Repetition.objects.filter(pk=link.pk).delete()
            workflow.touch(complaint, "unrepeat", by=by, now=now, note=link.earlier.number)


def set_many(complaint: Complaint, *, by: User, version: int, now: datetime, many: bool, note: str) -> None:
    """It concerns many (다수인관련민원), or not after all. Raises the workflow's errors."""
    if not may_link(by, complaint):
        raise workflow.MoveNotAllowed("many")
    changes = {"collective_at": now if many else None}
    workflow.touch(complaint, "many" if many else "not_many", by=by, now=now, version=version, note=note, **changes)


def text_of(complaint: Complaint) -> str:
    """What the citizen is told, in his language."""
    with translation.override(complaint.answer_language):
        return _(
            "You have filed this matter several times and were told the result twice or more. As nothing new has come "
            "up, we close this complaint %(number)s without a further answer (Civil Petitions Treatment Act, art. 23)."
        ) % {"number": complaint.number}


def close(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str, text: str) -> Reply:
    """Close it as repeated and tell the citizen, or neither.

    Raises NotPossible, replies.NotPossible and the workflow's errors."""
    with transaction.atomic():
        legal_notices.check_right(by, complaint)
        row = Complaint.objects.select_for_update().get(pk=complaint.pk)
        if row.collective_at is not None:
            raise NotPossible(_("What concerns many goes before the mediation committee first (영 제26조)."))
        if not count_of(row, linked(row)).is_repeated:
            raise NotPossible(_("Only what was filed three times, its result told twice before, may be closed so."))
        if complaint.status == Status.ASSIGNED:
            workflow.start(complaint, by=by, version=version, now=now)
            version = complaint.version
        said = _("Closed as repeated (법 제23조): %(reason)s") % {"reason": reason}
        replies.close(complaint, by=by, version=version, now=now, reason=said)
        return notices.say(complaint, Reply.Kind.NOTICE, text, by=by, now=now, event="repeat_close")
