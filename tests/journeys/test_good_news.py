"""미담 from the question to the taking down, through the sandbox, in a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from channels_sns import amendments, delivery, inbox
from channels_sns.models import Account, Broadcast
from complaints import intake, replies, settlement, workflow
from complaints.models import Complaint, GoodNews, Status
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.journeys.entrance import log_in
from tests.journeys.test_accessibility import axe, faults_here
from tests.running_desk import Desk
from tests.sandbox import World

__all__ = ["axe"]

pytestmark = JOURNEY
PATIENT = 30_000


def carry(account: Account, *, times: int = 3) -> None:
    """What lies in the outbox leaves, and what came back is read."""
    for second in range(times):
        now = timezone.now() + timedelta(seconds=1 + second)
        delivery.deliver_due(account, now=now)
        settlement.settle(now=now)


def gather(account: Account) -> None:
    inbox.collect(account, now=timezone.now())
    intake.register_waiting(now=timezone.now())


def stories(world: World) -> list[dict[str, Any]]:
    """The good news on the network's own wall."""
    return [one for one in world.posts("mastodon") if "알려 주셨습니다" in one["text"] and not one.get("deleted")]


def test_asked_agreed_told_and_taken_down(world: World, desk: Desk, visit: Visit, axe: str) -> None:
    account, officer = desk.connect(world, "mastodon"), desk.person("민지", Role.OFFICER)
    post = world.citizen_post("mastodon", "가로등이 꺼졌습니다", handle="dalmaji")
    gather(account)
    complaint = Complaint.objects.get()
    road = Department.objects.get(name="도로계획과")
    workflow.assign(complaint, by=officer, version=complaint.version, now=timezone.now(), department=road)
    replies.draft(complaint, text="오늘 고쳤습니다.", by=officer, version=complaint.version, now=timezone.now())
    replies.approve(complaint, by=officer, version=complaint.version, now=timezone.now())
    carry(account)

    page = visit(tools=True)
    page.set_default_timeout(PATIENT)
    log_in(page, desk, officer)
    address = f"{desk.address}/admin/complaints/complaint/{complaint.pk}/change/"
    page.goto(address)
    page.click("#good-news summary")
    page.click("#good-news button")
    expect(page.locator(".messagelist")).to_be_visible()
    carry(account)
    question = world.replies("mastodon", post)[-1]
    assert "미담" in question["text"]

    world.citizen_post("mastodon", "네, 괜찮습니다!", handle="dalmaji", in_reply_to=question["id"])
    gather(account)
    page.goto(address)
    expect(page.locator("#good-news .said")).to_contain_text("동의로 보입니다")
    found = faults_here(page, axe)
    assert found == [], "\n".join(found)
    page.click("#good-news .button-main")
    page.click("#good-news a[href*='/broadcasts/']")
    page.click("button[value='approve']")
    expect(page.locator(".post")).to_be_visible()
    carry(account)
    told = Broadcast.objects.get()
    assert told.state == "RELEASED"
    assert [one["text"] for one in stories(world)]

    page.goto(address)
    page.click("#good-news .button-danger")
    expect(page.locator("#good-news .badge").first).to_contain_text("철회")
    for second in range(8):
        amendments.carry_out_due(account, now=timezone.now() + timedelta(seconds=3 * second))
    assert stories(world) == []
    assert GoodNews.objects.get().state == "WITHDRAWN"
    complaint.refresh_from_db()
    assert complaint.status == Status.COMPLETED
