"""Answers to complaints like this one: posted ones only, of the department in question, in sight, each text once."""

from __future__ import annotations

from typing import Any

import pytest

from complaints import past_answers
from complaints.models import Complaint, Reply, Suggestion
from departments.models import Department, Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db

LAMP = "광안리 해변 산책로 가로등이 꺼졌습니다"


def make_answered(text: str, answer: str, department: Department, **reply: Any) -> Reply:
    """A complaint that was answered on the network."""
    complaint, person = make_complaint(text, status="COMPLETED", department=department), make_person(Role.OFFICER)
    known: dict[str, Any] = {"state": Reply.State.SENT, "settled_at": NOON, "approved_by": person, "approved_at": NOON}
    fields = {"number": 1, "drafted_by": person, "drafted_at": NOON, **known, **reply}
    return Reply.objects.create(complaint=complaint, text=answer, **fields)


def texts(complaint: Complaint) -> list[str]:
    return [one.text for one in past_answers.of_complaint(complaint, among=Complaint.objects.all())]


def test_the_nearest_first_and_each_text_once() -> None:
    road = make_department("도로안전과")
    make_answered("해변 가로등이 어두워요", "가로등을 살펴보겠습니다.", road)
    near = make_answered(f"{LAMP} 확인해 주세요", "가로등을 고쳤습니다.", road)
    make_answered(LAMP, "가로등을 고쳤습니다.", road)
    make_answered("보도블록이 깨졌습니다", "보도블록을 새로 깔았습니다.", road)
    complaint = make_complaint(LAMP, status="ASSIGNED", department=road)
    assert texts(complaint) == ["가로등을 고쳤습니다.", "가로등을 살펴보겠습니다."]
    first = past_answers.of_complaint(complaint, among=Complaint.objects.exclude(text=LAMP))[0]
    assert (first.reply_id, first.number, first.department) == (near.pk, near.complaint.number, "도로안전과")
    assert 0 < first.score < 1


def test_what_was_not_posted_is_elsewhere_or_out_of_sight_is_no_answer() -> None:
    road, park = make_department("도로안전과"), make_department("공원여가정책과")
    make_answered(LAMP, "회수한 답변", road, state=Reply.State.RECALLED)
    make_answered(LAMP, "공원의 답변", park)
    complaint = make_complaint(LAMP, status="ASSIGNED", department=road)
    own = make_answered(LAMP, "이 민원의 답변", road).complaint
    assert texts(complaint) == ["이 민원의 답변"]
    assert texts(own) == []
    assert past_answers.of_complaint(complaint, among=Complaint.objects.filter(department=park)) == []


def test_before_an_assignment_the_suggested_departments_count_else_all() -> None:
    road, park = make_department("도로안전과"), make_department("공원여가정책과")
    make_answered(LAMP, "공원의 답변", park)
    complaint = make_complaint(LAMP)
    assert texts(complaint) == ["공원의 답변"]
    Suggestion.objects.create(complaint=complaint, department=road, rank=1, score=1)
    assert texts(complaint) == []
    Suggestion.objects.create(complaint=complaint, department=park, rank=2, score=1)
    assert texts(complaint) == ["공원의 답변"]
