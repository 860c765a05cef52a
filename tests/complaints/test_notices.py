"""What the city says besides the answer stands under the citizen's post, and moves no status."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_sns import outbox
from channels_sns.adapters.contract import Rejected
from channels_sns.models import InboundPost, OutboundPost
from complaints import intake, notices, replies, settlement
from complaints.models import Complaint, Reply, Status
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import ANSWER, approved, assigned, fail, rows_of, send
from tests.make import NOON, make_person, make_post

pytestmark = pytest.mark.django_db
__all__ = ["script"]

Kind, State = Reply.Kind, Reply.State
LATER = NOON + timedelta(minutes=1)
QUESTION = "안내판이 어느 출입구에 있는지 알려 주시겠습니까?"


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


def said(complaint: Complaint, kind: Reply.Kind = Kind.NOTICE, text: str = QUESTION) -> Reply:
    return notices.say(complaint, kind, text, by=make_person(Role.OFFICER), now=NOON)


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.NOTICE, Kind.OUTCOME])
def test_it_lies_in_the_outbox_with_a_tag_of_its_own(kind: Reply.Kind) -> None:
    complaint = assigned()
    reply = said(complaint, kind)
    row = rows_of(reply.outbox_key)[0]
    assert row.target["external_id"] == complaint.thread.get().post.external_id
    assert row.text.endswith(f"(접수 {complaint.number}-1)")
    assert (reply.state, reply.kind, reply.number) == (State.APPROVED, kind, 1)
    assert (complaint.status, complaint.events.get().move, complaint.events.get().note) == (
        Status.ASSIGNED,
        kind.lower(),
        QUESTION,
    )


def test_an_empty_text_and_a_too_long_one_are_refused_and_leave_nothing() -> None:
    complaint = assigned()
    for text in (" \n", "가" * 100_000):
        with pytest.raises(replies.NotPossible):
            said(complaint, text=text)
    complaint.refresh_from_db()
    assert (complaint.version, complaint.events.count(), Reply.objects.count()) == (1, 0, 0)
    assert not OutboundPost.objects.exists()


def test_a_draft_of_the_answer_stays_beside_it_and_keeps_its_number() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    draft = replies.draft(complaint, text=ANSWER, by=officer, version=1, now=NOON)
    said(complaint, Kind.QUESTION)
    assert replies.draft(complaint, text="다시", by=officer, version=complaint.version, now=NOON).pk == draft.pk
    assert list(complaint.replies.values_list("number", "kind", "state")) == [
        (1, "ANSWER", "DRAFT"),
        (2, "QUESTION", "APPROVED"),
    ]
    assert replies.approve(complaint, by=officer, version=complaint.version, now=NOON).pk == draft.pk


def test_what_was_posted_completes_nothing() -> None:
    complaint = assigned()
    reply = said(complaint)
    send(rows_of(reply.outbox_key)[0], now=NOON, external_id="n1")
    assert (settlement.settle(now=LATER), settlement.settle(now=LATER)) == (1, 0)
    reply.refresh_from_db()
    complaint.refresh_from_db()
    assert (reply.state, reply.url, complaint.status) == (State.SENT, "https://n.example/n1", Status.ASSIGNED)
    assert complaint.answered_at is None


def test_what_was_refused_is_news_and_may_be_tried_again_for_a_month() -> None:
    complaint = assigned()
    reply = said(complaint)
    fail(rows_of(reply.outbox_key)[0], Rejected("policy"), now=NOON)
    assert settlement.settle(now=LATER) == 1
    complaint.refresh_from_db()
    assert (complaint.news_at, complaint.events.last().move) == (LATER, "failed")  # type: ignore[union-attr]
    row = rows_of(reply.outbox_key)[0]
    outbox.retry(row, by="담당관", now=LATER)
    send(row, now=LATER)
    assert settlement.settle(now=LATER + settlement.SECOND_TRY) == 0
    assert settlement.settle(now=LATER + timedelta(days=1)) == 1
    reply.refresh_from_db()
    assert (reply.state, reply.problem) == (State.SENT, "")


def test_an_officer_may_cancel_it() -> None:
    complaint = assigned()
    reply = said(complaint)
    outbox.cancel(rows_of(reply.outbox_key)[0], by="담당관", now=NOON)
    assert settlement.settle(now=LATER) == 1
    reply.refresh_from_db()
    complaint.refresh_from_db()
    assert (reply.state, complaint.status) == (State.RECALLED, Status.ASSIGNED)


def test_an_answer_is_taken_back_alone() -> None:
    complaint, answer = approved()
    notice = said(complaint)
    replies.recall(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=LATER)
    assert list(complaint.replies.order_by("number").values_list("pk", "state")) == [
        (answer.pk, "RECALLED"),
        (notice.pk, "APPROVED"),
    ]


def test_the_citizens_word_under_a_notice_joins_the_complaint() -> None:
    complaint = assigned()
    send(rows_of(said(complaint).outbox_key)[0], now=NOON, external_id="n1")
    make_post(complaint.account, "3번 출구 앞입니다", external_id="later", parent_id="n1")
    intake.register_waiting(now=LATER)
    assert InboundPost.objects.get(external_id="later").complaint_link.complaint == complaint
