"""THE STATE MACHINE: the only writer of Complaint and of ComplaintEvent. docs/states.md is generated from MOVES.

Every step locks the row, holds the version the person saw against it, asks the table, and writes status and one event
in the same transaction, or raises. `by` None is the desk itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from complaints import deadlines, measures, permissions, receipts, searchdocs
from complaints.models import Complaint, ComplaintEvent, Status
from complaints.models.complaint import CLOSED
from complaints.moves import MOVES, Move
from departments.models import Agency, Department, District

#: As much of the reason as the complaint itself keeps; the event keeps it whole.
REASON_MAX = 300
#: What an event keeps as it was and as it became.
KEPT = frozenset({"due_at", "legal_kind"})


class MoveNotAllowed(Exception):
    """The table does not know this move from the present status, or not for this person."""


class Conflict(Exception):
    """The complaint is not as the person saw it: somebody else was faster."""


def moves_for(complaint: Complaint, user: User) -> list[Move]:
    """What this person may do now, in the order of the table: exactly the buttons of the page."""
    return [move for move in MOVES.values() if complaint.status in move.froms and move.who(user, complaint)]


# --- beginning ------------------------------------------------------------------------------------------------------


def register(complaints: Sequence[Complaint], *, now: datetime) -> list[Complaint]:
    """Number and store new complaints, RECEIVED, each with its first event; in the caller's transaction."""
    for complaint, number in zip(complaints, receipts.draw(len(complaints), now=now), strict=True):
        complaint.number, complaint.status = number, Status.RECEIVED
    stored = Complaint.objects.bulk_create(complaints)
    searchdocs.add(stored, now=now)
    ComplaintEvent.objects.bulk_create(
        [
            ComplaintEvent(complaint=row, move="register", to_status=Status.RECEIVED, at=row.received_at, data={})
            for row in stored
        ]
    )
    measures.begin(stored)
    return stored


# --- steps ----------------------------------------------------------------------------------------------------------


def triage(
    complaint: Complaint, *, by: User, version: int, now: datetime, district: District | None = None, note: str = ""
) -> None:
    """Somebody looked: it is for the desk. The district where it is known."""
    changes: dict[str, Any] = {"district": district} if district else {}
    _move(complaint, "triage", by=by, version=version, now=now, note=note, **changes)


def assign(
    complaint: Complaint, *, by: User, version: int, now: datetime, department: Department, note: str = ""
) -> None:
    """A department holds it from now on (배정, 재배정)."""
    _move(complaint, "assign", by=by, version=version, now=now, note=note, department=department, assignee=None)


