"""Who works at the demo's desk. All of them are invented, and their names say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from departments import directory
from departments.models import Department, Role

#: Departments with people of their own; what others hold, an officer answers.
DEPARTMENTS = ("TOUR", "ROADSAFE", "PARKPOL", "WASTE", "BUS", "SAFE")
CITY_PEOPLE = (
    ("officer1", "데모 담당관 1", Role.OFFICER),
    ("officer2", "데모 담당관 2", Role.OFFICER),
    ("manager", "데모 관리자", Role.MANAGER),
    ("auditor", "데모 감사자", Role.AUDITOR),
    ("arbiter", "데모 조정 담당", Role.ARBITER),
    ("administrator", "데모 운영자", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Login:
    """One line of the list that is shown once."""

    username: str
    name: str
    role: Role
    department: str = ""


@dataclass(slots=True)
class People:
    """Who acts in the stories."""

    officers: list[User] = field(default_factory=list)
    staff: dict[str, User] = field(default_factory=dict)
    heads: dict[str, User] = field(default_factory=dict)
    logins: list[Login] = field(default_factory=list)


def move_in(*, password: str, since: datetime) -> People:
    """Everybody, at work since `since`, with one password for all."""
    people, encoded = People(), make_password(password)
    for username, name, role in CITY_PEOPLE:
        user = _person(username, name, role, None, encoded, since)
        people.logins.append(Login(username, name, role))
        if role == Role.OFFICER:
            people.officers.append(user)
    for code in DEPARTMENTS:
        department = Department.objects.get(code=code)
        for role, group, word in ((Role.STAFF, people.staff, "담당자"), (Role.HEAD, people.heads, "부서장")):
            username, name = f"{code.lower()}-{role.value}", f"데모 {department.name} {word}"
            group[code] = _person(username, name, role, department, encoded, since)
            people.logins.append(Login(username, name, role, department.name))
    return people


def _person(username: str, name: str, role: Role, department: Department | None, encoded: str, since: datetime) -> User:
    """Hashed once for all: a good hash takes its time."""
    user = User.objects.create(username=username, last_name=name, password=encoded, is_staff=True, date_joined=since)
    directory.grant(user, role, department, now=since)
    return user
