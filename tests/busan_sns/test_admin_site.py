"""The door of the desk: who comes in, what the header offers, how mistakes are answered."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of
from tests.make import make_person
from tests.shared_material import shared

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
PASSWORD = "people-1"


def try_log_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    answer = client.post(LOGIN, {"username": username, "password": password, **more}, HTTP_ACCEPT_LANGUAGE="ko")
    return answer.status_code, answer.content.decode()


def header_of(role: Role) -> list[str]:
    page = client_as(role).get("/admin/", headers={"accept-language": "en"}).content.decode()
    return re.findall(r'<li><a href="(/admin/[^"?]*)', page.split('class="desk-nav"')[1].split("</nav>")[0])


@pytest.mark.parametrize("role", list(Role))
def test_every_role_comes_in_and_has_a_start_page(role: Role) -> None:
    person = make_person(role, is_staff=False)
    client = Client()
    assert try_log_in(client, person.username)[0] == 302
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]


def test_nobody_without_a_role_comes_in() -> None:
    person = make_person(None)
    status, page = try_log_in(Client(), person.username)
    assert status == 200
    assert 'role="alert"' in page
    assert client_of(person).get("/admin/").status_code == 302


def test_somebody_inactive_does_not_come_in() -> None:
    person = make_person(Role.OFFICER, is_active=False)
    assert try_log_in(Client(), person.username)[0] == 200


def test_five_wrong_passwords_close_the_door_in_words() -> None:
    person = make_person(Role.OFFICER)
    client = Client()
    for _attempt in range(4):
        assert try_log_in(client, person.username, "wrong")[0] == 200
    status, page = try_log_in(client, person.username, "wrong")
    assert status == 429
    assert "15" in page
    assert try_log_in(client, person.username)[0] == 429


def test_the_session_key_changes_at_log_in() -> None:
    person = make_person(Role.OFFICER)
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    try_log_in(client, person.username)
    assert client.session.session_key != before


def test_a_foreign_address_after_log_in_is_not_followed() -> None:
    person = make_person(Role.OFFICER)
    lines = shared("corpora", "payloads", "open-redirect.txt").read_text(encoding="utf-8").splitlines()
    for line in [*lines[:60], "//evil.test", "https://evil.test"]:
        client = Client()
        answer = client.post(LOGIN, {"username": person.username, "password": PASSWORD, "next": line})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/")
        assert not answer.headers["Location"].startswith(("//", "/\\"))


def test_the_header_offers_what_the_role_may_see() -> None:
    assert header_of(Role.OFFICER) == [
        "/admin/desk/",
        "/admin/complaints/complaint/",
        "/admin/shift/",
        "/admin/promises/",
        "/admin/complaints/incident/",
        "/admin/broadcasts/",
        "/admin/emergencies/",
        "/admin/channels_sns/outboundpost/",
        "/admin/overdue/",
        "/admin/departments/department/",
    ]
    assert header_of(Role.STAFF) == [
        "/admin/tray/",
        "/admin/complaints/complaint/",
        "/admin/promises/",
        "/admin/complaints/incident/",
        "/admin/departments/department/",
    ]
    assert header_of(Role.ADMINISTRATOR) == [
        "/admin/channels_sns/account/",
        "/admin/departments/department/",
        "/admin/auth/user/",
        "/admin/complaints/accesslog/",
    ]


@pytest.mark.parametrize("role", list(Role))
def test_every_word_of_the_header_opens(role: Role) -> None:
    client = client_as(role)
    for address in header_of(role):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/", "/admin/complaints/complaint/"])
def test_the_policy_allows_no_inline_script_and_the_pages_have_none(path: str) -> None:
    client = Client() if path == LOGIN else client_as(Role.OFFICER)
    answer = client.get(path)
    policy, page = answer.headers["Content-Security-Policy"], answer.content.decode()
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert "<style" not in page
    assert re.findall(r"\s(?:style|on\w+)=\"", page) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


def test_the_language_is_switched_by_a_post() -> None:
    client = client_as(Role.OFFICER)
    assert client.get("/admin/").headers["Content-Language"] == "ko"
    client.post(reverse("set_language"), {"language": "en", "next": "/admin/"})
    assert client.get("/admin/").headers["Content-Language"] == "en"


def test_a_page_that_is_not_there_says_so_in_korean() -> None:
    answer = client_as(Role.OFFICER).get("/admin/nothing/here/")
    assert answer.status_code == 404
    assert "톡톡부산" in answer.content.decode()


def test_a_post_without_a_token_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(LOGIN, {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "톡톡부산" in answer.content.decode()


def test_administrators_keep_people_and_auditors_read_them() -> None:
    other = make_person(Role.STAFF)
    page = reverse("admin:auth_user_change", args=[other.pk])
    reading = client_as(Role.AUDITOR).get(page).content.decode()
    assert 'name="email"' not in reading
    assert "password" not in reading.split('id="content"')[1]
    assert 'name="email"' in client_as(Role.ADMINISTRATOR).get(page).content.decode()
    assert client_as(Role.OFFICER).get(page).status_code == 403


def test_no_administrator_touches_or_makes_a_superuser() -> None:
    root = User.objects.create_superuser("root", password="x-1")
    client = client_as(Role.ADMINISTRATOR)
    page = reverse("admin:auth_user_change", args=[root.pk])
    assert client.post(page, {"username": "mine"}).status_code == 403
    assert client.post(reverse("admin:auth_user_password_change", args=[root.pk]), {}).status_code == 403
    other = make_person(Role.STAFF)
    client.post(
        reverse("admin:auth_user_change", args=[other.pk]),
        {"username": other.username, "is_superuser": "on", "is_staff": "on", "is_active": "on"},
    )
    other.refresh_from_db()
    assert not other.is_superuser


@pytest.mark.parametrize(
    "lookup",
    [
        "pk__in=1",
        "pk__range=9",
        "username__startswith=a",
        "name__contains=%00",
        "date__year=" + "9" * 30,
        "bureau=%00",
        "department=" + "9" * 30,
    ],
)
@pytest.mark.parametrize("table", ["auth/user", "departments/holiday", "complaints/accesslog", "complaints/complaint"])
def test_only_the_lists_own_filters_come_from_an_address(table: str, lookup: str) -> None:
    assert client_as(Role.ADMINISTRATOR).get(f"/admin/{table}/?{lookup}").status_code == 400


@pytest.mark.parametrize(
    "address",
    ["auth/user/?is_active__exact=1", "departments/holiday/?date__year=2026&kind__exact=add", "auth/user/?q=%00__in"],
)
def test_the_filters_of_a_list_work(address: str) -> None:
    assert client_as(Role.ADMINISTRATOR).get(f"/admin/{address}").status_code == 200
