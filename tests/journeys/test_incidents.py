"""Incidents in browsers: tied in two keys at the triage desk, split again, without JavaScript and on a phone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from channels_sns.models import OutboundPost
from complaints import incident_replies, incidents
from complaints.models import Complaint, Incident, Surge
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here, faults_of
from tests.journeys.test_triage_desk import enter, expect_open, make_queue, status_of
from tests.running_desk import Desk, until
from tests.sandbox import World

__all__ = ["axe"]

pytestmark = JOURNEY

LIST = "/admin/complaints/incident/"
PATIENT = 30_000
#: Long enough to undo a release on a busy machine, short enough to wait for.
GRACE_SECONDS = "20"


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the desk starts: its processes take it over."""
    monkeypatch.setenv("DESK_INCIDENT_GRACE_SECONDS", GRACE_SECONDS)


def test_an_incident_by_keyboard_alone(desk: Desk, visit: Visit) -> None:
    """I and N open one, I and 1 tie the next, Z takes the last one back."""
    first, second, third = make_queue(3)
    page = enter(visit(), desk)
    page.set_default_timeout(PATIENT)
    keys = page.keyboard
    keys.press("j")
    expect_open(page, first)
    keys.press("i")
    expect(page.locator("#incident [data-new]")).to_be_focused(timeout=PATIENT)
    keys.press("n")
    expect_open(page, second)
    incident = Incident.objects.get()
    assert status_of(first) == ("ASSIGNED", "관광정책과")
    keys.press("i")
    expect(page.locator('#incident [data-digit="1"]')).to_be_focused(timeout=PATIENT)
    keys.press("1")
    expect_open(page, third)
    assert status_of(second) == ("ASSIGNED", "관광정책과")
    keys.press("z")
    expect_open(page, second)
    assert incidents.of(second) is None
    assert incidents.of(first) == incident
    keys.press("n")
    expect(page.locator("#note-text")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_an_incident_without_javascript(desk: Desk, visit: Visit, phone: bool) -> None:
    first, second = make_queue(2)
    page = visit(javascript=False, phone=phone)
    page.set_default_timeout(PATIENT)
    log_in(page, desk, desk.person("민지", Role.OFFICER))
    page.goto(f"{desk.address}{LIST}")
    page.fill("#title", "안내판 오류")
    page.select_option("#department", label="관광정책과")
    page.click("form[action$='/begin/'] button")
    expect(page.locator("h1")).to_have_text("안내판 오류")
    page.fill("#numbers", f"{first.number} {second.number}")
    page.click("form[action$='/gather/'] button")
    expect(page.locator(".line")).to_have_count(2)
    page.check(".line:first-child input[name=pick]")
    page.click("#bulk button")
    expect(page.locator(".line")).to_have_count(1)
    page.click("details:has(form[action$='/close/']) summary")
    page.click("form[action$='/close/'] button")
    expect(page.locator(".badge-incident-CLOSED")).to_be_visible()
    page.goto(f"{desk.address}/admin/desk/{first.number}/")
    page.click("#incident a")
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious(desk: Desk, visit: Visit, axe: str, phone: bool) -> None:
    complaints, page = make_queue(4), visit(phone=phone, tools=True)
    officer = desk.person("민지", Role.OFFICER)
    log_in(page, desk, officer)
    at = complaints[0].received_at
    Surge.objects.create(seed=complaints[2], found_at=timezone.now(), usual=0).complaints.set(complaints[2:])
    tour = Department.objects.get(name="관광정책과")
    incident = incidents.begin("안내판 오류", by=officer, now=at, department=tour)
    incidents.gather(incident, complaints[:2], by=officer, now=at)
    reply = incident_replies.begin(incident, by=officer, now=at)
    texts = {"text": "바로잡았습니다. https://www.busan.go.kr", "text_en": "Corrected.", "kind": "ANSWER"}
    reply = incident_replies.save(reply, **texts, by=officer, version=1, now=at)
    incident_replies.skip(reply, complaints[:1], by=officer, now=at)
    page.goto(f"{desk.address}{LIST}{incident.pk}/answer/1/")
    drafted = faults_here(page, axe)
    incident_replies.release(reply, by=officer, version=reply.version, now=at)
    addresses = (LIST, f"{LIST}?state=closed", f"{LIST}{incident.pk}/change/", f"{LIST}{incident.pk}/answer/1/")
    found = drafted + [fault for address in addresses for fault in faults_of(page, axe, desk.address + address)]
    for complaint in complaints[1:3]:
        page.goto(f"{desk.address}/admin/desk/{complaint.number}/")
        expect(page.locator("#incident h3")).to_be_visible(timeout=PATIENT)
        found += faults_here(page, axe)
    assert found == [], "\n".join(found)


def test_one_text_reaches_everybody_under_his_own_post(world: World, desk_at_work: Desk, visit: Visit) -> None:
    """Three citizens on three networks, one left out; an undo within the grace, then released; no JavaScript needed."""
    desk, networks = desk_at_work, ("x", "facebook", "mastodon")
    officer = desk.person("민지", Role.OFFICER)
    for network in networks:
        desk.connect(world, network)
    texts = {network: f"우동 사거리 상수도관이 터졌어요 {network}" for network in networks}
    posts = {network: world.citizen_post(network, text) for network, text in texts.items()}
    spam = world.citizen_post("x", "우동 누수? 싼 배관 광고입니다", handle="spam")
    until(lambda: Complaint.objects.count() == 4, seconds=90, what="four complaints")
    page = visit(javascript=False)
    page.set_default_timeout(PATIENT)
    log_in(page, desk, officer)
    page.goto(f"{desk.address}{LIST}")
    page.fill("#title", "우동 상수도 누수")
    page.select_option("#department", label="관광정책과")
    page.click("form[action$='/begin/'] button")
    page.fill("#numbers", " ".join(Complaint.objects.values_list("number", flat=True)))
    page.click("form[action$='/gather/'] button")
    expect(page.locator(".line")).to_have_count(4)
    page.click("form[action$='/answer/'] button")
    page.fill("#text", "상수도관을 고쳤습니다. https://www.busan.go.kr/water")
    page.fill("#text_en", "The water main is repaired.")
    page.click("form[action$='/save/'] button")
    expect(page.locator(".fan-part").first).to_contain_text("상수도관을 고쳤습니다.")
    advert = Complaint.objects.get(text__contains="광고")
    page.check(f"input[name=pick][value^='{advert.pk}:']")
    page.click("button[value=skip]")
    expect(page.locator(".badge-fan-SKIPPED")).to_have_count(1)
    page.dblclick("form[action$='/release/'] button")
    page.click("form[action$='/stop/'] button")
    expect(page.locator(".badge-fan-DRAFT")).to_be_visible()
    assert not OutboundPost.objects.exists()
    page.click("form[action$='/release/'] button")
    done = Complaint.objects.filter(status="COMPLETED")
    until(lambda: done.count() == 3, seconds=180, what="three answers")
    page.reload()
    expect(page.locator(".fan-counts li:has(.badge-fan-SENT) strong")).to_have_text("3")
    for network, post in posts.items():
        (reply,) = world.replies(network, post)
        number = Complaint.objects.get(text__contains=texts[network]).number
        assert f"(접수 {number}-1)" in reply["text"]
        assert ("https://" in reply["text"]) == (network != "x")
    assert world.replies("x", spam) == []
