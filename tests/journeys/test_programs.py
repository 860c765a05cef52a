"""A manager's two ways of having the figures come to him: a program with a key of his, and a mail every week."""

from __future__ import annotations

import requests
from playwright.sync_api import Page, expect

from complaints.models import SavedReport
from departments.models import Role
from tests.browser import JOURNEY, Visit
from tests.complaints.reports.office import make_hand_counted
from tests.journeys.entrance import log_in_by_form
from tests.journeys.test_accessibility import axe, faults_here  # noqa: F401 - a fixture
from tests.running_desk import Desk

pytestmark = JOURNEY


def status(desk: Desk, key: str) -> int:
    address = f"{desk.address}/api/v1/reports/figures?period=month&on=2026-11-15"
    return requests.get(address, headers={"Authorization": f"Bearer {key}"}, timeout=30).status_code


def make_key(page: Page, desk: Desk) -> str:
    page.click(".who summary")
    page.click(".who-menu a[href$='/tokens/']")
    page.fill("#t-name", "시장실 상황판")
    page.fill("#t-password", desk.password)
    page.click(".view-form button")
    return page.locator("#key").input_value()


def test_a_manager_gives_a_program_its_key_and_has_a_report_mailed(desk: Desk, visit: Visit, axe: str) -> None:  # noqa: F811
    make_hand_counted()
    page, user = visit(), desk.person("시장실", Role.MANAGER)
    type(user).objects.filter(pk=user.pk).update(email="mayor@busan.example")
    log_in_by_form(page, desk, user)
    key = make_key(page, desk)
    found = faults_here(page, axe)
    assert status(desk, key) == 200
    page.goto(f"{desk.address}/admin/tokens/")
    expect(page.locator(".lines")).to_contain_text("127.0.0.1")
    assert key not in page.content()
    page.click(".lines button")
    expect(page.locator(".messagelist")).to_be_visible()
    assert status(desk, key) == 401
    page.goto(f"{desk.address}/admin/reports/slice/?figure=RESOLUTION&by=network&period=week")
    page.click(".report-nav a[href*='/saved/']")
    found += faults_here(page, axe)
    page.fill("#s-name", "주간 보고")
    page.select_option("#rhythm-new", "WEEKLY")
    page.click(".saved-report .button-main")
    expect(page.locator(".saved-report h2 a")).to_have_text("주간 보고")
    page.click(".saved-report summary")
    found += faults_here(page, axe)
    assert found == []
    assert list(SavedReport.objects.get().recipients.all()) == [user]
