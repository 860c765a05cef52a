"""The pages: who sees which figures, every number opens its list, what is taken away is what the list shows."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from complaints.models import AccessLog, Complaint, Duration
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.figures import DEFINITIONS
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of
from tests.complaints.reports.office import Office, make_hand_counted
from tests.make import make_person

pytestmark = pytest.mark.django_db

HOME = "/admin/reports/"
NOVEMBER = "period=month&on=2026-11-15"
SUBJECTS = ("department/", "channel/", "due-times/", "hand-overs/", "monthly/", "districts/", "promises/")
PAGES = ("", "slice/", "list/", "definitions/", *SUBJECTS)


def body(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def taken(client: Client, query: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    answer = client.get(f"{HOME}export/csv/?{query}")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_every_page_opens_empty_and_full() -> None:
    clients = [client_as(role) for role in (Role.MANAGER, Role.AUDITOR, Role.HEAD)]
    visits = [(client, HOME + page) for client in clients for page in PAGES]
    for client, page in visits:
        body(client.get(page))
    make_hand_counted()
    for client, page in visits:
        body(client.get(f"{page}?{NOVEMBER}"))


@pytest.mark.parametrize("period", ["day", "week", "recent", "quarter", "range"])
def test_every_page_opens_for_every_kind_of_period(period: str) -> None:
    make_hand_counted()
    manager, asked = client_as(Role.MANAGER), f"period={period}&on=2026-11-06&from=2026-10-20&to=2026-12-05"
    for page in PAGES:
        shown = body(manager.get(f"{HOME}{page}?{asked}"))
        for address in re.findall(r'href="(\?[^"]*)" rel="(?:prev|next)"', shown):
            body(manager.get(f"{HOME}{page}{unescape(address)}"))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.STAFF, Role.ADMINISTRATOR])
def test_reports_are_not_for_everybody(role: Role) -> None:
    client = client_as(role)
    for page in (*PAGES, "export/csv/", "export/json/"):
        assert client.get(HOME + page).status_code == 403


def test_every_number_of_the_page_opens_a_list_of_that_length() -> None:
    make_hand_counted()
    client = client_as(Role.MANAGER)
    page = body(client.get(f"{HOME}?{NOVEMBER}"))
    links = re.findall(r'href="(/admin/reports/list/[^"]+)" aria-label="[^"]*: ([\d,]+)(?: \(|")', page)
    assert len(links) > 10
    for address, number in links:
        assert f'id="count">{number}' in body(client.get(unescape(address))), address


def test_the_list_behind_the_p90_marks_its_case_and_is_exported_whole() -> None:
    office = make_hand_counted()
    client = client_as(Role.MANAGER)
    query = f"figure=FIRST_RESPONSE&department={office.tour.pk}&network=x&{NOVEMBER}&part=n&clock=working"
    page = body(client.get(f"{HOME}list/?{query}"))
    assert 'id="count">2' in page
    marked = re.search(r'<tr class="report-mark">.*?</tr>', page, re.DOTALL)
    slowest = Duration.objects.filter(figure="FIRST_RESPONSE", state="DONE").order_by("-working_seconds").first()
    assert marked is not None
    assert slowest is not None
    assert slowest.complaint.number in marked.group()
    rows = taken(client, query)
    assert slowest.complaint.number in rows[0].values()
    assert len(rows) == 2


def test_a_workbook_has_real_numbers_and_dates() -> None:
    make_hand_counted()
    answer = client_as(Role.MANAGER).get(f"{HOME}export/xlsx/?figure=FIRST_RESPONSE&{NOVEMBER}&part=n")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True).active  # type: ignore[attr-defined]
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 3
    assert rows[1][7] == datetime(2026, 11, 6, 17)  # noqa: DTZ001 - spreadsheets know no time zones
    assert rows[1][10:12] == (243_000, 14_400)


def test_no_cell_is_a_formula() -> None:
    office = make_hand_counted()
    office.account.name = "=HYPERLINK(1)"
    office.account.save()
    rows = taken(client_as(Role.MANAGER), f"{NOVEMBER}&part=n")
    assert {cell for row in rows for cell in row.values() if "HYPERLINK" in cell} == {"'=HYPERLINK(1)"}


def test_json_has_every_figure() -> None:
    make_hand_counted()
    found = client_as(Role.AUDITOR).get(f"{HOME}export/json/?{NOVEMBER}").json()
    assert list(found["figures"]) == list(DEFINITIONS)
    assert found["figures"]["RESOLUTION"]["wall_p90"] == 243_000
    assert found["figures"]["FIRST_RESPONSE"]["share_within_target"] == pytest.approx(1 / 3)


def test_a_head_gets_only_his_own() -> None:
    office = make_hand_counted()
    head = client_of(make_person(Role.HEAD, office.tour))
    rows = taken(head, f"figure=IN_DEPARTMENT&{NOVEMBER}&part=n")
    numbers = {cell for row in rows for cell in row.values()}
    bounced = Complaint.objects.get(reopened=1).number
    assert len(rows) == 2  # the one that bounced is no longer his to see
    assert bounced not in numbers
    assert office.road.name not in body(head.get(f"{HOME}?{NOVEMBER}"))


def test_a_foreign_department_is_not_there() -> None:
    office = make_hand_counted()
    head = client_of(make_person(Role.HEAD, office.tour))
    for page in ("", "slice/", "list/", "export/csv/", "export/json/", *SUBJECTS):
        for query in (f"department={office.road.pk}", "department=none", "bureau=none"):
            assert head.get(f"{HOME}{page}?{query}").status_code == 404, (page, query)


@pytest.mark.parametrize(
    "query",
    ["figure=X", "by=text", "period=year", "on=yesterday", "on=0001-01-01", "department=1x", "kind=%00", "part=x",
     "priority=HIGH", "clock=sun", "network=a%27b", "hour=24", "hour=none", "weekday=0", "officer=x", "bureau=%00",
     "account=9999999999999999999"],
)  # fmt: skip
def test_nonsense_is_refused(query: str) -> None:
    assert client_as(Role.MANAGER).get(f"{HOME}list/?{query}").status_code == 400


def test_who_took_figures_out_is_recorded() -> None:
    user = make_person(Role.MANAGER)
    taken(client_of(user), NOVEMBER)
    row = AccessLog.objects.get(action="report export")
    assert row.user == user
    assert "FIRST_RESPONSE n 2026-11-01" in row.subject


def test_a_slice_by_every_dimension() -> None:
    make_hand_counted()
    manager = client_as(Role.MANAGER)
    for by in DIMENSIONS:
        body(manager.get(f"{HOME}slice/?{NOVEMBER}&by={by}"))


def test_the_overview_asks_as_many_queries_for_many_complaints() -> None:
    office = Office()
    client = client_as(Role.MANAGER)
    client.get(HOME)
    few = queries_of(client)
    for number in range(20):
        office.receive(f"11-{number + 1:02} 10:00", author=f"a{number}")
    assert queries_of(client) <= few + 2


def queries_of(client: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(f"{HOME}?{NOVEMBER}")
    return len(captured)


def test_what_came_today_is_counted_today() -> None:
    office = Office()
    new = office.receive("11-02 09:00")
    now = timezone.now()
    Duration.objects.filter(complaint=new).update(began_at=now - timedelta(microseconds=1))
    page = body(client_as(Role.MANAGER).get(HOME))
    assert re.findall(r'start-count">(\d+)<', page)[0] == "1"
