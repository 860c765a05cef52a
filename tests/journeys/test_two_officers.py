"""Two people at one complaint in two browsers: at every save and send theirs stands beside yours, and yours is kept."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from complaints.models import Complaint, Presence, Reply, TypedText
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_row, page_of
from tests.journeys.entrance import fill_in, log_in, log_in_by_form
from tests.running_desk import Desk, until

pytestmark = JOURNEY

PATIENCE = 30_000
DRAFT, APPROVE = 'button[value="draft"]', 'button[value="approve"]'


def make_held() -> Complaint:
    return make_row("안내판이 거꾸로입니다", status="IN_PROGRESS", department=Department.objects.get(name="관광정책과"))


def both(desk: Desk, visit: Visit, address: str, *people: tuple[str, Role]) -> list[Page]:
    """Each in a browser of his own, the same complaint open."""
    pages = []
    for name, role in people:
        page = visit(expected={409})
        mine = Department.objects.get(name="관광정책과") if role == Role.STAFF else None
        log_in(page, desk, desk.person(name, role, mine))
        page.goto(desk.address + address)
        page.wait_for_selector("#reply-text")
        pages.append(page)
    return pages


def expect_side_by_side(page: Page, *, who: str, theirs: str, mine: str) -> None:
    expect(page.locator("#refused")).to_contain_text(who, timeout=PATIENCE)
    expect(page.locator("#refused")).to_contain_text(re.compile("초 전|방금"))
    expect(page.locator("#theirs")).to_have_text(theirs)
    expect(page.locator("#mine")).to_have_text(mine)


def test_a_reply_was_sent_while_another_was_written_at_the_desk(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    fast, slow = both(desk, visit, f"/admin/desk/{complaint.number}/", ("민지", Role.OFFICER), ("서준", Role.OFFICER))
    fast.fill("#reply-text", "오늘 바로잡았습니다.")
    slow.fill("#reply-text", "담당 부서에 알렸습니다.")
    until(lambda: TypedText.objects.count() == 2, seconds=20, what="both texts are kept")
    fast.click(APPROVE)
    expect(fast.locator(".post-city")).to_contain_text("오늘 바로잡았습니다.", timeout=PATIENCE)
    slow.evaluate("document.dispatchEvent(new Event('desk:poll'))")
    expect(slow.locator("#moved")).to_contain_text("민지", timeout=PATIENCE)
    expect(slow.locator("#reply-text")).to_have_value("담당 부서에 알렸습니다.")
    slow.click(APPROVE)
    expect_side_by_side(slow, who="민지", theirs="오늘 바로잡았습니다.", mine="담당 부서에 알렸습니다.")
    assert [reply.text for reply in complaint.replies.all()] == ["오늘 바로잡았습니다."]
    assert TypedText.objects.get().text == "담당 부서에 알렸습니다."


def test_a_draft_was_saved_while_another_was_written_on_the_page(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    fast, slow = both(desk, visit, page_of(complaint), ("민지", Role.OFFICER), ("서준", Role.STAFF))
    expect(slow.locator("#also-here")).to_contain_text("민지")
    fast.evaluate("document.dispatchEvent(new Event('desk:poll'))")
    expect(fast.locator("#also-here")).to_contain_text("서준", timeout=PATIENCE)
    fast.fill("#reply-text", "오늘 바로잡았습니다.")
    fast.click(DRAFT)
    expect(fast.locator(".messagelist .success")).to_be_visible(timeout=PATIENCE)
    slow.fill("#reply-text", "내일 바로잡겠습니다.")
    slow.evaluate("document.dispatchEvent(new Event('desk:poll'))")
    expect(slow.locator("#together")).to_contain_text("민지", timeout=PATIENCE)
    slow.click(DRAFT)
    expect_side_by_side(slow, who="민지", theirs="오늘 바로잡았습니다.", mine="내일 바로잡겠습니다.")
    expect(slow.locator("#reply-text")).to_have_value("내일 바로잡겠습니다.")
    slow.click(DRAFT)
    expect(slow.locator(".messagelist .success")).to_be_visible(timeout=PATIENCE)
    assert [reply.text for reply in Reply.objects.all()] == ["내일 바로잡겠습니다."]
    assert not TypedText.objects.exists()
    slow.goto("about:blank")
    until(lambda: Presence.objects.count() == 1, seconds=20, what="who closes the page is not there any more")


def test_what_the_server_could_not_keep_this_tab_keeps(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    page, user = visit(), desk.person("민지", Role.OFFICER)
    log_in_by_form(page, desk, user)
    for address in (f"/admin/desk/{complaint.number}/", page_of(complaint)):
        page.goto(desk.address + address)
        page.context.clear_cookies()
        page.fill("#note-text", f"전화함 {address}")
        page.reload()
        fill_in(page, desk, user)
        expect(page.locator("#note-text")).to_have_value(f"전화함 {address}", timeout=PATIENCE)
        expect(page.locator("#note [data-kept]")).to_be_visible()
        page.click("#note button")
        expect(page.locator(".messagelist .success")).to_be_attached(timeout=PATIENCE)
        page.goto(desk.address + address)
        expect(page.locator("#note-text")).to_have_value("")
    assert not TypedText.objects.exists()
