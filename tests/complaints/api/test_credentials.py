"""Who gets in: keys, sessions, roles; how mistakes are answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints import api_tokens
from complaints.api import credentials
from complaints.api.problems import answer_to
from complaints.models import ApiToken
from departments import directory
from departments.models import Membership, Role
from tests.complaints.admin.desk import client_as
from tests.complaints.api.answers import HOME, Program, key_of, program_of
from tests.make import make_person

pytestmark = pytest.mark.django_db


def code(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_without_a_key_it_says_how_to_come_in() -> None:
    answer = Client().get(f"{HOME}departments")
    assert code(answer) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_reads_too() -> None:
    assert client_as(Role.OFFICER).get(f"{HOME}departments").status_code == 200


def test_a_key_that_is_over_opens_nothing() -> None:
    user = make_person(Role.MANAGER)
    program = program_of(user)
    program.read("departments")
    token = ApiToken.objects.get()
    assert token.last_used_from == "127.0.0.1"
    ApiToken.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    assert code(program.get("departments")) == (401, "token_over")
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=2))
    program.read("departments")
    api_tokens.revoke(token, by=user, now=timezone.now())
    assert code(program.get("departments")) == (401, "token_over")


def test_who_may_not_log_in_has_no_key_and_who_lost_his_role_sees_nothing() -> None:
    user = make_person(Role.MANAGER)
    program = program_of(user)
    directory.revoke(Membership.objects.get(user=user), now=timezone.now())
    assert code(program.get("departments")) == (403, "forbidden")
    user.is_active = False
    user.save()
    assert code(program.get("departments")) == (401, "token_over")


def test_a_wrong_key_is_not_covered_by_a_session() -> None:
    answer = client_as(Role.OFFICER).get(f"{HOME}departments", headers={"Authorization": "Bearer ttb_x"})
    assert code(answer) == (401, "token_unknown")


def test_guessing_is_slowed_down_and_a_right_key_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials.FromOneAddress, "rate", "2/hour")
    guess = Program("ttb_" + "A" * 43)
    assert [guess.get("departments").status_code for _try in range(4)] == [401, 401, 429, 429]
    assert int(guess.get("departments").headers["Retry-After"]) > 60
    program_of(make_person(Role.MANAGER)).read("departments")


def test_one_person_asks_so_often_a_minute(settings: Any) -> None:
    settings.API_PER_MINUTE = 3
    user = make_person(Role.OFFICER)
    program, other = Program(key_of(user, name="a")), Program(key_of(user, name="b"))
    assert [each.get("departments").status_code for each in (program, other, program, other)] == [200, 200, 200, 429]
    assert code(program.get("departments")) == (429, "throttled")
    program_of(make_person(Role.OFFICER)).read("departments")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_is_written(method: str) -> None:
    answer = getattr(Client(), method)(
        f"{HOME}departments", headers={"Authorization": f"Bearer {key_of(make_person(Role.OFFICER))}"}
    )
    assert code(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "address", ["", "nothing", "complaints/", "reports/../x", "complaints/%00", "complaints/B26'--"]
)
def test_what_is_not_there_is_told_so(address: str) -> None:
    assert code(program_of(make_person(Role.OFFICER)).get(address)) == (404, "not_found")


def test_mistakes_are_told_in_the_language_that_was_asked_for() -> None:
    program = program_of(make_person(Role.OFFICER))
    korean, english = (program.get("x", **{"Accept-Language": code}).json() for code in ("ko-KR", "en"))
    assert english["title"] == "Not found"
    assert any("가" <= sign <= "힣" for sign in korean["title"])


def test_an_answer_that_is_known_is_not_sent_again() -> None:
    program = program_of(make_person(Role.MANAGER))
    first = program.get("reports/figures?on=2026-11-15")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept-Language"} <= set(first.headers["Vary"].split(", "))
    again = program.get("reports/figures?on=2026-11-15", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert program.get("reports/figures?on=2026-10-15", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_html_is_never_sent() -> None:
    answer = program_of(make_person(Role.OFFICER)).get("departments?", Accept="text/html")
    assert answer.headers["Content-Type"] == "application/json"
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", ["format=api", "x=1", "page=1"])
def test_a_parameter_that_is_unknown_is_refused(query: str) -> None:
    answer = program_of(make_person(Role.OFFICER)).get(f"departments?{query}")
    assert code(answer) == (400, "parameters")
    assert answer.json()["parameters"] == [query.partition("=")[0]]


def test_a_key_costs_three_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    program = program_of(make_person(Role.OFFICER))
    program.read("departments")
    with django_assert_max_num_queries(4):  # key, last use, roles, departments
        program.read("departments")


def test_a_fault_of_ours_is_not_hidden() -> None:
    assert answer_to(RuntimeError("ours"), None) is None
