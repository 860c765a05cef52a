"""미담 on the complaint page: for officers only, each step by a button, nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_sns.models import Broadcast
from complaints.models import Complaint, GoodNews, Reply
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.make import make_department, make_person, make_post

pytestmark = pytest.mark.django_db


def solved() -> Complaint:
    now = timezone.now()
    return make_row(status="COMPLETED", answered_at=now, closed_at=now, department=make_department())


def door(complaint: Complaint, name: str) -> str:
    return page_of(complaint, "good_news", name)


def answered(complaint: Complaint, text: str) -> int:
    """The question stands, and the citizen wrote."""
    Reply.objects.filter(complaint=complaint).update(state="SENT")
    post = make_post(complaint.account, text, author="", author_id=None, state="REGISTERED")
    type(post).objects.filter(pk=post.pk).update(author=complaint.author, arrived_at=timezone.now())
    complaint.thread.create(post=post, joined_at=timezone.now())
    return post.pk


def test_from_the_question_to_the_end() -> None:
    complaint = solved()
    officer = client_of(make_person(Role.OFFICER))
    page = officer.get(page_of(complaint)).content.decode()
    assert 'id="good-news-text"' in page
    asking = {"version": str(complaint.version), "text": "이야기를 소개해도 될까요?"}
    assert officer.post(door(complaint, "ask"), {**asking, "text": ""}).status_code == 400
    refused = officer.post(door(complaint, "ask"), {**asking, "text": "전화 010-1234-5678 주세요"})
    assert refused.status_code == 400
    assert "주세요" in refused.content.decode(), "what was typed is kept"
    assert officer.post(door(complaint, "ask"), asking).status_code == 302
    assert officer.post(door(complaint, "ask"), asking).status_code == 409, "a double click"
    assert officer.post(door(complaint, "agree"), {"post": "1"}).status_code == 400
    post = answered(complaint, "네")
    page = officer.get(page_of(complaint)).content.decode()
    assert "good-news/agree/" in page
    assert officer.post(door(complaint, "agree"), {"post": str(post)}).status_code == 302
    page = officer.get(page_of(complaint)).content.decode()
    draft = Broadcast.objects.get(kind="GOOD_NEWS")
    assert f"/admin/broadcasts/{draft.pk}/" in page
    assert complaint.number in officer.get(f"/admin/broadcasts/{draft.pk}/").content.decode()
    answered(complaint, "역시 싫어요")
    page = officer.get(page_of(complaint)).content.decode()
    assert "notice-warn" in page.partition('id="good-news"')[2].partition("</section>")[0]
    assert officer.post(door(complaint, "withdraw")).status_code == 302
    assert officer.post(door(complaint, "withdraw")).status_code == 409
    assert GoodNews.objects.get().state == "WITHDRAWN"
    assert complaint.number in officer.get(f"/admin/broadcasts/{draft.pk}/").content.decode()


def test_a_no() -> None:
    complaint, officer = solved(), client_as(Role.OFFICER)
    officer.post(door(complaint, "ask"), {"version": "1", "text": "소개해도 될까요?"})
    assert officer.post(door(complaint, "decline")).status_code == 302
    assert officer.post(door(complaint, "decline")).status_code == 409
    assert officer.post(door(complaint, "dance")).status_code == 409
    assert officer.get(page_of(complaint)).status_code == 200


def test_others_do_not_see_it_and_cannot() -> None:
    complaint = solved()
    head = client_as(Role.HEAD, complaint.department)
    assert "good-news" not in head.get(page_of(complaint)).content.decode()
    assert head.post(door(complaint, "ask"), {"version": "1", "text": "?"}).status_code == 403
    assert client_as(Role.OFFICER).post(door(make_row(), "decline")).status_code == 409, "nobody was asked"
    late = timezone.now() - timedelta(days=1)
    assert not GoodNews.objects.filter(asked_at__gt=late).exists()