def send_back(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Not ours (반송): back to the desk, with the reason."""
    _move(complaint, "send_back", by=by, version=version, now=now, note=reason, department=None, assignee=None)


def start(complaint: Complaint, *, by: User, version: int, now: datetime, note: str = "") -> None:
    """The department works on it, in the person of `by`."""
    _move(complaint, "start", by=by, version=version, now=now, note=note, assignee=by)


def hold(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Wait for the citizen or a third party."""
    _move(complaint, "hold", by=by, version=version, now=now, note=reason)


def resume(complaint: Complaint, *, by: User, version: int, now: datetime, note: str = "") -> None:
    """Go on in the status it was held from."""
    _move(complaint, "resume", by=by, version=version, now=now, note=note)


def transfer(complaint: Complaint, *, by: User, version: int, now: datetime, agency: Agency, reason: str) -> None:
    """Hand it over to an outside agency (이송)."""
    changes: dict[str, Any] = {
        "agency": agency,
        "department": None,
        "assignee": None,
        "close_reason": reason[:REASON_MAX],
    }
    _move(complaint, "transfer", by=by, version=version, now=now, note=reason, **changes)


def dismiss(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Not a complaint (비민원). A person says so, with a reason; never a score (법 제9조)."""
    _move(complaint, "dismiss", by=by, version=version, now=now, note=reason, close_reason=reason[:REASON_MAX])


def answer(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """The reply is approved and lies in the outbox (complaints.replies)."""
    _move(complaint, "answer", by=by, version=version, now=now)


def recall(complaint: Complaint, *, by: User | None, version: int | None, now: datetime, note: str = "") -> None:
    """The reply does not go out after all: the department works on it again (complaints.replies)."""
    _move(complaint, "recall", by=by, version=version, now=now, note=note)


def complete(complaint: Complaint, *, at: datetime, now: datetime) -> None:
    """The reply stands on the network since `at`; the desk itself says so."""
    _move(complaint, "complete", by=None, version=None, now=now, answered_at=at)


def close(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Done without a reply on the network, with the reason."""
    _move(complaint, "close", by=by, version=version, now=now, note=reason, close_reason=reason[:REASON_MAX])


def reopen(complaint: Complaint, *, by: User | None, version: int | None, now: datetime, reason: str) -> None:
    """The citizen came back, or it was closed by mistake: the desk looks again, on a new clock."""
    fresh: dict[str, Any] = {"department": None, "assignee": None, "agency": None, "close_reason": ""}
    clock = {"answered_at": None, **deadlines.afresh(complaint, now=now), "reopened": F("reopened") + 1}
    _move(complaint, "reopen", by=by, version=version, now=now, note=reason, **fresh, **clock)


def undo(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """The last step at the triage desk was a slip: the desk looks again, and the citizen's clock never stopped."""
    _move(complaint, "undo", by=by, version=version, now=now, department=None, assignee=None, close_reason="")


# --- what changes no status -----------------------------------------------------------------------------------------


def note(complaint: Complaint, *, by: User, now: datetime, text: str) -> None:
    """A word for colleagues; the citizen never sees it."""
    _record(complaint, "note", by=by, now=now, note=text, department_id=complaint.department_id)


def joined(complaints: Sequence[Complaint], *, with_photo: Collection[int], now: datetime) -> dict[int, Complaint]:
    """A new post joined the thread of each of these, of one perhaps several: news until somebody looks.

    In the caller's transaction, in the same few queries for any number; the rows by id, locked, as they were found.
    """
    rows = Complaint.objects.select_for_update().order_by("pk").in_bulk([complaint.pk for complaint in complaints])
    Complaint.objects.filter(pk__in=rows).update(version=F("version") + 1, news_at=now)
    Complaint.objects.filter(pk__in=with_photo).update(has_photo=True)
    searchdocs.refresh(rows, now=now)
    joins = (rows[complaint.pk] for complaint in complaints)
    ComplaintEvent.objects.bulk_create(
        [ComplaintEvent(complaint=row, move="join", at=now, department_id=row.department_id) for row in joins]
    )
    return rows


def seen(complaint: Complaint) -> None:
    """Somebody who works on it looked: the new post is no news any more. No step, no event."""
    Complaint.objects.filter(pk=complaint.pk, news_at=complaint.news_at).update(news_at=None)


def drafted(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """A draft was saved; whoever still shows the one before learns of it."""
    touch(complaint, "draft", by=by, now=now, version=version)


def prioritise(complaint: Complaint, *, by: User, version: int, now: datetime, urgent: bool) -> None:
    """An officer says how soon somebody must look; the words that were found stay."""
    if not permissions.may_prioritise(by, complaint):
        raise MoveNotAllowed("prioritise")
    priority = Complaint.Priority.URGENT if urgent else Complaint.Priority.NORMAL
    until = deadlines.emergency_due(now) if urgent else None
    changes: dict[str, Any] = {"priority": priority, "emergency_due_at": until}
    touch(complaint, "urgent" if urgent else "calm", by=by, now=now, version=version, **changes)


def reply_troubled(complaint: Complaint, *, move: str, now: datetime, why: str) -> None:
    """The reply was not posted ("failed") or nobody knows yet ("unsure"); a failure is news for the desk."""
    changes: dict[str, Any] = {"news_at": now} if move == "failed" else {}
    touch(complaint, move, by=None, now=now, note=why, **changes)


# --- the one way ----------------------------------------------------------------------------------------------------


def _move(
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
        for field, value in changes.items():
            setattr(row, field, value)
        row.closed_at = now if row.status in CLOSED else None
        row.held_from = before if row.status == Status.ON_HOLD else ""
        row.news_at = None if by is not None else row.news_at
        _store(row)
        if not searchdocs.PLACES.isdisjoint(changes):
            searchdocs.refresh([row.pk], now=now)
        after, department_id = Status(row.status), row.department_id or holder_id
        _record(row, name, by=by, now=now, note=note, before=before, after=after, department_id=department_id)
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
    """A change without a change of status, with its event; for the steps here and in complaints.clocks."""
    with transaction.atomic():
        row = _locked(complaint, version)
        data = {field: [str(getattr(row, field)), str(value)] for field, value in changes.items() if field in KEPT}
        for field, value in changes.items():
            setattr(row, field, value)
        _store(row)
        _record(row, event, by=by, now=now, note=note, department_id=row.department_id, data=data)
    complaint.refresh_from_db()


def _locked(complaint: Complaint, version: int | None) -> Complaint:
    """The row as it is now, nobody else's until the transaction ends. Raises Conflict."""
    row = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if version is not None and row.version != version:
        raise Conflict(row.number)
    return row


def _permitted(move: Move, by: User | None, row: Complaint) -> bool:
    return move.by_desk if by is None else move.who(by, row)


def _store(row: Complaint) -> None:
    row.version += 1
    row.save()


def _record(
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
    measures.follow(complaint, move=move, by_person=by is not None, after=after, now=now)
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
