"""The wrong sign at 영화의전당: from a citizen's photo to the city's reply under it, in real browsers, no mocks."""

from __future__ import annotations

import re
import time

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from channels_sns.adapters import ADAPTERS
from channels_sns.sandbox.dialects import DIALECTS
from complaints.models import Complaint, Suggestion
from departments.models import Department, Role
from tests.browser import JOURNEY, Visit
from tests.complaints.admin.desk import make_row
from tests.journeys.entrance import log_in, log_in_by_form
from tests.journeys.photo import wrong_sign
from tests.running_desk import PAGE_SECONDS, Desk, until
from tests.sandbox import World

pytestmark = JOURNEY

#: A comment on YouTube carries no photo; KakaoTalk's messages are pushed, not collected (test_pushed_talk).
WITHOUT_PHOTO, PUSHED = {"youtube"}, {"kakao"}
NETWORKS = sorted((ADAPTERS.keys() & DIALECTS.keys()) - PUSHED)
JOURNEYS = [(network, True) for network in NETWORKS] + [("x", False)]
TEXT = "영화의전당 앞 안내판 화살표가 반대로 되어 있어요. 관광객들이 헷갈립니다."
DONE = "바로잡은 안내판"
ANSWER = "알려 주셔서 고맙습니다. 내일 안내판 화살표를 바로잡겠습니다."
#: Where a reply carries one.
WITH_PHOTO = {kind: 1 for kind, cls in ADAPTERS.items() if cls.capabilities.photos_of_reply(private=False)}
#: How long a busy machine may take. What is promised, 15 s and 3 s, is measured by python -m bench journey.
COLLECTED_SECONDS, POSTED_SECONDS, COMPLETED_SECONDS = 60, 60, 60
STEPS = ["register", "assign", "start", "draft", "draft", "answer", "complete", "promise"]
#: Where the network's answer names no post (me2day), the desk looks for it; whether people see that is a race.
BETWEEN = "unsure"


def address_of(desk: Desk, complaint: Complaint) -> str:
    return f"{desk.address}/admin/complaints/complaint/{complaint.pk}/change/"


def write_as_citizen(citizen: Page, world: World, network: str) -> str:
    """The thread page of the new post."""
    citizen.goto(world.page_url(network))
    citizen.fill("#name", "김부산")
    citizen.fill("#text", TEXT)
    if network not in WITHOUT_PHOTO:
        citizen.set_input_files("#photo", {"name": "sign.jpg", "mimeType": "image/jpeg", "buffer": wrong_sign()})
        citizen.fill("#alt", "화살표가 반대인 안내판")
    citizen.click(".composer .send button")
    expect(citizen.locator(".post .text").first).to_contain_text(TEXT)
    return citizen.url


def wait_in_list(officer: Page, desk: Desk, *, photo: bool) -> float:
    """Seconds until the complaint stands in the officer's list, with its thumbnail where there is a photo."""
    begun = time.monotonic()
    shown = ".line .c-photo img" if photo else ".line"

    def there() -> bool:
        officer.goto(f"{desk.address}/admin/complaints/complaint/?tab=new")
        return officer.locator(shown).count() > 0

    until(there, seconds=COLLECTED_SECONDS, what="the complaint in the list", every=PAGE_SECONDS)
    return time.monotonic() - begun


def city_posts(citizen: Page) -> int:
    return citizen.locator(".post.city").count()


def assign_with_one_click(officer: Page, *, photo: bool) -> None:
    officer.click(".line-link")
    suggestion = officer.locator("button.proposal", has_text="관광정책과").first
    expect(suggestion.locator(".proposal-why")).to_contain_text(re.compile("안내판|관광객"))
    if photo:
        expect(officer.locator(".photos img").first).to_be_visible()
    suggestion.click()
    expect(officer.locator(".page-badges .badge-ASSIGNED")).to_be_visible()


def begin_and_draft(staff: Page) -> None:
    staff.click(".desk-nav a[href$='/tray/']")
    staff.click(".tray-link")
    staff.click("form[action*='/move/start/'] button")
    expect(staff.locator(".page-badges .badge-IN_PROGRESS")).to_be_visible()
    staff.fill("#reply-text", ANSWER)
    if staff.locator("#reply-photo").count():
        staff.set_input_files("#reply-photo", {"name": "IMG_7.jpg", "mimeType": "image/jpeg", "buffer": wrong_sign()})
        staff.fill("#reply-photo-alt", DONE)
    staff.click("button[value=draft]")
    expect(staff.locator(".badge-DRAFT")).to_be_visible()


def wait_for_reply(citizen: Page, thread: str) -> float:
    """Seconds until the city's reply stands on the thread's page."""
    begun = time.monotonic()

    def there() -> bool:
        citizen.goto(thread)
        return city_posts(citizen) > 0

    until(there, seconds=POSTED_SECONDS, what="the reply under the post", every=PAGE_SECONDS)
    return time.monotonic() - begun


