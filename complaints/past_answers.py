"""What the city answered before to complaints that read like this one: posted replies, for an officer to start from.

Looked at are the newest posted replies of the departments in question; the complaints that they answered are compared
by complaints.similar. Nothing is written or sent by it. What was said to one citizen alone is no example for others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from complaints.models import Complaint, Reply
from complaints.models.complaint import ComplaintQuerySet
from complaints.similar import Index

#: Within the same department's answers less likeness is needed than between strangers.
SAME_KIND = 0.2
COMPARED, SHOWN = 1_000, 3


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """A posted reply, to which complaint, by whom; `score`: how near that complaint's text is (cosine)."""

    reply_id: int
    text: str
    number: str
    asked: str
    department: str
    answered_at: datetime
    score: float


def of(text: str, *, among: ComplaintQuerySet, departments: Collection[int]) -> list[PastAnswer]:
    """At most three, the nearest first, each text once. `among`: what the reader may see, without this complaint."""
    rows = Reply.objects.public().filter(state=Reply.State.SENT, settled_at__isnull=False, complaint__in=among)
    if departments:
        rows = rows.filter(complaint__department__in=departments)
    newest = list(rows.order_by("-id").values_list("pk", "complaint__text")[:COMPARED])
    near = Index([asked for _pk, asked in newest]).near(text, at_least=SAME_KIND)
    scores = {newest[at][0]: score for at, score in near}
    found = Reply.objects.select_related("complaint__department").in_bulk(list(scores)[: 4 * SHOWN])
    once: dict[str, PastAnswer] = {}
    for pk, score in scores.items():
        if pk in found:
            once.setdefault(found[pk].text, _answer(found[pk], score))
    return list(once.values())[:SHOWN]


def of_complaint(complaint: Complaint, *, among: ComplaintQuerySet) -> list[PastAnswer]:
    """Of the department that holds it, else of those that are suggested, else of all."""
    suggested = complaint.suggestions.values_list("department_id", flat=True)
    departments = [complaint.department_id] if complaint.department_id else list(suggested)
    return of(complaint.text, among=among.exclude(pk=complaint.pk), departments=departments)


def _answer(reply: Reply, score: float) -> PastAnswer:
    complaint = reply.complaint
    assert reply.settled_at is not None  # noqa: S101 - asked for
    return PastAnswer(
        reply_id=reply.pk,
        text=reply.text,
        number=complaint.number,
        asked=complaint.text,
        department=complaint.department.name if complaint.department else "",
        answered_at=reply.settled_at,
        score=round(score, 3),
    )
