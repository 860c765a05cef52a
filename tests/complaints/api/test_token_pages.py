"""The page of the keys: made with the password, shown once, revoked by the owner or an administrator."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from complaints.models import AccessLog, ApiToken
from departments.models import Role
from tests.complaints.admin.desk import client_of
from tests.complaints.api.answers import Program
from tests.make import make_person

pytestmark = pytest.mark.django_db
PAGE = "/admin/tokens/"
TYPED = {"name": "상황판", "days": "90", "password": "people-1"}


def shown(answer: Any) -> str:
    found = re.search(r'value="(ttb_[^"]+)"', answer.content.decode())
    return found[1] if found else ""


def test_a_key_is_shown_once_and_works() -> None:
    user = make_person(Role.MANAGER)
    client = client_of(user)
    answer = client.post(f"{PAGE}new/", TYPED)
    key = shown(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    Program(key).read("reports/figures")
    page = client.get(PAGE).content.decode()
    assert key not in page
    assert "상황판" in page
    assert AccessLog.objects.get(action="token made").user == user


@pytest.mark.parametrize(
    "change", [{"password": "wrong"}, {"name": " "}, {"days": "9999"}, {"days": "x"}, {"days": ""}]
)
def test_a_mistake_makes_no_key_and_loses_nothing(change: dict[str, str]) -> None:
    answer = client_of(make_person(Role.MANAGER)).post(f"{PAGE}new/", TYPED | change)
    assert answer.status_code == 400
    assert shown(answer) == ""
    assert not ApiToken.objects.exists()
    if change.get("name") != " ":
        assert 'value="상황판"' in answer.content.decode()


def test_a_double_click_makes_one() -> None:
    client = client_of(make_person(Role.MANAGER))
    assert shown(client.post(f"{PAGE}new/", TYPED))
    assert client.post(f"{PAGE}new/", TYPED).status_code == 400
    assert ApiToken.objects.count() == 1


def test_the_owner_and_an_administrator_revoke_and_nobody_else() -> None:
    owner, boss = make_person(Role.MANAGER), make_person(Role.ADMINISTRATOR)
    keys = [shown(client_of(owner).post(f"{PAGE}new/", TYPED | {"name": name})) for name in ("a", "b")]
    first, second = ApiToken.objects.order_by("id")
    assert client_of(make_person(Role.MANAGER)).post(f"{PAGE}{first.pk}/revoke/").status_code == 404
    assert client_of(owner).post(f"{PAGE}{first.pk}/revoke/").status_code == 302
    assert "b" in client_of(boss).get(PAGE).content.decode()
    assert client_of(boss).post(f"{PAGE}{second.pk}/revoke/").status_code == 302
    assert client_of(boss).post(f"{PAGE}{second.pk}/revoke/").status_code == 302
    assert [Program(key).get("departments").status_code for key in keys] == [401, 401]
    assert AccessLog.objects.filter(action="token revoked").count() == 2
    assert client_of(owner).get(PAGE).status_code == 200


def test_after_a_log_in_that_came_between_the_page_is_shown() -> None:
    answer = client_of(make_person(Role.MANAGER)).get(f"{PAGE}new/")
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert Client().post(f"{PAGE}new/", TYPED).status_code == 302
    assert not ApiToken.objects.exists()


def test_the_password_is_not_guessed_here() -> None:
    client = client_of(make_person(Role.MANAGER))
    for _try in range(6):
        client.post(f"{PAGE}new/", TYPED | {"password": "wrong"})
    client.post(f"{PAGE}new/", TYPED)
    assert not ApiToken.objects.exists()
