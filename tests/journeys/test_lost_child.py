"""The lost child: from a mother's post on the wall to the moment when name and photo are gone, through the sandbox."""

from __future__ import annotations

import signal
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from channels_sns import freezes
from channels_sns.models import Account, InboundMedia, OutboundPost
from complaints.models import Complaint, Emergency
from departments.models import Role
from tests.broadcasting import approve, make_draft
from tests.browser import JOURNEY, Visit
from tests.complaints.alarm import make_contact
from tests.human_work import Hands
from tests.journeys.entrance import log_in
from tests.journeys.photo import wrong_sign
from tests.running_desk import Desk, until
from tests.sandbox import World

pytestmark = JOURNEY

NETWORKS = ("facebook", "x", "bluesky")
NAME, PATIENT, SECONDS, HUMAN_SECONDS = "김하늘", 60_000, 120, 120
POST = (
    "제 아들을 잃어버렸어요!! 이름은 김하늘이고 7살이에요. 오후 5시쯤 벡스코 앞에서 없어졌어요. "
    "빨간 모자에 노란 점퍼를 입었어요. 도와주세요"
)


def ours(world: World, network: str, words: str) -> list[dict[str, Any]]:
    """What stands of the city's on the network's own wall."""
    return [one for one in world.posts(network) if one["is_city"] and words in one["text"] and not one["deleted"]]


def write_on_the_wall(citizen: Page, world: World) -> None:
    citizen.goto(world.page_url("facebook"))
    citizen.fill("#name", "김부산")
    citizen.fill("#text", POST)
    citizen.set_input_files("#photo", {"name": "child.jpg", "mimeType": "image/jpeg", "buffer": wrong_sign()})
    citizen.fill("#alt", "빨간 모자를 쓴 아이")
    citizen.click(".composer .send button")
    expect(citizen.locator(".post .text").first).to_contain_text(NAME)


def raise_the_alarm(page: Page, desk: Desk) -> Hands:
    """From the open queue to the decision, pressed twice."""
    hands, complaint = Hands(page), Complaint.objects.get()
    page.goto(f"{desk.address}/admin/desk/")
    hands.click(".triage-link")
    hands.read(POST)
    hands.click(f"a[href$='/emergencies/new/?complaint={complaint.pk}']")
    expect(page.locator("#id_name")).to_have_value(NAME)
    expect(page.locator("#id_appearance_en")).to_have_value("red cap, yellow jacket")
    hands.click("#id_consent")
    hands.write("#id_consent_note", "모 김○○, 전화로 확인")
    hands.click("#id_facts")
    hands.click("#id_photo_right")
    hands.click("button[value=save]")
    expect(page.locator(".preview")).to_have_count(len(NETWORKS))
    hands.read(page.locator(".preview").first.inner_text())
    hands.click("#emergency button[value=approve]", twice=True)
    expect(page.locator(".badge-emergency-RUNNING")).to_be_visible()
    return hands


def restart_worker(desk: Desk, *, while_dead: Any) -> None:
    """Killed as the machine's end kills it; started again."""
    worker = next(child for child in desk.supervisor.children if child.name == "worker")
    worker.signal(signal.SIGKILL)
    assert worker.process is not None
    worker.process.wait(30)
    while_dead()
    worker.start()


def look_from_a_phone(phone: Page, desk: Desk, officer: Page) -> None:
    """A colleague without JavaScript: the clock on every page, the call noted."""
    phone.goto(f"{desk.address}/admin/")
    phone.click(".emergency-bar a")
    expect(phone.locator(".emergency-lines", has_text="119종합상황실").first).to_be_visible()
    box = phone.locator("#live").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    phone.click("form[action$='/called/'] button")
    expect(phone.locator(".messagelist")).to_contain_text("119종합상황실")
    expect(officer.locator(".emergency-lines", has_text="전화함").first).to_be_visible(timeout=PATIENT)


