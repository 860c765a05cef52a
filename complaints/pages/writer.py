"""What the same citizen wrote before, as far as this person may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from complaints.models import Complaint, Status
from complaints.pages import words

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Before:
    """One earlier complaint."""

    pk: int
    number: str
    when: str
    status: str
    status_label: str


@dataclass(frozen=True, slots=True)
class Writer:
    """How many other complaints of the same author there are, the newest of them; 0 where nobody knows the author."""

    number: int
    newest: list[Before]


def writer_of(complaint: Complaint, user: User, *, now: datetime) -> Writer:
    """Two queries at most; none where the network did not say who wrote."""
    if complaint.author_id is None:
        return Writer(0, [])
    others = Complaint.objects.visible_to(user).filter(author=complaint.author_id).exclude(pk=complaint.pk)
    rows = others.only("number", "received_at", "status").order_by("-received_at", "-pk")[:SHOWN]
    newest = [
        Before(row.pk, row.number, words.ago(row.received_at, now=now), row.status, str(Status(row.status).label))
        for row in rows
    ]
    return Writer(others.count() if len(rows) == SHOWN else len(rows), newest)
