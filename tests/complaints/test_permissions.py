"""Three people are enough for every rule: somebody of the house, somebody of another, a stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from complaints import permissions
from complaints.models import Complaint, Status
from departments import directory
from departments.models import Department, Membership, Role
from tests.make import make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db

#: Who → (officer, holder, officer_or_holder, approver, may_note).
RULES = {
    "officer": (True, False, True, True, True),
    "staff": (False, True, True, False, True),
    "head": (False, True, True, True, True),
    "staff elsewhere": (False, False, False, False, False),
    "head elsewhere": (False, False, False, False, False),
    "manager": (False, False, False, False, False),
    "auditor": (False, False, False, False, False),
    "administrator": (False, False, False, False, False),
    "inactive": (False, False, False, False, False),
    "superuser": (False, False, False, False, False),
}


def somebody(who: str, department: Department) -> User:
    if who == "superuser":
        return make_person(is_superuser=True)
    if who == "inactive":
        return make_person(Role.HEAD, department, is_active=False)
    return make_person(
        Role(who.split(maxsplit=1)[0]), make_department("도로계획과") if "elsewhere" in who else department
    )


def answers(user: User, complaint: Complaint) -> tuple[bool, ...]:
    rules = (
        permissions.officer,
        permissions.holder,
        permissions.officer_or_holder,
        permissions.approver,
        permissions.may_note,
    )
    return tuple(rule(user, complaint) for rule in rules)


@pytest.mark.parametrize("who", RULES)
def test_who_may_do_what_to_a_held_complaint(who: str) -> None:
    complaint = make_complaint(status="ASSIGNED")
    assert complaint.department is not None
    user = somebody(who, complaint.department)
    assert answers(user, complaint) == RULES[who]
    assert not permissions.nobody(user, complaint)


def test_nobody_holds_what_no_department_has() -> None:
    complaint = make_complaint()
    assert answers(make_person(Role.HEAD), complaint) == (False,) * 5


@pytest.mark.parametrize("status", Status.values)
def test_a_draft_is_written_while_a_department_works(status: str) -> None:
    department = make_department()
    complaint = make_complaint(status=status, department=department)
    staff, head = make_person(Role.STAFF, department), make_person(Role.HEAD, department)
    at_work = status in ("ASSIGNED", "IN_PROGRESS")
    assert permissions.may_draft(staff, complaint) == at_work
    assert permissions.may_approve(head, complaint) == at_work
    assert not permissions.may_approve(staff, complaint)
    assert not permissions.may_draft(make_person(Role.MANAGER), complaint)


def test_a_right_ends_with_the_membership() -> None:
    complaint = make_complaint(status="ASSIGNED")
    head = make_person(Role.HEAD, complaint.department)
    assert permissions.approver(head, complaint)
    directory.revoke(Membership.objects.get(user=head), now=timezone.now() - timedelta(microseconds=2))
    directory.forget(head)
    assert not permissions.approver(head, complaint)
    assert not permissions.holder(head, complaint)


@pytest.mark.parametrize("who", RULES)
def test_who_sees_which_complaints(who: str) -> None:
    """The desk all, a department its own from assignment on, others none."""
    mine = make_complaint(status="ASSIGNED")
    assert mine.department is not None
    new, other = make_complaint(), make_complaint(status="COMPLETED", department=make_department("도로계획과"))
    seen = set(Complaint.objects.visible_to(somebody(who, mine.department)))
    if who in ("officer", "manager", "auditor", "superuser"):
        assert seen == {mine, new, other}
    elif who in ("staff", "head"):
        assert seen == {mine}
    else:
        assert seen == set()
    assert set(Complaint.objects.open()) == {mine, new}
