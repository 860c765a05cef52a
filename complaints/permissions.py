"""Who may do what to a complaint (docs/rights.md). What somebody may see: Complaint.objects.visible_to.

Officers do everything that belongs to the desk; the people of a department work on what their department holds; a head
also approves. An arbiter says who does what departments sent back too often. Managers and auditors only look.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from django.contrib.auth.models import User

from complaints.models import Arbitration, Complaint, ComplaintEvent, Status
from complaints.models.complaint import CLOSED
from departments import directory
from departments.models import Role

#: What the triage desk undoes.
SLIPS = frozenset({"assign", "dismiss", "merge"})
#: May this person do it to this complaint?
Rule: TypeAlias = Callable[[User, Complaint], bool]


def officer(user: User, _complaint: Complaint) -> bool:
    """An SNS officer."""
    return directory.has_role(user, Role.OFFICER)


def holder(user: User, complaint: Complaint) -> bool:
    """Staff or head of the department that holds the complaint now."""
    return complaint.department_id is not None and complaint.department_id in directory.department_ids_of(user)


def officer_or_holder(user: User, complaint: Complaint) -> bool:
    return officer(user, complaint) or holder(user, complaint)


def approver(user: User, complaint: Complaint) -> bool:
    """An SNS officer, or the head of the department that holds the complaint."""
    if officer(user, complaint):
        return True
    return complaint.department is not None and directory.heads(user, complaint.department)


def own_slip(user: User, complaint: Complaint) -> bool:
    """An officer whose own step with a complaint that nobody held (one of SLIPS) is the last thing that happened."""
    if not officer(user, complaint):
        return False
    last = ComplaintEvent.objects.filter(complaint=complaint).order_by("-id").first()
    if last is None or last.by_id != user.pk or last.move not in SLIPS:
        return False
    return last.from_status in (Status.RECEIVED, Status.TRIAGED)


def receiver(user: User, complaint: Complaint) -> bool:
    """Staff or head of the department that has it and has neither accepted it nor sent it back."""
    return complaint.accepted_at is None and holder(user, complaint)


def refuser(user: User, complaint: Complaint) -> bool:
    """Staff or head of the department that holds it, unless the arbiter has decided that it is theirs."""
    return complaint.arbitration != Arbitration.DECIDED and holder(user, complaint)


def dispatcher(user: User, complaint: Complaint) -> bool:
    """An SNS officer, as long as it did not go to the arbiter."""
    return complaint.arbitration == Arbitration.NONE and officer(user, complaint)


def decider(user: User, complaint: Complaint) -> bool:
    """The arbiter, of what came before him; an SNS officer where nobody is arbiter, and at once where it is urgent."""
    if complaint.arbitration == Arbitration.NONE:
        return False
    if directory.has_role(user, Role.ARBITER):
        return True
    stands_in = complaint.arbitration == Arbitration.WAITING and officer(user, complaint)
    return stands_in and (complaint.priority == Complaint.Priority.URGENT or not directory.is_anybody(Role.ARBITER))


def dispatcher_or_decider(user: User, complaint: Complaint) -> bool:
    return dispatcher(user, complaint) or decider(user, complaint)


def nobody(_user: User, _complaint: Complaint) -> bool:
    """No person: only the desk itself."""
    return False


def may_draft(user: User, complaint: Complaint) -> bool:
    """Write the answer of a complaint that a department holds and has not answered yet."""
    return complaint.status in (Status.ASSIGNED, Status.IN_PROGRESS) and officer_or_holder(user, complaint)


def may_approve(user: User, complaint: Complaint) -> bool:
    """Let the answer go out. Who wrote it is looked at where it is approved (complaints.replies)."""
    return may_draft(user, complaint) and approver(user, complaint)


def may_prioritise(user: User, complaint: Complaint) -> bool:
    """Say that it is urgent, or not: while something is still to be done."""
    return complaint.status not in CLOSED and officer(user, complaint)


def may_alarm(user: User) -> bool:
    """Prepare an emergency, approve it as the duty officer, end it: any SNS officer (docs/emergencies.md)."""
    return directory.has_role(user, Role.OFFICER)


def may_note(user: User, complaint: Complaint) -> bool:
    """Leave a note for colleagues."""
    return officer_or_holder(user, complaint)
