"""THE STATE MACHINE: what may be done to a complaint, step by step. docs/states.md is generated from MOVES.

Every step goes through complaints.steps, the only way in which a complaint changes. `by` None is the desk itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, DateTimeField, F, Value, When
from django.db.models.functions import Coalesce

from complaints import deadlines, measures, permissions, receipts, searchdocs
from complaints.models import Arbitration, Complaint, ComplaintEvent, Status
from complaints.moves import MOVES, Move
from complaints.steps import Conflict, MoveNotAllowed, record, take, touch
from departments.models import Agency, Department, District

__all__ = ["Conflict", "MoveNotAllowed", "touch"]

#: As much of the reason as the complaint itself keeps; the event keeps it whole.
REASON_MAX = 300
#: No department has it.
NOBODYS: dict[str, Any] = {"department": None, "assignee": None, "handed_at": None, "accepted_at": None}


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
    take(complaint, "triage", by=by, version=version, now=now, note=note, **changes)


def assign(
    complaint: Complaint, *, by: User, version: int, now: datetime, department: Department, note: str = ""
) -> None:
    """A department has it from now on (배정, 재배정), and accepts it or sends it back."""
    handed: dict[str, Any] = {**NOBODYS, "department": department, "handed_at": now}
    take(complaint, "assign", by=by, version=version, now=now, note=note, **handed)


def decide(complaint: Complaint, *, by: User, version: int, now: datetime, department: Department, reason: str) -> None:
    """The arbiter says who does it, for good (조정): that stands for the department's acceptance."""
    handed: dict[str, Any] = {**NOBODYS, "department": department, "handed_at": now, "accepted_at": now}
    final = Arbitration.DECIDED
    take(complaint, "decide", by=by, version=version, now=now, note=reason, **handed, arbitration=final)


