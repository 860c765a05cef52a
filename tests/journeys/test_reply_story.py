"""An answer is written in a browser: by keyboard, by mouse, without JavaScript, until it stands under the post."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints import reply_templates
from complaints.models import Complaint, ReplyTemplate
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_row
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here, faults_of
from tests.journeys.test_wrong_sign import city_posts, wait_for_reply, wait_in_list, write_as_citizen
from tests.running_desk import Desk
from tests.sandbox import World

__all__ = ["axe"]

pytestmark = JOURNEY

TRIAGE = "/admin/desk/"
TEMPLATES = "/admin/complaints/replytemplate/"


def make_held() -> Complaint:
    """A complaint that a department works on, and the templates of the desk."""
    reply_templates.add()
    return make_row("안내판이 거꾸로입니다", status="IN_PROGRESS", department=_tour())


def _tour() -> Department:
    return Department.objects.get(name="관광정책과")


def enter(page: Page, desk: Desk, complaint: Complaint, name: str = "민지") -> Page:
    log_in(page, desk, desk.person(name, Role.OFFICER))
    page.goto(f"{desk.address}{TRIAGE}{complaint.number}/?tab=all")
    return page


def test_a_template_by_keyboard(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    page = enter(visit(), desk, complaint)
    page.keyboard.press("t")
    first = page.locator(".reply-template").first
    expect(first).to_be_focused()
    wanted = first.get_attribute("data-insert") or ""
    page.keyboard.press("1")
    expect(page.locator("#reply-text")).to_have_value(wanted)
    expect(page.locator("#reply-text")).to_be_focused()
    expect(page.locator("#reply-count")).not_to_have_text("")
    assert "관광정책과" in wanted


def test_a_field_that_is_left_open_is_marked_to_be_typed_over(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    ReplyTemplate.objects.all().delete()
    ReplyTemplate.objects.create(title="문의", text="문의는 {전화}로 해 주세요.")
    page = enter(visit(), desk, complaint)
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.insert_text("051-888-3641")
    expect(page.locator("#reply-text")).to_have_value("문의는 051-888-3641로 해 주세요.")


def test_a_template_without_javascript(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    page = enter(visit(javascript=False), desk, complaint)
    page.fill("#reply-text", "먼저 인사드립니다.")
    page.click("#reply-templates summary")
    page.click(".reply-template >> nth=0")
    expect(page.locator("#reply-text")).to_have_value("먼저 인사드립니다.\n" + _first_text(complaint))


def _first_text(complaint: Complaint) -> str:
    return reply_templates.offered(complaint, now=timezone.now())[0].text


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious_in_the_editor(desk: Desk, visit: Visit, axe: str, phone: bool) -> None:
    complaint = make_held()
    page = enter(visit(phone=phone, tools=True), desk, complaint)
    page.click("#reply-templates summary")
    found = faults_here(page, axe)
    for address in (TEMPLATES, f"{TEMPLATES}add/"):
        found += faults_of(page, axe, desk.address + address)
    assert found == [], "\n".join(found)


def test_personal_data_is_told_while_typing_and_marked_after_saving(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    page = enter(visit(expected={400}), desk, complaint)
    page.fill("#reply-text", "담당자 휴대전화는\n010-1234-5678입니다.")
    expect(page.locator("#reply-personal")).to_contain_text("010-1234-5678")
    page.click("button[name=action][value=draft]")
    expect(page.locator("#refused")).to_contain_text("2번째 줄 전화번호")
    expect(page.locator("#reply-text")).to_have_value("담당자 휴대전화는\n010-1234-5678입니다.")
    page.click(".reply-marked a")
    page.keyboard.insert_text("051-888-3641")
    expect(page.locator("#reply-text")).to_have_value("담당자 휴대전화는\n051-888-3641입니다.")
    expect(page.locator("#reply-personal")).to_be_hidden()
    page.click("button[name=action][value=draft]")
    expect(page.locator("#reply .badge-DRAFT")).to_be_visible()


def test_personal_data_without_javascript(desk: Desk, visit: Visit) -> None:
    complaint = make_held()
    page = enter(visit(javascript=False, expected={400}), desk, complaint)
    page.fill("#reply-text", "900101-1234567 님, 답변드립니다.")
    page.click("button[name=action][value=draft]")
    expect(page.locator(".reply-marked mark")).to_have_text("900101-1234567")
    expect(page.locator("#reply-text")).to_have_value("900101-1234567 님, 답변드립니다.")
    assert not complaint.replies.exists()


LONG = "안내판을 고쳤습니다. 다시 확인해 주세요. " * 20


def test_the_parts_of_a_long_reply_are_shown_while_it_is_typed(desk: Desk, visit: Visit) -> None:
    page = enter(visit(), desk, make_held())
    page.fill("#reply-text", LONG)
    expect(page.locator(".preview-part")).to_have_count(4)
    expect(page.locator(".preview-part").nth(1)).to_contain_text("2 / 4")
    page.fill("#reply-text", "짧게 답합니다.")
    expect(page.locator(".preview-part")).to_have_count(1)
    expect(page.locator("button[value=preview]")).to_be_hidden()


def test_the_parts_are_shown_without_javascript(desk: Desk, visit: Visit) -> None:
    page = enter(visit(javascript=False), desk, make_held())
    page.fill("#reply-text", LONG)
    page.click("button[value=preview]")
    expect(page.locator(".preview-part")).to_have_count(4)
    expect(page.locator("#reply-text")).to_have_value(LONG.strip())


def post_tomorrow_and_think_again(officer: Page) -> None:
    """Approved for tomorrow at nine, then taken back: what was written stands in the editor again."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    officer.click(".reply-later-at summary")
    officer.fill("#reply-post-at", f"{tomorrow:%Y-%m-%d}T09:00")
    officer.check("input[name=late]")
    officer.click("button[value=schedule]")
    expect(officer.locator(".post-city")).to_contain_text("09:00")
    officer.click("form[action*='/move/recall/'] button")
    expect(officer.locator("#reply-text")).to_have_value(LONG.strip())


