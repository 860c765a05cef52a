"""Past answers at the triage desk and on the complaint page: shown, put into the editor, nothing saved by that."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from complaints.models import Complaint, Reply
from complaints.pages import drafts
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.complaints.test_past_answers import LAMP, make_answered
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db


def editor(page: str) -> str:
    return page.split('id="reply-text"')[1].split(">", 1)[1].split("</textarea>", maxsplit=1)[0]


def test_an_answer_goes_behind_what_is_being_typed_and_nothing_is_saved() -> None:
    road, person = make_department("도로안전과"), make_person(Role.OFFICER)
    past = make_answered(LAMP, "가로등을 <고쳤>습니다.", road)
    complaint, officer = make_row(LAMP, status="IN_PROGRESS", department=road), client_of(person)
    desk = f"/admin/desk/{complaint.number}/"
    part = officer.get(f"{desk}similar/?tab=all", headers={"HX-Request": "true", "HX-Target": "similar"})
    shown = part.content.decode()
    (link,) = re.findall(r'href="([^"]+answer=\d+)#reply"', shown)
    assert 'hx-swap-oob="innerHTML"' in shown
    assert "가로등을 &lt;고쳤&gt;습니다." in shown
    assert editor(officer.get(link.replace("&amp;", "&")).content.decode()) == "가로등을 &lt;고쳤&gt;습니다."
    drafts.keep(complaint, person, field="reply", text="안녕하세요.", now=timezone.now())
    assert editor(officer.get(f"{desk}?answer={past.pk}").content.decode()).startswith("안녕하세요.\n\n가로등을")
    drafts.keep(complaint, person, field="reply", text="가로등을 <고쳤>습니다. 네", now=timezone.now())
    assert editor(officer.get(f"{desk}?answer={past.pk}").content.decode()).count("가로등을") == 1
    assert not complaint.replies.exists()
    for odd in ("0", "x", "9" * 30, "-1", ""):
        assert officer.get(f"{desk}?answer={odd}").status_code in (200, 400)


def test_a_department_sees_and_takes_its_own_answers_only() -> None:
    road, park = make_department("도로안전과"), make_department("공원여가정책과")
    own, foreign = make_answered(LAMP, "도로의 답변", road), make_answered(LAMP, "공원의 답변", park)
    complaint = make_row(LAMP, status="IN_PROGRESS", department=road)
    staff = client_as(Role.STAFF, road)
    listed = staff.get(page_of(complaint, "answers")).content.decode()
    assert "도로의 답변" in listed
    assert "공원의 답변" not in listed
    change = page_of(complaint)
    assert page_of(complaint, "answers") in staff.get(change).content.decode()
    assert editor(staff.get(f"{change}?answer={own.pk}").content.decode()) == "도로의 답변"
    assert editor(staff.get(f"{change}?answer={foreign.pk}").content.decode()) == ""
    manager = client_as(Role.MANAGER).get(page_of(complaint, "answers")).content.decode()
    assert "answer=" not in manager


def test_where_no_reply_can_be_written_the_answers_are_only_read() -> None:
    road = make_department("도로안전과")
    past = make_answered(LAMP, "도로의 답변", road)
    complaint, officer = make_row(LAMP), client_as(Role.OFFICER)
    listed = officer.get(f"/admin/desk/{complaint.number}/similar/").content.decode()
    assert "도로의 답변" in listed
    assert "answer=" not in listed
    assert officer.get(f"/admin/desk/{complaint.number}/?answer={past.pk}").status_code == 200
    assert Reply.objects.count() == 1
    assert Complaint.objects.get(pk=complaint.pk).version == 1
