"""Incidents in browsers: tied in two keys at the triage desk, split again, without JavaScript and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from complaints import incidents
from complaints.models import Incident
from departments.models import Department, Role
from tests.browser import Visit
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here, faults_of
from tests.journeys.test_triage_desk import enter, expect_open, make_queue, status_of
from tests.running_desk import Desk

__all__ = ["axe"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

LIST = "/admin/complaints/incident/"
PATIENT = 30_000


def test_an_incident_by_keyboard_alone(desk: Desk, visit: Visit) -> None:
    """I and N open one, I and 1 tie the next, Z takes the last one back."""
    first, second, third = make_queue(3)
    page = enter(visit(), desk)
    page.set_default_timeout(PATIENT)
    keys = page.keyboard
    keys.press("j")
    expect_open(page, first)
    keys.press("i")
    expect(page.locator("#incident [data-new]")).to_be_focused(timeout=PATIENT)
    keys.press("n")
    expect_open(page, second)
    incident = Incident.objects.get()
    assert status_of(first) == ("ASSIGNED", "관광정책과")
    keys.press("i")
    expect(page.locator('#incident [data-digit="1"]')).to_be_focused(timeout=PATIENT)
    keys.press("1")
    expect_open(page, third)
    assert status_of(second) == ("ASSIGNED", "관광정책과")
    keys.press("z")
    expect_open(page, second)
    assert incidents.of(second) is None
    assert incidents.of(first) == incident
    keys.press("n")
    expect(page.locator("#note-text")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_an_incident_without_javascript(desk: Desk, visit: Visit, phone: bool) -> None:
    first, second = make_queue(2)
    page = visit(javascript=False, phone=phone)
    page.set_default_timeout(PATIENT)
    log_in(page, desk, desk.person("민지", Role.OFFICER))
    page.goto(f"{desk.address}{LIST}")
    page.fill("#title", "안내판 오류")
    page.select_option("#department", label="관광정책과")
    page.click("form[action$='/begin/'] button")
    expect(page.locator("h1")).to_have_text("안내판 오류")
    page.fill("#numbers", f"{first.number} {second.number}")
    page.click("form[action$='/gather/'] button")
    expect(page.locator(".line")).to_have_count(2)
    page.check(".line:first-child input[name=pick]")
    page.click("#bulk button")
    expect(page.locator(".line")).to_have_count(1)
    page.click("details:has(form[action$='/close/']) summary")
    page.click("form[action$='/close/'] button")
    expect(page.locator(".badge-incident-CLOSED")).to_be_visible()
    page.goto(f"{desk.address}/admin/desk/{first.number}/")
    page.click("#incident a")
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious(desk: Desk, visit: Visit, axe: str, phone: bool) -> None:
    complaints, page = make_queue(3), visit(phone=phone, tools=True)
    officer = desk.person("민지", Role.OFFICER)
    log_in(page, desk, officer)
    at = complaints[0].received_at
    tour = Department.objects.get(name="관광정책과")
    incident = incidents.begin("안내판 오류", by=officer, now=at, department=tour)
    incidents.gather(incident, complaints[:2], by=officer, now=at)
    addresses = (LIST, f"{LIST}?state=closed", f"{LIST}{incident.pk}/change/")
    found = [fault for address in addresses for fault in faults_of(page, axe, desk.address + address)]
    for complaint in complaints[1:]:
        page.goto(f"{desk.address}/admin/desk/{complaint.number}/")
        expect(page.locator("#incident h3")).to_be_visible(timeout=PATIENT)
        found += faults_here(page, axe)
    assert found == [], "\n".join(found)
