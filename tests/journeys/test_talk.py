"""1PM 토크 with 200 opinions: from the talk on the wall to its department, its answer in the result under the talk.

Through the sandbox, in a browser.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from channels_sns import broadcasts, delivery, inbox, releases
from channels_sns.models import Account, Broadcast, OutboundPost
from channels_sns.models.broadcast import Kind
from complaints import intake, opinions
from complaints.models import Complaint, OpinionBrief
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here
from tests.running_desk import Desk
from tests.sandbox import World

__all__ = ["axe"]

pytestmark = JOURNEY

OPINIONS, PATIENT = 200, 30_000
PLAN = "다음 달부터 금요일과 토요일에 자정까지 엽니다."
SAID = ("찬성합니다", "반대합니다", "11시까지만 하면 좋겠습니다", "언제부터인가요?")


def post(broadcast: Broadcast, account: Account) -> str:
    """Approved and sent; its id on the network."""
    officer, now = broadcast.written_by, timezone.now()
    assert officer is not None
    broadcasts.approve(broadcast, by=officer, version=broadcast.version, now=now)
    releases.release_due(now=timezone.now())
    delivery.deliver_due(account, now=timezone.now() + timedelta(seconds=1))
    return OutboundPost.objects.get(key__startswith=f"broadcast:{broadcast.pk}:").external_id


def take_back(page: Page, wrong: Department) -> None:
    """Sent to the wrong department, and taken back."""
    page.select_option("#brief-department", str(wrong.pk))
    page.click("#brief button")
    sent = page.locator(f"#brief-{OpinionBrief.objects.get().pk}")
    sent.locator("summary").click()
    sent.locator("textarea").fill("관광정책과 소관입니다")
    sent.locator("details button").click()
    expect(sent).to_contain_text("관광정책과 소관입니다")


def test_two_hundred_opinions(world: World, desk: Desk, visit: Visit, axe: str) -> None:
    account, officer = desk.connect(world, "facebook"), desk.person("민지", Role.OFFICER)
    talk = broadcasts.draft(
        kind=Kind.TALK,
        title="야시장",
        text="야시장을 자정까지 열까요?",
        by=officer,
        now=timezone.now(),
        accounts=[account],
    )
    wall = post(talk, account)
    for n in range(OPINIONS):
        world.citizen_post("facebook", f"{SAID[n % 4]} {n}", handle=f"citizen{n}", in_reply_to=wall)
    world.citizen_post("facebook", "우리 골목 가로등이 꺼졌어요", handle="lamp", in_reply_to=wall)
    inbox.collect(account, now=timezone.now())
    assert intake.register_waiting(now=timezone.now()).collected == OPINIONS + 1
    assert opinions.collect(now=timezone.now()) == OPINIONS + 1
    assert not Complaint.objects.exists()

    page = visit(tools=True)
    page.set_default_timeout(PATIENT)
    log_in(page, desk, officer)
    address = f"{desk.address}/admin/broadcasts/{talk.pk}/opinions/"
    page.goto(address)
    found = faults_here(page, axe)
    assert found == [], "\n".join(found)
    lamp = page.locator(".fan-lines li", has_text="가로등")
    for number in range(1, 6):
        page.goto(f"{address}?p={number}")
        if lamp.count():
            break
    lamp.locator("form button").click()
    expect(page.locator(".messagelist")).to_contain_text(Complaint.objects.get().number)
    for _page in range(OPINIONS // 50):
        page.goto(address)
        page.click("#confirm .button-main")
        expect(page.locator(".messagelist")).to_contain_text("50")
    for stance in ("FOR", "AGAINST", "PROPOSAL", "QUESTION"):
        expect(page.locator(f"#count-{stance}")).to_have_text(str(OPINIONS // 4))
    take_back(page, Department.objects.get(name="도로계획과"))
    tour = Department.objects.get(name="관광정책과")
    page.select_option("#brief-department", str(tour.pk))
    page.fill("#brief-note", "안전 인력도 봐 주십시오")
    page.click("#brief button")
    expect(page.locator(".messagelist")).to_contain_text("관광정책과")

    staff = visit(phone=True, tools=True)
    staff.set_default_timeout(PATIENT)
    log_in(staff, desk, desk.person("주무관", Role.STAFF, tour))
    staff.goto(f"{desk.address}/admin/tray/")
    found = faults_here(staff, axe)
    staff.click(".tray-card >> text=야시장")
    expect(staff.locator("body")).to_contain_text("안전 인력도 봐 주십시오")
    found += faults_here(staff, axe)
    assert found == [], "\n".join(found)
    staff.fill("#brief-answer", PLAN)
    staff.click("#answer button")
    expect(staff.locator("#answer")).to_contain_text(PLAN)

    page.goto(address)
    expect(page.locator(".brief-plan")).to_have_text(PLAN)
    found = faults_here(page, axe)
    assert found == [], "\n".join(found)
    page.click("form[action$='/result/'] button")
    expect(page.locator("#id_text")).to_have_value(
        f"[반영 결과] 의견 {OPINIONS}건을 받았습니다(찬성 50, 반대 50, 제안 50, 질문 50).\n\n"
        f"관광정책과: {PLAN}\n\n참여해 주셔서 고맙습니다."
    )

    result = Broadcast.objects.get(follows=talk)
    post(result, account)
    (answer,) = world.replies("facebook", wall)
    assert "반영 결과" in answer["text"]
    assert PLAN in answer["text"]
