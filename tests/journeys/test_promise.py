"""A promise in browsers: found while it is typed, owed, reminded of, kept in public; what the citizen says then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.models import Alert, Complaint, Promise
from departments.models import Role
from tests.browser import JOURNEY, Visit
from tests.journeys.entrance import log_in
from tests.running_desk import PAGE_SECONDS, Desk, until
from tests.sandbox import World

pytestmark = JOURNEY

#: How long a busy machine may take for what is promised in seconds.
SECONDS = 90
WAIT = SECONDS * 1000


def told(citizen: Page, world: World, post: str, text: str) -> None:
    """The city's words stand under the citizen's post."""

    def there() -> bool:
        citizen.goto(world.page_url("x"))
        citizen.click(f"a[href*='{post}'] >> nth=0")
        return citizen.locator(".post.city", has_text=text).count() > 0

    until(there, seconds=SECONDS, what=text, every=PAGE_SECONDS)


@pytest.mark.unmeasured
def test_a_promise_falls_due_and_its_outcome_stands_under_the_citizens_post(
    world: World, desk_at_work: Desk, visit: Visit
) -> None:
    desk = desk_at_work
    desk.connect(world, "x")
    post = world.citizen_post("x", "영화의전당 앞 안내판 화살표가 반대예요", name="김부산")
    officer, citizen = visit(), visit()
    log_in(officer, desk, desk.person("담당관", Role.OFFICER))
    until(Complaint.objects.exists, seconds=SECONDS, what="the complaint")
    complaint = Complaint.objects.get()
    page = f"{desk.address}/admin/complaints/complaint/{complaint.pk}/change/"
    officer.goto(page)
    officer.click("button.proposal:has-text('관광정책과')")
    officer.fill("#reply-text", "알려 주셔서 고맙습니다. 내일 안내판을 바꾸겠습니다.")
    expect(officer.locator("#reply-promise-says")).to_contain_text("내일 안내판을 바꾸겠습니다”", timeout=WAIT)
    officer.click("button:has-text('승인하고 게시')")
    told(citizen, world, post, "내일 안내판을 바꾸겠습니다")
    until(Promise.objects.owed().exists, seconds=SECONDS, what="the promise is owed")
    Promise.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    until(Alert.objects.filter(stage="PR_DUE").exists, seconds=SECONDS, what="the reminder")
    officer.goto(f"{desk.address}/admin/shift/")
    expect(officer.locator("section:has(#promises) .alert-line")).to_contain_text("바꾸겠습니다")
    officer.goto(f"{desk.address}/admin/promises/")
    officer.click(".alert-line.alert-late a")
    officer.click("#promises summary:has-text('결과 알리기')")
    officer.fill("#promises textarea[name=outcome]", "안내판 화살표를 바로잡았습니다. 감사합니다.")
    officer.click("button:has-text('결과 게시')")
    told(citizen, world, post, "화살표를 바로잡았습니다")
    until(Promise.objects.kept_late().exists, seconds=SECONDS, what="the promise is kept")
    officer.goto(page)
    expect(officer.locator("#promises")).to_contain_text("늦게 이행")
    expect(officer.locator(".page-badges .badge-COMPLETED")).to_be_visible()
    world.citizen_post("x", "아직이에요", name="김부산", in_reply_to=post)
    until(Complaint.objects.filter(reopened=1).exists, seconds=SECONDS, what="reopened")
    assert complaint.events.filter(move="not_yet").count() == 1
    officer.goto(page)
    satisfaction = officer.locator("#satisfaction")
    expect(satisfaction).to_contain_text("“아직”")
    expect(satisfaction.locator(".badge")).to_have_text("불만족")
    satisfaction.locator("summary").click()
    satisfaction.locator("select").select_option(label="답변 평가 아님")
    satisfaction.locator("button").click()
    expect(officer.locator("#satisfaction .badge")).to_have_text("집계 안 함")
