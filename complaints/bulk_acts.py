"""What can be done to many complaints at once: for each act what stands in its way, how it is taken and taken back.

Every act goes the way that a single step goes, with the rights of the person: complaints.workflow, complaints.tags,
complaints.replies. complaints.bulk walks over the items and keeps the report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints import permissions, replies, tags, workflow
from complaints.models import BulkRun, Complaint, ComplaintTag, Reply, Status
from departments.models import Department

Action = BulkRun.Action
WHAT_MAX = 300
#: Only what nobody holds yet: whatever is done to it here can be undone without a trace of somebody else's work.
BEFORE = (Status.RECEIVED, Status.TRIAGED)
PROBLEMS = {
    "changed": _("Somebody changed it since you opened the list."),
    "status": _("Only what is new or taken up can be done together. Please use its own page."),
    "arbiter": _("Departments sent it back too often: the arbiter decides."),
    "denied": _("You may not do this."),
    "gone": _("It is not there any more."),
    "tagged": _("It has this tag already."),
    "full": _("It has as many tags as a complaint takes."),
    "unheld": _("No department holds it, or it is answered already."),
    "draft": _("Somebody is writing a reply to it."),
    "eyes": _("Somebody else must approve what you write (four eyes)."),
    "unfit": _("The text does not fit this network, or may not stand in public."),
}


class NotTaken(Exception):
    """`why`: a key of PROBLEMS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done: exactly one of the four is given."""

    department: Department | None = None
    reason: str = ""
    tag: str = ""
    text: str = ""

    @property
    def action(self) -> BulkRun.Action:
        if self.department:
            return Action.ASSIGN
        return Action.TAG if self.tag else Action.ANSWER if self.text else Action.DISMISS

    @property
    def what(self) -> str:
        return (self.department.name if self.department else self.tag or self.text or self.reason)[:WHAT_MAX]


@dataclass(frozen=True, slots=True)
class Act:
    """`obstacle`: a key of PROBLEMS, "" where nothing is in the way. `take`, `undo` raise NotTaken, or as the workflow.

    `versioned`: the complaint must be as the person saw it.
    """

    obstacle: Callable[[Complaint, User], str]
    take: Callable[[Complaint, Order, int, User, datetime], None]
    undo: Callable[[Complaint, Order, int, User, datetime], None]
    versioned: bool = True


def _free(move: str) -> Callable[[Complaint, User], str]:
    def obstacle(complaint: Complaint, user: User) -> str:
        if complaint.status not in BEFORE:
            return "status"
        if move == Action.ASSIGN and complaint.arbitration:
            return "arbiter"
        return "" if move in {one.name for one in workflow.moves_for(complaint, user)} else "denied"

    return obstacle


def _assign(complaint: Complaint, order: Order, version: int, by: User, now: datetime) -> None:
    assert order.department is not None  # noqa: S101 - the order of an assignment
    workflow.assign(complaint, by=by, version=version, now=now, department=order.department)


def _dismiss(complaint: Complaint, order: Order, version: int, by: User, now: datetime) -> None:
    workflow.dismiss(complaint, by=by, version=version, now=now, reason=order.reason)


def _undo(complaint: Complaint, _order: Order, version: int, by: User, now: datetime) -> None:
    workflow.undo(complaint, by=by, version=version, now=now)


# --- tags -----------------------------------------------------------------------------------------------------------


def _taggable(complaint: Complaint, user: User) -> str:
    return "" if tags.may_tag(user, complaint) else "denied"


def _tag(complaint: Complaint, order: Order, _version: int, by: User, now: datetime) -> None:
    try:
        if not tags.put(complaint, order.tag, by=by, now=now):
            raise NotTaken("tagged")
    except tags.NotPossible as error:
        raise NotTaken("full") from error


def _untag(complaint: Complaint, order: Order, _version: int, by: User, now: datetime) -> None:
    row = ComplaintTag.objects.filter(complaint=complaint, tag__name__iexact=tags.cleaned(order.tag)).first()
    if row is None or not tags.take_off(complaint, row.tag_id, by=by, now=now):
        raise NotTaken("gone")


# --- answers --------------------------------------------------------------------------------------------------------


def _answerable(complaint: Complaint, user: User) -> str:
    if not permissions.may_approve(user, complaint):
        return "unheld" if complaint.status not in (Status.ASSIGNED, Status.IN_PROGRESS) else "denied"
    if settings.FOUR_EYES:
        return "eyes"
    return "draft" if complaint.replies.answers().filter(state=Reply.State.DRAFT).exists() else ""


def _answer(complaint: Complaint, order: Order, version: int, by: User, now: datetime) -> None:
    """Drafted and approved in one; it waits as long as an answer to an incident does, so that it can be undone."""
    leaves = now + settings.INCIDENT_GRACE
    try:
        with transaction.atomic():
            replies.draft(complaint, text=order.text, by=by, version=version, now=now)
            at = leaves if leaves > now else None
            replies.approve(complaint, by=by, version=complaint.version, now=now, at=at, late=True)
    except replies.NotPossible as error:
        raise NotTaken("unfit") from error


def _recall(complaint: Complaint, _order: Order, _version: int, by: User, now: datetime) -> None:
    """As it is now: what the citizen wrote meanwhile does not keep the answer from being taken back."""
    try:
        replies.recall(complaint, by=by, version=complaint.version, now=now)
    except replies.NotPossible as error:
        raise NotTaken("gone") from error


ACTS: dict[str, Act] = {
    Action.ASSIGN: Act(_free("assign"), _assign, _undo),
    Action.DISMISS: Act(_free("dismiss"), _dismiss, _undo),
    Action.TAG: Act(_taggable, _tag, _untag, versioned=False),
    Action.ANSWER: Act(_answerable, _answer, _recall),
}
