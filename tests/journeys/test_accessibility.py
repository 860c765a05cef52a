"""axe-core over every page of the desk: nothing serious or critical, wide and on a phone, light and dark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from channels_sns.models import DeadLetter
from complaints.models import Complaint, ComplaintEvent, Suggestion
from departments.models import Department, Role
from tests.browser import Visit
from tests.complaints.admin.desk import make_row
from tests.journeys.entrance import log_in
from tests.running_desk import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

PEERS = Path(os.environ.get("DESK_PEERS_DIR") or Path(__file__).resolve().parents[2] / ".tools" / "peers")
AXE = PEERS / "node_modules" / "axe-core" / "axe.min.js"
JUDGED = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
#: Still open on Django's own list pages (directory, people, records): its search field, its table, an empty filter.
STOCK_LISTS = {"label-title-only", "scrollable-region-focusable", "link-name"}
LOOKS = {"wide": {}, "phone": {"phone": True}, "dark": {"dark": True}}

OFFICERS = [
    "/admin/", "/admin/complaints/complaint/?tab=all", "/admin/complaints/complaint/?q=none",
    "/admin/channels_sns/outboundpost/", "/admin/channels_sns/deadletter/", "/admin/departments/department/",
    "/admin/password_change/",
]  # fmt: skip
ADMINISTRATORS = [
    "/admin/", "/admin/channels_sns/account/", "/admin/auth/user/", "/admin/complaints/accesslog/",
    "/admin/departments/membership/", "/admin/departments/holiday/",
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
    page.goto(address)
    page.evaluate(axe)
    return [
        f"{address} {found['id']} ({found['impact']}): {node['html'][:120]}"
        for found in page.evaluate(JUDGED)
        if found["impact"] in ("serious", "critical")
        and not (found["id"] in STOCK_LISTS and page.query_selector("#changelist"))
        for node in found["nodes"]
    ]


def make_office() -> Complaint:
    """A list with a late and an urgent line; a complaint with all its hands, news and a note."""
    tour, now = Department.objects.get(name="관광정책과"), timezone.now()
    make_row(due_at=now, priority=Complaint.Priority.URGENT)
    make_row(status="COMPLETED", department=tour, close_reason="현장에서 해결")
    complaint = make_row("안내판이 거꾸로입니다", status="IN_PROGRESS", department=tour, news_at=now)
    road = Department.objects.get(name="도로계획과")
    Suggestion.objects.create(complaint=complaint, department=road, rank=1, score=1, words=["안내판"])
    ComplaintEvent.objects.create(complaint=complaint, move="note", at=now, note="메모")
    DeadLetter.objects.create(
        account=complaint.account, sha256="0", raw=b"{", error="JSON", first_seen_at=now, last_seen_at=now
    )
    return complaint


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_serious(desk: Desk, visit: Visit, axe: str, look: str) -> None:
    complaint = make_office()
    page_of = f"/admin/complaints/complaint/{complaint.pk}/change/"
    letter, account = DeadLetter.objects.get().pk, complaint.account_id
    officer, administrator = visit(**LOOKS[look], tools=True), visit(**LOOKS[look], tools=True)
    found = faults_of(officer, axe, f"{desk.address}/admin/login/")
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    for address in (*OFFICERS, page_of, f"/admin/channels_sns/deadletter/{letter}/change/"):
        found += faults_of(officer, axe, desk.address + address)
    log_in(administrator, desk, desk.person("운영자", Role.ADMINISTRATOR))
    for address in (*ADMINISTRATORS, f"/admin/channels_sns/account/{account}/change/"):
        found += faults_of(administrator, axe, desk.address + address)
    assert found == [], "\n".join(found)
