"""The ping-pong ends in the browser: two departments send it back, the arbiter decides; a third one is asked (협조)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints import workflow
from complaints.models import Complaint, Consultation
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_row
from tests.journeys.entrance import log_in
from tests.journeys.photo import wrong_sign
from tests.running_desk import Desk

pytestmark = JOURNEY
PAGE = "/admin/complaints/complaint"


def test_bounced_twice_decided_by_the_arbiter_and_another_department_asked(desk: Desk, visit: Visit) -> None:
    names = ("관광정책과", "도로계획과", "공원여가정책과")
    tour, road, park = (Department.objects.get(name=name) for name in names)
    complaint = make_row("송도 산책로 안내판이 넘어졌습니다", due_at=timezone.now() + timedelta(days=30))
    page = visit(phone=True)
    for number, department in enumerate((tour, road)):
        officer = desk.person(f"담당관{number}", Role.OFFICER)
        workflow.assign(complaint, by=officer, version=complaint.version, now=timezone.now(), department=department)
        send_back(page, desk, department, complaint)
        complaint.refresh_from_db()
    assert (complaint.bounces, complaint.arbitration) == (2, "WAITING")
    decide(page, desk, complaint, park)
    head = desk.person("공원과장", Role.HEAD, park)
    open_as(page, desk, head, complaint)
    expect(page.locator(".page-badges .badge-arbitration")).to_contain_text("조정")
    expect(page.locator("form[action*='send_back']")).to_have_count(0)
    page.click("summary:has-text('다른 부서에 협조 요청')")
    page.select_option("#consult-department", label=road.name)
    page.fill("#consult-question", "이 산책로의 포장은 어느 부서에서 했습니까?")
    page.click("#consult button:has-text('협조 요청')")
    expect(page.locator(".consult-line")).to_contain_text("회신 대기")
    answer(page, desk, road)
    open_as(page, desk, head, complaint)
    photograph(page, desk, complaint)
    page.click(f"[id='{complaint.number}'] a:has-text('답변 쓰기')")
    expect(page.locator(".consult-answer")).to_contain_text("2019년에 도로계획과에서")
    expect(page.locator("#reply-photos input[value='처리한 현장 사진']")).to_have_count(1)
    complaint.refresh_from_db()
    assert complaint.department == park
    assert Consultation.objects.get().state == "ANSWERED"


def open_as(page: Page, desk: Desk, user: object, complaint: Complaint) -> None:
    page.context.clear_cookies()
    log_in(page, desk, user)  # type: ignore[arg-type]
    page.goto(f"{desk.address}{PAGE}/{complaint.pk}/change/")


def send_back(page: Page, desk: Desk, department: Department, complaint: Complaint) -> None:
    """From the tray, on a phone."""
    page.context.clear_cookies()
    log_in(page, desk, desk.person(f"{department.name} 담당", Role.STAFF, department))
    page.goto(f"{desk.address}/admin/tray/")
    page.click(".tray-card a:has-text('반송')")
    page.click("#decide summary:has-text('반송')")
    page.fill("#send_back-reason", "저희 소관이 아닙니다")
    page.click("form[action*='send_back'] button")
    expect(page.locator(".messagelist")).to_contain_text("반송")


def decide(page: Page, desk: Desk, complaint: Complaint, department: Department) -> None:
    open_as(page, desk, desk.person("조정관", Role.ARBITER), complaint)
    page.click("#decide summary:has-text('조정')")
    page.select_option("#decide-department", label=department.name)
    page.fill("#decide-reason", "산책로는 공원 안에 있습니다")
    page.click("form[action*='move/decide'] button.button-main")
    expect(page.locator(".page-badges .badge-ASSIGNED")).to_be_visible()


def photograph(page: Page, desk: Desk, complaint: Complaint) -> None:
    """In the street: the photo goes up as soon as it is taken, and its card shows it."""
    page.goto(f"{desk.address}/admin/tray/")
    card = page.locator(f"[id='{complaint.number}']")
    expect(card.locator("button:has-text('사진 보내기')")).to_be_hidden()
    chooser = card.locator("input[type=file]")
    chooser.set_input_files({"name": "IMG_7.jpg", "mimeType": "image/jpeg", "buffer": wrong_sign()})
    expect(card.locator(".tray-photos img")).to_have_attribute("alt", "처리한 현장 사진", timeout=60_000)
    expect(page.locator("#announcements .success")).to_contain_text(complaint.number)


def answer(page: Page, desk: Desk, department: Department) -> None:
    """The asked department finds it in its tray."""
    page.context.clear_cookies()
    log_in(page, desk, desk.person("도로 담당2", Role.STAFF, department))
    page.goto(f"{desk.address}/admin/tray/")
    page.click("section[aria-labelledby=asked] .tray-link")
    expect(page.locator("#decide")).to_contain_text("여기서 할 일이 없습니다")
    page.fill(".consult-line textarea", "2019년에 도로계획과에서 포장했습니다")
    page.click("#consult button:has-text('회신')")
    expect(page.locator(".consult-line")).to_contain_text("회신함")
