"""An answer to one citizen alone: nobody else finds it on the network, and his answer to it comes to the same desk."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from complaints.models import Complaint, Reply
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here
from tests.journeys.test_wrong_sign import address_of, wait_in_list, write_as_citizen
from tests.running_desk import PAGE_SECONDS, Desk, until
from tests.sandbox import World

__all__ = ["axe"]

pytestmark = JOURNEY

SECRET = "처리 결과를 이 대화로 안내해 드립니다."
MORE = "감사합니다. 제 사정을 조금 더 말씀드리면 휠체어를 씁니다."


def messages_of(citizen: Page, world: World) -> Page:
    citizen.goto(f"{world.page_url('facebook')}messages")
    return citizen


def told(citizen: Page, world: World) -> int:
    """How often the secret stands among his messages."""
    return messages_of(citizen, world).get_by_text(SECRET).count()


def test_only_the_citizen_sees_a_private_answer(world: World, desk_at_work: Desk, visit: Visit, axe: str) -> None:
    desk, tour = desk_at_work, Department.objects.get(name="관광정책과")
    account = desk.connect(world, "facebook")
    type(account).objects.filter(pk=account.pk).update(token_scopes=["pages_messaging"])
    citizen, stranger, head = visit(), visit(), visit(tools=True, expected={409})
    thread = write_as_citizen(citizen, world, "facebook")
    log_in(head, desk, desk.person("과장", Role.HEAD, tour))
    until(Complaint.objects.exists, seconds=60, what="the complaint is there")
    complaint = Complaint.objects.get()
    Complaint.objects.filter(pk=complaint.pk).update(department=tour, status="IN_PROGRESS")

    head.goto(address_of(desk, complaint))
    head.fill("#reply-text", SECRET)
    expect(head.locator("#reply-preview h3")).to_contain_text("글 아래")
    head.check("input[name=reach][value=private]")
    expect(head.locator("#reply-preview h3")).to_contain_text("김부산 님만")
    assert faults_here(head, axe) == []
    head.dblclick("button[value=approve]")

    until(lambda: told(citizen, world), seconds=60, what="the private answer", every=PAGE_SECONDS)
    assert citizen.get_by_text(SECRET).count() == 1
    for page in (citizen, stranger):
        page.goto(thread)
        expect(page.locator(".post")).to_have_count(1)
    stranger.goto(f"{world.page_url('facebook')}messages")
    stranger.fill("#name", "이해운")
    stranger.fill("#text", "저는 다른 사람입니다")
    stranger.click(".say button")
    expect(stranger.locator(".bubble")).to_have_count(1)

    until(Reply.objects.filter(state="SENT").exists, seconds=60, what="the answer is settled")
    messages_of(citizen, world).fill("#text", MORE)
    citizen.click(".say button")
    until(lambda: complaint.thread.count() == 2, seconds=60, what="the citizen's answer joins the complaint")
    officer = visit()
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    wait_in_list(officer, desk, photo=False)
    officer.goto(address_of(desk, complaint))
    expect(officer.locator(".post-private .badge-private")).to_have_text(["비공개", "비공개"])
    expect(officer.locator(".post-private .post-text")).to_contain_text([SECRET, MORE])
