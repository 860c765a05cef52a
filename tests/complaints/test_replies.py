"""From a draft to the outbox, and back while nothing has left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from channels_sns import outbox
from channels_sns.adapters.contract import Rejected
from channels_sns.models import OutboundPost
from complaints import notices, receipts, replies, reply_targets, settlement, workflow
from complaints.models import Complaint, ComplaintPost, Reply, Status
from complaints.pages import reply_preview
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import ANSWER, LONG, approved, assigned, fail, leave, lose_sight, rows_of, send
from tests.make import NOON, make_account, make_complaint, make_department, make_person, make_post

pytestmark = pytest.mark.django_db
__all__ = ["script"]

State = Reply.State


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


def joined(complaint: Complaint, **values: Any) -> str:
    """Another post of the thread; its id."""
    post = make_post(complaint.account, **{"state": "REGISTERED", **values})
    ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=NOON)
    return post.external_id


# --- drafting -------------------------------------------------------------------------------------------------------


def test_the_first_draft_begins_the_work() -> None:
    complaint = assigned()
    staff = make_person(Role.STAFF, complaint.department)
    reply = replies.draft(complaint, text=f" {ANSWER}\n", by=staff, version=1, now=NOON)
    assert (reply.text, reply.number, reply.state, reply.drafted_by) == (ANSWER, 1, State.DRAFT, staff)
    assert (complaint.status, complaint.assignee) == (Status.IN_PROGRESS, staff)
    assert list(complaint.events.values_list("move", flat=True)) == ["start", "draft"]


def test_saving_again_changes_the_same_draft() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    first = replies.draft(complaint, text="하나", by=officer, version=1, now=NOON)
    second = replies.draft(complaint, text="둘", by=officer, version=complaint.version, now=NOON)
    assert (first.pk, complaint.replies.get().text) == (second.pk, "둘")


def test_a_draft_over_a_newer_one_is_refused() -> None:
    complaint = assigned()
    seen = complaint.version
    stale = Complaint.objects.get(pk=complaint.pk)
    replies.draft(complaint, text="빠른 사람", by=make_person(Role.OFFICER), version=seen, now=NOON)
    with pytest.raises(workflow.Conflict):
        replies.draft(stale, text="느린 사람", by=make_person(Role.OFFICER), version=seen, now=NOON)
    assert complaint.replies.get().text == "빠른 사람"


@pytest.mark.parametrize("who", ["staff elsewhere", "manager"])
def test_strangers_write_no_draft(who: str) -> None:
    by = make_person(Role.MANAGER) if who == "manager" else make_person(Role.STAFF, make_department("도로계획과"))
    complaint = assigned()
    with pytest.raises(workflow.MoveNotAllowed):
        replies.draft(complaint, text=ANSWER, by=by, version=1, now=NOON)
    assert not complaint.events.exists()


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.ASSIGNED, Status.IN_PROGRESS}))
def test_a_draft_needs_a_department_at_work(status: Status) -> None:
    with pytest.raises(workflow.MoveNotAllowed):
        replies.draft(assigned(status=status), text=ANSWER, by=make_person(Role.OFFICER), version=1, now=NOON)


def test_an_empty_draft_is_refused() -> None:
    with pytest.raises(replies.NotPossible):
        replies.draft(assigned(), text=" \n", by=make_person(Role.OFFICER), version=1, now=NOON)


# --- approving ------------------------------------------------------------------------------------------------------


def test_approving_hands_the_reply_to_the_outbox() -> None:
    complaint, reply = approved()
    row = OutboundPost.objects.get()
    assert (complaint.status, reply.state, reply.parts) == (Status.ANSWERED, State.APPROVED, 1)
    assert (row.key, row.tag) == (f"reply:{reply.pk}:1", f"{complaint.number}-1)")
    assert row.text == f"{ANSWER} (접수 {complaint.number}-1)"
    assert row.target["external_id"] == complaint.thread.get().post.external_id
    assert row.target["author_handle"] == "citizen7"


def test_a_long_reply_goes_out_in_numbered_parts() -> None:
    complaint, reply = approved(LONG)
    rows = rows_of(reply.outbox_key)
    assert (len(rows), reply.outbox_keys) == (reply.parts, [row.key for row in rows])
    assert len(rows) > 1
    for part, row in enumerate(rows, start=1):
        assert row.tag == f"{complaint.number}-1 {part}/{len(rows)})"
        assert row.text.endswith(f"(접수 {row.tag}")
        assert len(row.text) <= 280


def test_an_english_reply_says_ref() -> None:
    complaint, officer = assigned(language="en"), make_person(Role.OFFICER)
    replies.draft(complaint, text="We fixed the sign.", by=officer, version=1, now=NOON)
    replies.approve(complaint, by=officer, version=complaint.version, now=NOON)
    assert OutboundPost.objects.get().text == f"We fixed the sign. (Ref. {complaint.number}-1)"


def test_a_language_we_do_not_write_is_answered_in_korean() -> None:
    reply = replies.draft(assigned(language="ja"), text=ANSWER, by=make_person(Role.OFFICER), version=1, now=NOON)
    assert reply.language == "ko"


def test_a_reply_that_is_too_long_is_refused_and_nothing_is_written() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text="가나다라 " * 600, by=officer, version=1, now=NOON)
    with pytest.raises(replies.NotPossible):
        replies.approve(complaint, by=officer, version=complaint.version, now=NOON)
    complaint.refresh_from_db()
    assert (complaint.status, OutboundPost.objects.count()) == (Status.IN_PROGRESS, 0)


def test_without_a_draft_there_is_nothing_to_approve() -> None:
    with pytest.raises(replies.NotPossible):
        replies.approve(assigned(status="IN_PROGRESS"), by=make_person(Role.OFFICER), version=1, now=NOON)


def test_staff_do_not_approve_but_their_head_does() -> None:
    complaint = assigned()
    staff, head = (make_person(role, complaint.department) for role in (Role.STAFF, Role.HEAD))
    replies.draft(complaint, text=ANSWER, by=staff, version=1, now=NOON)
    with pytest.raises(workflow.MoveNotAllowed):
        replies.approve(complaint, by=staff, version=complaint.version, now=NOON)
    assert replies.approve(complaint, by=head, version=complaint.version, now=NOON).approved_by == head


def test_a_text_that_was_changed_meanwhile_is_not_approved() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text="본 글", by=officer, version=1, now=NOON)
    seen = complaint.version
    replies.draft(complaint, text="못 본 글", by=officer, version=seen, now=NOON)
    with pytest.raises(workflow.Conflict):
        replies.approve(complaint, by=officer, version=seen, now=NOON)
    assert not OutboundPost.objects.exists()


def test_four_eyes_where_the_city_wants_them(settings: Any) -> None:
    settings.FOUR_EYES = True
    complaint, writer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text=ANSWER, by=writer, version=1, now=NOON)
    with pytest.raises(replies.NotPossible):
        replies.approve(complaint, by=writer, version=complaint.version, now=NOON)
    other = make_person(Role.OFFICER)
    assert replies.approve(complaint, by=other, version=complaint.version, now=NOON).state == State.APPROVED


# --- the tag and the length -----------------------------------------------------------------------------------------

TAGS = st.tuples(st.integers(1, 200_000), st.integers(1, 120), st.integers(1, 10), st.integers(1, 10))


@given(st.lists(TAGS, min_size=2, max_size=8, unique=True))
def test_no_tag_is_found_in_another(drawn: list[tuple[int, int, int, int]]) -> None:
    tags = set()
    for serial, number, part, of in drawn:
        reply = Reply(complaint=Complaint(number=receipts.number_of(2026, serial)), number=number)
        tags.add(reply.tag(min(part, of), of))
    assert not [(one, other) for one in tags for other in tags if one != other and one in other]


def test_the_length_is_measured_with_the_tag_and_does_not_write() -> None:
    complaint = assigned()
    short = reply_preview.measure(complaint, ANSWER)
    assert (short.length, short.limit, short.parts) == (len(f"{ANSWER} (접수 {complaint.number}-1)"), 280, 1)
    assert reply_preview.measure(complaint, LONG).parts > 1
    assert reply_preview.measure(complaint, "가나다라 " * 4000) == reply_preview.Measured(281, 280, 0)
    assert not complaint.replies.exists()


def test_more_than_ten_parts_are_no_answer() -> None:
    """Each part is shorter than the limit by its tag, so that a text of just ten limits does not fit."""
    assert reply_preview.measure(assigned(), "가" * 2790).parts == 0


# --- which post is answered -----------------------------------------------------------------------------------------


def test_the_newest_post_of_the_citizen_is_answered() -> None:
    complaint = assigned()
    newest = joined(complaint, posted_at=NOON)
    joined(complaint, posted_at=NOON + timedelta(hours=1), author="8")
    joined(complaint, posted_at=NOON + timedelta(hours=1), state="OWN")
    assert reply_targets.target_of(complaint).external_id == newest


def test_a_post_that_surely_takes_an_answer_comes_before_one_that_may() -> None:
    complaint = assigned()
    sure = joined(complaint, posted_at=NOON, can_reply=True)
    joined(complaint, posted_at=NOON + timedelta(minutes=1), can_reply=None)
    joined(complaint, posted_at=NOON + timedelta(minutes=2), can_reply=False)
    assert reply_targets.target_of(complaint).external_id == sure


def test_what_is_gone_or_closed_to_us_is_answered_only_if_nothing_else_is_there() -> None:
    complaint = assigned()
    first = complaint.thread.get().post
    gone = joined(complaint, posted_at=NOON + timedelta(minutes=1), gone_at=NOON)
    assert reply_targets.target_of(complaint).external_id == first.external_id
    type(first).objects.filter(pk=first.pk).update(can_reply=False)
    assert reply_targets.target_of(complaint).external_id == first.external_id
    type(first).objects.filter(pk=first.pk).update(gone_at=NOON)
    assert reply_targets.target_of(complaint).external_id == gone


def test_a_post_by_nobody_known_can_be_answered() -> None:
    complaint = make_complaint(account=make_account("scripted"), author="")
    target = reply_targets.target_of(complaint)
    assert (target.author_id, target.author_handle) == ("", "")


# --- taking back ----------------------------------------------------------------------------------------------------


def test_what_still_waits_is_taken_back() -> None:
    complaint, reply = approved(LONG)
    officer = make_person(Role.OFFICER)
    replies.recall(complaint, by=officer, version=complaint.version, now=NOON)
    reply.refresh_from_db()
    assert (complaint.status, reply.state) == (Status.IN_PROGRESS, State.RECALLED)
    assert set(OutboundPost.objects.values_list("state", flat=True)) == {"CANCELLED"}
    again = replies.draft(complaint, text="더 나은 글", by=officer, version=complaint.version, now=NOON)
    assert again.number == 2


@pytest.mark.parametrize("how", ["leaving", "sent", "unsure"])
@pytest.mark.parametrize("way", ["recall", "close"])
def test_what_is_on_its_way_is_not_taken_back(how: str, way: str) -> None:
    complaint, reply = approved(LONG)
    row = rows_of(reply.outbox_key)[0]
    {"leaving": leave, "sent": send, "unsure": lose_sight}[how](row, now=NOON)
    officer = make_person(Role.OFFICER)
    reason = {"reason": "전화로 답했습니다"} if way == "close" else {}
    take_back = getattr(replies, way)
    with pytest.raises(replies.NotPossible):
        take_back(complaint, by=officer, version=complaint.version, now=NOON, **reason)
    reply.refresh_from_db()
    complaint.refresh_from_db()
    assert (complaint.status, reply.state) == (Status.ANSWERED, State.APPROVED)
    assert "CANCELLED" not in {row.state for row in rows_of(reply.outbox_key)}


def test_an_undecided_reply_can_be_given_up() -> None:
    complaint, reply = approved()
    lose_sight(rows_of(reply.outbox_key)[0], now=NOON, needs_officer=True)
    settlement.settle(now=NOON)
    complaint.refresh_from_db()
    replies.recall(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON)
    assert complaint.status == Status.IN_PROGRESS


def test_of_a_reply_whose_second_part_was_refused_the_first_stays() -> None:
    complaint, reply = approved(LONG)
    first, second, *_rest = rows_of(reply.outbox_key)
    send(first, now=NOON)
    fail(second, Rejected("policy"), now=NOON)
    settlement.settle(now=NOON)
    complaint.refresh_from_db()
    replies.recall(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON)
    states = [row.state for row in rows_of(reply.outbox_key)]
    assert states == ["SENT", *["CANCELLED"] * (len(states) - 1)]


def test_a_failed_reply_that_was_sent_again_and_stands_is_not_taken_back() -> None:
    """Between the sending and the next settlement the reply is still called failed."""
    complaint, reply = approved()
    row = rows_of(reply.outbox_key)[0]
    fail(row, Rejected("policy"), now=NOON)
    settlement.settle(now=NOON)
    outbox.retry(row, by="officer", now=NOON)
    send(row, now=NOON)
    complaint.refresh_from_db()
    with pytest.raises(replies.NotPossible):
        replies.recall(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON)
    settlement.settle(now=NOON)
    complaint.refresh_from_db()
    assert complaint.status == Status.COMPLETED


def test_a_recall_that_comes_too_late_cancels_nothing() -> None:
    complaint, reply = approved()
    with pytest.raises(workflow.Conflict):
        replies.recall(complaint, by=make_person(Role.OFFICER), version=1, now=NOON)
    assert rows_of(reply.outbox_key)[0].state == "QUEUED"


def test_closing_by_hand_takes_a_waiting_reply_back() -> None:
    complaint, reply = approved()
    with translation.override("en"):
        replies.close(
            complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON, reason="전화로 답했습니다"
        )
    reply.refresh_from_db()
    assert (complaint.status, complaint.close_reason, complaint.answered_at) == ("COMPLETED", "전화로 답했습니다", None)
    assert reply.state == State.RECALLED


def test_closing_by_hand_without_a_reply() -> None:
    complaint = assigned(status="IN_PROGRESS")
    replies.close(complaint, by=make_person(Role.OFFICER), version=1, now=NOON, reason="전화로 답했습니다")
    assert complaint.status == Status.COMPLETED


# --- what must not stand in public ------------------------------------------------------------------------------------


def test_personal_data_is_not_saved_and_the_draft_before_it_stays() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text=ANSWER, by=officer, version=complaint.version, now=NOON)
    with pytest.raises(replies.NotPossible, match="010-1234-5678"):
        replies.draft(complaint, text="010-1234-5678로", by=officer, version=complaint.version, now=NOON)
    assert complaint.replies.get().text == ANSWER


def test_a_number_that_is_no_longer_official_is_stopped_at_the_approval() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    department = complaint.department
    assert department is not None
    department.phone = "051-605-3641"
    department.save()
    replies.draft(complaint, text="문의 051-605-3641", by=officer, version=complaint.version, now=NOON)
    department.phone = ""
    department.save()
    with pytest.raises(replies.NotPossible, match="051-605-3641"):
        replies.approve(complaint, by=officer, version=complaint.version, now=NOON)
    assert not OutboundPost.objects.exists()


def test_a_notice_may_hold_none_either() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    with pytest.raises(replies.NotPossible, match="010-1234-5678"):
        notices.say(complaint, Reply.Kind.NOTICE, "010-1234-5678", by=officer, now=NOON)
    assert not OutboundPost.objects.exists()
    assert not complaint.events.exists()
