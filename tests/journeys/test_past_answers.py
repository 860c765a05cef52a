"""A past answer taken into the editor in browsers: what was being typed stays, at the desk and on the page."""

from __future__ import annotations

from playwright.sync_api import expect

from complaints.models import TypedText
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_row, page_of
from tests.complaints.test_past_answers import LAMP, make_answered
from tests.journeys.entrance import log_in
from tests.running_desk import Desk, until

pytestmark = JOURNEY

BOTH = "안녕하세요.\n\n가로등을 고쳤습니다."


def test_at_the_desk_and_on_the_page(desk: Desk, visit: Visit) -> None:
    road = Department.objects.get(name="도로안전과")
    make_answered(LAMP, "가로등을 고쳤습니다.", road)
    complaint, page = make_row(LAMP, status="IN_PROGRESS", department=road), visit()
    log_in(page, desk, desk.person("민지", Role.OFFICER))
    page.goto(f"{desk.address}/admin/desk/{complaint.number}/")
    page.fill("#reply-text", "안녕하세요.")
    page.click("#past [data-takes]")
    expect(page.locator("#reply-text")).to_have_value(BOTH)
    expect(page.locator("#reply-text")).to_be_focused()
    until(lambda: TypedText.objects.filter(text=BOTH).exists(), seconds=20, what="what was put in is kept as typing")
    assert not complaint.replies.exists()
    page.goto(desk.address + page_of(complaint))
    page.fill("#reply-text", "안녕하세요.")
    page.click(f'a[href="{page_of(complaint, "answers")}"]')
    page.click("a[data-takes]")
    expect(page.locator("#reply-text")).to_have_value(BOTH)
    page.reload()
    expect(page.locator("#reply-text")).to_have_value(BOTH)
