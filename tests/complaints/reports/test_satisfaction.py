"""Satisfaction counted by hand: on its page, on the pages of all figures, taken away; a head sees his own."""

from __future__ import annotations

import io
import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from complaints.models import AccessLog, Complaint, Verdict
from complaints.reports.figures import SMALL_N
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of
from tests.complaints.reports.office import Office, at, make_hand_counted
from tests.complaints.reports.test_pages import HOME, NOVEMBER, body
from tests.complaints.reports.test_subject_pages import COUNT
from tests.make import make_person, make_post, make_promise, make_verdict

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/admin/reports/satisfaction/[^"#]+)#satisfaction"[^>]*: ([\d,]+)"')
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
        "answers": 5, "satisfied": 2, "neither": 0, "not": 1, "silent": 2, "judged": 3, "share": 2 / 3, "small_n": True
    }  # fmt: skip
    assert (found["before"]["answers"], found["before"]["share"]) == (0, None)
    assert found["small_below"] == SMALL_N
    groups = {(one["by"], one["name"]): one["numbers"]["answers"] for one in found["groups"]}
    assert groups["department", "관광정책과"] == 2
    checked = LINK.findall(page)
    assert len(checked) > 12
    for link, text in checked:
        assert COUNT.search(body(manager.get(unescape(link))))[1] == text, link  # type: ignore[index]


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
