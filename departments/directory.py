"""Who a person is at the desk: roles and departments, from the memberships in force.

The memberships are read once per user object, that is once per request, as Django does with permissions; each question
then compares them with the clock. `grant` and `revoke` are the only writers and refresh the object they are given.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.utils import timezone

from departments.models import DEPARTMENT_ROLES, Agency, Department, Membership, OnCall, Role

Person: TypeAlias = AbstractBaseUser | AnonymousUser

_CACHE = "_desk_memberships"


def roles_of(user: Person, *, now: datetime | None = None) -> frozenset[Role]:
    """The roles in force at `now` (default: this moment). A superuser is an administrator; nobody inactive is."""
    if not user.is_active:
        return frozenset()
    held = frozenset(Role(row.role) for row in _memberships(user, now=now))
    return held | {Role.ADMINISTRATOR} if getattr(user, "is_superuser", False) else held


def has_role(user: Person, *roles: Role, now: datetime | None = None) -> bool:
    """Does the person hold at least one of these roles?"""
    return not roles_of(user, now=now).isdisjoint(roles)


def department_ids_of(user: Person, *, now: datetime | None = None) -> frozenset[int]:
    """Keys of the departments where the person is staff or head; no query beyond the cached one."""
    if not user.is_active:
        return frozenset()
    rows = [row for row in _memberships(user, now=now) if row.role in DEPARTMENT_ROLES]
    return frozenset(row.department_id for row in rows if row.department_id is not None)


def departments_of(user: Person, *, now: datetime | None = None) -> QuerySet[Department]:
    """The departments where the person is staff or head now."""
    return Department.objects.filter(pk__in=department_ids_of(user, now=now))


def heads(user: Person, department: Department, *, now: datetime | None = None) -> bool:
    """Is the person head of this very department?"""
    if not user.is_active:
        return False
    rows = _memberships(user, now=now)
    return any(row.role == Role.HEAD and row.department_id == department.pk for row in rows)


def is_anybody(role: Role, *, now: datetime | None = None) -> bool:
    """Does anybody who can log in hold this role?"""
    return Membership.objects.active(now or timezone.now()).filter(role=role, user__is_active=True).exists()


def official_numbers() -> list[str]:
    """Telephone numbers that the city gives to everybody, as they were entered: departments', verified hotlines'."""
    phones = Department.objects.exclude(phone="").values_list("phone", flat=True)
    hotlines = Agency.objects.filter(hotline_verified=True).values_list("hotline", flat=True)
    return [*phones, *hotlines]


def people(*roles: Role, department: Department | int | None = None, now: datetime) -> QuerySet[User]:
    """Active people who hold one of these roles (any, if none is named), in this department if one is named."""
    rows = Membership.objects.active(now)
    rows = rows.filter(role__in=roles) if roles else rows
    rows = rows.filter(department=department) if department is not None else rows
    return User.objects.filter(is_active=True, pk__in=rows.values("user"))


def on_call(*, now: datetime) -> list[User]:
    """Who answers the alarm at this moment; nobody, if the roster has a hole."""
    rows = OnCall.objects.at(now).select_related("user").order_by("begins_at", "id")
    return list(dict.fromkeys(row.user for row in rows))


def grant(
    user: User, role: Role, department: Department | None = None, *, by: User | None = None, now: datetime | None = None
) -> Membership:
    """Give a role (`by` None: from the command line). Raises ValidationError where Membership's rules refuse it."""
    row = Membership(user=user, role=role, department=department, granted_by=by, active_from=now or timezone.now())
    row.full_clean()
    row.save()
    forget(user)
    return row


def revoke(membership: Membership, *, now: datetime) -> None:
    """End a membership at `now`; one already ended keeps its end. The row stays: it is the record of the right."""
    end = max(now, membership.active_from + timedelta(microseconds=1))
    Membership.objects.filter(pk=membership.pk).active(now).update(active_to=end)
    membership.refresh_from_db()
    forget(membership.user)


def forget(user: Person) -> None:
    """Read this user object's memberships anew at the next question."""
    vars(user).pop(_CACHE, None)


def _memberships(user: Person, *, now: datetime | None) -> list[Membership]:
    if user.pk is None:
        return []
    rows: list[Membership] | None = vars(user).get(_CACHE)
    if rows is None:
        rows = list(Membership.objects.filter(user_id=user.pk))
        vars(user)[_CACHE] = rows
    at = now or timezone.now()
    return [row for row in rows if row.active_from <= at and (row.active_to is None or at < row.active_to)]
