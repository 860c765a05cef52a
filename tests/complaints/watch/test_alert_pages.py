"""The list of alerts of a person, and their number in the header of every page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import alerts
from complaints.models import Complaint, Escalation
from complaints.models.alert import Stage
from departments.models import Role
from tests.complaints.admin.desk import client_of, make_row
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db
ALERTS = "/admin/alerts/"


def tell(user: User, complaint: Complaint | None = None, **values: Any) -> Complaint:
    complaint, now = complaint or make_row(), timezone.now()
    known = {"stage": Stage.DUE, "due_at": complaint.due_at, "at": now}
    row = Escalation.objects.create(complaint=complaint, **(known | values))
    alerts.write(row, [user], hook=False, send_at=now, now=now)
    return complaint


def page(client: Client) -> str:
    return client.get(ALERTS).content.decode()


def number_in_header(client: Client) -> str:
    found = re.search(r"data-alerts>(\d+)<", client.get("/admin/").content.decode())
    assert found
    return found[1]


def test_the_header_counts_and_the_list_tells_until_it_is_read() -> None:
    officer = make_person(Role.OFFICER)
    client = client_of(officer)
    assert number_in_header(client) == "0"
    assert "알림이 없습니다" in page(client)
    complaint = tell(officer)
    tell(officer, stage=Stage.BEGUN, emergency=True)
    shown = page(client)
    assert number_in_header(client) == "2"
    assert complaint.number in shown
    assert shown.count("alert-new") == 2
    assert "긴급 민원 접수" in shown
    up_to = re.search(r'name="up_to" value="(\d+)"', shown)
    assert up_to
    late = tell(officer)
    assert client.post(f"{ALERTS}read/", {"up_to": up_to[1]})["Location"] == ALERTS
    assert client.get(f"{ALERTS}count/").json() == {"new": 1}
    shown = page(client)
    assert shown.count("alert-new") == 1
    assert late.number in shown


@pytest.mark.parametrize("typed", ["", "x", "٣", "9" * 40, "-1"])
def test_nonsense_reads_nothing(typed: str) -> None:
    officer = make_person(Role.OFFICER)
    tell(officer)
    client = client_of(officer)
    assert client.post(f"{ALERTS}read/", {"up_to": typed}).status_code == 302
    assert client.get(f"{ALERTS}count/").json() == {"new": 1}
    assert client.get(f"{ALERTS}read/").status_code == 405


def test_a_line_says_how_it_stands_now() -> None:
    officer, now = make_person(Role.OFFICER), timezone.now()
    done = tell(officer)
    Complaint.objects.filter(pk=done.pk).update(status="COMPLETED", closed_at=now)
    assert "그사이 처리됨" in page(client_of(officer))


def test_what_belongs_to_another_department_now_is_not_listed() -> None:
    mine = make_department()
    staff = make_person(Role.STAFF, mine)
    complaint = tell(staff, make_row(status="ASSIGNED", department=mine))
    client = client_of(staff)
    assert complaint.number in page(client)
    Complaint.objects.filter(pk=complaint.pk).update(department=make_department("도로계획과"))
    assert complaint.number not in page(client)
    assert number_in_header(client) == "0"


def test_an_alert_says_what_it_is_about() -> None:
    officer, manager, tour = make_person(Role.OFFICER), make_person(Role.MANAGER), make_department("관광정책과")
    complaint = make_row("안내판이 거꾸로예요. 010-1234-5678로 주세요", status="ASSIGNED", department=tour)
    tell(officer, complaint)
    tell(manager, complaint, stage=Stage.LATE)
    assert "거꾸로예요. 010-1234-5678로" in page(client_of(officer))
    assert "거꾸로예요. 010-****-5678로" in page(client_of(manager))


def test_the_number_of_queries_does_not_grow_with_the_alerts() -> None:
    officer = make_person(Role.OFFICER)
    client = client_of(officer)
    counts = []
    for number in (2, 20):
        for _alert in range(number):
            tell(officer)
        client.get(ALERTS)
        with CaptureQueriesContext(connection) as found:
            client.get(ALERTS)
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert counts[1] <= 9
