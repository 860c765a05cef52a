"""An answer approved now and posted later: at its hour, recalled before it, never past the due time unasked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from channels_sns import outbox
from channels_sns.models import OutboundPost
from complaints import replies
from complaints.models import Complaint, Reply, Status
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.complaints.fates import ANSWER, LONG, assigned
from tests.make import NOON, make_department, make_person

pytestmark = pytest.mark.django_db
__all__ = ["script"]
AT = NOON + timedelta(hours=2)


def scheduled(text: str = ANSWER, *, at: datetime = AT, late: bool = False) -> tuple[Complaint, Reply]:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text=text, by=officer, version=complaint.version, now=NOON)
    reply = replies.approve(complaint, by=officer, version=complaint.version, now=NOON, at=at, late=late)
    return complaint, reply


def test_it_waits_for_its_hour(script: Script) -> None:
    complaint, reply = scheduled(LONG)
    assert (complaint.status, reply.state, reply.post_at) == (Status.ANSWERED, Reply.State.APPROVED, AT)
    assert not outbox.due(AT - timedelta(seconds=1)).exists()
    assert [row.part for row in outbox.due(AT)] == [1]


def test_it_is_recalled_before_its_hour_and_can_go_out_anew(script: Script) -> None:
    complaint, reply = scheduled()
    officer = make_person(Role.OFFICER)
    replies.recall(complaint, by=officer, version=complaint.version, now=NOON + timedelta(minutes=1))
    reply.refresh_from_db()
    assert reply.state == Reply.State.RECALLED
    assert not outbox.due(AT).exists()
    replies.draft(complaint, text=ANSWER, by=officer, version=complaint.version, now=NOON)
    again = replies.approve(complaint, by=officer, version=complaint.version, now=NOON)
    assert again.post_at is None
    assert outbox.due(NOON).exists()


@pytest.mark.parametrize("at", [NOON, NOON - timedelta(days=1), NOON + timedelta(days=31)])
def test_an_hour_that_is_past_or_far_away_is_refused(script: Script, at: datetime) -> None:
    with pytest.raises(replies.NotPossible):
        scheduled(at=at)
    assert not OutboundPost.objects.exists()


def test_after_the_due_time_only_where_that_is_meant(script: Script) -> None:
    late = NOON + timedelta(hours=9)
    with pytest.raises(replies.NotPossible, match="2026-11-24"):
        scheduled(at=late)
    assert not OutboundPost.objects.exists()
    assert scheduled(at=late, late=True)[1].post_at == late


# --- on the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def complaint() -> Complaint:
    return make_row(status="IN_PROGRESS", department=make_department())


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def typed(at: datetime) -> str:
    """As the browser's field writes it: the city's own time, without a zone."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("door", ["page", "desk"])
def test_the_page_schedules_and_says_when(complaint: Complaint, officer: Client, door: str) -> None:
    at = timezone.now() + timedelta(hours=1)
    address = page_of(complaint, "reply") if door == "page" else f"/admin/desk/{complaint.number}/reply/"
    posted = {"version": "1", "text": "고쳤습니다", "action": "schedule", "post_at": typed(at)}
    page = officer.post(address, posted, follow=True).content.decode()
    assert f"{timezone.localtime(at):%H:%M}에 게시합니다" in page
    assert f"{timezone.localtime(at):%H:%M} 게시 예약" in page
    reply = Reply.objects.get()
    assert reply.post_at == at.replace(second=0, microsecond=0)


@pytest.mark.parametrize("at", ["", "내일", "2026-13-45T99:99", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_what_is_no_time_is_refused_and_nothing_is_lost(complaint: Complaint, officer: Client, at: str) -> None:
    posted = {"version": "1", "text": "고쳤습니다", "action": "schedule", "post_at": at}
    answer = officer.post(page_of(complaint, "reply"), posted)
    assert answer.status_code == 400
    assert "고쳤습니다</textarea>" in answer.content.decode()
    assert not Reply.objects.exists()


def test_the_due_time_is_told_and_may_be_passed_by_a_tick(complaint: Complaint, officer: Client) -> None:
    posted = {"version": "1", "text": "고쳤습니다", "action": "schedule"}
    posted["post_at"] = typed(timezone.now() + timedelta(hours=9))
    answer = officer.post(page_of(complaint, "reply"), posted)
    assert answer.status_code == 400
    assert "기한" in answer.content.decode()
    assert officer.post(page_of(complaint, "reply"), {**posted, "late": "yes"}).status_code == 302


def test_staff_schedule_nothing(complaint: Complaint) -> None:
    staff = client_as(Role.STAFF, complaint.department)
    posted = {
        "version": "1",
        "text": "고쳤습니다",
        "action": "schedule",
        "post_at": typed(timezone.now() + timedelta(hours=1)),
    }
    assert staff.post(page_of(complaint, "reply"), posted).status_code in (400, 403, 409)
    assert not OutboundPost.objects.exists()
    assert 'value="schedule"' not in staff.get(page_of(complaint)).content.decode()


def test_enter_in_a_field_saves_nothing(complaint: Complaint, officer: Client) -> None:
    answer = officer.post(page_of(complaint, "reply"), {"version": "1", "text": "고쳤습니다", "action": "show"})
    assert answer.status_code == 200
    assert not Reply.objects.exists()
