"""axe-core over every page of the desk: nothing serious or critical, wide and on a phone, each in light and dark."""

from __future__ import annotations

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page

from channels_sns.models import Attempt, DeadLetter, MetricSample, OutboundPost
from complaints.models import Complaint, ComplaintEvent, Suggestion
from departments.models import Department, Role
from tests.broadcasting import make_draft
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_row
from tests.complaints.alarm import make_contact, prepare, start
from tests.journeys.entrance import log_in
from tests.make import make_promise
from tests.peers.install import AXE
from tests.running_desk import Desk

pytestmark = JOURNEY

JUDGED = "async (rules) => (await axe.run(document, {resultTypes: ['violations'], ...rules})).violations"
#: In the dark only the colours are others.
COLOURS = {"runOnly": ["color-contrast"]}
COMPLAINTS, OUTGOING = "/admin/complaints/complaint", "/admin/channels_sns/outboundpost"

#: States that the walk over every page (test_every_page) does not meet: rows of each kind, nothing found, no such page.
OFFICERS = [
    "/admin/", f"{COMPLAINTS}/?tab=all", f"{COMPLAINTS}/?q=none", f"{OUTGOING}/", f"{OUTGOING}/?q=none",
    "/admin/channels_sns/deadletter/", "/admin/departments/department/?q=관광", "/admin/nowhere/",
    "/admin/broadcasts/", "/admin/broadcasts/calendar/", "/admin/broadcasts/followers/", "/admin/promises/",
]  # fmt: skip
ADMINISTRATORS = [
    "/admin/", "/admin/auth/user/add/", "/admin/departments/membership/", "/admin/departments/membership/add/",
    "/admin/departments/holiday/", "/admin/departments/place/",
]  # fmt: skip


@pytest.fixture(scope="module")
def axe() -> str:
    """The program's text, from python -m tests.peers.install."""
    if not AXE.exists():
        if os.environ.get("DESK_REQUIRE_PEERS") == "1":
            pytest.fail("axe-core is not installed: python -m tests.peers.install")
        pytest.skip("axe-core is not installed: python -m tests.peers.install")
    return AXE.read_text(encoding="utf-8")


def faults_of(page: Page, axe: str, address: str) -> list[str]:
    """What axe finds at `address`."""
    page.goto(address)
    return faults_here(page, axe)


def faults_here(page: Page, axe: str) -> list[str]:
    """What axe finds on the open page, in light and then in the dark; fading colours would be judged half-way."""
    page.evaluate(axe)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    light = page.evaluate(JUDGED, {})
    page.emulate_media(color_scheme="dark")
    return [
        f"{page.url} {found['id']} ({found['impact']}): {node['html'][:120]}"
        for found in [*light, *page.evaluate(JUDGED, COLOURS)]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


def make_office() -> Complaint:
    """A list with a late and an urgent line; a complaint with all its hands, news and a note."""
    tour, now = Department.objects.get(name="관광정책과"), timezone.now()
    make_row(due_at=now, priority=Complaint.Priority.URGENT)
    make_row(status="COMPLETED", department=tour, close_reason="현장에서 해결")
    complaint = make_row("안내판이 거꾸로입니다", status="IN_PROGRESS", department=tour, news_at=now)
    make_promise(complaint)
    road = Department.objects.get(name="도로계획과")
    Suggestion.objects.create(complaint=complaint, department=road, rank=1, score=1, words=["안내판"])
    ComplaintEvent.objects.create(complaint=complaint, move="note", at=now, note="메모")
    DeadLetter.objects.create(
        account=complaint.account, sha256="0", raw=b"{", error="JSON", first_seen_at=now, last_seen_at=now
    )
    return complaint


def make_sent(complaint: Complaint) -> OutboundPost:
    """A reply of which nobody knows whether it stands: the page with the decisions."""
    now = timezone.now()
    row = OutboundPost.objects.create(
        id=uuid4(),
        account=complaint.account,
        key="reply:1:1",
        text="고쳤습니다.",
        state="UNSURE",
        needs_officer_at=now,
        created_at=now,
    )
    Attempt.objects.create(outbound=row, at=now, from_state="SENDING", to_state="UNSURE", error_class="Timeout")
    return row


def shut_out(page: Page, axe: str, desk: Desk) -> list[str]:
    """The log-in page with its error, and the page after too many wrong passwords."""
    page.goto(f"{desk.address}/admin/login/")
    found: list[str] = []
    for turn in range(5):
        page.fill("#id_username", "nobody")
        page.fill("#id_password", f"wrong-{turn}")
        page.click("#login-form button")
        found += faults_here(page, axe) if turn in (0, 4) else []
    assert page.query_selector("#login-form") is None
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious(desk: Desk, visit: Visit, axe: str, phone: bool) -> None:
    complaint = make_office()
    page_of = f"{COMPLAINTS}/{complaint.pk}/change/"
    letter, account, sent = DeadLetter.objects.get().pk, complaint.account_id, make_sent(complaint)
    officer, administrator, stranger = (visit(phone=phone, tools=True, expected={400, 403, 404, 429}) for _ in range(3))
    found = shut_out(stranger, axe, desk)
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    now = timezone.now()
    alarm, running = (prepare([complaint.account], [make_contact(name=name)]) for name in ("112", "119"))
    start(running)
    plan = make_draft([complaint.account], now=now, publish_at=now + timedelta(minutes=5))
    for day in (0, 1):
        sampled = {"name": "followers", "value": 9_990 + 20 * day, "sampled_at": now - timedelta(days=1 - day)}
        MetricSample.objects.create(account=complaint.account, **sampled)
    ours = (
        "/admin/emergencies/",
        f"/admin/emergencies/new/?complaint={complaint.pk}",
        "/admin/emergencies/contacts/",
        f"/admin/emergencies/{alarm.pk}/",
        f"/admin/emergencies/{running.pk}/",
        f"/admin/emergencies/{running.pk}/report/",
        f"/admin/broadcasts/{plan.pk}/",
        page_of,
        f"/admin/channels_sns/deadletter/{letter}/change/",
        f"{OUTGOING}/{sent.pk}/change/",
    )
    for address in (*OFFICERS, *ours):
        found += faults_of(officer, axe, desk.address + address)
    officer.goto(desk.address + page_of)
    officer.click("#note button")
    found += faults_here(officer, axe)
    log_in(administrator, desk, desk.person("운영자", Role.ADMINISTRATOR))
    tour, user = Department.objects.get(name="관광정책과").pk, User.objects.get(username="담당관").pk
    theirs = (
        f"/admin/channels_sns/account/{account}/change/",
        f"/admin/departments/department/{tour}/change/",
        f"/admin/auth/user/{user}/change/",
    )
    for address in (*ADMINISTRATORS, *theirs):
        found += faults_of(administrator, axe, desk.address + address)
    assert found == [], "\n".join(found)
