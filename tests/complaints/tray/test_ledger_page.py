"""The page of the ledger: who reads what of it, what is chosen, what it costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import idle, workflow
from complaints.models import Complaint
from complaints.tray import ledger_list
from departments.models import Department, Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db

LEDGER = "/admin/hand-over/"
REASON = "<b>저희</b> 일이 아닙니다 010-1234-5678"


def read(client: Client, **query: Any) -> str:
    answer = client.get(LEDGER, query)
    assert answer.status_code == 200
    return answer.content.decode()


def bounced(department: Department, *, now: datetime | None = None, reason: str = REASON) -> Complaint:
    at, complaint = now or timezone.now(), make_row()
    officer, staff = make_person(Role.OFFICER), make_person(Role.STAFF, department)
    workflow.assign(complaint, by=officer, version=1, now=at, department=department)
    workflow.send_back(complaint, by=staff, version=complaint.version, now=at + timedelta(minutes=3), reason=reason)
    return complaint


def assigned(department: Department) -> Complaint:
    complaint = make_row()
    workflow.assign(complaint, by=make_person(Role.OFFICER), version=1, now=timezone.now(), department=department)
    return complaint


def test_an_officer_reads_all_of_it_and_nothing_is_markup() -> None:
    tour, road = make_department(), make_department("도로계획과")
    first, second = bounced(tour), assigned(road)
    page = read(client_as(Role.OFFICER))
    assert first.number in page
    assert second.number in page
    assert "&lt;b&gt;저희&lt;/b&gt; 일이 아닙니다 010-1234-5678" in page
    assert "badge-warn" in page


def test_a_head_reads_his_own_department_also_of_what_it_has_no_more_but_cannot_open_that() -> None:
    tour, road = make_department(), make_department("도로계획과")
    gone, held, foreign = bounced(tour), assigned(tour), bounced(road)
    page = read(client_as(Role.HEAD, tour))
    assert gone.number in page
    assert held.number in page
    assert foreign.number not in page
    assert page_of(held) in page
    assert page_of(gone) not in page
    assert road.name not in page


def test_who_only_looks_reads_masked_reasons() -> None:
    bounced(make_department())
    assert "010-1234-5678" not in read(client_as(Role.MANAGER))


@pytest.mark.parametrize("role", [Role.STAFF, Role.ARBITER, Role.ADMINISTRATOR])
def test_the_others_do_not_read_it(role: Role) -> None:
    assert client_as(role).get(LEDGER).status_code == 403


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("all", {"sent back", "taken back", "waiting", "accepted"}),
        ("open", {"waiting", "accepted"}),
        ("waiting", {"waiting"}),
        ("bounced", {"sent back"}),
        ("taken_back", {"taken back"}),
        ("arbitration", set()),
    ],
)
def test_what_is_chosen_is_shown(show: str, expected: set[str]) -> None:
    tour, now = make_department(), timezone.now()
    made = {"sent back": bounced(tour), "waiting": assigned(tour), "accepted": assigned(tour), "taken back": make_row()}
    accepted = made["accepted"]
    workflow.accept(accepted, by=make_person(Role.STAFF, tour), version=accepted.version, now=now)
    early = now - timedelta(days=6)
    workflow.assign(made["taken back"], by=make_person(Role.OFFICER), version=1, now=early, department=tour)
    assert idle.take_back(now=now - timedelta(hours=1)) == 1
    officer = make_person(Role.OFFICER)
    found = ledger_list.stays(ledger_list.Choice(show=show), officer, now=timezone.now())
    assert {name for name, row in made.items() if row.pk in found.values_list("complaint", flat=True)} == expected


def test_the_arbiters_cases_have_a_view_of_their_own() -> None:
    tour, calm = make_department(), assigned(make_department("도로계획과"))
    complaint = bounced(tour)
    workflow.assign(
        complaint, by=make_person(Role.OFFICER), version=complaint.version, now=timezone.now(), department=tour
    )
    staff = make_person(Role.STAFF, tour)
    workflow.send_back(complaint, by=staff, version=complaint.version, now=timezone.now(), reason="또 아닙니다")
    page = read(client_as(Role.AUDITOR), show="arbitration")
    assert page.count(complaint.number) >= 2
    assert calm.number not in page


def test_a_department_narrows_rows_and_sums_and_what_makes_no_sense_narrows_nothing() -> None:
    tour, road = make_department(), make_department("도로계획과")
    first, second = bounced(tour), bounced(road)
    client = client_as(Role.MANAGER)
    page = read(client, department=str(road.pk))
    assert second.number in page
    assert first.number not in page
    for odd in ({"department": "0"}, {"show": "x"}, {"days": "5"}, {"p": "0"}, {"department": "١"}):
        assert first.number in read(client, **odd)


def test_older_stays_are_found_by_more_days_and_pages_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_list, "PAGE", 1)
    tour, client = make_department(), client_as(Role.OFFICER)
    old, new = bounced(tour, now=timezone.now() - timedelta(days=40)), bounced(tour)
    assert old.number not in read(client)
    first, second = read(client, days="90"), read(client, days="90", p="2")
    assert new.number in first
    assert old.number not in first
    assert old.number in second
    assert "p=2" in first


def test_an_empty_ledger_says_so() -> None:
    assert "empty" in read(client_as(Role.OFFICER), show="bounced")


def test_it_costs_the_same_for_any_number() -> None:
    tour, client = make_department(), client_as(Role.OFFICER)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    bounced(tour)
    read(client)
    one = cost()
    for _more in range(6):
        bounced(tour)
        assigned(make_department(f"부서 {_more}"))
    assert cost() == one


def test_the_complaint_page_shows_its_own_ledger_with_the_successors_name() -> None:
    new = make_department("관광정책과")
    old = make_department("관광진흥과", active_to="2013-01-01", successor=new)
    complaint = bounced(old)
    page = client_as(Role.OFFICER).get(page_of(complaint)).content.decode()
    assert 'class="ledger"' in page
    assert "관광진흥과" in page
    assert "관광정책과" in page
    assert 'class="ledger"' not in client_as(Role.OFFICER).get(page_of(make_row())).content.decode()
