"""make_*: one believable row each, everything optional. Every floor of the house has its own section."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import User

from departments import directory
from departments.models import Department, District, Role

_serial = count(1)

# --- departments ---------------------------------------------------------------------------------------------------


def make_department(name: str = "관광정책과", **values: Any) -> Department:
    """A department under its own code; one of the same name and code is reused."""
    code = values.pop("code", f"D{next(_serial)}")
    return Department.objects.create(code=code, name=name, **values)


def make_district(name: str = "해운대구", **values: Any) -> District:
    """A district of Busan."""
    return District.objects.create(
        code=values.pop("code", str(next(_serial))), name=name, **{"lat": 35.16, "lon": 129.16, **values}
    )


def make_person(role: Role | None = None, department: Department | None = None, **values: Any) -> User:
    """Somebody with at most one role; the password is "people-1". Staff and heads get a department."""
    username = values.pop("username", f"person{next(_serial)}")
    user = User.objects.create_user(username, password="people-1", **{"is_staff": True, **values})
    if role in (Role.STAFF, Role.HEAD) and department is None:
        department = make_department()
    if role is not None:
        directory.grant(user, role, department)
    return user
