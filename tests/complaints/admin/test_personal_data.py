"""Personal data in a reply: refused, told, marked; nothing that was typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from complaints.models import Complaint, TypedText
from departments.models import Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import make_department

pytestmark = pytest.mark.django_db
TYPED = "안녕하세요 🙂\n연락처 010-1234-5678, kim@example.com"


@pytest.fixture
def complaint() -> Complaint:
    return make_row(status="IN_PROGRESS", department=make_department())


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


@pytest.mark.parametrize("action", ["draft", "approve"])
def test_it_is_told_where_and_what_and_nothing_is_lost(complaint: Complaint, officer: Client, action: str) -> None:
    posted = {"version": "1", "text": TYPED, "action": action}
    for door in (page_of(complaint, "reply"), f"/admin/desk/{complaint.number}/reply/"):
        answer = officer.post(door, posted)
        html = answer.content.decode()
        assert answer.status_code == 400
        assert "2번째 줄 전화번호 “010-1234-5678”" in html
        assert f">{TYPED}</textarea>" in html
        assert '<a href="#reply-text" data-start="13" data-end="26">010-1234-5678</a>' in html
        assert ">kim@example.com</a>" in html
    assert not complaint.replies.exists()


def test_a_text_without_any_shows_no_mark(complaint: Complaint, officer: Client) -> None:
    html = officer.get(page_of(complaint)).content.decode()
    assert 'id="reply-personal" hidden' in html
    assert "<mark>" not in html


def test_the_measure_tells_it_while_it_is_typed(complaint: Complaint, officer: Client) -> None:
    with translation.override("ko"):
        said = officer.post(page_of(complaint, "measure"), {"text": "900101-1234567"}).json()
    assert "900101-1234567" in said["personal"]
    assert officer.post(page_of(complaint, "measure"), {"text": "고쳤습니다"}).json()["personal"] == ""


def test_what_is_kept_while_typing_holds_no_resident_number(complaint: Complaint, officer: Client) -> None:
    officer.post(f"/admin/desk/{complaint.number}/keep/", {"field": "reply", "text": "900101-1234567 님"})
    assert TypedText.objects.get().text == "900101-******* 님"