def test_from_template_over_block_and_preview_to_the_post(world: World, desk_at_work: Desk, visit: Visit) -> None:
    """The whole story: a template, a number that may not stand there, the parts, not yet, now, the citizen's page."""
    desk = desk_at_work
    reply_templates.add()
    desk.connect(world, "x")
    citizen, officer = visit(), visit(expected={400, 409})
    thread = write_as_citizen(citizen, world, "x")
    log_in(officer, desk, desk.person("민지", Role.OFFICER))
    wait_in_list(officer, desk, photo=False)
    complaint = Complaint.objects.get()
    officer.goto(f"{desk.address}{TRIAGE}{complaint.number}/?tab=all")
    officer.click("button.proposal >> nth=0")
    expect(officer.locator("#announcements")).to_contain_text(complaint.number)
    officer.goto(f"{desk.address}{TRIAGE}{complaint.number}/?tab=all")
    officer.keyboard.press("t")
    officer.keyboard.press("1")
    officer.keyboard.insert_text(" 010-1234-5678")
    officer.click("button[value=approve]")
    expect(officer.locator("#refused")).to_contain_text("010-1234-5678")
    officer.fill("#reply-text", LONG)
    expect(officer.locator(".preview-part")).to_have_count(4)
    shown = officer.locator(".preview-part .post-text").first.inner_text()
    post_tomorrow_and_think_again(officer)
    citizen.goto(thread)
    assert city_posts(citizen) == 0
    officer.click("button[value=approve]")
    expect(officer.locator(".post-city")).to_be_visible()
    wait_for_reply(citizen, thread)
    expect(citizen.locator(".post.city").first).to_contain_text(" ".join(shown.split())[:40])
    assert "010-1234-5678" not in citizen.content()
