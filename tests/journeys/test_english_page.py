"""The English page on Facebook beside the Korean one: asked and answered in English, each under its own post."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Complaint
from departments.models import Role
from tests.browser import JOURNEY, Visit
from tests.journeys.entrance import log_in
from tests.journeys.test_wrong_sign import COLLECTED_SECONDS, address_of, city_posts, wait_for_reply
from tests.running_desk import Desk, until
from tests.sandbox import World

pytestmark = JOURNEY

ASKED = {"ko": "밤에 다대포 가는 버스가 있나요?", "en": "Is there a bus to Dadaepo at night?"}
ANSWERS = {"ko": "네, 2번 버스가 자정까지 다닙니다.", "en": "Yes: bus 2 goes until midnight."}
RECEIPT = {"ko": "접수", "en": "Ref."}


@pytest.fixture
def pages(world: World) -> Iterator[dict[str, World]]:
    """The two pages: the same network, two accounts of the city."""
    english = World(world.address, f"{world.name}-english")
    english.tell("facebook", "city", name="Busan City (English)")
    yield {"ko": world, "en": english}
    english.close()


def ask(citizen: Page, page: World, text: str) -> str:
    citizen.goto(page.page_url("facebook"))
    citizen.fill("#name", "Demo visitor")
    citizen.fill("#text", text)
    citizen.click(".composer .send button")
    expect(citizen.locator(".post .text").first).to_contain_text(text)
    return citizen.url


def assign_to(officer: Page, department: str) -> None:
    form = officer.locator("form[action*='/move/assign/']")
    if form.locator("details").get_attribute("open") is None:
        form.locator("summary").click()
    officer.select_option("#assign-department", label=department)
    form.locator("details button").click()
    expect(officer.locator(".page-badges .badge-ASSIGNED")).to_be_visible()


def test_each_page_is_answered_in_its_own_language(pages: dict[str, World], desk_at_work: Desk, visit: Visit) -> None:
    desk = desk_at_work
    officer, citizen = visit(), visit()
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    for language, page in pages.items():
        desk.connect(page, "facebook", language=language)
    citizen.goto(f"{pages['ko'].address}/{pages['ko'].name}/")
    expect(citizen.get_by_role("link", name="Busan City (English)")).to_be_visible()

    threads = {language: ask(citizen, page, ASKED[language]) for language, page in pages.items()}
    until(lambda: Complaint.objects.count() == 2, seconds=COLLECTED_SECONDS, what="both complaints")
    for language, thread in threads.items():
        complaint = Complaint.objects.get(text=ASKED[language])
        assert (complaint.language, complaint.account.language) == (language, language)
        officer.goto(address_of(desk, complaint))
        assign_to(officer, "대중교통과")
        officer.fill("#reply-text", ANSWERS[language])
        officer.click("button[value=approve]")
        wait_for_reply(citizen, thread)
        said = re.compile(f"{re.escape(ANSWERS[language])}.*{RECEIPT[language]} {complaint.number}-1")
        expect(citizen.locator(".post.city .text")).to_contain_text([said])
        assert city_posts(citizen) == 1