def gone_everywhere(citizen: Page, world: World) -> None:
    """As everybody sees it: the all-clear stands once, no name, no photo of the city's."""
    for network in NETWORKS:
        clear = [one for one in ours(world, network, "[찾았습니다]") if "@busanpolice" not in one["text"]]
        assert len(clear) == 1, network
        citizen.goto(world.page_url(network))
        city = citizen.locator(".post.city")
        expect(city.filter(has_text="찾았습니다").first).to_be_visible()
        expect(city.filter(has_text=NAME)).to_have_count(0)
        expect(city.locator("img.photo")).to_have_count(0)


def test_a_lost_child_is_found(world: World, desk_at_work: Desk, visit: Visit) -> None:
    desk, now = desk_at_work, timezone.now()
    make_contact("MENTION", name="부산경찰청", address="busanpolice")
    make_contact("PHONE", name="119종합상황실", address="119")
    accounts: dict[str, Account] = {network: desk.connect(world, network) for network in NETWORKS}
    festival = approve(
        make_draft([accounts["x"]], title="불꽃축제", publish_at=now + timedelta(hours=2), now=now), now=now
    )
    citizen, officer, phone = visit(), visit(expected={409}), visit(javascript=False, phone=True)
    for page in (officer, phone):
        page.set_default_timeout(PATIENT)
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    log_in(phone, desk, desk.person("당직", Role.OFFICER))

    write_on_the_wall(citizen, world)
    until(InboundMedia.objects.filter(state="STORED").exists, seconds=SECONDS, what="the photo is here")
    done: list[Hands] = []
    restart_worker(desk, while_dead=lambda: done.append(raise_the_alarm(officer, desk)))
    (hands,) = done
    print(f"from the citizen's post to the decision: {hands}")
    assert hands.seconds <= HUMAN_SECONDS
    for network in NETWORKS:
        until(partial(ours, world, network, NAME), seconds=SECONDS, what=f"the alarm on {network}")
    until(lambda: ours(world, "x", "@busanpolice"), seconds=SECONDS, what="the police are told on X")
    expect(officer.locator(".emergency-lines", has_text="불꽃축제").locator(".badge")).to_contain_text("멈춤")
    look_from_a_phone(phone, desk, officer)

    wall = OutboundPost.objects.get(account=accounts["facebook"], key__startswith="broadcast:", part=1)
    world.citizen_post("facebook", "서면역 3번 출구에서 봤어요", handle="witness", in_reply_to=wall.external_id)
    sighting = officer.locator(".sighting", has_text="서면역")
    expect(sighting).to_be_visible(timeout=PATIENT)
    sighting.locator("button[value=CREDIBLE]").click()
    expect(sighting.locator(".badge-sighting-CREDIBLE")).to_be_visible()

    end = Hands(officer)
    end.click(".emergency-found summary")
    end.read(officer.locator("#clear-ko").input_value())
    end.click("form[action$='/act/found/'] button", twice=True)
    print(f"from the good news to the all-clear: {end}")
    gone = Emergency.objects.filter(gone_at__isnull=False)
    until(gone.exists, seconds=SECONDS, what="name and photo are seen to be gone")
    until(
        lambda: all(ours(world, one, "[찾았습니다]") for one in NETWORKS), seconds=SECONDS, what="the all-clear stands"
    )
    gone_everywhere(citizen, world)
    assert [one["text"][:20] for one in ours(world, "x", "@busanpolice")] == ["@busanpolice [찾았습니다]"[:20]]
    assert freezes.current() is None
    festival.refresh_from_db()
    assert festival.state == "APPROVED"
    expect(officer.locator("#live .notice-good")).to_be_visible(timeout=PATIENT)
    officer.click("form[action$='/act/close/'] button")
    expect(officer.locator(".badge-emergency-CLOSED")).to_be_visible()
    officer.click("a[href$='/report/']")
    for words in ("부산경찰청", "서면역", "원본에서 확인"):
        expect(officer.locator(".emergency-table")).to_contain_text(words)
