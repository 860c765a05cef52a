"""The complaint page and the triage desk about due times: which kind it is, until when, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints import deadlines, workflow
from complaints.models import Complaint
from complaints.models.kinds import LegalKind
from departments.models import Department, Holiday, Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import NOON, make_department, make_person

pytestmark = pytest.mark.django_db


def make_due(**values: Any) -> Complaint:
    """A complaint of a Tuesday noon, on its right clock."""
    row = make_row(received_at=NOON, **values)
    row.due_at = deadlines.due_of(row)
    row.save()
    return row


def text_of(client: Client, complaint: Complaint) -> str:
    return client.get(page_of(complaint)).content.decode()


def set_kind(client: Client, complaint: Complaint, **values: Any) -> Any:
    data = {"version": complaint.version, "kind": "GRIEVANCE", **values}
    return client.post(page_of(complaint, "clock", "kind"), data)


def holder() -> tuple[Department, Complaint]:
    department = make_department()
    return department, make_due(status="ASSIGNED", department=department)


def test_every_kind_stands_with_the_due_time_it_would_give() -> None:
    page = text_of(client_as(Role.OFFICER), make_due())
    assert page.count('name="kind"') == len(LegalKind) - 1
    for due in ("3근무시간 · 2026-11-24 (화) 16:00", "7일 · 2026-12-02 (수) 18:00", "14일 · 2026-12-11 (금) 18:00"):
        assert due in page
    assert 'value="STATUTORY"' not in page
    assert "정부24" in page
    assert "GRIEVANCE" in page


def test_why_it_is_due_then_stands_on_the_page() -> None:
    Holiday.objects.create(date=date(2026, 11, 25), name="임시공휴일", reason="국무회의 의결")
    complaint = make_due()
    Complaint.objects.filter(pk=complaint.pk).update(legal_kind="GRIEVANCE")
    complaint.refresh_from_db()
    complaint.due_at = deadlines.due_of(complaint)
    complaint.save()
    page = text_of(client_as(Role.MANAGER), complaint)
    assert "2026-11-25 (수)" in page
    assert "임시공휴일" in page
    assert "법 제19조" in page
    assert 'name="kind"' not in page


def test_a_due_time_that_is_being_counted_anew_says_so() -> None:
    complaint = make_due()
    Holiday.objects.create(date=date(2026, 11, 24), name="임시공휴일", reason="국무회의 의결")
    page = text_of(client_as(Role.OFFICER), complaint)
    assert "지금 기록된 기한: 2026-11-24 (화) 16:00" in page


def test_a_reopened_one_counts_from_the_reopening() -> None:
    complaint = make_due(status="COMPLETED")
    workflow.reopen(complaint, by=None, version=None, now=NOON + timedelta(days=2), reason="다시")
    page = text_of(client_as(Role.OFFICER), complaint)
    assert "처음 접수: 2026-11-24 (화) 12:00" in page


def test_the_other_clock_of_what_is_urgent_is_said() -> None:
    complaint = make_due(priority="URGENT", emergency_due_at=NOON + timedelta(minutes=30))
    assert "2026-11-24 (화) 12:30" in text_of(client_as(Role.OFFICER), complaint)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD])
def test_officer_and_head_set_the_kind(role: Role) -> None:
    department, complaint = holder()
    client = client_as(role, department)
    assert 'value="GRIEVANCE"' in text_of(client, complaint)
    answer = set_kind(client, complaint, note="쪽지로 이름과 연락처를 받음")
    assert answer.status_code == 302
    complaint.refresh_from_db()
    assert complaint.legal_kind == LegalKind.GRIEVANCE
    assert complaint.events.get().note == "쪽지로 이름과 연락처를 받음"
    assert "고충민원" in text_of(client, complaint)


def test_staff_see_the_kind_and_do_not_change_it() -> None:
    department, complaint = holder()
    client = client_as(Role.STAFF, department)
    assert 'name="kind"' not in text_of(client, complaint)
    assert set_kind(client, complaint).status_code == 409
    complaint.refresh_from_db()
    assert complaint.legal_kind == LegalKind.SNS
    assert set_kind(client_as(Role.HEAD), complaint).status_code == 404


@pytest.mark.parametrize("kind", ["", "STATUTORY", "NONSENSE", "\x00"])
def test_a_kind_without_a_clock_is_refused_and_nothing_typed_is_lost(kind: str) -> None:
    complaint = make_due()
    answer = set_kind(client_as(Role.OFFICER), complaint, kind=kind, note="근거")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "종류를 골라 주세요" in page
    assert "근거</textarea>" in page


def test_who_is_slower_keeps_what_he_typed() -> None:
    complaint = make_due()
    workflow.triage(Complaint.objects.get(pk=complaint.pk), by=make_person(Role.OFFICER), version=1, now=NOON)
    answer = set_kind(client_as(Role.OFFICER), complaint, note="근거")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="GRIEVANCE" checked' in page
    assert "근거</textarea>" in page


def test_a_double_click_sets_the_kind_once() -> None:
    complaint, client = make_due(), client_as(Role.OFFICER)
    assert [set_kind(client, complaint).status_code for _click in range(2)] == [302, 409]
    assert complaint.events.count() == 1


def test_an_act_that_is_none_changes_nothing() -> None:
    complaint, client = make_due(), client_as(Role.OFFICER)
    assert client.post(page_of(complaint, "clock", "nonsense"), {"version": 1}).status_code == 409
    assert client.get(page_of(complaint, "clock", "kind"))["Location"] == page_of(complaint)


def test_the_triage_desk_has_the_same_control() -> None:
    complaint, client = make_due(), client_as(Role.OFFICER)
    desk = f"/admin/desk/{complaint.number}/"
    page = client.get(f"{desk}?tab=all").content.decode()
    assert f'hx-post="{desk}clock/kind/?tab=all"' in page
    answer = client.post(f"{desk}clock/kind/?tab=all", {"version": 1, "kind": "PROPOSAL"})
    assert (answer.status_code, answer["Location"]) == (303, f"{desk}?tab=all")
    complaint.refresh_from_db()
    assert complaint.legal_kind == LegalKind.PROPOSAL
    refused = client.post(f"{desk}clock/kind/", {"version": 1, "kind": "PROPOSAL", "note": "두 번째"})
    assert refused.status_code == 409
    assert "두 번째</textarea>" in refused.content.decode()


def test_nothing_closed_has_the_control() -> None:
    complaint = make_due(status="DISMISSED", closed_at=timezone.now())
    assert 'name="kind"' not in text_of(client_as(Role.OFFICER), complaint)


def test_an_english_citizen_is_led_on_in_english() -> None:
    page = text_of(client_as(Role.OFFICER), make_due(language="en"))
    assert "Government24" in page


# --- notices -------------------------------------------------------------------------------------------------------


def test_an_interim_notice_that_is_owed_is_open_and_one_click_posts_it() -> None:
    department = make_department(phone="051-888-0000")
    complaint = make_row(status="IN_PROGRESS", department=department, received_at=timezone.now() - timedelta(days=31))
    client = client_as(Role.HEAD, department)
    page = text_of(client, complaint)
    assert "부터 보내야 합니다(영 제23조)" in page
    text = page.split('id="interim-notice"', 1)[1].split(">", 1)[1].split("</textarea>", 1)[0]
    assert client.post(page_of(complaint, "clock", "interim"), {"version": 1, "notice": text}).status_code == 302
    (notice,) = complaint.replies.all()
    assert (notice.kind, notice.text) == ("NOTICE", text)
    page = text_of(client, complaint)
    assert "부터 보내야 합니다(영 제23조)" not in page
    assert "중간통지 게시함" in page


def test_a_notice_that_is_refused_gives_back_its_text_and_not_into_the_reply() -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department())
    client = client_as(Role.OFFICER)
    answer = client.post(page_of(complaint, "clock", "interim"), {"version": 7, "notice": "고친 통지문"})
    page = answer.content.decode()
    assert (answer.status_code, page.count("고친 통지문")) == (409, 1)
    assert client.post(page_of(complaint, "clock", "interim"), {"version": 1, "notice": " "}).status_code == 400
    assert not complaint.replies.exists()


def test_a_statutory_application_leaves_the_queue_with_the_way_posted() -> None:
    complaint = make_row()
    client = client_as(Role.OFFICER)
    answer = client.post(
        f"/admin/desk/{complaint.number}/clock/redirect/", {"version": 1, "notice": "정부24에 신청해 주세요."}
    )
    assert answer.status_code == 303
    complaint.refresh_from_db()
    assert (complaint.status, complaint.replies.get().text) == ("DISMISSED", "정부24에 신청해 주세요.")


def test_what_is_on_hold_is_not_led_to_the_counter() -> None:
    complaint = make_row(status="ON_HOLD", held_from="TRIAGED")
    page = text_of(client_as(Role.OFFICER), complaint)
    assert 'id="redirect-notice"' not in page
    assert 'id="interim-notice"' in page
    assert 'id="interim-notice"' not in text_of(client_as(Role.MANAGER), complaint)


# --- longer, waiting, on site ----------------------------------------------------------------------------------------


def act(client: Client, complaint: Complaint, name: str, **values: Any) -> Any:
    complaint.refresh_from_db()
    return client.post(page_of(complaint, "clock", name), {"version": complaint.version, **values})


def make_running(**values: Any) -> tuple[Client, Complaint]:
    """In the hands of a department since a minute; its head."""
    department = make_department(phone="051-888-0000")
    row = make_row(status="IN_PROGRESS", department=department, received_at=timezone.now(), **values)
    row.due_at = deadlines.due_of(row)
    row.save()
    return client_as(Role.HEAD, department), row


def test_an_extension_says_beforehand_when_it_would_be_due_and_posts_why() -> None:
    client, complaint = make_running(legal_kind="GRIEVANCE")
    page = text_of(client, complaint)
    assert page.count('<option value="') >= 7
    assert "3일 → " in page
    answer = act(client, complaint, "extend", amount="3", reason="현장 확인이\n더 필요합니다.")
    assert answer.status_code == 302
    complaint.refresh_from_db()
    assert complaint.extended_by == 3
    assert "사유: 현장 확인이 더 필요합니다. 담당" in complaint.replies.get().text
    page = text_of(client, complaint)
    assert "3일 연장(1회)" in page
    assert 'name="consent"' in page
    assert "기간을 연장하고 시민에게 알림" in page


def test_a_second_extension_without_consent_is_refused_with_the_rule_and_the_text_kept() -> None:
    client, complaint = make_running(legal_kind="GRIEVANCE", extensions=1, extended_by=7)
    answer = act(client, complaint, "extend", amount="2", reason="아직 확인 중")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "시민이 동의해야" in page
    assert "아직 확인 중</textarea>" in page
    assert '<option value="2" selected>' in page
    assert act(client, complaint, "extend", amount="2", reason="아직 확인 중", consent="yes").status_code == 302


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("extend", {"amount": "3", "reason": " "}),
        ("extend", {"amount": "-3", "reason": "사유"}),
        ("extend", {"amount": "9999999999", "reason": "사유"}),
        ("supplement", {"days": "7", "reason": ""}),
        ("supplement", {"days": "31", "reason": "사진"}),
        ("supplement", {"days": "٣", "reason": "사진"}),
        ("more-time", {"days": "7"}),
        ("visit", {"days": "15"}),
    ],
)
def test_what_the_law_does_not_know_is_refused_in_words(name: str, values: dict[str, str]) -> None:
    client, complaint = make_running(legal_kind="GRIEVANCE")
    answer = act(client, complaint, name, **values)
    assert answer.status_code == 400
    assert 'id="refused"' in answer.content.decode()
    complaint.refresh_from_db()
    assert (complaint.version, complaint.replies.count(), complaint.holds.count()) == (1, 0, 0)


def test_a_supplement_from_asking_to_resuming() -> None:
    client, complaint = make_running()
    page = text_of(client, complaint)
    assert "규칙 제9조①" in page
    assert act(client, complaint, "supplement", days="5", reason="사진").status_code == 302
    page = text_of(client, complaint)
    assert "기한을 세지 않고 있습니다: 민원인의 보완" in page
    assert 'id="extend-amount"' in page
    assert 'id="supplement-days"' not in page
    assert act(client, complaint, "more-time", days="20").status_code == 302
    assert client.post(page_of(complaint, "move", "resume"), {"version": 4}).status_code == 302
    page = text_of(client, complaint)
    assert "한 번 더 보완 요구" in page
    assert 'max="10"' in page


def test_days_on_site_are_counted_out() -> None:
    client, complaint = make_running(legal_kind="GRIEVANCE")
    assert act(client, complaint, "visit", days="10", note="경계 확인").status_code == 302
    assert "현장조사 10일" in text_of(client, complaint)
    assert 'id="visit-days"' not in text_of(*make_running())


def test_a_hold_asks_what_it_waits_for() -> None:
    client, complaint = make_running()
    page = text_of(client, complaint)
    assert '<optgroup label="기한을 세지 않는 사유(영 제20조)">' in page
    assert 'value="SUPPLEMENT"' not in page
    move = page_of(complaint, "move", "hold")
    for code in ("", "SUPPLEMENT", "NONSENSE"):
        answer = client.post(move, {"version": 1, "code": code, "reason": "부품"})
        assert (answer.status_code, "부품</textarea>" in answer.content.decode()) == (400, True)
    assert client.post(move, {"version": 1, "code": "CITIZEN", "reason": "부품"}).status_code == 302
    assert "기한은 계속 셉니다: 민원인의 답" in text_of(client, complaint)
