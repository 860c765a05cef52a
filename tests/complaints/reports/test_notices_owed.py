"""Notices of a month, counted by hand: owed after 30 days and 60, of what was open then, told by what stands."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from complaints.models import Complaint, ComplaintEvent, Reply
from complaints.reports import inspection, notices_owed
from complaints.reports.notices_owed import Notice, of_part
from complaints.reports.readers import reader_of
from complaints.reports.slices import read
from departments.models import Role
from tests.complaints.admin.desk import client_as
from tests.complaints.reports.office import Office, at
from tests.complaints.reports.test_pages import HOME, body
from tests.make import make_person

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/admin/reports/monthly/[^"#]+)#notices"[^>]*: ([\d,]+)"')
COUNT = re.compile(r'id="notice-count">([\d,]+)')
OCTOBER = "period=month&on=2026-10-01"


@pytest.fixture
def office() -> Office:
    return Office()


def say(complaint: Complaint, when: str, event: str, *, state: str = "SENT") -> None:
    """As complaints.notices writes it."""
    by, moment = make_person(Role.OFFICER), at(when)
    ComplaintEvent.objects.create(
        complaint=complaint, move=event, at=moment, by=by, department_id=complaint.department_id
    )
    Reply.objects.create(
        complaint=complaint, number=complaint.replies.count() + 1, kind="NOTICE", text="x", state=state,
        drafted_by=by, drafted_at=moment, approved_by=by, approved_at=moment,
    )  # fmt: skip


def held(office: Office, when: str) -> Complaint:
    complaint = office.receive(when, author=when)
    office.assign(complaint, when, office.tour)
    return complaint


def of_december(now: str = "12-31 23:00", **where: Any) -> list[Notice]:
    moment = at(now)
    asked = read({"on": "2026-12-01", **where}, now=moment)
    return notices_owed.notices_of(asked, reader_of(make_person(Role.MANAGER)).durations, now=moment)


def kinds(found: list[Notice]) -> list[tuple[str, str, bool]]:
    return [(one.kind, f"{one.since:%m-%d}", one.told_at is not None) for one in found]


def test_owed_every_thirty_days_as_long_as_it_is_open(office: Office) -> None:
    old = held(office, "10-03 09:00")  # owed 11-02, 12-02, and in January
    say(old, "12-02 10:00", "interim")
    young = held(office, "11-30 09:00")  # owed on 12-30
    say(young, "12-29 10:00", "interim")  # the day before: not from that day on
    held(office, "12-02 09:00")  # owed in January
    assert kinds(of_december()) == [("interim", "12-02", True), ("interim", "12-30", False)]
    assert kinds(of_december("12-10 09:00")) == [("interim", "12-02", True)], "what is owed later is not owed yet"


def test_what_ended_by_that_day_was_owed_nothing(office: Office) -> None:
    for when, closed in (
        ("11-03 09:00", "12-03 17:00"),
        ("11-04 09:00", "12-05 09:00"),
        ("11-05 09:00", "11-20 09:00"),
    ):
        complaint = held(office, when)
        office.step(complaint, when, "start")
        office.step(complaint, closed, "close", reason="전화로 안내")
    assert kinds(of_december()) == [("interim", "12-04", False)]


def test_a_notice_that_does_not_stand_told_nobody(office: Office) -> None:
    complaint = held(office, "11-10 09:00")
    say(complaint, "12-11 09:00", "interim", state="FAILED")
    say(complaint, "12-01 09:00", "extend")
    say(complaint, "12-02 09:00", "extend", state="APPROVED")
    say(complaint, "11-30 23:59", "extend")
    found = of_december()
    assert kinds(found) == [("extended", "12-01", True), ("extended", "12-02", False), ("interim", "12-10", False)]
    assert [len(of_part(found, part)) for part in (*notices_owed.PARTS, "untold")] == [2, 1, 1, 1, 0, 1, 2]
    assert [one.department for one in found] == ["관광정책과"] * 3
    assert of_december(department=str(office.road.pk)) == []


def test_what_is_no_complaint_is_owed_nothing(office: Office) -> None:
    office.step(office.receive("11-01 09:00"), "12-20 09:00", "dismiss", reason="광고")
    assert of_december() == []


def test_every_number_of_the_page_opens_its_list(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MOST", 1)
    manager = client_as(Role.MANAGER)
    for number in range(3):
        complaint = held(office, f"09-{number + 3:02} 09:00")
        say(complaint, "10-01 09:00", "extend", state="FAILED")
        if number:
            say(complaint, f"10-{number + 5:02} 09:00", "interim")
    address = f"{HOME}monthly/?{OCTOBER}"
    page = body(manager.get(address))
    links = LINK.findall(page)
    assert sorted(text for _link, text in links) == ["1", "2", "3", "3", "3"]
    for link, text in links:
        assert COUNT.search(body(manager.get(unescape(link))))[1] == text, link  # type: ignore[index]
    assert re.search(r"[46]건 중 1건", page)
    assert manager.get(f"{address}&part=all").status_code == 400


def test_the_number_of_queries_does_not_grow(office: Office, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        say(held(office, f"11-{number + 3:02} 09:00"), f"12-{number + 4:02} 09:00", "interim")
    moment = at("12-31 09:00") + timedelta(hours=1)
    asked = read({"on": "2026-12-01"}, now=moment)
    durations = reader_of(make_person(Role.MANAGER)).durations
    with django_assert_max_num_queries(5):
        assert len(notices_owed.notices_of(asked, durations, now=moment)) == 6