@pytest.mark.parametrize(("network", "javascript"), JOURNEYS)
def test_a_wrong_sign_is_answered_under_its_photo(
    world: World, desk_at_work: Desk, visit: Visit, network: str, javascript: bool
) -> None:
    desk, tour = desk_at_work, Department.objects.get(name="관광정책과")
    people = {
        "officer": desk.person("담당관", Role.OFFICER),
        "staff": desk.person("직원", Role.STAFF, tour),
        "head": desk.person("과장", Role.HEAD, tour),
    }
    pages = {name: visit(javascript=javascript, expected={409}) for name in people}
    for name, user in people.items():
        (log_in_by_form if network == "x" else log_in)(pages[name], desk, user)
    desk.connect(world, network)
    citizen = visit(javascript=javascript)

    thread = write_as_citizen(citizen, world, network)
    collected = wait_in_list(pages["officer"], desk, photo=network not in WITHOUT_PHOTO)
    assign_with_one_click(pages["officer"], photo=network not in WITHOUT_PHOTO)
    begin_and_draft(pages["staff"])

    complaint = Complaint.objects.get()
    head = pages["head"]
    head.goto(address_of(desk, complaint))
    head.dblclick("button[value=approve]")
    posted = wait_for_reply(citizen, thread)
    print(f"{network}, JavaScript {javascript}: in the list after {collected:.1f} s, posted after {posted:.1f} s")

    expect(citizen.locator(".post.city .text")).to_contain_text([re.compile(f"{ANSWER}.*{complaint.number}-1")])
    expect(citizen.locator(f".post.city img[alt='{DONE}']")).to_have_count(WITH_PHOTO.get(network, 0))
    done = Complaint.objects.filter(status="COMPLETED")
    until(done.exists, seconds=COMPLETED_SECONDS, what="the complaint is completed")
    press_once_more(head, address_of(desk, complaint))
    citizen.goto(thread)
    assert city_posts(citizen) == 1
    read_the_end(pages["officer"], desk, complaint)


def press_once_more(head: Page, address: str) -> None:
    """Back to the page with the editor, and approve again: refused, the page says what happened."""
    # The double click sent two: a page still on its way would undo the step back.
    head.wait_for_load_state("networkidle")
    head.go_back()
    again = head.locator("button[value=approve]")
    if again.count():
        again.click()
        expect(head.locator("#refused")).to_be_visible()
    head.goto(address)
    expect(head.locator("button[value=approve]")).to_have_count(0)


def read_the_end(officer: Page, desk: Desk, complaint: Complaint) -> None:
    officer.goto(address_of(desk, complaint))
    expect(officer.locator(".page-badges .badge").first).to_have_class(re.compile("badge-COMPLETED"))
    expect(officer.locator(".post-city .badge-SENT")).to_have_count(1)
    moves = list(complaint.events.values_list("move", flat=True).order_by("id"))
    assert [move for move in moves if move != BETWEEN] == STEPS
    stamps = list(complaint.events.values_list("at", flat=True).order_by("id"))
    assert stamps == sorted(stamps)
    expect(officer.locator(".page-timeline li")).to_have_count(len(moves))


def make_waiting(name: str = "관광정책과") -> Complaint:
    """A new complaint with its suggestion, as intake leaves it."""
    complaint = make_row(TEXT)
    department = Department.objects.get(name=name)
    Suggestion.objects.create(complaint=complaint, department=department, rank=1, score=1, words=["안내판"])
    return complaint


def test_two_officers_collide_and_the_slower_one_learns_it(desk: Desk, visit: Visit) -> None:
    complaint = make_waiting()
    fast, slow = visit(), visit(expected={409})
    for page, name in ((fast, "민지"), (slow, "서준")):
        log_in(page, desk, desk.person(name, Role.OFFICER))
        page.goto(address_of(desk, complaint))
    slow.click("form[action*='/move/dismiss/'] summary")
    slow.fill("#dismiss-reason", "광고로 보입니다")
    fast.click("button.proposal")
    expect(fast.locator(".page-badges .badge-ASSIGNED")).to_be_visible()
    slow.click("form[action*='/move/dismiss/'] button")
    expect(slow.locator("#refused")).to_contain_text("민지")
    expect(slow.locator(".page-badges .badge-ASSIGNED")).to_be_visible()
    complaint.refresh_from_db()
    assert complaint.status == "ASSIGNED"


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMINISTRATOR])
def test_the_wrong_role_finds_nothing(desk: Desk, visit: Visit, role: Role) -> None:
    complaint = make_waiting()
    department = Department.objects.get(name="도로계획과") if role is Role.STAFF else None
    page = visit(expected={404})
    log_in(page, desk, desk.person("다른 과", role, department))
    answer = page.goto(address_of(desk, complaint))
    assert answer is not None
    assert answer.status == 404
    assert TEXT not in page.content()


def test_the_session_of_somebody_who_left_ends(desk: Desk, visit: Visit) -> None:
    complaint, user, page = make_waiting(), desk.person("떠난 사람", Role.OFFICER), visit()
    log_in(page, desk, user)
    page.goto(address_of(desk, complaint))
    User.objects.filter(pk=user.pk).update(is_active=False)
    page.click("button.proposal")
    expect(page.locator("#login-form")).to_be_visible()
    complaint.refresh_from_db()
    assert complaint.status == "RECEIVED"
