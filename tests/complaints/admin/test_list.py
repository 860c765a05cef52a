"""The complaint list: the right rows for the right person, few queries, nothing hostile comes alive."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import search
from complaints.admin import paginator
from complaints.models import Complaint
from complaints.pages import rows
from departments.models import Role
from tests.complaints.admin.desk import LIST, client_as, make_photo, make_row
from tests.make import make_department, make_district
from tests.shared_material import shared

pytestmark = pytest.mark.django_db


def numbers(client: Client, **query: Any) -> set[str]:
    """The receipt numbers on the list's first page."""
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return {row.number for row in answer.context["cl"].rows}


def test_the_desk_sees_all_and_a_department_its_own() -> None:
    mine, other = make_department("관광정책과"), make_department("도로계획과")
    a = make_row(status="ASSIGNED", department=mine)
    b = make_row(status="ASSIGNED", department=other)
    c = make_row()
    for role in (Role.OFFICER, Role.MANAGER, Role.AUDITOR):
        assert numbers(client_as(role), tab="all") == {a.number, b.number, c.number}
    for role in (Role.STAFF, Role.HEAD):
        assert numbers(client_as(role, mine), tab="all") == {a.number}
        assert numbers(client_as(role, mine), tab="all", department=other.pk) == set()
        assert numbers(client_as(role, mine), tab="all", q=b.number) == set()
    assert client_as(Role.ADMINISTRATOR).get(LIST).status_code == 403


def test_tabs_hold_what_they_say() -> None:
    now = timezone.now()
    new = make_row()
    soon = make_row(status="TRIAGED", due_at=now + timedelta(minutes=20))
    late = make_row(status="TRIAGED", due_at=now - timedelta(minutes=20))
    late_by_five: dict[str, Any] = {"status": "ON_HOLD", "held_from": "TRIAGED", "due_at": now - timedelta(minutes=5)}
    stopped, waits = make_row(stopped_at=now, **late_by_five), make_row(**late_by_five)
    again = make_row(status="COMPLETED", news_at=now)
    officer = client_as(Role.OFFICER)
    assert numbers(officer) == {new.number}
    assert numbers(officer, tab="due") == {soon.number, late.number, waits.number}
    assert numbers(officer, tab="news") == {again.number}
    assert numbers(officer, tab="mine") == set()
    assert numbers(officer, tab="all") == {c.number for c in (new, soon, late, stopped, waits, again)}
    assert numbers(officer, due="over") == {late.number, waits.number}
    assert numbers(officer, due="soon") == {soon.number}
    assert numbers(officer, news="yes") == {again.number}


def test_a_department_finds_its_open_ones_first_due_first() -> None:
    mine = make_department()
    now = timezone.now()
    later = make_row(status="ASSIGNED", department=mine, due_at=now + timedelta(hours=2))
    first = make_row(status="IN_PROGRESS", department=mine, due_at=now + timedelta(hours=1))
    make_row(status="COMPLETED", department=mine)
    rows = client_as(Role.STAFF, mine).get(LIST, {"tab": "mine"}).context["cl"].rows
    assert [row.number for row in rows] == [first.number, later.number]


def test_both_clocks_stand_in_a_line_and_what_is_urgent_comes_first() -> None:
    now = timezone.now()
    late = make_row(status="TRIAGED", due_at=now - timedelta(days=3))
    urgent = make_row(priority="URGENT", due_at=now + timedelta(days=4), emergency_due_at=now + timedelta(minutes=12.5))
    over = make_row(priority="URGENT", due_at=now + timedelta(days=4), emergency_due_at=now - timedelta(minutes=3.5))
    answer = client_as(Role.OFFICER).get(LIST, {"tab": "due"})
    assert [row.number for row in answer.context["cl"].rows] == [over.number, urgent.number, late.number]
    page = answer.content.decode()
    for words in ("긴급: 12분 남음", "긴급: 3분 초과", "초과", "남음"):
        assert words in page
    first = answer.context["cl"].rows[0]  # the emergency's, the law's, and the hour in which it must be handed on
    assert ([due.tone for due in first.dues], first.tone) == (["late", "fine", "soon"], "late")


def test_filters_narrow() -> None:
    tour, beach = make_department("관광정책과"), make_district("해운대구")
    hit = make_row(status="ASSIGNED", department=tour, district=beach, priority="URGENT")
    other = make_row()
    officer = client_as(Role.OFFICER)
    for query in (
        {"department": tour.pk},
        {"district": beach.pk},
        {"priority": "URGENT"},
        {"status": "ASSIGNED"},
    ):
        assert numbers(officer, **query) == {hit.number}
    assert numbers(officer, status="open") == {hit.number, other.number}
    assert numbers(officer, department="none") == {other.number}
    assert numbers(officer, channel=hit.account_id) == {hit.number, other.number}
    assert numbers(officer, channel="9" * 9) == set()
    assert numbers(officer, district="x'; --") == set()


