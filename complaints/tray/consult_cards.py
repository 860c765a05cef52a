"""협조 in the tray: the complaints that other departments ask ours about, and what our own wait for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet

from complaints.models import Complaint, Consultation
from complaints.models.complaint import CLOSED
from complaints.pages import consult_desk, field_photos, rows
from departments import directory, working_time

MOST = 100
RELATED = ("department", "holder", "asked_by", "settled_by", "complaint")


@dataclass(frozen=True, slots=True)
class Card:
    """One complaint. `accept_url`, `start_url`: one tap accepts it, begins the work; `accept_until`: after that the
    desk takes it back. `consults`: what other departments were asked about it; of one we were asked about, that one.
    `beside`: the photos beside its draft; `photo_url` takes one more."""

    row: rows.Row
    version: int
    accept_url: str = ""
    accept_until: str = ""
    start_url: str = ""
    consults: tuple[consult_desk.Line, ...] = ()
    beside: field_photos.Beside | None = None
    photo_url: str = ""


def asked(user: User, *, now: datetime) -> list[Card]:
    """One card for each request that waits for this person's departments, the earliest first; in a few queries."""
    mine = directory.department_ids_of(user)
    wanted = _open().filter(department__in=mine).order_by("due_at", "id")[:MOST]
    requests, calendar = list(wanted), working_time.calendar_for()
    found = rows.for_list(Complaint.objects.filter(pk__in={row.complaint_id for row in requests}))
    complaints = {complaint.pk: complaint for complaint in found}
    lines = dict(zip(complaints, rows.rows_of(complaints.values(), user, now=now), strict=True))
    return [
        Card(
            lines[row.complaint_id],
            complaints[row.complaint_id].version,
            consults=(consult_desk.line_of(row, now=now, calendar=calendar, masked=False),),
        )
        for row in requests
    ]


def waiting(complaints: Sequence[Complaint], *, now: datetime) -> dict[int, list[consult_desk.Line]]:
    """By complaint, what its department asked others and still waits for; in one query."""
    found, calendar = defaultdict[int, list[consult_desk.Line]](list), working_time.calendar_for()
    for row in _open().filter(complaint__in=[complaint.pk for complaint in complaints]):
        found[row.complaint_id].append(consult_desk.line_of(row, now=now, calendar=calendar, masked=False))
    return found


def _open() -> QuerySet[Consultation]:
    waits = Consultation.objects.filter(state=Consultation.State.ASKED).exclude(complaint__status__in=CLOSED)
    return waits.select_related(*RELATED).defer("complaint__text")
