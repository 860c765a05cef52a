"""The department tray: the right section, the worst first, one tap accepts, the same cost for any number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import replies, workflow
from complaints.models import Complaint, Status
from complaints.tray import day
from departments.models import Department, Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db

TRAY = "/admin/tray/"


def assigned(department: Department, text: str = "가로등이 꺼졌습니다", **values: Any) -> Complaint:
    complaint = make_row(text, **values)
    workflow.assign(complaint, by=make_person(Role.OFFICER), version=1, now=timezone.now(), department=department)
    return complaint


def numbers(department: Department, role: Role = Role.STAFF) -> dict[str, list[str]]:
    sections = day.day_of(make_person(role, department), now=timezone.now())
    return {section.name: [card.row.number for card in section.cards] for section in sections}


def read(client: Client) -> str:
    answer = client.get(TRAY)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_complaint_lies_where_something_is_to_be_done() -> None:
    tour, now = make_department(), timezone.now()
    staff = make_person(Role.STAFF, tour)
    fresh, begun, drafted, waits, sent = (assigned(tour) for _ in range(5))
    workflow.start(begun, by=staff, version=begun.version, now=now)
    replies.draft(drafted, text="고치겠습니다.", by=staff, version=drafted.version, now=now)
    workflow.hold(waits, by=staff, version=waits.version, now=now, reason="부품을 기다립니다")
    Complaint.objects.filter(pk=sent.pk).update(status=Status.ANSWERED, accepted_at=now)
    make_row(status="COMPLETED", department=tour)
    assigned(make_department("도로계획과"))
    assert numbers(tour, Role.HEAD) == {
        "accept": [fresh.number],
        "approve": [drafted.number],
        "work": [begun.number],
        "wait": [waits.number],
        "sent": [sent.number],
    }
    assert set(numbers(tour)["work"]) == {begun.number, drafted.number}


def test_what_burns_comes_first_then_the_earlier_due() -> None:
    tour, now = make_department(), timezone.now()
    late, calm = assigned(tour, due_at=now - timedelta(hours=1)), assigned(tour, due_at=now + timedelta(days=1))
    urgent = assigned(tour, due_at=now + timedelta(days=2), emergency_due_at=now, priority="URGENT")
    assert numbers(tour)["accept"] == [urgent.number, late.number, calm.number]


def test_one_tap_accepts_and_a_second_one_learns_it() -> None:
    tour = make_department()
    complaint = assigned(tour, "<script>alert(1)</script>")
    client = client_of(make_person(Role.STAFF, tour))
    page = read(client)
    assert "<script>alert(1)" not in page
    assert page_of(complaint, "move", "accept") in page
    posted = {"version": complaint.version}
    assert client.post(page_of(complaint, "move", "accept"), posted).status_code == 302
    assert client.post(page_of(complaint, "move", "accept"), posted).status_code == 409
    assert page_of(complaint, "move", "accept") not in read(client)


def test_an_empty_tray_says_so_and_strangers_have_none() -> None:
    assert "empty" in read(client_as(Role.HEAD))
    for role in (Role.OFFICER, Role.MANAGER, Role.ARBITER):
        assert client_as(role).get(TRAY).status_code == 403


def test_it_costs_the_same_for_any_number() -> None:
    tour = make_department()
    client = client_of(make_person(Role.HEAD, tour))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    assigned(tour)
    read(client)
    one = cost()
    for _more in range(6):
        assigned(tour)
    assert cost() == one
