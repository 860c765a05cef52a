"""The complaint page's smaller hands: notes for colleagues, news put aside, a reply's text offered again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints import workflow
from complaints.models import Complaint, ComplaintEvent, Reply
from departments.models import Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db


def show(client: Client, complaint: Complaint) -> str:
    return client.get(page_of(complaint)).content.decode()


def with_news(**fields: Any) -> Complaint:
    complaint = make_row(**fields)
    Complaint.objects.filter(pk=complaint.pk).update(news_at=timezone.now())
    complaint.refresh_from_db()
    return complaint


def test_a_note_stands_in_the_timeline_and_changes_nothing_else() -> None:
    mine = make_department()
    complaint = make_row(status="ASSIGNED", department=mine)
    staff = client_as(Role.STAFF, mine)
    answer = staff.post(page_of(complaint, "note"), {"note": " 현장에 다녀왔습니다.\r\n내일 답변 예정 \x00"})
    assert answer.status_code == 302
    event = ComplaintEvent.objects.get(complaint=complaint, move="note")
    assert event.note == "현장에 다녀왔습니다.\n내일 답변 예정"
    assert "현장에 다녀왔습니다." in show(client_as(Role.OFFICER), complaint)
    version = complaint.version
    complaint.refresh_from_db()
    assert (complaint.status, complaint.version) == ("ASSIGNED", version)


def test_an_empty_note_is_refused_in_words() -> None:
    complaint = make_row()
    answer = client_as(Role.OFFICER).post(page_of(complaint, "note"), {"note": " \r\n"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not ComplaintEvent.objects.filter(complaint=complaint, move="note").exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_who_only_looks_neither_notes_nor_puts_news_aside(role: Role) -> None:
    complaint, client = with_news(), client_as(role)
    page = show(client, complaint)
    for door in ("note", "seen"):
        assert page_of(complaint, door) not in page
        assert client.post(page_of(complaint, door), {"note": "x", "version": complaint.version}).status_code == 403
    complaint.refresh_from_db()
    assert complaint.news_at is not None


def test_seen_puts_the_news_aside() -> None:
    mine = make_department()
    for role in (Role.OFFICER, Role.STAFF, Role.HEAD):
        complaint = with_news(status="ASSIGNED", department=mine)
        client = client_as(role, None if role is Role.OFFICER else mine)
        assert page_of(complaint, "seen") in show(client, complaint)
        assert client.post(page_of(complaint, "seen"), {"version": complaint.version}).status_code == 302
        complaint.refresh_from_db()
        assert complaint.news_at is None
        assert page_of(complaint, "seen") not in show(client, complaint)


def test_news_that_came_after_the_page_was_shown_stay_news() -> None:
    complaint, client = with_news(), client_as(Role.OFFICER)
    workflow.joined([complaint], with_photo=(), now=timezone.now() + timedelta(seconds=1))
    assert client.post(page_of(complaint, "seen"), {"version": complaint.version}).status_code == 409
    complaint.refresh_from_db()
    assert complaint.news_at is not None


def make_reply(complaint: Complaint, state: str, text: str = "안내판을 고쳤습니다.") -> Reply:
    writer, now = make_person(Role.STAFF, complaint.department), timezone.now()
    signed = {"drafted_by": writer, "drafted_at": now, "approved_by": writer, "approved_at": now}
    return Reply.objects.create(complaint=complaint, number=1, text=text, state=state, **signed)


def editor_of(page: str) -> str:
    """What stands in the reply's editor."""
    return page.split('id="reply-text"', 1)[1].split(">", 1)[1].split("</textarea>", 1)[0]


@pytest.mark.parametrize(("state", "offered"), [("RECALLED", "안내판을 고쳤습니다."), ("SENT", ""), ("FAILED", "")])
def test_a_reply_that_was_taken_back_is_offered_again(state: str, offered: str) -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department())
    make_reply(complaint, state)
    assert editor_of(show(client_as(Role.OFFICER), complaint)) == offered


def test_a_reply_that_failed_is_recalled_and_offered_again() -> None:
    complaint = make_row(status="ANSWERED", department=make_department())
    make_reply(complaint, "FAILED")
    officer = client_as(Role.OFFICER)
    assert officer.post(page_of(complaint, "move", "recall"), {"version": complaint.version}).status_code == 302
    page = show(officer, complaint)
    assert editor_of(page) == "안내판을 고쳤습니다."
    assert "badge-RECALLED" in page


def test_a_text_that_cannot_fit_is_called_too_long() -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department())
    officer = client_as(Role.OFFICER)
    for text in ("가" * 9_000, "https://busan.go.kr/" + "a" * 9_000 + " " + "나" * 5_000):
        measured = officer.post(page_of(complaint, "measure"), {"text": text}).json()
        assert measured["over"]
        assert "/" not in measured["text"]
    complaint.refresh_from_db()
    answer = officer.post(
        page_of(complaint, "reply"), {"version": complaint.version, "text": "가" * 9_000, "action": "approve"}
    )
    assert answer.status_code == 400
    assert not complaint.replies.exists()


def test_nul_in_a_form_or_a_filter_breaks_nothing() -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department())
    officer = client_as(Role.OFFICER)
    typed = {"version": complaint.version, "text": "고쳤\x00습니다.", "action": "draft"}
    assert officer.post(page_of(complaint, "reply"), typed).status_code == 302
    assert complaint.replies.get().text == "고쳤습니다."
    for name in ("status", "priority", "due", "news", "channel", "department", "district", "q", "tab"):
        assert officer.get("/admin/complaints/complaint/", {name: "a\x00b"}).status_code in (200, 302, 400)