def test_search_by_number_word_author_department() -> None:
    tour = make_department("관광정책과")
    hit = make_row("영화의전당 안내판 Busan 오타", handle="Movie_fan", status="ASSIGNED", department=tour)
    make_row("가로등")
    officer = client_as(Role.OFFICER)
    for typed in (hit.number, hit.number.lower(), "안내판", "busan", "@movie_fan", "관광정책", "안내판 오타"):
        assert numbers(officer, q=typed) == {hit.number}, typed
    assert numbers(officer, q="안내판 없는말") == set()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_masked_roles_do_not_read_or_find_a_name(role: Role) -> None:
    make_row("민원", handle="secret_handle", author_name="홍길동")
    client = client_as(role)
    page = client.get(LIST, {"tab": "all"}).content.decode()
    assert "secret_handle" not in page
    assert "홍길동" not in page
    assert numbers(client, q="secret_handle") == set()


@pytest.mark.parametrize("number", ["010-1234-5678", "010 1234 5678", "gildong@naver.com"])
def test_half_a_number_at_the_end_of_a_line_is_hidden_too(number: str) -> None:
    for left in range(len(number)):
        make_row("가" * (rows.EXCERPT - 3 - left) + " " + number + " 로 연락 주세요")
    page = client_as(Role.MANAGER).get(LIST, {"tab": "all"}).content.decode()
    assert not any(part in page for part in ("1234", "010-", "010 1", "gildong"))
    assert "가가가" in page


@pytest.mark.parametrize(
    "query",
    [
        {"account__secrets__startswith": "g"},
        {"author__handle": "x"},
        {"assignee__password__startswith": "p"},
        {"text__contains": "x"},
        {"_connector": "OR"},
        {"number__gte": "B"},
    ],
)
def test_no_lookup_comes_from_an_address(query: dict[str, str]) -> None:
    make_row()
    answer = client_as(Role.OFFICER).get(LIST, query)
    assert answer.status_code in (302, 400)


@pytest.mark.parametrize("query", [{"o": "9"}, {"o": "-1.2"}, {"p": "999999"}, {"p": "x"}, {"all": ""}, {"e": "1"}])
def test_odd_parameters_are_no_error(query: dict[str, str]) -> None:
    make_row()
    assert client_as(Role.OFFICER).get(LIST, query).status_code in (200, 302)


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    client = client_as(Role.OFFICER)
    for _row in range(5):
        make_photo(make_row())
    client.get(LIST, {"tab": "all"})
    with CaptureQueriesContext(connection) as few:
        client.get(LIST, {"tab": "all"})
    for _row in range(45):
        make_photo(make_row(department=None, district=None))
    with CaptureQueriesContext(connection) as many:
        assert len(numbers(client, tab="all")) == 50
    assert len(many) == len(few)
    assert len(many) <= 14
    assert not [q["sql"] for q in many if "DISTINCT" in q["sql"]]
    assert not [q["sql"] for q in many if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_count_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paginator, "CAP", 3)
    for _row in range(5):
        make_row()
    rows = paginator.CappedPaginator(Complaint.objects.all(), 2)
    assert (rows.count, rows.count_text) == (4, "3+")


def test_a_list_has_no_adding_deleting_or_bulk() -> None:
    complaint = make_row()
    officer = client_as(Role.OFFICER)
    for path in (f"{LIST}add/", f"{LIST}{complaint.pk}/delete/", f"{LIST}{complaint.pk}/history/"):
        assert officer.get(path).status_code == 404
    assert officer.post(LIST, {"action": "delete_selected", "_selected_action": complaint.pk}).status_code == 405
    assert Complaint.objects.filter(pk=complaint.pk).exists()


def test_hostile_texts_stay_texts() -> None:
    make_row('<script>alert(1)</script><img src=x onerror="alert(1)">', handle="<b>x</b>", author_name="<i>")
    page = client_as(Role.OFFICER).get(LIST, {"tab": "all", "q": "<script>"}).content.decode()
    assert "<script>alert" not in page
    assert 'onerror="' not in page
    assert "<b>x" not in page


@pytest.mark.unmeasured
def test_every_string_of_the_hostile_list_may_be_searched() -> None:
    officer = client_as(Role.OFFICER)
    make_row()
    lines = json.loads(shared("corpora", "blns", "blns.json").read_text(encoding="utf-8"))
    assert len(lines) > 300
    for line in lines:
        list(Complaint.objects.filter(search.condition(line, names_too=True)))
    for line in lines[::8]:
        assert officer.get(LIST, {"q": line[:200]}).status_code < 500, line
