"""What waits for the citizen goes on when he answers, and for nothing less."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import clocks, intake
from complaints.models import Complaint, HoldCode, Status
from departments.models import Role
from tests.make import NOON, make_complaint, make_department, make_person, make_post

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=9)


def waiting(code: HoldCode) -> Complaint:
    complaint = make_complaint(status=Status.IN_PROGRESS, department=make_department())
    officer = make_person(Role.OFFICER)
    clocks.hold(complaint, by=officer, version=1, now=NOON, code=code, reason="위치를 여쭈었습니다")
    return complaint


def write(complaint: Complaint, text: str, *, author: str = "7") -> str:
    first = complaint.thread.get(opened=True).post
    make_post(complaint.account, text, author=author, parent_id=first.external_id, arrived_at=LATER)
    intake.register_waiting(now=LATER)
    complaint.refresh_from_db()
    return complaint.status


@pytest.mark.parametrize("code", [HoldCode.CITIZEN, HoldCode.SUPPLEMENT])
def test_his_answer_ends_the_wait(code: HoldCode) -> None:
    complaint = waiting(code)
    assert write(complaint, "3번 출구 앞입니다") == Status.IN_PROGRESS
    hold, event = complaint.holds.get(), complaint.events.get(move="resume")
    assert (hold.ended_at, event.by, complaint.news_at) == (LATER, None, LATER)


@pytest.mark.parametrize(
    ("code", "text", "author"),
    [
        (HoldCode.CITIZEN, "3번 출구 앞입니다", "8"),
        (HoldCode.CITIZEN, "감사합니다!", "7"),
        (HoldCode.APPRAISAL, "3번 출구 앞입니다", "7"),
    ],
)
def test_what_is_no_answer_of_his_ends_nothing(code: HoldCode, text: str, author: str) -> None:
    assert write(waiting(code), text, author=author) == Status.ON_HOLD
