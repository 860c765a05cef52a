"""A manager's way: the overview, narrowed to one department and one channel, the list behind the p90, taken away."""

from __future__ import annotations

import csv
import re

from playwright.sync_api import Page, expect

from complaints.models import Duration
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.reports.office import Office, make_hand_counted
from tests.journeys.entrance import log_in
from tests.make import make_account
from tests.running_desk import Desk

pytestmark = JOURNEY


def make_november() -> Office:
    """The hand-counted month, and one more answer on another channel."""
    office = make_hand_counted()
    page = make_account("facebook", name="부산시 페이스북")
    other = office.receive("11-03 09:00", account=page)
    office.assign(other, "11-03 09:10", office.tour)
    office.answer(other, start="11-03 09:20", approved="11-03 09:30", stands="11-03 09:31", settled="11-03 09:31")
    return office


def narrow(page: Page, department: Department) -> None:
    page.select_option("#f-period", "month")
    page.fill("#f-on", "2026-11-15")
    page.select_option("#f-department", label=department.name)
    page.select_option("#f-network", value="x")
    page.click(".report-filters button")
    expect(page.locator("#f-department")).to_have_value(str(department.pk))


def test_a_manager_opens_the_list_behind_the_p90_and_takes_it_away(desk: Desk, visit: Visit) -> None:
    office, page = make_november(), visit()
    Department.objects.exclude(pk=office.tour.pk).filter(name=office.tour.name).update(name="옛 관광정책과")
    log_in(page, desk, desk.person("시장실", Role.MANAGER))
    page.click(".desk-nav a[href*='/reports/']")
    narrow(page, office.tour)
    first_answer = page.locator("#figures tbody tr").nth(1)
    n = int(first_answer.locator("td").nth(0).inner_text())
    first_answer.locator("td").nth(3).locator("a").click()
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{n}\D"))
    expect(page.locator(".report-list tbody tr")).to_have_count(n)
    expect(page.locator(".report-mark").first).to_contain_text("p90")
    with page.expect_download() as download:
        page.click("#as-csv")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    asked = Duration.objects.filter(figure="FIRST_RESPONSE", state="DONE", department=office.tour)
    numbers = asked.filter(account=office.account).values_list("complaint__number", flat=True)
    assert sorted(row[0] for row in rows) == sorted(numbers)
    assert len(rows) == n == 2
    follow_a_bounce(page, office)


def follow_a_bounce(page: Page, office: Office) -> None:
    """From the department to whom it gave on, to the very case; then the month to be signed, as it is printed."""
    page.click(".report-nav a[href*='/department/']")
    expect(page.locator("h1")).to_have_text(office.tour.name)
    expect(page.locator("#held")).to_be_visible()
    page.select_option("#f-network", value="")
    page.select_option("#f-department", value="")
    page.click(".report-filters button")
    page.click(".report-nav a[href*='/hand-overs/']")
    way = page.locator("#ways tbody tr")
    expect(way).to_have_count(1)
    expect(way).to_contain_text(office.road.name)
    way.locator("a").click()
    expect(page.locator("#count")).to_have_text(re.compile(r"^1\D"))
    page.click(".report-nav a[href*='/monthly/']")
    page.emulate_media(media="print")
    expect(page.locator(".report-sign")).to_be_visible()
    expect(page.locator(".report-filters")).to_be_hidden()
