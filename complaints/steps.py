"""The one way a complaint changes: the only writer of Complaint and of ComplaintEvent.

The row is locked, the version that the person saw is held against it, the table of moves is asked; status and one event
are written in the same transaction, or it raises. `by` None is the desk itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from complaints import measures, searchdocs
from complaints.models import Complaint, ComplaintEvent, Status
from complaints.models.complaint import CLOSED
from complaints.moves import MOVES, Move

#: What an event keeps as it was and as it became.
KEPT = frozenset({"due_at", "legal_kind", "extended_by", "visit_days"})


class MoveNotAllowed(Exception):
    """The table does not know this move from the present status, or not for this person."""


class Conflict(Exception):
    """The complaint is not as the person saw it: somebody else was faster."""


def take(
    complaint: Complaint,
    name: str,
    *,
    by: User | None,
    version: int | None,
    now: datetime,
    note: str = "",
    **changes: Any,
) -> None:
    """Status and event together, or MoveNotAllowed, Conflict; `complaint` is brought up to date."""
    move = MOVES[name]
    with transaction.atomic():
        row = _locked(complaint, version)
        before, holder_id = Status(row.status), row.department_id
        if before not in move.froms or not _permitted(move, by, row):
            raise MoveNotAllowed(name)
        row.status = move.to or Status(row.held_from)
        data = _change(row, changes)
        row.closed_at = now if row.status in CLOSED else None
        row.held_from = before if row.status == Status.ON_HOLD else ""
        row.news_at = None if by is not None else row.news_at
        _store(row)
        if not searchdocs.PLACES.isdisjoint(changes):
            searchdocs.refresh([row.pk], now=now)
        after, department_id = Status(row.status), row.department_id or holder_id
        told: dict[str, Any] = {"note": note, "department_id": department_id, "data": data}
        record(row, name, by=by, now=now, before=before, after=after, **told)
    complaint.refresh_from_db()


def touch(
    complaint: Complaint,
    event: str,
    *,
    by: User | None,
    now: datetime,
    version: int | None = None,
    note: str = "",
    **changes: Any,
) -> None:
    """A change without a change of status, with its event."""
    with transaction.atomic():
        row = _locked(complaint, version)
        data = _change(row, changes)
        _store(row)
        record(row, event, by=by, now=now, note=note, department_id=row.department_id, data=data)
    complaint.refresh_from_db()


def _locked(complaint: Complaint, version: int | None) -> Complaint:
    """The row as it is now, nobody else's until the transaction ends. Raises Conflict."""
    row = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if version is not None and row.version != version:
        raise Conflict(row.number)
    return row


def _change(row: Complaint, changes: dict[str, Any]) -> dict[str, list[str]]:
    """Set the fields; what the event keeps of it."""
    changed = {field: value for field, value in changes.items() if field in KEPT and getattr(row, field) != value}
    data = {field: [str(getattr(row, field)), str(value)] for field, value in changed.items()}
    for field, value in changes.items():
        setattr(row, field, value)
    return data


def _permitted(move: Move, by: User | None, row: Complaint) -> bool:
    return move.by_desk if by is None else move.who(by, row)


def _store(row: Complaint) -> None:
    row.version += 1
    row.save()


def record(
    complaint: Complaint,
    move: str,
    *,
    by: User | None,
    now: datetime,
    department_id: int | None,
    note: str = "",
    before: Status | None = None,
    after: Status | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """`department_id`: who holds it after the step, or held it until then."""
    measures.follow(complaint, move=move, by_id=by.pk if by else None, after=after, now=now)
    ComplaintEvent.objects.create(
        complaint=complaint,
        move=move,
        from_status=before or "",
        to_status=after or "",
        at=now,
        by=by,
        department_id=department_id,
        note=note,
        data=data or {},
    )
