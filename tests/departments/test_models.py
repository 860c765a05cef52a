"""The rules the database itself holds, and the filters beside the models."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from departments.models import (
    Agency,
    City,
    Department,
    District,
    Duty,
    Holiday,
    Membership,
    OfficeHours,
    Place,
    Role,
    Topic,
    Weekday,
)
from tests.make import make_department, make_district, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def refused(write: Callable[[], object], constraint: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert constraint in str(error.value) or "UNIQUE" in str(error.value)


POINT: dict[str, Any] = {"lat": 35.0, "lon": 129.0}

ROWS: list[tuple[type[models.Model], dict[str, Any], str]] = [
    (Department, {"code": "", "name": "과"}, "department_has_code"),
    (Department, {"code": "A", "name": ""}, "department_has_name"),
    (Department, {"code": "A", "name": "과", "level": "moon"}, "department_level_known"),
    (
        Department,
        {"code": "A", "name": "과", "active_from": TODAY, "active_to": TODAY},
        "department_ends_after_start",
    ),
    (Agency, {"code": "", "name": "경찰"}, "agency_has_code"),
    (Agency, {"code": "P", "name": ""}, "agency_has_name"),
    (Agency, {"code": "P", "name": "경찰", "hotline_verified": True}, "agency_verified_hotline_given"),
    (Topic, {"name": ""}, "topic_has_name"),
    (Topic, {"name": "포트홀", "urgency": "never"}, "topic_urgency_known"),
    (District, {"code": "1", "name": "", **POINT}, "district_has_name"),
    (District, {"code": "1", "name": "중구", "lat": 91, "lon": 0}, "district_on_earth"),
    (Holiday, {"date": TODAY, "name": "", "reason": "x"}, "holiday_has_name"),
    (Holiday, {"date": TODAY, "name": "x", "kind": "maybe"}, "holiday_kind_known"),
    (OfficeHours, {"weekday": 7, "opens": time(9), "closes": time(10)}, "office_hours_weekday_known"),
    (OfficeHours, {"weekday": 0, "opens": time(9), "closes": time(9)}, "office_hours_close_after_opening"),
    (
        City,
        {"id": 2, "name": "x", "name_en": "x", "file_version": "1", "digest": "", "loaded_at": NOW},
        "city_only_one",
    ),
]


@pytest.mark.parametrize(("model", "values", "constraint"), ROWS, ids=[row[2] for row in ROWS])
def test_the_database_refuses(model: type[models.Model], values: dict[str, Any], constraint: str) -> None:
    refused(lambda: model._default_manager.create(**values), constraint)


def test_a_department_is_neither_its_own_successor_nor_its_own_parent() -> None:
    department = make_department()
    rows = Department.objects.filter(pk=department.pk)
    refused(lambda: rows.update(successor=department), "department_not_own_successor")
    refused(lambda: rows.update(parent=department), "department_not_own_parent")
    assert rows.update(successor=make_department(), parent=make_department()) == 1


def test_codes_and_places_stand_once() -> None:
    department, district = make_department(), make_district()
    refused(lambda: make_department(code=department.code), "code")
    refused(lambda: make_district(district.name), "district_name_once_while_active")
    place = {"district": district, "kind": "landmark", "name": "벡스코", **POINT}
    Place.objects.create(**place)
    refused(lambda: Place.objects.create(**place), "place_once_per_district")
    refused(lambda: Place.objects.create(**{**place, "kind": "cave"}), "place_kind_known")
    refused(lambda: Place.objects.create(**{**place, "name": ""}), "place_has_name")
    refused(lambda: Place.objects.create(**{**place, "name": "x", "lon": 181}), "place_on_earth")
    refused(lambda: Duty.objects.create(department=department, text=""), "duty_has_text")


def test_a_districts_name_may_return_after_it_ended() -> None:
    make_district("중구", active_to=TODAY)
    assert make_district("중구").active_to is None


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD])
def test_staff_and_heads_need_a_department(role: Role) -> None:
    person = make_person()
    refused(lambda: Membership.objects.create(user=person, role=role), "membership_department_fits_role")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_other_roles_have_none(role: Role) -> None:
    person, department = make_person(), make_department()
    refused(
        lambda: Membership.objects.create(user=person, role=role, department=department),
        "membership_department_fits_role",
    )


def test_a_role_stands_once_at_a_time() -> None:
    department = make_department()
    person = make_person(Role.STAFF, department)
    refused(
        lambda: Membership.objects.create(user=person, role=Role.STAFF, department=department),
        "membership_once_in_department",
    )
    Membership.objects.create(user=person, role=Role.OFFICER)
    refused(lambda: Membership.objects.create(user=person, role=Role.OFFICER), "membership_once_in_city")
    Membership.objects.create(user=person, role=Role.STAFF, department=make_department())


def test_a_membership_has_a_known_role_ends_after_it_began_and_comes_from_another() -> None:
    person = make_person()
    values = {"user": person, "active_from": NOW}
    refused(lambda: Membership.objects.create(role="king", **values), "membership")
    refused(
        lambda: Membership.objects.create(role=Role.OFFICER, active_to=NOW, **values), "membership_ends_after_start"
    )
    refused(
        lambda: Membership.objects.create(role=Role.OFFICER, granted_by=person, **values), "membership_not_self_granted"
    )


def test_memberships_in_force() -> None:
    person = make_person()
    Membership.objects.create(user=person, role=Role.OFFICER, active_from=NOW, active_to=NOW + timedelta(hours=1))
    in_force = [Membership.objects.active(NOW + timedelta(minutes=minutes)).count() for minutes in (-1, 0, 59, 60)]
    assert in_force == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("begin", "end", "active"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY, False),
        (None, TODAY + timedelta(days=1), True),
    ],
)
def test_departments_in_force(begin: date | None, end: date | None, active: bool) -> None:
    department = make_department(active_from=begin, active_to=end)
    assert department.is_active(TODAY) is active
    assert Department.objects.active(TODAY).filter(pk=department.pk).exists() is active


def hours(opens: str, closes: str, weekday: int = 0, department: Department | None = None) -> OfficeHours:
    times = {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}
    return OfficeHours(weekday=weekday, department=department, **times)


def test_office_hours_may_not_overlap() -> None:
    hours("09:00", "12:00").save()
    hours("22:00", "00:00").save()
    for opens, closes in (("11:59", "13:00"), ("08:00", "18:00"), ("23:00", "23:30"), ("10:00", "00:00")):
        with pytest.raises(ValidationError):
            hours(opens, closes).clean()
    hours("12:00", "13:00").clean()
    hours("09:00", "12:00", weekday=1).clean()
    hours("09:00", "12:00", department=make_department()).clean()
    OfficeHours.objects.get(opens=time(9)).clean()
    OfficeHours(weekday=0).clean()


def test_rows_print_as_people_name_them() -> None:
    department = make_department("관광정책과")
    person = make_person(Role.HEAD, department, username="kim")
    officer = make_person(Role.OFFICER, username="lee")
    names = {
        str(department): "관광정책과",
        str(Duty(text="가" * 80)): "가" * 60,
        str(Agency(name="부산경찰청")): "부산경찰청",
        str(Topic(name="포트홀")): "포트홀",
        str(District(name="중구")): "중구",
        str(Place(name="벡스코")): "벡스코",
        str(City(name="부산광역시")): "부산광역시",
        str(Holiday(date=TODAY, name="임시공휴일")): "2026-11-24 임시공휴일",
        str(hours("09:00", "12:00")): f"{Weekday.MONDAY.label} 09:00–12:00",
        str(person.memberships.get()): f"kim · {Role.HEAD.label} · 관광정책과",
        str(officer.memberships.get()): f"lee · {Role.OFFICER.label}",
    }
    assert [name for name, expected in names.items() if name != expected] == []
