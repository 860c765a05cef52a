"""A question to the citizen stands under his post; the complaint waits, and its clock runs on."""

from __future__ import annotations

from typing import Any

import pytest

from complaints import questions, replies, workflow
from complaints.models import Complaint, Reply
from departments.models import Role
from tests.complaints.admin.desk import client_of, make_row, page_of
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db


def held(**values: Any) -> Complaint:
    return make_complaint(status="IN_PROGRESS", department=make_department(), accepted_at=NOON, **values)


def test_it_is_posted_and_the_complaint_waits_with_its_clock_running() -> None:
    complaint = held()
    staff = make_person(Role.STAFF, complaint.department)
    due_at = complaint.due_at
    questions.ask(complaint, by=staff, version=1, now=NOON, text="어느 정류장 앞입니까?")
    assert (complaint.status, complaint.stopped_at, complaint.due_at) == ("ON_HOLD", None, due_at)
    assert complaint.holds.get().code == "CITIZEN"
    reply = Reply.objects.get(complaint=complaint)
    assert (reply.kind, reply.state) == ("QUESTION", "APPROVED")
    with pytest.raises(workflow.MoveNotAllowed):
        questions.ask(complaint, by=staff, version=complaint.version, now=NOON, text="또?")


def test_personal_data_is_not_asked_in_public() -> None:
    complaint = held()
    with pytest.raises(replies.NotPossible):
        questions.ask(
            complaint,
            by=make_person(Role.OFFICER),
            version=1,
            now=NOON,
            text="010-1234-5678로 전화드려도 됩니까?",
        )
    assert not Reply.objects.exists()


def test_an_empty_question_leaves_everything_as_it_was() -> None:
    complaint = held()
    with pytest.raises(replies.NotPossible):
        questions.ask(complaint, by=make_person(Role.STAFF, complaint.department), version=1, now=NOON, text="  ")
    complaint.refresh_from_db()
    assert complaint.status == "IN_PROGRESS"
    assert not complaint.holds.exists()


def test_strangers_do_not_ask_and_four_eyes_want_an_approver(settings: Any) -> None:
    complaint = held()
    staff, head = make_person(Role.STAFF, complaint.department), make_person(Role.HEAD, complaint.department)
    for user in (make_person(Role.STAFF), make_person(Role.MANAGER), make_person(Role.ARBITER)):
        with pytest.raises(workflow.MoveNotAllowed):
            questions.ask(complaint, by=user, version=1, now=NOON, text="?")
    settings.FOUR_EYES = True
    assert not questions.may_ask(staff, complaint)
    Complaint.objects.filter(pk=complaint.pk).update(assignee=head)
    complaint.refresh_from_db()
    assert not questions.may_ask(head, complaint)
    assert questions.may_ask(make_person(Role.OFFICER), complaint)


def test_a_field_worker_asks_on_the_page() -> None:
    tour = make_department()
    complaint = make_row(status="IN_PROGRESS", department=tour)
    client = client_of(make_person(Role.STAFF, tour))
    assert 'name="question"' in client.get(page_of(complaint)).content.decode()
    empty = client.post(page_of(complaint, "clock", "question"), {"version": 1, "question": ""})
    assert empty.status_code == 400
    answer = client.post(page_of(complaint, "clock", "question"), {"version": 1, "question": "어느 정류장입니까?"})
    assert answer.status_code == 302
    assert client.post(page_of(complaint, "clock", "question"), {"version": 1, "question": "?"}).status_code == 409
    page = client.get(page_of(complaint)).content.decode()
    assert "어느 정류장입니까?" in page
    assert 'id="question-question"' not in page
