"""Satisfaction counted by hand: on its page, on the pages of all figures, taken away; a head sees his own."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from complaints.models import AccessLog, Complaint, ComplaintPost, Verdict
from complaints.reports import tables, tallies
from complaints.reports.figures import SMALL_N
from complaints.reports.readers import reader_of
from complaints.reports.satisfaction import TALLY
from complaints.reports.slices import read
from departments.models import Department, Role
from tests.complaints.admin.desk import client_as, client_of
from tests.complaints.reports.office import Office, at, make_hand_counted
from tests.complaints.reports.test_pages import HOME, NOVEMBER, body
from tests.complaints.reports.test_subject_pages import COUNT
from tests.make import make_account, make_person, make_post, make_promise, make_verdict

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/admin/reports/satisfaction/[^"#]+)#satisfaction"[^>]*: ([\d,]+)"')
NOW = datetime(2026, 12, 24, 3, tzinfo=UTC)
SHARE = re.compile(r"66\.6 % \(2/3\)")


@pytest.fixture
def manager() -> Client:
    return client_as(Role.MANAGER)


@pytest.fixture
def office() -> Office:
    """Five answers of November: one satisfied, one too by an officer, one not, one struck, one silent."""
    office = make_hand_counted()
    mine, theirs = (Complaint.objects.filter(department=row)[0] for row in (office.tour, office.road))
    by = {"decided_by": office.officer, "decided_at": at("11-21 09:00")}
    say(mine, "11-10 18:00", "SATISFIED", words="=고맙", mark=5)
    say(mine, "11-11 18:00", "NOT", decided="SATISFIED", **by)
    say(theirs, "11-12 18:00", "NOT", words="아직")
    say(theirs, "11-13 18:00", "SATISFIED", decided="STRUCK", **by)
    say(theirs, "11-30 23:59", "")
    say(mine, "12-01 00:00", "NOT")  # of the next month
    return office


def make_other_channel(office: Office) -> None:
    """One more answer on another network; a department in a bureau."""
    Department.objects.filter(pk=office.tour.pk).update(bureau="관광마이스국")
    page = make_account("facebook", name="부산시 페이스북")
    complaint, moment = office.receive("11-16 09:00", account=page), at("11-16 09:00")
    ComplaintPost.objects.create(complaint=complaint, post=make_post(page, kind="wall"), opened=True, joined_at=moment)
    say(complaint, "11-16 09:30", "NEITHER", department=office.road)


def say(complaint: Complaint, stood: str, said: str, **values: Any) -> Verdict:
    moment: datetime = at(stood)
    if said:
        values = {"post": make_post(complaint.account), "said_at": moment, **values}
    return make_verdict(make_promise(complaint).reply, answered_at=moment, said=said, **values)


def test_every_number_is_counted_by_hand_and_opens_its_list(office: Office, manager: Client) -> None:
    page = body(manager.get(f"{HOME}satisfaction/?{NOVEMBER}"))
    assert SHARE.search(page)
    found = manager.get(f"{HOME}export/satisfaction/json/?{NOVEMBER}").json()
    assert found["numbers"] == {
        "answers": 5, "satisfied": 2, "neither": 0, "not": 1, "undecided": 0, "silent": 2, "judged": 3, "share": 2 / 3,
        "small_n": True,
    }  # fmt: skip
    assert (found["before"]["answers"], found["before"]["share"]) == (0, None)
    assert found["small_below"] == SMALL_N
    groups = {(one["by"], one["name"]): one["numbers"]["answers"] for one in found["groups"]}
    assert groups["department", "관광정책과"] == 2
    checked = LINK.findall(page)
    assert len(checked) > 12
    for link, text in checked:
        assert COUNT.search(body(manager.get(unescape(link))))[1] == text, link  # type: ignore[index]


def test_by_every_dimension_the_groups_add_up_and_narrow_to_themselves(office: Office, manager: Client) -> None:
    make_other_channel(office)
    asked, everybody = read({"period": "month", "on": "2026-11-15"}, now=NOW), reader_of(make_person(Role.MANAGER))
    rows = tallies.rows_of(TALLY, asked, office.officer, everybody)
    for by in TALLY.dimensions:
        groups = tallies.by_group(TALLY, rows, by, now=NOW)
        assert tallies.together(TALLY, groups.values()) == tallies.counted(TALLY, rows, now=NOW), by
        for key, expected in groups.items():
            here = tables.narrowed(replace(asked, by=by), key)
            narrowed = tallies.rows_of(TALLY, here, office.officer, everybody)
            assert tallies.counted(TALLY, narrowed, now=NOW) == expected, (by, key)
    counted = {by: {key: n.counts["answers"] for key, n in tallies.by_group(TALLY, rows, by, now=NOW).items()}
               for by in ("network", "bureau", "hour", "weekday", "kind")}  # fmt: skip
    assert counted["network"] == {"x": 5, "facebook": 1}
    assert counted["bureau"] == {"관광마이스국": 2, office.road.name: 4}
    assert counted["hour"] == {18: 4, 23: 1, 9: 1}
    assert counted["weekday"] == {2: 1, 3: 1, 4: 1, 5: 1, 1: 2}
    assert counted["kind"] == {None: 5, "wall": 1}


@pytest.mark.parametrize(
    ("by", "said"), [("bureau", "관광마이스국"), ("account", "부산시 페이스북"), ("hour", "18시"), ("kind", "")]
)
def test_broken_down_on_the_page_every_number_opens_its_list(
    office: Office, manager: Client, by: str, said: str
) -> None:
    make_other_channel(office)
    page = body(manager.get(f"{HOME}satisfaction/?{NOVEMBER}&by={by}"))
    assert said in page
    assert f'<option value="{by}" selected>' in page
    links = [(unescape(link), text) for link, text in LINK.findall(page) if f"&{by}=" in unescape(link)]
    assert links
    for link, text in links[:4]:
        assert COUNT.search(body(manager.get(link)))[1] == text, link  # type: ignore[index]


def test_what_such_rows_do_not_have_is_said(office: Office, manager: Client) -> None:
    page = body(manager.get(f"{HOME}satisfaction/?{NOVEMBER}&by=officer&officer={office.officer.pk}"))
    assert page.count("첫 처리자") >= 2
    assert '<option value="department" selected>' in page
    assert SHARE.search(page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("period=day&on=2026-11-12", {"2026-11-10": 1, "2026-11-11": 1, "2026-11-12": 1}),
        ("period=week&on=2026-11-15", {"2026-11-09": 4}),
        (NOVEMBER, {"2026-11-01": 5}),
        ("period=quarter&on=2026-11-15", {"2026-10-01": 6}),
        ("period=recent&on=2026-12-01", {"2026-11-09": 4, "2026-11-30": 2}),
    ],
)
def test_over_time(office: Office, manager: Client, query: str, expected: dict[str, int]) -> None:
    found = manager.get(f"{HOME}export/satisfaction/json/?{query}").json()["history"]
    assert len(found) == 12
    counts = {step["period"]["from"][:10]: step["numbers"]["answers"] for step in found}
    assert {day: n for day, n in counts.items() if n} == expected


def test_the_page_needs_few_queries(office: Office, manager: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        body(manager.get(f"{HOME}satisfaction/?{NOVEMBER}&part=answers"))
    tallied = [row for row in asked if 'FROM "complaints_verdict"' in row["sql"]]
    assert len(tallied) == 7  # three periods, over time, broken down, the list and its length


def test_no_department_is_ranked_by_a_share(office: Office, manager: Client) -> None:
    page = body(manager.get(f"{HOME}satisfaction/?{NOVEMBER}"))
    table = page[page.index(office.road.name + "</a>") :]
    assert office.tour.name + "</a>" in table, "the one with more answers stands first, whatever was said"


@pytest.mark.parametrize("page", ["", "department/?department={d}&", "channel/?network=x&"])
def test_both_shares_stand_on_the_pages_of_all_figures(office: Office, manager: Client, page: str) -> None:
    address = f"{HOME}{page.format(d=office.tour.pk)}" if page else f"{HOME}?"
    shown = body(manager.get(f"{address}{NOVEMBER}"))
    assert f"{HOME}satisfaction/?" in shown
    assert f"{HOME}promises/?" in shown
    assert ("100.0 %" if "department=" in page else "66.6 %") in shown


def test_taken_away_without_formulas_and_recorded(office: Office, manager: Client) -> None:
    csv = b"".join(manager.get(f"{HOME}export/satisfaction/csv/?{NOVEMBER}&part=satisfied").streaming_content).decode()  # type: ignore[attr-defined]
    assert csv.count("\n") == 3
    assert "'=고맙" in csv
    assert csv.splitlines()[0].endswith("채널,계정,구·군,글의 종류,민원 종류,긴급도")
    assert "부산시 X" in csv
    book = manager.get(f"{HOME}export/promises/xlsx/?{NOVEMBER}")
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert sheet.max_row == 7
    taken = AccessLog.objects.filter(action="report export").values_list("subject", flat=True)
    assert any(subject.startswith("satisfaction satisfied 2026-11-01") for subject in taken)


def test_a_sign_that_no_workbook_holds_spoils_none(office: Office, manager: Client) -> None:
    Verdict.objects.filter(said="SATISFIED").update(words="만족도\x08 5")
    book = manager.get(f"{HOME}export/satisfaction/xlsx/?{NOVEMBER}&part=satisfied")
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert sheet["F2"].value == "만족도 5"


def test_a_head_sees_what_was_said_to_his_department_and_it_still_holds(office: Office) -> None:
    head = client_of(make_person(Role.HEAD, office.tour))
    found = head.get(f"{HOME}export/satisfaction/json/?{NOVEMBER}").json()
    assert (found["numbers"]["answers"], found["numbers"]["satisfied"]) == (2, 2)
    assert head.get(f"{HOME}satisfaction/?{NOVEMBER}&department={office.road.pk}").status_code == 404


@pytest.mark.parametrize("address", ["export/nothing/csv/", "export/satisfaction/pdf/"])
def test_no_such_file(manager: Client, address: str) -> None:
    assert manager.get(f"{HOME}{address}").status_code == 404


def test_no_such_list(manager: Client) -> None:
    assert manager.get(f"{HOME}satisfaction/?part=best").status_code == 400


def test_the_figure_is_defined(manager: Client) -> None:
    assert "만족도" in body(manager.get(f"{HOME}definitions/"))
