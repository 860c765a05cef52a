"""The pages of an emergency, from the button on a complaint to the report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_sns import freezes
from channels_sns.adapters.contract import Rejected
from channels_sns.models import Account, Amendment, OutboundPost
from complaints import emergencies, emergency_hints, intake
from complaints.broadcasting import emergency_lines
from complaints.models import AccessLog, AlertContact, Complaint, Emergency, Sighting
from departments.models import Role
from tests.broadcasting import approve, make_draft, photo
from tests.complaints.admin.desk import client_as, make_photo, make_row
from tests.complaints.alarm import FACTS, alarm_posts, find, make_contact, prepare, send_all, start
from tests.complaints.fates import fail, send
from tests.make import make_account, make_post

pytestmark = pytest.mark.django_db
State = Emergency.State
NEW = reverse("emergencies:new")
POST = "아이를 잃어버렸어요. 이름은 김하늘이고 7살, 빨간 모자를 썼어요"
CHECKED = {"consent": "on", "consent_note": "모 김○○, 전화로", "facts": "on", "photo_right": "on"}


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def page_of(emergency: Emergency, name: str = "page", *more: Any) -> str:
    return reverse(f"emergencies:{name}", args=[emergency.pk, *more])


def form(*accounts: Account, contacts: tuple[AlertContact, ...] = (), **values: Any) -> dict[str, Any]:
    """What a browser sends."""
    known = {"kind": "LOST_CHILD", "name": "김하늘", "age": "7세", "appearance": "빨간 모자", "contact": "112"}
    known |= {"place": "해운대", "appearance_en": "red cap"}
    chosen = {"accounts": [str(one.pk) for one in accounts], "contacts": [str(one.pk) for one in contacts]}
    return {**known, **chosen, "version": "1", **values}


def under_way(*accounts: Account, contacts: tuple[AlertContact, ...] = ()) -> Emergency:
    now = timezone.now()
    return start(prepare(accounts or (make_account("facebook"),), contacts, now=now), now=now)


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# --- preparing --------------------------------------------------------------------------------------------------------


def test_the_button_of_a_complaint_opens_a_filled_form(officer: Client) -> None:
    complaint, phone = make_row(POST), make_contact()
    make_photo(complaint)
    address = f"{NEW}?complaint={complaint.pk}"
    for door in ("admin:complaints_complaint_change", "admin:desk_item"):
        ref = complaint.pk if door.endswith("change") else complaint.number
        assert address in text_of(officer, reverse(door, args=[ref]))
    page = text_of(officer, address)
    for words in ('value="김하늘"', 'value="7살"', 'value="빨간 모자"', 'value="red cap"', POST, phone.name):
        assert words in page
    answer = officer.post(address, form(complaint.account, contacts=(phone,), taken="on", version=""))
    emergency = Emergency.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page_of(emergency)}#previews")
    assert (emergency.complaint, emergency.alarm.pictures.count(), list(emergency.contacts.all())) == (
        complaint,
        1,
        [phone],
    )
    assert officer.get(address).headers["Location"] == page_of(emergency)
    assert not OutboundPost.objects.exists()


def test_a_complaint_that_is_none_is_not_found(officer: Client) -> None:
    assert officer.get(f"{NEW}?complaint=999").status_code == 404
    assert officer.get(f"{NEW}?complaint=x").status_code == 404


def test_two_officers_begin_one_for_the_same_complaint(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = make_row(POST)
    address = f"{NEW}?complaint={complaint.pk}"

    def meanwhile(*_args: Any, **_values: Any) -> dict[str, str]:
        prepare_for(complaint)
        return {}

    monkeypatch.setattr(emergency_hints, "facts_in", meanwhile)
    assert officer.post(address, form(complaint.account)).headers["Location"] == address
    assert Emergency.objects.count() == 1


def prepare_for(complaint: Complaint) -> Emergency:
    emergency = prepare([complaint.account], now=timezone.now())
    Emergency.objects.filter(pk=emergency.pk).update(complaint=complaint)
    return emergency


def test_from_nothing_every_account_and_contact_is_on(officer: Client) -> None:
    make_account("x"), make_contact()
    assert text_of(officer, NEW).count("checked") == 2
    upload = SimpleUploadedFile("child.jpg", photo(), "image/jpeg")
    officer.post(NEW, form(Account.objects.get(), photo=upload))
    emergency = Emergency.objects.get()
    assert emergency.alarm.pictures.get().alt == "찾고 있는 사람의 사진: 빨간 모자"
    page = text_of(officer, page_of(emergency))
    for words in ("red cap", "/280", 'value="approve"'):
        assert words in page
    door = page_of(emergency, "photo_drop", emergency.alarm.pictures.get().pk)
    officer.post(door, {"version": "7"})
    assert emergency.alarm.pictures.exists()
    officer.post(door, {"version": emergency.version})
    assert not emergency.alarm.pictures.exists()
    emergency.refresh_from_db()
    assert emergency.version == 2


def test_the_editor_of_broadcasts_is_no_way_round_the_checklist(officer: Client) -> None:
    account = make_account()
    emergency = prepare([account], now=timezone.now())
    alarm = emergency.alarm
    values = {"kind": "NEWS", "title": "t", "text": "김하늘", "grace_minutes": "15", f"to_{account.pk}": "on"}
    answer = officer.post(
        reverse("broadcasts:page", args=[alarm.pk]), {**values, "version": alarm.version, "action": "approve"}
    )
    assert answer.headers["Location"] == page_of(emergency)
    version = {"version": alarm.version}
    assert officer.post(reverse("broadcasts:decide", args=[alarm.pk, "cancel"]), version).status_code == 404
    drop = reverse("broadcasts:picture_drop", args=[alarm.pk, alarm.pictures.get().pk])
    assert officer.post(drop, version).status_code == 404
    alarm.refresh_from_db()
    assert (alarm.state, alarm.kind, OutboundPost.objects.count()) == ("DRAFT", "EMERGENCY", 0)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(officer: Client) -> None:
    account = make_account()
    bad = SimpleUploadedFile("child.jpg", b"no photo", "image/jpeg")
    answer = officer.post(NEW, form(account, photo=bad))
    assert answer.status_code == 400
    assert 'value="김하늘"' in answer.content.decode()
    assert officer.post(NEW, form(account, kind="ALIENS")).status_code == 400
    assert officer.post(NEW, form(account, consent="on")).status_code == 400
    assert not Emergency.objects.exists()


def test_approving_sends_what_the_previews_showed(officer: Client) -> None:
    account, phone = make_account(), make_contact()
    emergency = prepare([account], [phone], now=timezone.now())
    values = form(account, contacts=(phone,), **CHECKED, action="approve", appearance="파란 모자")
    officer.post(page_of(emergency), values)
    emergency.refresh_from_db()
    assert (emergency.state, emergency.checks.count(), OutboundPost.objects.count()) == (State.PREPARED, 3, 0)
    officer.post(page_of(emergency), {**values, "version": str(emergency.version)})
    emergency.refresh_from_db()
    assert (emergency.state, emergency.alerts.get().contact) == (State.RUNNING, phone)
    assert "파란 모자" in alarm_posts(emergency)[0].text
    again = officer.post(page_of(emergency), {**values, "version": "2"}, follow=True)
    assert "동료" in again.content.decode()
    assert OutboundPost.objects.count() == len(alarm_posts(emergency)) == 2


def test_without_the_checklist_nothing_leaves(officer: Client) -> None:
    account = make_account()
    emergency = prepare([account], now=timezone.now())
    same: dict[str, Any] = {name: FACTS[name] for name in FACTS if name != "kind"}
    answer = officer.post(page_of(emergency), form(account, **same, action="approve"))
    assert answer.status_code == 400
    assert 'id="refused"' in answer.content.decode()
    assert not OutboundPost.objects.exists()
    stale = officer.post(page_of(emergency), form(account, version="1"))
    assert stale.status_code == 409


def test_own_words_stay_and_the_template_follows_the_facts(officer: Client) -> None:
    account = make_account()
    emergency = prepare([account], with_photo=False, now=timezone.now())
    officer.post(page_of(emergency), form(account, name="김바다", text_en="Please help!"))
    emergency.refresh_from_db()
    assert ("김바다" in emergency.alarm.text, emergency.alarm.text_en) == (True, "Please help!")
    page = text_of(officer, page_of(emergency))
    assert page.count("Please help!</textarea>") == 1


def test_it_is_given_up(officer: Client) -> None:
    emergency = prepare(now=timezone.now())
    officer.post(page_of(emergency, "act", "give-up"), {"version": emergency.version, "reason": "집에\x00 있었음\r\n"})
    emergency.refresh_from_db()
    assert emergency.alarm.reason == "집에 있었음"
    assert emergency.state == State.CANCELLED
    assert officer.get(page_of(emergency)).status_code == 200
    assert officer.post(page_of(emergency, "act", "dance")).status_code == 404


# --- under way --------------------------------------------------------------------------------------------------------


def test_the_clock_stands_on_every_page_and_only_officers_may_open_it(officer: Client) -> None:
    assert "emergency-bar" not in text_of(officer, "/admin/")
    emergency = under_way()
    assert f'<a href="{page_of(emergency)}">' in text_of(officer, "/admin/")
    page = text_of(client_as(Role.MANAGER), "/admin/")
    assert "emergency-bar" in page
    assert page_of(emergency) not in page
    assert "김하늘" not in page
    send_all(emergency, now=timezone.now())
    emergencies.tend(now=timezone.now())
    assert "첫 글이 올라간 뒤" in text_of(officer, "/admin/")
    find(emergency, now=timezone.now())
    assert "emergency-bar" not in text_of(officer, "/admin/")


def test_what_is_stopped_is_listed_and_goes_on(officer: Client) -> None:
    account, now = make_account(), timezone.now()
    waiting = approve(make_draft([account], now=now, title="불꽃축제", publish_at=now + timedelta(hours=1)))
    emergency = under_way(account)
    page = text_of(officer, page_of(emergency))
    assert waiting.title in page
    assert "멈춤" in page
    assert waiting in emergency_lines.held_up(emergency)
    officer.post(page_of(emergency, "act", "thaw"))
    assert waiting in emergency_lines.held_up(emergency)
    assert freezes.current() is None
    assert "멈춰 둔 것이 없습니다" in officer.post(page_of(emergency, "act", "thaw"), follow=True).content.decode()


def test_a_call_is_noted(officer: Client) -> None:
    emergency = under_way(contacts=(make_contact(),))
    alert = emergency.alerts.get()
    assert "tel:112" in text_of(officer, page_of(emergency))
    for _twice in range(2):
        officer.post(page_of(emergency, "called", alert.pk))
    alert.refresh_from_db()
    assert alert.state == "CALLED"
    assert officer.post(page_of(emergency, "called", 999)).status_code == 404


def test_sightings_come_into_the_open_page_and_are_weighed(officer: Client) -> None:
    account = make_account("facebook")
    emergency = under_way(account)
    send(alarm_posts(emergency)[0], now=timezone.now(), external_id="77")
    assert "서면역" not in text_of(officer, page_of(emergency, "live"))
    make_post(account, "서면역에서 봤어요 <b>", kind="comment", root_id="77", parent_id="77")
    intake.register_waiting(now=timezone.now())
    emergencies.tend(now=timezone.now())
    assert "서면역에서 봤어요 &lt;b&gt;" in text_of(officer, page_of(emergency, "live"))
    sighting = Sighting.objects.get()
    door = page_of(emergency, "weigh", sighting.pk)
    for state in ("CREDIBLE", "OTHER", "complaint", "complaint"):
        assert officer.post(door, {"state": state}).status_code == 303
    sighting.refresh_from_db()
    assert (sighting.state, Complaint.objects.count()) == ("OTHER", 1)
    assert "얼마나" in officer.post(door, {"state": "?"}, follow=True).content.decode()
    other = under_way(make_account("x"))
    assert officer.post(page_of(other, "weigh", sighting.pk), {"state": "OTHER"}).status_code == 404


# --- the end ----------------------------------------------------------------------------------------------------------


def test_found_gone_and_closed(officer: Client) -> None:
    emergency = under_way()
    send_all(emergency, now=timezone.now())
    page = text_of(officer, page_of(emergency))
    assert "[찾았습니다]" in page
    version = {
        "version": emergency.version,
        "take_down": "1",
        "text": "찾았습니다!\x00\r\n고맙습니다.",
        "text_en": "Found!",
    }
    for _twice in range(2):
        officer.post(page_of(emergency, "act", "found"), version)
    emergency.refresh_from_db()
    assert (emergency.state, Amendment.objects.count()) == (State.FOUND, 1)
    assert emergency.all_clear is not None
    assert emergency.all_clear.text == "찾았습니다!\n고맙습니다."
    officer.post(page_of(emergency, "act", "close"), {"version": emergency.version})
    emergency.refresh_from_db()
    assert emergency.state == State.FOUND
    Amendment.objects.update(state="VERIFIED", verified_at=timezone.now())
    emergencies.tend(now=timezone.now())
    assert "모두 내려갔습니다" in text_of(officer, page_of(emergency, "live"))
    emergency.refresh_from_db()
    officer.post(page_of(emergency, "act", "close"), {"version": emergency.version})
    emergency.refresh_from_db()
    assert emergency.state == State.CLOSED
    assert emergency.title in text_of(officer, reverse("emergencies:list"))


def test_what_could_not_be_removed_is_said_loudly_and_tried_again(officer: Client) -> None:
    emergency = under_way()
    send_all(emergency, now=timezone.now())
    find(emergency, now=timezone.now())
    officer.post(page_of(emergency, "act", "take-down"))
    Amendment.objects.update(state="FAILED", last_error="Rejected: no <script>")
    page = text_of(officer, page_of(emergency))
    assert 'role="alert"' in page
    assert "no &lt;script&gt;" in page
    assert "내리지 못함" in text_of(officer, page_of(emergency, "report"))
    officer.post(page_of(emergency, "act", "again"))
    assert Amendment.objects.get().state == "QUEUED"


def test_the_report_has_it_all_in_order_and_no_formula(officer: Client) -> None:
    account, refusing = make_account("facebook"), make_account("mastodon")
    emergency = under_way(account, refusing, contacts=(make_contact(),))
    ours = {row.account_id: row for row in alarm_posts(emergency)}
    send(ours[account.pk], now=timezone.now(), external_id="77")
    fail(ours[refusing.pk], Rejected("no"), now=timezone.now())
    make_post(account, "=1+1", kind="comment", root_id="77", parent_id="77")
    intake.register_waiting(now=timezone.now())
    emergencies.tend(now=timezone.now())
    officer.post(page_of(emergency, "called", emergency.alerts.get().pk))
    officer.post(page_of(emergency, "act", "found"), {"version": emergency.version, "take_down": "1"})
    Amendment.objects.filter(outbound=ours[account.pk]).update(state="VERIFIED", verified_at=timezone.now())
    page = text_of(officer, page_of(emergency, "report"))
    table = officer.get(page_of(emergency, "export"))
    text = table.content.decode("utf-8-sig")
    for words in ("승인", "모 김○○", "PHONE 기관", "보호자", "상황 해제", "no"):
        assert words in page
    assert "'=1+1" in text
    assert text.splitlines()[1:] == sorted(text.splitlines()[1:], key=lambda line: line[:19])
    assert "attachment" in table.headers["Content-Disposition"]
    assert set(AccessLog.objects.values_list("action", flat=True)) >= {"report", "export"}


# --- contacts ---------------------------------------------------------------------------------------------------------


def test_contacts_are_kept_and_a_key_is_never_shown(officer: Client) -> None:
    address = reverse("emergencies:contacts")
    officer.post(
        address, {"name": "부산경찰청", "way": "MENTION", "network": "x", "address": "@busanpolice", "active": "on"}
    )
    hook = {"name": "대학", "way": "WEBHOOK", "address": "https://uni.example/hook", "secret": "canary", "active": "on"}
    officer.post(address, hook)
    assert AlertContact.objects.count() == 2
    assert officer.post(address, {"name": "병원", "way": "EMAIL", "address": "nobody"}).status_code == 400
    assert officer.post(address, {"name": "", "way": "EMAIL", "address": "a@b.example"}).status_code == 400
    one = AlertContact.objects.get(way="WEBHOOK")
    page = text_of(officer, reverse("emergencies:contact", args=[one.pk]))
    assert "https://uni.example/hook" in page
    assert "canary" not in page
    officer.post(reverse("emergencies:contact", args=[one.pk]), {**hook, "secret": "", "active": ""})
    one.refresh_from_db()
    assert (one.active, bool(one.secret)) == (False, True)
    assert "부산경찰청" in text_of(officer, address)


def test_many_sightings_ask_the_same_number_of_queries(officer: Client, django_assert_max_num_queries: Any) -> None:
    account = make_account("facebook")
    emergency = under_way(account, contacts=(make_contact(), make_contact("EMAIL")))
    for n in range(12):
        post = make_post(account, f"봤어요 {n}")
        Sighting.objects.create(emergency=emergency, post=post, gathered_at=timezone.now())
    with django_assert_max_num_queries(45):
        officer.get(page_of(emergency, "live"))
    with django_assert_max_num_queries(10):
        officer.get(reverse("emergencies:list"))


def test_only_officers() -> None:
    emergency = under_way()
    assert client_as(Role.STAFF).get(page_of(emergency)).status_code == 404
