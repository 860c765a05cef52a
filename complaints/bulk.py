"""One step for many complaints: looked at item by item, taken once, undone once.

Only writer of BulkRun; what is done to an item, complaints.bulk_acts knows. A run is one transaction, its items in the
order of their ids: two officers at once wait for each other, and the second is told which items the first had already
taken. What fails costs only itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints import workflow
from complaints.bulk_acts import ACTS, PROBLEMS, Action, NotTaken, Order
from complaints.models import BulkRun, Complaint

__all__ = ["PROBLEMS", "Action", "Item", "Order", "Pick", "done", "obstacle", "run", "undo"]

#: A page of the list, and some.
MOST = 100


class Item(TypedDict):
    """One line of a run. `version`: after the step, 0 where it was not taken. `kept`: it could not be undone."""

    pk: int
    number: str
    version: int
    problem: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """A complaint as the person saw it in the list."""

    pk: int
    version: int


def obstacle(complaint: Complaint, action: str, *, version: int, user: User) -> str:
    """Why the step cannot be taken, a key of PROBLEMS; "" if nothing is in the way. Nothing is written."""
    act = ACTS[action]
    if act.versioned and complaint.version != version:
        return "changed"
    return act.obstacle(complaint, user)


def run(key: UUID, picks: Sequence[Pick], order: Order, *, by: User, now: datetime) -> BulkRun:
    """Take the step for each; the report. The same key again changes nothing and gives the first report."""
    try:
        with transaction.atomic():
            report = BulkRun.objects.create(id=key, by=by, at=now, action=order.action, what=order.what)
            report.items = [_step(pick, order, by, now) for pick in sorted(picks, key=lambda pick: pick.pk)[:MOST]]
            report.save(update_fields=["items"])
    except IntegrityError:
        return BulkRun.objects.get(pk=key, by=by)
    return report


def undo(report: BulkRun, *, by: User, now: datetime) -> BulkRun:
    """Take back what can be taken back, once; what somebody has touched since stays, and says so."""
    with transaction.atomic():
        row = BulkRun.objects.select_for_update().get(pk=report.pk, by=by)
        if row.undone_at is None:
            row.items = [_undone(row, item, by, now) for item in row.items]
            row.undone_at = now
            row.save(update_fields=["items", "undone_at"])
    return row


def done(report: BulkRun) -> list[Item]:
    return [item for item in report.items if not item["problem"]]


def _step(pick: Pick, order: Order, by: User, now: datetime) -> Item:
    complaint = Complaint.objects.visible_to(by).select_related("account").filter(pk=pick.pk).first()
    if complaint is None:
        return {"pk": pick.pk, "number": "", "version": 0, "problem": "gone", "kept": False}
    problem = obstacle(complaint, order.action, version=pick.version, user=by) or _taken(
        complaint, pick, order, by, now
    )
    version = 0 if problem else complaint.version
    return {"pk": pick.pk, "number": complaint.number, "version": version, "problem": problem, "kept": False}


def _taken(complaint: Complaint, pick: Pick, order: Order, by: User, now: datetime) -> str:
    """Through the one way, all of it or nothing; "" or what was in the way after all."""
    try:
        with transaction.atomic():
            ACTS[order.action].take(complaint, order, pick.version, by, now)
    except NotTaken as obstacle_met:
        return obstacle_met.why
    except workflow.Conflict:
        return "changed"
    except workflow.MoveNotAllowed:
        return "denied"
    return ""


def _undone(report: BulkRun, item: Item, by: User, now: datetime) -> Item:
    complaint = Complaint.objects.visible_to(by).select_related("account").filter(pk=item["pk"]).first()
    if item["problem"] or complaint is None:
        return {**item, "kept": not item["problem"]}
    order = Order(tag=report.what) if report.action == Action.TAG else Order()
    try:
        with transaction.atomic():
            ACTS[report.action].undo(complaint, order, item["version"], by, now)
    except (NotTaken, workflow.Conflict, workflow.MoveNotAllowed):
        return {**item, "kept": True}
    return item
