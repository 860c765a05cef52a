"""A citizen talks to the city's KakaoTalk channel: numbered at once, answered later, in real browsers."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from channels_sns.account_details import webhook_address
from complaints.models import Complaint
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.journeys.entrance import log_in
from tests.journeys.test_wrong_sign import ANSWER, POSTED_SECONDS, address_of, begin_and_draft, wait_in_list
from tests.running_desk import Desk, until
from tests.sandbox import World

pytestmark = JOURNEY

TEXT = "영화의전당 앞 안내판 화살표가 반대로 되어 있어요."


def test_a_pushed_message_is_numbered_at_once_and_answered_once(world: World, desk_at_work: Desk, visit: Visit) -> None:
    desk, tour = desk_at_work, Department.objects.get(name="관광정책과")
    account = desk.connect(world, "kakao")
    world.settings("kakao", webhook_url=webhook_address(account, desk=desk.address))
    citizen, officer, staff, head = visit(), visit(), visit(), visit()
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    log_in(staff, desk, desk.person("직원", Role.STAFF, tour))
    log_in(head, desk, desk.person("과장", Role.HEAD, tour))

    citizen.goto(world.page_url("kakao"))
    citizen.fill("#name", "김부산")
    citizen.fill("#text", TEXT)
    citizen.click("#write button")
    said = citizen.locator(".bubble.theirs .said")
    expect(said).to_have_count(1)
    expect(said).to_contain_text(re.compile(r"B\d\d-\d{6}"))

    wait_in_list(officer, desk, photo=False)
    officer.click(".line-link")
    officer.locator("button.proposal", has_text="관광정책과").first.click()
    expect(officer.locator(".page-badges .badge-ASSIGNED")).to_be_visible()
    begin_and_draft(staff)
    complaint = Complaint.objects.get()
    head.goto(address_of(desk, complaint))
    head.dblclick("button[value=approve]")
    answer = said.filter(has_text=ANSWER)
    expect(answer).to_be_visible(timeout=POSTED_SECONDS * 1000)
    until(Complaint.objects.filter(status="COMPLETED").exists, seconds=60, what="the complaint is completed")
    citizen.reload()
    expect(answer).to_have_count(1)
