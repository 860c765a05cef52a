"""Two people at one complaint, over HTTP: signs of life, typing that is kept, theirs beside yours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from complaints import replies, workflow
from complaints.models import Complaint, Presence, TypedText
from complaints.pages import together
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db


def test_who_works_on_it_is_shown_to_the_others_and_who_only_looks_is_not() -> None:
    tour = make_department("관광정책과")
    complaint = make_row(status="IN_PROGRESS", department=tour)
    client_as(Role.MANAGER).get(page_of(complaint))
    assert not Presence.objects.exists()
    minji = make_person(Role.OFFICER, last_name="", first_name="민지")
    client_of(minji).get(page_of(complaint))
    staff = client_as(Role.STAFF, tour)
    page = staff.get(page_of(complaint)).content.decode()
    assert "민지" in page.split('id="also-here"')[1].split("</p>")[0]
    said = staff.post(page_of(complaint, "here"), {"event": 0}).json()
    assert "민지" in said["here"]
    assert said["moved"] == ""
    workflow.note(complaint, by=minji, now=timezone.now(), text="전화함")
    assert "민지" in staff.post(page_of(complaint, "here"), {"event": 0}).json()["moved"]
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    assert staff.post(page_of(complaint, "here"), {"event": 0}).json()["here"] == ""
    assert client_of(minji).post(page_of(complaint, "here"), {"left": "yes"}).status_code == 204
    assert Presence.objects.count() == 1


def test_typing_is_kept_for_its_author_until_it_is_sent() -> None:
    tour = make_department("관광정책과")
    complaint = make_row(status="IN_PROGRESS", department=tour)
    staff, keep = client_of(make_person(Role.STAFF, tour)), page_of(complaint, "keep")
    assert staff.post(keep, {"field": "reply", "text": "쓰다 만 답변"}).status_code == 204
    assert staff.post(keep, {"field": "note", "text": "쓰다 만 메모"}).status_code == 204
    assert staff.post(keep, {"field": "status", "text": "x"}).status_code == 400
    assert client_as(Role.MANAGER).post(keep, {"field": "note", "text": "x"}).status_code == 403
    page = staff.get(page_of(complaint)).content.decode()
    assert "쓰다 만 답변</textarea>" in page
    assert "쓰다 만 메모</textarea>" in page
    assert "쓰다 만" not in client_as(Role.OFFICER).get(page_of(complaint)).content.decode()
    draft = {"version": complaint.version, "text": "다 쓴 답변", "action": "draft"}
    assert staff.post(page_of(complaint, "reply"), draft).status_code == 302
    assert staff.post(page_of(complaint, "note"), {"note": "다 쓴 메모"}).status_code == 302
    assert not TypedText.objects.exists()


def test_who_assigned_more_slowly_sees_both_departments() -> None:
    tour, road, complaint = make_department("관광정책과"), make_department("도로안전과"), make_row()
    fast = make_person(Role.OFFICER, last_name="", first_name="민지")
    workflow.assign(complaint, by=fast, version=1, now=timezone.now(), department=tour, note="표지판")
    choice = {"version": 1, "department": road.pk, "note": "도로"}
    slow = client_as(Role.OFFICER).post(page_of(complaint, "move", "assign"), choice)
    assert slow.status_code == 409
    found = slow.context["page"].collision
    assert ("민지" in found.theirs, found.theirs.endswith("→ 관광정책과"), found.their_text) == (True, True, "표지판")
    assert (found.mine.endswith("→ 도로안전과"), found.my_text, found.own_reply) == (True, "도로", False)


def collision(complaint: Complaint, **typed: str) -> Any:
    return together.collision_of(complaint, typed, now=NOON)


def test_a_reply_stands_beside_the_other_one_and_a_button_says_nothing() -> None:
    complaint, officer = make_complaint(status="IN_PROGRESS"), make_person(Role.OFFICER)
    assert collision(complaint, move="reply", text="내 답변") is None
    assert together.what_happened_since(complaint, now=NOON)
    replies.draft(complaint, text="먼저 쓴 답변", by=officer, version=1, now=NOON)
    found = collision(complaint, move="reply", text="내 답변")
    assert (found.their_text, found.my_text, found.own_reply) == ("먼저 쓴 답변", "내 답변", True)
    assert collision(complaint, move="seen") is None
    assert collision(complaint, move="assign", department="x").mine
    assert together.meanwhile(complaint, officer, event=0) == ""
