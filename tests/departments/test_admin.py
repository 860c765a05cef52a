"""The directory in the admin: who may look, who may change, and that nobody helps himself to a role."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import (
    Agency,
    City,
    Department,
    District,
    Duty,
    Holiday,
    HolidayKind,
    Membership,
    OfficeHours,
    OnCall,
    Place,
    Role,
    Topic,
)
from tests.make import make_department, make_district, make_person

pytestmark = pytest.mark.django_db

MODELS = [Agency, City, Department, District, Holiday, Membership, OfficeHours, Place, Topic]
OPEN_TO_ALL = [model for model in MODELS if model is not Membership]
NOT_ADMINISTRATORS = [role for role in Role if role is not Role.ADMINISTRATOR]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(model: type[Any], action: str = "changelist", *args: object) -> str:
    return reverse(f"admin:departments_{model._meta.model_name}_{action}", args=args)


def row_of(model: type[Any]) -> Any:
    """One row of each table."""
    department, district = make_department(), make_district()
    makers: dict[type[Any], Any] = {
        Department: lambda: department,
        District: lambda: district,
        Agency: lambda: Agency.objects.create(code="P", name="부산경찰청"),
        City: lambda: City.objects.create(
            id=1, name="부산광역시", name_en="Busan", file_version="1", loaded_at=datetime(2026, 1, 1, tzinfo=UTC)
        ),
        Holiday: lambda: Holiday.objects.create(date=date(2026, 12, 1), name="임시공휴일", reason="의결"),
        Membership: lambda: Membership.objects.create(user=make_person(), role=Role.STAFF, department=department),
        OfficeHours: lambda: OfficeHours.objects.create(weekday=0, opens="09:00", closes="12:00"),
        Place: lambda: Place.objects.create(district=district, kind="landmark", name="벡스코", lat=35, lon=129),
        Topic: lambda: Topic.objects.create(name="포트홀", department=department),
    }
    return makers[model]()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", list(Role))
def test_who_may_look(role: Role, model: type[Any]) -> None:
    client, row = as_(make_person(role)), row_of(model)
    expected = 200 if model in OPEN_TO_ALL or role is Role.ADMINISTRATOR else 403
    assert client.get(url(model)).status_code == expected
    assert client.get(url(model, "change", row.pk)).status_code == expected
    assert client.get(url(model, "history", row.pk)).status_code == expected


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", NOT_ADMINISTRATORS)
def test_only_an_administrator_changes_anything(role: Role, model: type[Any]) -> None:
    client, row = as_(make_person(role)), row_of(model)
    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "add"), {}).status_code == 403
    assert client.post(url(model, "change", row.pk), {}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS)
def test_an_administrator_deletes_only_what_no_record_names(model: type[Any]) -> None:
    client, row = as_(make_person(Role.ADMINISTRATOR)), row_of(model)
    deletable = model in (Holiday, OfficeHours, Place, Topic)
    answer = client.post(url(model, "delete", row.pk), {"post": "yes"})
    assert answer.status_code == (302 if deletable else 403)
    assert model._default_manager.filter(pk=row.pk).exists() is not deletable


@pytest.mark.parametrize("model", [model for model in MODELS if model is not City])
def test_an_administrators_forms_open(model: type[Any]) -> None:
    client = as_(make_person(Role.ADMINISTRATOR))
    assert client.get(url(model, "add")).status_code == 200


def test_a_superuser_is_an_administrator_but_the_city_comes_from_its_file_only() -> None:
    client = as_(make_person(is_superuser=True))
    row = row_of(City)
    assert client.get(url(Membership)).status_code == 200
    assert client.get(url(City, "add")).status_code == 403
    assert client.post(url(City, "change", row.pk), {"name": "x"}).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_somebody_without_a_role_sees_nothing(model: type[Any]) -> None:
    answer = as_(make_person()).get(url(model))
    assert answer.status_code in (302, 403)


@pytest.mark.parametrize("model", MODELS)
def test_search_takes_any_text(model: type[Any]) -> None:
    client = as_(make_person(Role.ADMINISTRATOR))
    row_of(model)
    for text in ("포트홀", "'\"%_\\", "\x00", "가" * 500):
        assert client.get(url(model), {"q": text}).status_code in (200, 302)


# --- departments -----------------------------------------------------------------------------------------------------


def names(answer: Any) -> set[str]:
    return {row.name for row in answer.context["cl"].result_list}


def test_departments_in_force_and_ended() -> None:
    make_department("관광정책과")
    make_department("관광진흥과", active_to=date(2013, 1, 1))
    client = as_(make_person(Role.OFFICER))
    assert names(client.get(url(Department))) == {"관광정책과", "관광진흥과"}
    assert names(client.get(url(Department), {"in_force": "yes"})) == {"관광정책과"}
    assert names(client.get(url(Department), {"in_force": "no"})) == {"관광진흥과"}


def inline(prefix: str, *rows: dict[str, object]) -> dict[str, object]:
    data: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def test_an_administrator_writes_a_department_with_its_duties_and_hours() -> None:
    form = {
        "code": "TOUR",
        "name": "관광정책과",
        "level": "city",
        **inline("duty_rows", {"text": "관광 안내판 정비", "words": "표지판, 안내판\n표지판, "}),
        **inline("office_hours", {"weekday": 0, "opens": "09:00", "closes": "18:00"}),
    }
    answer = as_(make_person(Role.ADMINISTRATOR)).post(url(Department, "add"), form)
    assert answer.status_code == 302
    assert Duty.objects.get().words == ["표지판", "안내판"]
    assert OfficeHours.objects.get().department == Department.objects.get(code="TOUR")


def test_words_are_read_and_shown_as_people_write_them() -> None:
    topic = Topic.objects.create(name="안내판", words=["표지판", "안내판"])
    assert "표지판" in as_(make_person(Role.OFFICER)).get(url(Topic, "change", topic.pk)).content.decode()
    client = as_(make_person(Role.ADMINISTRATOR))
    assert "표지판, 안내판" in client.get(url(Topic, "change", topic.pk)).content.decode()
    form: dict[str, object] = {"name": "안내판", "urgency": "low", "words": "가" * 101}
    assert client.post(url(Topic, "change", topic.pk), form).context["adminform"].form.errors.keys() == {"words"}
    for words, kept in (("표지판, 안내판", ["표지판", "안내판"]), ("", [])):
        assert client.post(url(Topic, "change", topic.pk), {**form, "words": words}).status_code == 302
        topic.refresh_from_db()
        assert topic.words == kept


def test_a_department_list_costs_the_same_for_two_and_for_forty() -> None:
    client = as_(make_person(Role.ADMINISTRATOR))
    counted = []
    for _ in range(2):
        for _ in range(20):
            make_department(active_to=date(2013, 1, 1), successor=make_department())
        with CaptureQueriesContext(connection) as queries:
            client.get(url(Department))
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] < 15


@pytest.mark.parametrize(
    ("model", "field", "found"),
    [("topic", "department", {"관광정책과"}), ("department", "successor", {"관광정책과", "관광진흥과"})],
)
def test_a_department_is_found_by_typing(model: str, field: str, found: set[str]) -> None:
    make_department("관광정책과", name_2012="관광진흥과")
    make_department("관광진흥과", active_to=date(2013, 1, 1))
    make_department("대중교통과")
    query = {"app_label": "departments", "model_name": model, "field_name": field, "term": "관광진흥"}
    answer = as_(make_person(Role.ADMINISTRATOR)).get(reverse("admin:autocomplete"), query)
    assert {row["text"] for row in answer.json()["results"]} == found


# --- holidays, memberships -------------------------------------------------------------------------------------------


def test_a_holiday_remembers_who_added_it() -> None:
    administrator = make_person(Role.ADMINISTRATOR)
    form = {"date": "2026-12-01", "name": "임시공휴일", "kind": "add", "reason": "국무회의 의결"}
    assert as_(administrator).post(url(Holiday, "add"), form).status_code == 302
    row = Holiday.objects.get()
    assert row.added_by == administrator
    other = make_person(Role.ADMINISTRATOR)
    change = {**form, "kind": HolidayKind.REMOVE.value}
    assert as_(other).post(url(Holiday, "change", row.pk), change).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.added_by) == (HolidayKind.REMOVE, administrator)


def role_form(user: User, role: Role, department: Department | None = None) -> dict[str, object]:
    start = {"active_from_0": "2026-01-01", "active_from_1": "09:00:00"}
    return {"user": user.pk, "role": role.value, "department": department.pk if department else "", **start}


@pytest.mark.parametrize("term", ["kim.b", "\x00kim.b"])
def test_the_person_for_a_role_is_found_by_typing(term: str) -> None:
    make_person(username="kim.busan")
    query = {"app_label": "departments", "model_name": "membership", "field_name": "user", "term": term}
    answer = as_(make_person(Role.ADMINISTRATOR)).get(reverse("admin:autocomplete"), query)
    assert [row["text"] for row in answer.json()["results"]] == ["kim.busan"]


def test_an_administrator_gives_a_role_and_is_remembered() -> None:
    administrator, person = make_person(Role.ADMINISTRATOR), make_person()
    answer = as_(administrator).post(url(Membership, "add"), role_form(person, Role.HEAD, make_department()))
    assert answer.status_code == 302
    assert person.memberships.get().granted_by == administrator


@pytest.mark.parametrize("by_superuser", [True, False])
def test_nobody_gives_himself_a_role(by_superuser: bool) -> None:
    person = make_person(is_superuser=True) if by_superuser else make_person(Role.ADMINISTRATOR)
    before = person.memberships.count()
    answer = as_(person).post(url(Membership, "add"), role_form(person, Role.OFFICER))
    assert answer.status_code == 200
    assert "user" in answer.context["adminform"].form.errors
    assert person.memberships.count() == before


def test_the_form_says_when_a_department_does_not_fit() -> None:
    client, person = as_(make_person(Role.ADMINISTRATOR)), make_person()
    for form in (role_form(person, Role.STAFF), role_form(person, Role.OFFICER, make_department())):
        answer = client.post(url(Membership, "add"), form)
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors
    assert not person.memberships.exists()


def test_a_role_is_ended_but_not_rewritten() -> None:
    department = make_department()
    row = make_person(Role.STAFF, department).memberships.get()
    client = as_(make_person(Role.ADMINISTRATOR))
    form = {**role_form(make_person(), Role.MANAGER), "active_to_0": "2099-01-01", "active_to_1": "00:00:00"}
    assert client.post(url(Membership, "change", row.pk), form).status_code == 302
    after = Membership.objects.get(pk=row.pk)
    assert (after.user, after.role, after.department) == (row.user, Role.STAFF, department)
    assert after.active_to is not None


def test_an_administrator_does_not_touch_his_own_roles() -> None:
    administrator = make_person(Role.ADMINISTRATOR)
    row = administrator.memberships.get()
    client = as_(administrator)
    assert client.get(url(Membership, "change", row.pk)).status_code == 200
    assert client.post(url(Membership, "change", row.pk), {"active_to_0": "2099-01-01"}).status_code == 403


def test_every_table_of_the_directory_is_in_the_admin() -> None:
    registered = {model for model in admin.site._registry if model._meta.app_label == "departments"}
    assert registered == {*MODELS, OnCall}  # the roster has rights of its own: tests/departments/test_on_call.py
