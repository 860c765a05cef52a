"""Every page that the rights matrix knows, as the first role that may opens it, judged by axe.

Nothing serious in light and in the dark, at 1440 and 390 pixels; and nothing to scroll sideways there, nor at 200 %
(half of 1440 pixels).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from complaints import tags
from complaints.models import Complaint
from departments.models import Department, Role
from tests.browser import DESKTOP, JOURNEY, Visit
from tests.complaints.admin.desk import LIST, make_row
from tests.house.test_rights_matrix import DIRECTORY, ENDS_THE_SESSION, MATRIX, POST_ONLY, POSTS, VISITORS
from tests.house.test_rights_matrix import Desk as Rows
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here
from tests.running_desk import Desk

__all__ = ["axe"]

pytestmark = JOURNEY

#: Not pages: answers to machines, files, doors that lead elsewhere.
NO_PAGES = {
    "metrics",
    "webhook",
    "healthz",
    "readyz",
    "photo",
    "emergencies:live",
    "admin:jsi18n",
    "admin:login",
    "admin:autocomplete",
}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HERE_IN_SIGHT = """[...document.querySelectorAll('.desk-nav [aria-current="page"]')].every((here) => {
    const box = here.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; })"""
WALKERS = ("officer", "head", "manager", "administrator")
ZOOMED = ViewportSize(width=DESKTOP["width"] // 2, height=DESKTOP["height"] // 2)


def addresses(rows: Rows, who: str) -> Iterator[str]:
    """What opens for this visitor, by GET, and for none of those who walk before."""
    column = VISITORS.index(who)
    before = [VISITORS.index(other) for other in WALKERS[: WALKERS.index(who)]]
    for name, cells in MATRIX.items():
        if any(cells[other] == "+" for other in before):
            continue
        asks = name in POSTS | ENDS_THE_SESSION | NO_PAGES or name.endswith((*POST_ONLY, "export"))
        if cells[column] == "+" and not asks:
            yield reverse(name, kwargs=rows.arguments(name))
    for model in DIRECTORY:
        if who == ("administrator" if model == "membership" else WALKERS[0]):
            yield reverse(f"admin:departments_{model}_changelist")


def faults_at(page: Page, axe: str, address: str) -> list[str]:
    answer = page.goto(address)
    if answer is None or "html" not in answer.headers.get("content-type", ""):
        return []
    found = faults_here(page, axe)
    wide = [f"{address} is {extra} px too wide" for extra in [page.evaluate(TOO_WIDE)] if extra > 0]
    lost = [] if page.evaluate(HERE_IN_SIGHT) else [f"{address}: the menu does not show where one is"]
    return found + wide + lost


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_every_page(desk: Desk, visit: Visit, axe: str, phone: bool) -> None:
    rows = Rows()
    found: list[str] = []
    for who in WALKERS:
        role = Role(who)
        page = visit(phone=phone, tools=True, expected={400, 403, 404})
        log_in(page, desk, desk.person(f"민지 {who}", role, rows.mine if role == Role.HEAD else None))
        for address in addresses(rows, who):
            found += faults_at(page, axe, desk.address + address)
            if not phone:
                page.set_viewport_size(ZOOMED)
                found += [f"{address} at 200 %: {extra} px" for extra in [page.evaluate(TOO_WIDE)] if extra > 0]
                page.set_viewport_size(DESKTOP)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_pages_of_an_answer_to_many(desk: Desk, visit: Visit, axe: str, phone: bool) -> None:
    tour = Department.objects.get(name="관광정책과")
    rows = [make_row(f"안내판 {n}", status="ASSIGNED", department=tour, language="en" if n else "ko") for n in range(2)]
    tags.put(rows[0], "불꽃축제", by=desk.person("서준", Role.OFFICER), now=timezone.now())
    make_row("새 글")
    page = visit(phone=phone, tools=True)
    log_in(page, desk, desk.person("민지", Role.OFFICER))
    found = faults_at(page, axe, f"{desk.address}{LIST}?tab=all")
    for box in page.locator("input[name=pick]").all() if phone else [page.locator("input[data-picks]")]:
        box.check()
    page.click('#bulk button[value="answer"]')
    expect(page.locator("#text")).to_be_visible()
    found += faults_here(page, axe)
    page.fill("#text", "오늘 바로잡았습니다.")
    page.click("button[formaction]")
    expect(page.locator(".bulk-answer")).to_have_count(2)
    found += faults_here(page, axe)
    found += [f"{page.url} {extra} px too wide" for extra in [page.evaluate(TOO_WIDE)] if extra > 0]
    page.click("form.sheet .button-main")
    expect(page.locator("#done-title")).to_be_visible()
    found += faults_here(page, axe)
    page.click('form[action$="/undo/"] button')
    expect(page.locator("#done-title, #kept-title").first).to_be_visible()
    assert set(Complaint.objects.values_list("status", flat=True)) == {"IN_PROGRESS", "RECEIVED"}
    assert found == [], "\n".join(found)