def accept(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """It is ours (접수 확인): from here on the department answers for it."""
    take(complaint, "accept", by=by, version=version, now=now, accepted_at=now)


def send_back(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Not ours (반송): back to the desk, with the reason. The second time it goes to the arbiter."""
    with transaction.atomic():
        bounces = F("bounces") + 1
        take(complaint, "send_back", by=by, version=version, now=now, note=reason, **NOBODYS, bounces=bounces)
        if complaint.bounces >= settings.BOUNCES and complaint.arbitration == Arbitration.NONE:
            touch(complaint, "arbiter", by=None, now=now, arbitration=Arbitration.WAITING)


def take_back(complaint: Complaint, *, now: datetime) -> None:
    """Nobody in the department accepted it in time: the desk looks again (complaints.idle)."""
    take(complaint, "take_back", by=None, version=complaint.version, now=now, **NOBODYS)


def start(complaint: Complaint, *, by: User, version: int, now: datetime, note: str = "") -> None:
    """The department works on it, in the person of `by`; it has accepted it by that."""
    take(complaint, "start", by=by, version=version, now=now, note=note, assignee=by, accepted_at=_accepted(now))


def hold(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str, stops: bool = False) -> None:
    """Wait for the citizen or a third party; `stops` the clock only where complaints.clocks says so.

    A department whose complaint waits has accepted it.
    """
    stopped: dict[str, Any] = {"stopped_at": now if stops else None, "accepted_at": _accepted(now)}
    take(complaint, "hold", by=by, version=version, now=now, note=reason, **stopped)


def resume(
    complaint: Complaint,
    *,
    by: User | None,
    version: int | None,
    now: datetime,
    note: str = "",
    due_at: datetime | None = None,
) -> None:
    """Go on in the status it was held from; complaints.clocks knows until when it is due now."""
    changes: dict[str, Any] = {"due_at": due_at} if due_at else {}
    take(complaint, "resume", by=by, version=version, now=now, note=note, stopped_at=None, **changes)


def _accepted(now: datetime) -> Case:
    """Since the first time; where no department has it, nobody accepted it."""
    since = Coalesce("accepted_at", Value(now, DateTimeField()))
    return Case(When(department__isnull=False, then=since))


def transfer(complaint: Complaint, *, by: User, version: int, now: datetime, agency: Agency, reason: str) -> None:
    """Hand it over to an outside agency (이송)."""
    changes: dict[str, Any] = {
        **NOBODYS,
        "agency": agency,
        "close_reason": reason[:REASON_MAX],
    }
    take(complaint, "transfer", by=by, version=version, now=now, note=reason, **changes)


def dismiss(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Not a complaint (비민원). A person says so, with a reason; never a score (법 제9조)."""
    take(complaint, "dismiss", by=by, version=version, now=now, note=reason, close_reason=reason[:REASON_MAX])


def merge(complaint: Complaint, *, by: User, version: int, now: datetime, leading: Complaint) -> None:
    """The same matter again: set aside as a copy of the one that leads (complaints.merging)."""
    number = leading.number
    take(complaint, "merge", by=by, version=version, now=now, note=number, duplicate_of=leading, close_reason=number)


def answer(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """The reply is approved and lies in the outbox (complaints.replies)."""
    take(complaint, "answer", by=by, version=version, now=now)


def recall(complaint: Complaint, *, by: User | None, version: int | None, now: datetime, note: str = "") -> None:
    """The reply does not go out after all: the department works on it again (complaints.replies)."""
    take(complaint, "recall", by=by, version=version, now=now, note=note)


def complete(complaint: Complaint, *, at: datetime, now: datetime) -> None:
    """The reply stands on the network since `at`; the desk itself says so."""
    take(complaint, "complete", by=None, version=None, now=now, answered_at=at)


def close(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Done without a reply on the network, with the reason."""
    take(complaint, "close", by=by, version=version, now=now, note=reason, close_reason=reason[:REASON_MAX])


def reopen(complaint: Complaint, *, by: User | None, version: int | None, now: datetime, reason: str) -> None:
    """The citizen came back, or it was closed by mistake: the desk looks again, on a new clock."""
    fresh: dict[str, Any] = {
        **NOBODYS,
        "agency": None,
        "close_reason": "",
        "bounces": 0,
        "arbitration": "",
        "duplicate_of": None,
    }
    clock = {"answered_at": None, **deadlines.afresh(complaint, now=now), "reopened": F("reopened") + 1}
    take(complaint, "reopen", by=by, version=version, now=now, note=reason, **fresh, **clock)


def undo(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """The last step at the triage desk was a slip: the desk looks again, and the citizen's clock never stopped."""
    take(complaint, "undo", by=by, version=version, now=now, **NOBODYS, close_reason="", duplicate_of=None)


# --- what changes no status -----------------------------------------------------------------------------------------


def note(complaint: Complaint, *, by: User, now: datetime, text: str) -> None:
    """A word for colleagues; the citizen never sees it."""
    record(complaint, "note", by=by, now=now, note=text, department_id=complaint.department_id)


def remark(
    complaint: Complaint, event: str, *, by: User | None, now: datetime, text: str, department: Department
) -> None:
    """Something happened beside the complaint, at or to `department` (complaints.consultations): no step."""
    record(complaint, event, by=by, now=now, note=text, department_id=department.pk)


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


def due_moved(seen: Sequence[Complaint], *, due: Mapping[int, datetime], now: datetime) -> int:
    """The calendar changed: new due times of many at once, each with its event; of how many.

    Whoever changed since it was `seen` is left out: complaints.recount comes by again."""
    versions = {complaint.pk: complaint.version for complaint in seen if complaint.pk in due}
    with transaction.atomic():
        rows = Complaint.objects.select_for_update().filter(pk__in=versions).order_by("pk").defer("text")
        moved = [row for row in rows if row.version == versions[row.pk] and row.due_at != due[row.pk]]
        events = [
            ComplaintEvent(
                complaint=row,
                move="due",
                at=now,
                department_id=row.department_id,
                data={"due_at": [str(row.due_at), str(due[row.pk])]},
            )
            for row in moved
        ]
        for row in moved:
            row.due_at, row.version = due[row.pk], row.version + 1
        Complaint.objects.bulk_update(moved, ["due_at", "version"])
        ComplaintEvent.objects.bulk_create(events)
        measures.due_moved(moved)
    return len(moved)


def drafted(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """A draft was saved; whoever still shows the one before learns of it."""
    touch(complaint, "draft", by=by, now=now, version=version)


def photographed(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """A photo was put to the draft from the street: who approves must have seen it, whoever shows less learns of it."""
    touch(complaint, "photo", by=by, now=now, version=version)


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
