"""A shift at the triage desk in browsers: by keyboard alone, two officers at once, Korean typing, no JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.models import Complaint, Presence, Status, Suggestion, TypedText
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_photo, make_row
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here, faults_of
from tests.running_desk import Desk, until

__all__ = ["axe"]

pytestmark = JOURNEY

TRIAGE = "/admin/desk/"
SHIFT, KEYSTROKES_MAX = 50, 150
TEXT = "영화의전당 앞 안내판 화살표가 반대로 되어 있어요"


def make_queue(count: int, department: str = "관광정책과", **fields: Any) -> list[Complaint]:
    """Complaints in the order of their coming, each with its suggestion."""
    now, guess = timezone.now() - timedelta(hours=2), Department.objects.get(name=department)
    rows = [make_row(f"{TEXT} {n}", received_at=now + timedelta(minutes=n), **fields) for n in range(count)]
    Suggestion.objects.bulk_create(
        [Suggestion(complaint=row, department=guess, rank=1, score=1, words=["안내판"]) for row in rows]
    )
    return rows


def enter(page: Page, desk: Desk, name: str = "민지") -> Page:
    """An officer at the desk, nothing open."""
    log_in(page, desk, desk.person(name, Role.OFFICER))
    page.goto(desk.address + TRIAGE)
    return page


def expect_open(page: Page, complaint: Complaint) -> None:
    expect(page.locator("#open-item")).to_have_attribute("data-number", complaint.number)
    expect(page).to_have_url(re.compile(re.escape(f"{TRIAGE}{complaint.number}/")))
    expect(page.locator("#item-title")).to_be_focused()


def status_of(complaint: Complaint) -> tuple[str, str]:
    complaint.refresh_from_db()
    return complaint.status, complaint.department.name if complaint.department else ""


def test_a_story_by_keyboard_alone(desk: Desk, visit: Visit) -> None:
    first, second, third, fourth = make_queue(4)
    page = enter(visit(), desk)
    keys = page.keyboard
    keys.press("j")
    expect_open(page, first)
    keys.press("1")
    expect_open(page, second)
    expect(page.locator("#announcements")).to_contain_text("관광정책과")
    expect(page.locator(f'[data-number="{first.number}"] [data-done-words]')).to_contain_text("관광정책과")
    assert status_of(first) == (Status.ASSIGNED, "관광정책과")
    keys.press("z")
    expect_open(page, first)
    assert status_of(first) == (Status.TRIAGED, "")
    keys.press("j")
    expect_open(page, second)
    keys.press("d")
    keys.insert_text("ㄱㄱㅈ")
    expect(page.locator("#desk-says")).to_contain_text("관광정책과")
    keys.press("Enter")
    expect_open(page, third)
    assert status_of(second) == (Status.ASSIGNED, "관광정책과")
    keys.press("u")
    expect(page.locator(".page-badges .badge-urgent")).to_be_visible()
    keys.press("e")
    keys.press("1")
    expect_open(page, first)  # after what was urgent the queue begins at its top
    assert status_of(third) == (Status.DISMISSED, "")
    for complaint in (second, third, fourth):
        keys.press("j")
        expect_open(page, complaint)
    keys.press("k")
    expect_open(page, third)
    page.go_back()
    expect(page.locator("#open-item")).to_have_attribute("data-number", fourth.number)
    keys.press("/")
    expect(page.locator("#searchbar")).to_be_focused()
    keys.type("jz1")
    assert page.input_value("#searchbar") == "jz1"
    keys.press("Escape")
    keys.press("a")
    expect(page).to_have_url(re.compile(re.escape(f"/admin/emergencies/new/?complaint={fourth.pk}")))
    page.go_back()
    expect(page.locator("#open-item")).to_have_attribute("data-number", fourth.number)
    keys.press("Shift+Slash")
    expect(page.locator("#keys")).to_be_visible()
    page.uncheck("#keys input[name=single_keys]")
    page.click("#keys .keys-choice button")
    expect(page.locator("#open-item")).to_have_attribute("data-number", fourth.number)
    keys.press("a")
    keys.press("1")
    keys.press("e")
    expect(page.locator("#dismiss")).not_to_have_attribute("open", "")
    assert status_of(fourth) == (Status.RECEIVED, "")


def test_a_shift_of_fifty_posts_by_keyboard_alone(desk: Desk, visit: Visit) -> None:
    """Four in five suggestions are right, some posts are no complaints, some belong to a department to be found."""
    queue = make_queue(SHIFT)
    page = enter(visit(), desk)
    strokes = 0

    def press(*keys: str) -> None:
        nonlocal strokes
        for key in keys:
            page.keyboard.insert_text(key) if re.match("[ㄱ-ㅎ]", key) else page.keyboard.press(key)
            strokes += 1

    press("j")
    for at, complaint in enumerate(queue):
        expect(page.locator("#open-item")).to_have_attribute("data-number", complaint.number)
        press(*({3: ("e", "1"), 7: ("d", "ㄷ", "ㄹ", "ㄱ", "Enter")}.get(at % 10, ("1",))))
    expect(page.locator("#nothing")).to_be_visible()
    print(f"{SHIFT} posts, {strokes} keystrokes")
    assert strokes <= KEYSTROKES_MAX
    counts = {status: Complaint.objects.filter(status=status).count() for status in ("ASSIGNED", "DISMISSED")}
    assert counts == {"ASSIGNED": 45, "DISMISSED": 5}
    assert Complaint.objects.filter(department__name="관광정책과").count() == 40


def test_two_officers_meet_and_nothing_is_lost(desk: Desk, visit: Visit) -> None:
    complaint, following = make_queue(2)
    fast, slow = enter(visit(), desk, "민지"), enter(visit(expected={409}), desk, "서준")
    fast.keyboard.press("j")
    expect_open(fast, complaint)
    slow.keyboard.press("j")
    expect(slow.locator("#also-here")).to_contain_text("민지")
    slow.keyboard.press("n")
    slow.keyboard.insert_text("전화로 먼저 알렸습니다")
    until(TypedText.objects.exists, seconds=15, what="the note is kept on the server")
    slow.click("#dismiss summary")
    slow.fill("#dismiss-reason", "광고로 보입니다")
    fast.keyboard.press("1")
    expect_open(fast, following)
    slow.evaluate("document.dispatchEvent(new Event('desk:poll'))")
    expect(slow.locator("#moved")).to_contain_text("민지")
    slow.click("#dismiss form:last-of-type button")
    expect(slow.locator("#refused")).to_contain_text("민지")
    expect(slow.locator("#refused")).to_contain_text("광고로 보입니다")
    expect(slow.locator("#note-text")).to_have_value("전화로 먼저 알렸습니다")
    assert status_of(complaint) == (Status.ASSIGNED, "관광정책과")
    fast.goto("about:blank")
    until(lambda: Presence.objects.count() == 1, seconds=15, what="who closes the page is not there any more")


def test_new_complaints_are_announced_and_the_list_stands_still(desk: Desk, visit: Visit) -> None:
    complaint = make_queue(1)[0]
    page = enter(visit(), desk)
    page.keyboard.press("j")
    expect_open(page, complaint)
    urgent = [make_row("싱크홀이 생겼어요", priority="URGENT") for _row in range(3)]
    page.evaluate("document.dispatchEvent(new Event('desk:poll'))")
    expect(page.locator("#fresh")).to_contain_text("3")
    expect(page.locator(".triage-line")).to_have_count(1)
    page.click("#fresh")
    expect(page.locator(".triage-line")).to_have_count(4)
    expect(page.locator(".triage-line").first).to_have_attribute("data-number", urgent[-1].number)
    expect(page.locator("#open-item")).to_have_attribute("data-number", complaint.number)


def test_enter_in_a_composition_sends_nothing(desk: Desk, visit: Visit) -> None:
    """The input method's own events, as Chromium gets them from the system."""
    complaint, following = make_queue(2)
    page = enter(visit(), desk)
    page.keyboard.press("j")
    expect_open(page, complaint)
    system = page.context.new_cdp_session(page)
    enter_key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    page.keyboard.press("d")
    system.send("Input.imeSetComposition", {"text": "ㄱㄱㅈ", "selectionStart": 3, "selectionEnd": 3})
    system.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter_key})
    system.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter_key})
    page.keyboard.insert_text("ㄱㄱㅈ")
    expect(page.locator("#find-department")).to_have_value("ㄱㄱㅈ")
    assert status_of(complaint) == (Status.RECEIVED, "")
    page.keyboard.press("Enter")
    expect_open(page, following)
    assert status_of(complaint) == (Status.ASSIGNED, "관광정책과")
    hangul = {"type": "rawKeyDown", "key": "ㅓ", "code": "KeyJ", "windowsVirtualKeyCode": 74}
    page.keyboard.press("k")
    expect_open(page, complaint)
    system.send("Input.dispatchKeyEvent", hangul)
    expect_open(page, following)


