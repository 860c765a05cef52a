"""The subjects of the reports for programs say what their pages say, to the same people."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.models import Complaint
from departments.models import Department, Role
from tests.complaints.admin.desk import client_of
from tests.complaints.api.answers import program_of
from tests.complaints.reports.office import Office, at, make_hand_counted
from tests.make import make_person, make_post, make_promise, make_verdict

pytestmark = pytest.mark.django_db
NOVEMBER = "period=month&on=2026-11-15"
SUBJECTS = ("department", "channel", "due-times", "hand-overs", "districts", "promises", "satisfaction", "monthly")


@pytest.fixture
def office() -> Office:
    office = make_hand_counted()
    Department.objects.filter(pk=office.tour.pk).update(bureau="관광마이스국")
    complaint = Complaint.objects.filter(department=office.tour)[0]
    said = {"said": "SATISFIED", "post": make_post(office.account), "said_at": at("11-20 09:00"), "words": "고맙"}
    reply = make_promise(complaint, due_at=at("11-19 18:00"), promised_at=at("11-18 09:00")).reply
    make_verdict(reply, answered_at=at("11-18 09:00"), **said)
    return office


def read(subject: str, query: str = NOVEMBER, role: Role = Role.MANAGER) -> Any:
    return program_of(make_person(role)).read(f"reports/{subject}?{query}")


def test_a_department_its_bureau_and_everything(office: Office) -> None:
    found = read("department", f"{NOVEMBER}&department={office.tour.pk}")
    assert (found["name"], found["department"], found["bureau"]) == ("관광정책과", office.tour.pk, "관광마이스국")
    assert found["departments"] == []
    assert found["sent_back"] == 1
    assert {each["name"] for each in found["beside"]} >= {"관광정책과", "관광마이스국"}
    bureau = read("department", f"{NOVEMBER}&bureau=관광마이스국")
    assert [each["name"] for each in bureau["departments"]] == ["관광정책과"]
    everything = read("department")
    assert (everything["name"], everything["beside"]) == ("", [])
    assert everything["backlog"]["open"] == len(everything["held"]) == 2
    page = client_of(make_person(Role.MANAGER)).get(f"/admin/reports/department/?{NOVEMBER}").content.decode()
    assert "관광정책과" in page


def test_a_channel(office: Office) -> None:
    found = read("channel", f"{NOVEMBER}&account={office.account.pk}")
    assert found["name"] == "X · 부산시 X" or "부산시" in found["name"]
    assert [each["key"] for each in found["accounts"]] == [str(office.account.pk)]
    assert read("channel")["name"] == ""


def test_due_times_and_hand_overs(office: Office) -> None:
    due = read("due-times")
    assert (due["numbers"]["within"], due["numbers"]["late"]) == (1, 1)
    assert sum(each["numbers"]["n"] for each in due["pairs"]) == 2
    assert due["terms"]
    passed = read("hand-overs")
    assert [(each["name"], each["other_name"], each["numbers"]["n"]) for each in passed["passed_on"]] == [
        ("관광정책과", "도로계획과", 1)
    ]
    assert sum(each["numbers"]["n"] for each in passed["people"]) == 4


def test_districts_add_up(office: Office) -> None:
    assert sum(each["numbers"]["n"] for each in read("districts")["districts"]) == 2


def test_the_month(office: Office) -> None:
    found = read("monthly", "on=2026-11-15&period=week")
    assert (found["inspect_by"], found["period"]["name"]) == ("2026-12-05", "month")
    assert found["numbers"]["n"] == 2
    assert {each["state"] for each in found["late"]} <= {"OPEN", "DONE"}
    assert read("monthly", "")["period"]["name"] == "month"


def test_promises_and_satisfaction(office: Office) -> None:
    assert read("promises")["numbers"]["due"] == 1
    found = read("satisfaction")
    assert found["numbers"] == {
        "answers": 1, "satisfied": 1, "neither": 0, "not": 0, "undecided": 0, "silent": 0, "judged": 1, "share": 1.0,
        "small_n": True,
    }  # fmt: skip
    assert {each["by"] for each in found["groups"]} == {
        "department", "bureau", "network", "account", "district", "kind", "priority", "legal_kind", "weekday", "hour"
    }  # fmt: skip
    assert [each["period"]["name"] for each in found["history"]] == ["month"] * 12
    assert found["history"][-1]["numbers"] == found["numbers"]
    assert read("satisfaction", "")["period"]["name"] == "recent"


@pytest.mark.parametrize(
    "query", ["promises?hour=9", "satisfaction?officer=1", "satisfaction?figure=DELIVERY", "due-times?figure=DELIVERY",
              "monthly?by=hour", "districts?on=tomorrow"]
)  # fmt: skip
def test_what_would_not_be_applied_is_refused(office: Office, query: str) -> None:
    assert program_of(make_person(Role.MANAGER)).get(f"reports/{query}").status_code == 400


@pytest.mark.parametrize("query", ["department?department=999", "department?bureau=없는국", "channel?network=pigeon"])
def test_what_is_not_there(office: Office, query: str) -> None:
    assert program_of(make_person(Role.MANAGER)).get(f"reports/{query}").status_code == 404


@pytest.mark.parametrize("subject", SUBJECTS)
def test_as_on_the_pages_who_reads_no_reports_gets_none(office: Office, subject: str) -> None:
    for role in (Role.OFFICER, Role.STAFF, Role.ADMINISTRATOR):
        assert program_of(make_person(role, office.tour)).get(f"reports/{subject}").status_code == 403
    head = program_of(make_person(Role.HEAD, office.tour))
    assert head.get(f"reports/{subject}?{NOVEMBER}").status_code == 200
    assert head.get(f"reports/{subject}?department={office.road.pk}").status_code == 404
