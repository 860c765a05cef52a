"""Due times in browsers: an extension is told under the post; a night emergency reaches whoever is on call."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from busan_sns.celery import CLOCK
from complaints.models import Alert, Complaint, ComplaintEvent
from departments.models import Department, OnCall, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_row
from tests.complaints.watch.test_alert_pages import tell
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here, faults_of
from tests.running_desk import Desk, until
from tests.sandbox import World

__all__ = ["axe"]

pytestmark = JOURNEY

#: How long a busy machine may take for what is promised in seconds.
SECONDS = 90
LIST = "/admin/complaints/complaint"


def collected(text: str) -> Complaint:
    until(Complaint.objects.filter(text__contains=text).exists, seconds=SECONDS, what=text)
    return Complaint.objects.get(text__contains=text)


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "plain"])
def test_an_extension_is_told_under_the_citizens_post(
    world: World, desk_at_work: Desk, visit: Visit, javascript: bool
) -> None:
    desk, tour = desk_at_work, Department.objects.get(name="관광정책과")
    desk.connect(world, "x")
    post = world.citizen_post("x", "안내판을 영어로도 적어 달라고 건의합니다", name="김부산")
    complaint = collected("건의합니다")
    officer, head, citizen = visit(javascript=javascript), visit(javascript=javascript), visit()
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    officer.goto(f"{desk.address}/admin/desk/{complaint.number}/")
    officer.click("summary:has-text('종류 변경')")
    expect(officer.locator("label.kind", has_text="건의민원")).to_contain_text("14일")
    officer.check("input[value=PROPOSAL]")
    officer.fill("#kind-note", "쪽지로 이름과 연락처를 받음")
    officer.click("button:has-text('종류 확정')")
    expect(officer.locator("#clock .facts")).to_contain_text("건의민원")
    officer.goto(f"{desk.address}{LIST}/{complaint.pk}/change/")
    officer.click("button.proposal:has-text('관광정책과')")
    expect(officer.locator(".page-badges .badge-ASSIGNED")).to_be_visible()
    log_in(head, desk, desk.person("과장", Role.HEAD, tour))
    head.goto(f"{desk.address}{LIST}/{complaint.pk}/change/")
    head.click("summary:has-text('왜 이 기한인가')")
    expect(head.locator(".clock-lines")).to_contain_text("첫날 산입")
    head.click("summary:has-text('처리기간 연장')")
    expect(head.locator("#extend-amount option").nth(6)).to_contain_text("7일 → ")
    head.select_option("#extend-amount", "7")
    head.fill("#extend-reason", "번역 감수가 필요합니다.")
    head.click("button:has-text('연장하고 통지 게시')")
    expect(head.locator("#clock .clock-notes")).to_contain_text("7일 연장(1회)")
    complaint.refresh_from_db()

    def told() -> bool:
        citizen.goto(world.page_url("x"))
        citizen.click(f"a[href*='{post}'] >> nth=0")
        return citizen.locator(".post.city").count() > 0

    until(told, seconds=SECONDS, what="the notice under the post")
    expect(citizen.locator(".post.city")).to_contain_text("번역 감수가 필요합니다")
    expect(citizen.locator(".post.city")).to_contain_text(
        re.compile(r"처리기간을 \d{4}-\d\d-\d\d \(.\) 18:00까지 연장")
    )
    head.reload()
    expect(head.locator(".post-city .badge-SENT")).to_be_visible()
    assert complaint.status == "ASSIGNED"
    assert complaint.extended_by == 7


def test_a_night_emergency_reaches_whoever_is_on_call_within_a_tick(
    world: World, desk_at_work: Desk, visit: Visit
) -> None:
    desk, now = desk_at_work, timezone.now()
    desk.connect(world, "x")
    duty, off_duty = desk.person("당직자", Role.OFFICER), desk.person("비번", Role.OFFICER)
    officer = visit()
    log_in(officer, desk, desk.person("편성자", Role.OFFICER))
    officer.goto(f"{desk.address}/admin/departments/oncall/add/")
    officer.select_option("#id_user", label=duty.username)
    begins, ends = (timezone.localtime(now + timedelta(hours=hours)) for hours in (-1, 12))
    for name, at in (("begins_at", begins), ("ends_at", ends)):
        officer.fill(f"#id_{name}_0", f"{at:%Y-%m-%d}")
        officer.fill(f"#id_{name}_1", f"{at:%H:%M}")
    officer.click("input[name=_save]")
    until(OnCall.objects.exists, seconds=SECONDS, what="the roster")
    on_duty, at_home = visit(phone=True), visit()
    log_in(on_duty, desk, duty)
    log_in(at_home, desk, off_duty)
    world.citizen_post("x", "해운대에서 아이를 잃어버렸어요 도와주세요", name="김엄마")
    complaint = collected("잃어버렸어요")
    alarms = Alert.objects.filter(complaint=complaint, user=duty)
    until(alarms.exists, seconds=SECONDS, what="the alarm")
    alert = alarms.get()
    registered = ComplaintEvent.objects.get(complaint=complaint, move="register")
    tick = next(tick for tick in CLOCK if tick.task == "complaints.tasks.watch")
    took = alert.created_at - max(registered.at, complaint.received_at)
    print(f"alarm {took.total_seconds():.2f} s after the post was got; a tick is {tick.every} s")
    assert not Alert.objects.filter(user=off_duty).exists()
    on_duty.evaluate("document.dispatchEvent(new Event('desk:alerts'))")
    expect(on_duty.locator("[data-alerts]")).to_have_text("1")
    at_home.reload()
    expect(at_home.locator("[data-alerts]")).to_have_text("0")
    on_duty.click("#alerts-link")
    expect(on_duty.locator(".alert-new")).to_contain_text("긴급 민원 접수")
    expect(on_duty.locator(".alert-new .due")).to_contain_text(["긴급", "남음"])
    on_duty.click(".alert-line a")
    expect(on_duty.locator(".page-badges")).to_contain_text("긴급")


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious_on_the_pages_about_due_times(
    desk: Desk, visit: Visit, axe: str, phone: bool
) -> None:
    user = desk.person("담당관", Role.OFFICER)
    tour, now = Department.objects.get(name="관광정책과"), timezone.now()
    tell(user, make_row(priority="URGENT", emergency_due_at=now - timedelta(hours=1)))
    held = make_row(status="IN_PROGRESS", department=tour, legal_kind="GRIEVANCE", extensions=1, extended_by=3)
    page = visit(phone=phone, tools=True)
    log_in(page, desk, user)
    found = faults_of(page, axe, f"{desk.address}/admin/alerts/")
    page.goto(f"{desk.address}{LIST}/{held.pk}/change/")
    page.evaluate("document.querySelectorAll('#clock details').forEach((part) => { part.open = true; })")
    found += faults_here(page, axe)
    found += faults_of(page, axe, f"{desk.address}/admin/departments/oncall/add/")
    assert found == [], "\n".join(found)