def test_all_of_it_without_javascript(desk: Desk, visit: Visit) -> None:
    first, second, third = make_queue(3)
    page = enter(visit(javascript=False, expected={409}), desk)
    page.click(".triage-link >> nth=0")
    expect(page.locator("#open-item")).to_have_attribute("data-number", first.number)
    page.click("button.proposal")
    expect(page.locator("#open-item")).to_have_attribute("data-number", second.number)
    page.click("#undo button")
    expect(page.locator("#open-item")).to_have_attribute("data-number", first.number)
    assert status_of(first) == (Status.TRIAGED, "")
    page.click("#dismiss summary")
    page.click("#dismiss [data-digit='2']")
    expect(page.locator("#open-item")).to_have_attribute("data-number", second.number)
    page.click("summary:has-text('D')" if page.locator(".finder:not([open])").count() else ".finder label")
    page.select_option("#assign-department", label="도로계획과")
    page.click(".finder .button-main")
    expect(page.locator("#open-item")).to_have_attribute("data-number", third.number)
    assert status_of(second) == (Status.ASSIGNED, "도로계획과")
    page.click("#similar a")
    expect(page.locator("main h1")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious_at_the_desk(desk: Desk, visit: Visit, axe: str, phone: bool) -> None:
    queue = make_queue(2)
    make_photo(queue[0], alt="틀린 안내판")
    tour = Department.objects.get(name="관광정책과")
    held = make_row(status="IN_PROGRESS", department=tour, news_at=timezone.now())
    page = visit(phone=phone, tools=True, expected={409})
    log_in(page, desk, desk.person("민지", Role.OFFICER))
    found = []
    for address in (TRIAGE, f"{TRIAGE}{queue[0].number}/", f"{TRIAGE}{held.number}/?tab=all"):
        found += faults_of(page, axe, desk.address + address)
    page.goto(f"{desk.address}{TRIAGE}{queue[0].number}/")
    page.click("#dismiss summary")
    expect(page.locator("#similar-title")).to_be_visible()
    found += faults_here(page, axe)
    page.evaluate("document.getElementById('keys').showModal()")
    found += faults_here(page, axe)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
    assert found == [], "\n".join(found)
