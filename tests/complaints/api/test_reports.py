"""The same numbers as the pages and the CSV, for who may read them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from complaints.models import AccessLog, Complaint
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.figures import DEFINITIONS
from complaints.reports.numbers import PARTS
from departments.models import Role
from tests.complaints.admin.desk import client_of
from tests.complaints.api.answers import program_of
from tests.complaints.reports.office import HAND, make_hand_counted
from tests.make import make_person

pytestmark = pytest.mark.django_db
NOVEMBER = "period=month&on=2026-11-15"


def test_the_figures_are_those_counted_by_hand_and_those_of_the_export() -> None:
    make_hand_counted()
    user = make_person(Role.MANAGER)
    found = program_of(user).read(f"reports/figures?{NOVEMBER}")
    numbers = {each["figure"]: each["numbers"] for each in found["figures"]}
    aged = "oldest_seconds"  # of today, not of the day of the count
    for code, counted in HAND.items():
        assert {name: numbers[code][name] for name in counted if name != aged} == {
            name: value for name, value in counted.items() if name != aged
        }
    exported = client_of(user).get(f"/admin/reports/export/json/?{NOVEMBER}").json()
    for code, each in exported["figures"].items():
        assert {name: value for name, value in each.items() if name not in ("name", aged)} == {
            name: value for name, value in numbers[code].items() if name != aged
        }
    assert found["period"]["from"] == "2026-11-01T00:00:00+09:00"


def test_the_overview_says_what_its_page_says() -> None:
    make_hand_counted()
    user = make_person(Role.MANAGER)
    found = program_of(user).read(f"reports/overview?{NOVEMBER}")
    page = client_of(user).get(f"/admin/reports/?{NOVEMBER}").content.decode()
    cards = [int(number) for number in re.findall(r'start-count">([\d,]+)<', page)]
    today, backlog = found["today"], found["backlog"]
    assert cards == [
        today["received"], today["answered"], backlog["open"], backlog["unanswered"], backlog["overdue"],
    ]  # fmt: skip
    shown = re.findall(r'<td class="heat-\d"><a [^>]*>(\d+)</a>', page)
    assert sum(map(int, shown)) == sum(each["count"] for each in found["arrivals"]) == 4
    assert len(found["weeks"]) == 12
    assert [each["name"] for each in found["channels"]] == ["X"]
    assert {(each["numbers"]["late"], each["numbers"]["overdue"]) for each in found["worst_departments"]} == {
        (1, 0),
        (0, 1),
    }


@pytest.mark.parametrize("by", DIMENSIONS)
def test_every_dimension_adds_up(by: str) -> None:
    make_hand_counted()
    found = program_of(make_person(Role.AUDITOR)).read(f"reports/slice?{NOVEMBER}&by={by}&figure=RESOLUTION")
    assert sum(group["numbers"]["n"] for group in found["groups"]) == 3
    assert all(group["key"] for group in found["groups"])


def test_a_group_leads_to_its_own_numbers() -> None:
    make_hand_counted()
    program = program_of(make_person(Role.MANAGER))
    for group in program.read(f"reports/slice?{NOVEMBER}&by=department")["groups"]:
        narrowed = program.read(f"reports/figures?{NOVEMBER}&department={group['key']}")
        first = next(each for each in narrowed["figures"] if each["figure"] == "FIRST_RESPONSE")
        assert first["numbers"]["n"] == group["numbers"]["n"]


@pytest.mark.parametrize("part", PARTS)
def test_the_list_behind_a_number_is_that_of_the_csv(part: str) -> None:
    make_hand_counted()
    user = make_person(Role.MANAGER)
    query = f"{NOVEMBER}&part={part}&clock=wall&figure=FIRST_RESPONSE"
    program, lines = program_of(user), []
    pages = program.read(f"reports/list?{query}&size=1")["pages"]
    for page in range(1, pages + 1):
        found = program.read(f"reports/list?{query}&size=1&page={page}")
        lines += found["lines"]
    assert len(lines) == found["count"]
    answer: Any = client_of(user).get(f"/admin/reports/export/csv/?{query}")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))[1:]
    seconds = [(line["number"], line["wall_seconds"] if line["wall_seconds"] is not None else "") for line in lines]
    assert [(row[0], row[10]) for row in rows] == [(number, str(length)) for number, length in seconds]
    assert program.get(f"reports/list?{query}&size=1&page={pages + 1}").status_code == 404


def test_who_takes_a_list_is_recorded_with_the_name_of_the_key() -> None:
    user = make_person(Role.MANAGER)
    program_of(user).read(f"reports/list?{NOVEMBER}")
    row = AccessLog.objects.get(action="report export")
    assert (row.user, row.reason) == (user, "API: dashboard")


def test_a_head_gets_his_own_and_nothing_of_others() -> None:
    office = make_hand_counted()
    program = program_of(make_person(Role.HEAD, office.tour))
    found = program.read(f"reports/list?figure=IN_DEPARTMENT&{NOVEMBER}")
    numbers = {line["number"] for line in found["lines"]}
    assert len(numbers) == 2
    assert Complaint.objects.get(reopened=1).number not in numbers
    for address in ("overview", "figures", "slice", "list"):
        assert program.get(f"reports/{address}?department={office.road.pk}").status_code == 404
        assert program.get(f"reports/{address}?department=none").status_code == 404
    groups = program.read(f"reports/slice?{NOVEMBER}&by=department")["groups"]
    assert [group["key"] for group in groups] == [str(office.tour.pk)]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.STAFF, Role.ADMINISTRATOR, Role.ARBITER])
def test_reports_are_not_for_everybody(role: Role) -> None:
    program = program_of(make_person(role))
    for address in ("overview", "figures", "slice", "list", "definitions"):
        assert program.get(f"reports/{address}").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["figure=X", "by=text", "period=year", "on=yesterday", "on=0001-01-01", "department=1x", "kind=%00", "part=x",
     "clock=sun", "size=0", "size=100000", "page=0", "page=99999999999999999999999", "figure=", "bureau=%27%3B--%00",
     "department=1&department=2", "account=9999999999999999999", "network=a%27b", "where=1", "on=2026-11-15T00:00"],
)  # fmt: skip
def test_nonsense_is_refused(query: str) -> None:
    answer = program_of(make_person(Role.MANAGER)).get(f"reports/list?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_definitions_are_those_of_the_page() -> None:
    user = make_person(Role.MANAGER)
    found = program_of(user).read("reports/definitions")
    assert [each["code"] for each in found["figures"]] == list(DEFINITIONS)
    page = client_of(user).get("/admin/reports/definitions/").content.decode()
    assert all(each["meaning"] in page for each in found["figures"])
