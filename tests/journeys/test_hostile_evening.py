"""An evening on which everything goes wrong: nothing is done twice, and nothing that somebody typed is lost."""

from __future__ import annotations

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, ViewportSize, expect

from complaints.models import Complaint, Reply
from departments.models import Department, Role
from tests.browser import JOURNEY, PHONE, Visit
from tests.complaints.admin.desk import make_row
from tests.journeys.entrance import fill_in, log_in, log_in_by_form
from tests.running_desk import Desk

pytestmark = JOURNEY

ANSWER = "알려 주셔서 고맙습니다. 내일 안내판 화살표를 바로잡겠습니다."
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
ODD = f"<script>alert(1)</script> \u202e뒤집힘 שלום {FAMILY} \u200b%' OR 1=1 -- &amp; "
SEARCHES = ("%", "'\";--", "\\", "_", FAMILY, "\u202e", "B26-", "@", "가" * 200, "-1", "a b c d e f g", "\x00")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def make_in_progress() -> Complaint:
    return make_row("안내판이 반대입니다", status="IN_PROGRESS", department=Department.objects.get(name="관광정책과"))


def open_page(page: Page, desk: Desk, complaint: Complaint) -> None:
    page.goto(f"{desk.address}/admin/complaints/complaint/{complaint.pk}/change/")


def test_a_draft_outlives_the_session(desk: Desk, visit: Visit) -> None:
    complaint, page = make_in_progress(), visit()
    user = desk.person("직원", Role.STAFF, complaint.department)
    log_in_by_form(page, desk, user)
    open_page(page, desk, complaint)
    page.fill("#reply-text", ANSWER)
    Session.objects.all().delete()
    page.click("button[value=draft]")
    expect(page.locator("#login-form")).to_be_visible()
    assert not Reply.objects.exists()

    fill_in(page, desk, user)
    expect(page.locator("#reply-text")).to_have_value(ANSWER)
    expect(page.locator(".reply [data-kept]")).to_be_visible()
    page.click("button[value=draft]")
    expect(page.locator(".reply .badge-DRAFT")).to_be_visible()
    expect(page.locator(".reply [data-kept]")).to_be_hidden()
    assert Reply.objects.get().text == ANSWER

    page.click(".who summary")
    page.click("#logout-form button")
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('desk-'))") == []


def test_two_tabs_do_not_overwrite_each_other(desk: Desk, visit: Visit) -> None:
    complaint, first = make_in_progress(), visit(expected={409})
    log_in(first, desk, desk.person("직원", Role.STAFF, complaint.department))
    second = first.context.new_page()
    for page in (first, second):
        open_page(page, desk, complaint)
    first.fill("#reply-text", ANSWER)
    first.click("button[value=draft]")
    expect(first.locator(".reply .badge-DRAFT")).to_be_visible()
    second.fill("#reply-text", "다른 초안")
    second.click("button[value=draft]")
    expect(second.locator("#refused")).to_contain_text("직원")
    expect(second.locator("#reply-text")).to_have_value("다른 초안")
    assert Reply.objects.get().text == ANSWER


def test_a_step_that_is_gone_still_gives_back_what_was_typed(desk: Desk, visit: Visit) -> None:
    """The slower officer's reason has no field any more: it stands in the message."""
    complaint, page = make_row("간판이 흔들립니다"), visit(expected={409})
    log_in(page, desk, desk.person("담당관", Role.OFFICER))
    other = page.context.new_page()
    for tab in (page, other):
        open_page(tab, desk, complaint)
    page.click("form[action*='/move/dismiss/'] summary")
    page.fill("#dismiss-reason", "사진의 간판은 이미 철거됨")
    other.click("form[action*='/move/dismiss/'] summary")
    other.fill("#dismiss-reason", "광고")
    other.dblclick("form[action*='/move/dismiss/'] button")
    expect(other.locator(".badge-DISMISSED")).to_be_visible()
    page.click("form[action*='/move/dismiss/'] button")
    expect(page.locator("#refused #mine")).to_have_text("사진의 간판은 이미 철거됨")
    page.go_back()
    assert list(complaint.events.values_list("move", flat=True)) == ["dismiss"]


def test_odd_and_long_texts_break_neither_page_nor_phone(desk: Desk, visit: Visit) -> None:
    complaint, page = make_in_progress(), visit(phone=True)
    log_in(page, desk, desk.person("직원", Role.STAFF, complaint.department))
    open_page(page, desk, complaint)
    page.fill("#note-text", ODD + "끊기지않는낱말" * 60)
    page.click("#note button")
    expect(page.locator(".timeline-note")).to_contain_text("<script>alert(1)</script>")
    long = (ODD + "https://busan.example/" + "길" * 300 + "\n") * 60
    page.fill("#reply-text", long[:20_000])
    expect(page.locator("#reply-count")).to_have_class(re.compile("counter-over"))
    page.click("button[value=draft]")
    expect(page.locator(".reply .badge-DRAFT")).to_be_visible()
    assert len(Reply.objects.get().text) > 19_000
    turned = ViewportSize(width=PHONE["height"], height=PHONE["width"])
    small = ViewportSize(width=320, height=640)
    for size in (PHONE, turned, small):
        page.set_viewport_size(size)
        assert page.evaluate(WIDER) == 0, size


def test_odd_searches_find_nothing_and_say_so(desk: Desk, visit: Visit) -> None:
    make_row("안내판이 반대입니다")
    page = visit()
    log_in(page, desk, desk.person("담당관", Role.OFFICER))
    for typed in SEARCHES:
        answer = page.request.get(f"{desk.address}/admin/complaints/complaint/", params={"q": typed, "tab": "all"})
        assert answer.status == 200, typed
        answer = page.request.get(f"{desk.address}/admin/departments/department/", params={"q": typed})
        assert answer.status == 200, typed
