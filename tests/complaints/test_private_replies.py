"""An answer that only the citizen sees: when there is that choice, what goes out, and what comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from channels_sns.models import Account, InboundMedia, InboundPost, OutboundPost
from complaints import (
    consultations,
    conversations,
    notices,
    past_answers,
    replies,
    reply_targets,
    same_answer,
    searchdocs,
    settlement,
)
from complaints.models import Complaint, ComplaintPost, Consultation, Reply, Status
from complaints.pages import reply_preview
from complaints.pages.page import page_of
from complaints.pages.reply_desk import desk_of
from departments import working_time
from departments.models import Department, Role
from tests.complaints.admin.desk import LIST, client_as, make_photo
from tests.complaints.fates import ANSWER, rows_of, send
from tests.make import NOON, make_account, make_complaint, make_department, make_person, make_post

pytestmark = pytest.mark.django_db
RIGHT = ["pages_messaging"]


def make_asked(kind: str = "comment", *, scopes: list[str] = RIGHT, network: str = "facebook") -> Complaint:
    """In a department's hands, asked by a post of that kind."""
    complaint = make_complaint(account=make_account(network, token_scopes=scopes), status=Status.ASSIGNED)
    InboundPost.objects.filter(complaint_link__complaint=complaint).update(kind=kind)
    return complaint


def make_message(complaint: Complaint, *, root: str = "chat:7", at: datetime = NOON, **values: Any) -> InboundPost:
    """Another word of the citizen, to the city alone."""
    known = {"kind": "message", "root_id": root, "state": "REGISTERED", "posted_at": at, "visibility": "private"}
    post = make_post(complaint.account, **{**known, **values})
    ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=at)
    return post


def answered(complaint: Complaint, *, private: bool | None, text: str = ANSWER) -> Reply:
    by = make_person(Role.OFFICER)
    replies.draft(complaint, text=text, by=by, version=complaint.version, now=NOON, private=private)
    return replies.approve(complaint, by=by, version=complaint.version, now=NOON)


def offers(complaint: Complaint) -> tuple[bool, bool]:
    ways = reply_targets.ways_of(complaint)
    return ways.public is not None, ways.private is not None


# --- the choice -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "scopes", "network", "both"),
    [
        ("comment", RIGHT, "facebook", (True, True)),
        ("wall", RIGHT, "facebook", (True, True)),
        ("mention", RIGHT, "facebook", (True, False)),  # on the citizen's own page
        ("comment", [], "facebook", (True, False)),
        ("message", [], "facebook", (False, True)),
        ("mention", [], "mastodon", (True, True)),
        ("mention", [], "x", (True, False)),
        ("message", [], "kakao", (False, True)),
    ],
)
def test_the_choice_is_the_networks_and_the_tokens(
    kind: str, scopes: list[str], network: str, both: tuple[bool, bool]
) -> None:
    assert offers(make_asked(kind, scopes=scopes, network=network)) == both


def test_nobody_known_cannot_be_written_to() -> None:
    complaint = make_complaint(account=make_account("mastodon"), author="")
    assert offers(complaint) == (True, False)


def test_what_a_network_takes_once_is_offered_once_until_the_citizen_writes() -> None:
    complaint = make_asked()
    answered(complaint, private=True)
    assert offers(complaint) == (True, False)
    newest = make_message(complaint)
    ways = reply_targets.ways_of(complaint)
    assert ways.private is not None
    assert ways.private.external_id == newest.external_id


def test_a_private_answer_that_was_taken_back_may_be_written_again() -> None:
    complaint = make_asked()
    answered(complaint, private=True)
    replies.recall(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON)
    assert offers(complaint) == (True, True)


def test_a_strangers_message_is_no_way_to_the_citizen() -> None:
    complaint = make_asked("mention", network="x")
    make_message(complaint, author="8")
    assert reply_targets.ways_of(complaint).private is None


# --- out ------------------------------------------------------------------------------------------------------------


def test_what_was_chosen_goes_out_and_cannot_change_any_more() -> None:
    reply = answered(make_asked(), private=True)
    row = OutboundPost.objects.get(key=f"{reply.outbox_key}:1")
    assert (reply.private, row.private, row.target["kind"]) == (True, True, "comment")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboundPost.objects.filter(pk=row.pk).update(private=False)


def test_unasked_an_answer_goes_as_the_citizen_wrote() -> None:
    complaint = make_asked()
    assert not answered(complaint, private=None).private
    private = make_asked("message")
    assert answered(private, private=None).private


def test_what_was_taken_back_stays_for_the_citizen_alone() -> None:
    complaint, officer = make_asked(), make_person(Role.OFFICER)
    answered(complaint, private=True)
    replies.recall(complaint, by=officer, version=complaint.version, now=NOON)
    desk = desk_of(complaint, officer, now=NOON, calendar=working_time.calendar_for())
    assert desk.editor is not None
    assert (desk.editor.again, desk.draft_text, desk.editor.private) == (True, ANSWER, True)
    assert answered(complaint, private=None).private


def test_a_message_is_answered_there_although_an_older_comment_is_open_to_us() -> None:
    complaint = make_asked()
    InboundPost.objects.update(can_reply=True)
    message = make_message(complaint, at=NOON + timedelta(hours=1))
    assert reply_targets.target_of(complaint).external_id == message.external_id
    newer = make_message(complaint, kind="comment", at=NOON + timedelta(hours=2), can_reply=True)
    assert reply_targets.target_of(complaint).external_id == newer.external_id


def test_public_stays_possible_after_a_message_and_private_after_a_comment() -> None:
    complaint = make_asked()
    first, message = complaint.thread.get().post, make_message(complaint)
    public = answered(complaint, private=False)
    assert rows_of(public.outbox_key)[0].target["external_id"] == first.external_id
    replies.recall(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON)
    private = answered(complaint, private=True)
    assert rows_of(private.outbox_key)[0].target["external_id"] == message.external_id


def test_what_is_not_possible_is_refused_and_nothing_is_saved() -> None:
    officer, public, private = make_person(Role.OFFICER), make_asked(network="x", kind="mention"), make_asked("message")
    for complaint, wish in ((public, True), (private, False)):
        with pytest.raises(replies.NotPossible):
            replies.draft(complaint, text=ANSWER, by=officer, version=1, now=NOON, private=wish)
        assert not complaint.replies.exists()


def test_what_became_impossible_is_not_posted_to_everybody() -> None:
    complaint, officer = make_asked(), make_person(Role.OFFICER)
    replies.draft(complaint, text=ANSWER, by=officer, version=1, now=NOON, private=True)
    Account.objects.filter(pk=complaint.account_id).update(token_scopes=[])
    fresh = Complaint.objects.get(pk=complaint.pk)
    with pytest.raises(replies.NotPossible):
        replies.approve(fresh, by=officer, version=fresh.version, now=NOON)
    assert not OutboundPost.objects.exists()


def test_one_private_message_is_as_long_as_the_network_takes_it() -> None:
    complaint, officer = make_asked(), make_person(Role.OFFICER)
    assert reply_preview.measure(complaint, "가" * 2500, private=False).parts == 1
    assert reply_preview.measure(complaint, "가" * 1900, private=True).limit == 2000
    assert reply_preview.measure(complaint, "가" * 2500, private=True).parts == 0
    replies.draft(complaint, text="가" * 2500, by=officer, version=1, now=NOON, private=True)
    with pytest.raises(replies.NotPossible):
        replies.approve(complaint, by=officer, version=complaint.version, now=NOON)


def test_personal_data_is_kept_out_of_private_answers_too() -> None:
    with pytest.raises(replies.NotPossible):
        answered(make_asked(), private=True, text="010-1234-5678로 전화드리겠습니다.")


def test_a_question_to_a_private_message_is_private() -> None:
    complaint = make_asked("message")
    asked = notices.say(complaint, Reply.Kind.QUESTION, "어디인가요?", by=make_person(Role.OFFICER), now=NOON)
    assert asked.private
    assert rows_of(asked.outbox_key)[0].private


# --- nobody else ----------------------------------------------------------------------------------------------------


def settled(complaint: Complaint, *, private: bool) -> Reply:
    reply = answered(complaint, private=private)
    send(rows_of(reply.outbox_key)[0], now=NOON, external_id=f"m_{reply.pk}")
    settlement.settle(now=NOON)
    reply.refresh_from_db()
    assert reply.state == Reply.State.SENT
    return reply


@pytest.mark.parametrize("private", [True, False])
def test_a_private_answer_is_no_example_for_others(private: bool) -> None:
    complaint = make_asked()
    reply = settled(complaint, private=private)
    found = past_answers.of(complaint.text, among=Complaint.objects.all(), departments=[])
    assert [one.reply_id for one in found] == ([] if private else [reply.pk])
    assert (same_answer.answer_of(complaint) is None) == private


# --- what comes back ------------------------------------------------------------------------------------------------


def joins(post: InboundPost) -> Complaint | None:
    return conversations.of([post], now=NOON).complaint_of(post)


def written(complaint: Complaint, *, author: str = "7", root: str = "chat:7") -> InboundPost:
    known = {"kind": "message", "root_id": root, "posted_at": NOON + timedelta(hours=1)}
    return make_post(complaint.account, "더 말씀드리면", author=author, **known)


def test_the_citizens_private_word_joins_the_complaint_that_was_answered_so() -> None:
    complaint = make_asked()
    assert joins(written(complaint)) is None
    settled(complaint, private=True)
    assert joins(written(complaint)) == complaint
    assert joins(written(complaint, author="8", root="chat:8")) is None


def test_the_citys_own_message_tells_whose_conversation_it_is() -> None:
    """The network may call the same person otherwise in messages than under comments."""
    complaint = make_asked()
    reply = settled(complaint, private=True)
    row = OutboundPost.objects.get(key=f"{reply.outbox_key}:1")
    make_post(complaint.account, author="", kind="message", root_id="chat:900", state="OWN", outbound=row)
    assert joins(written(complaint, author="900", root="chat:900")) == complaint


def test_a_public_answer_or_one_that_was_taken_back_begins_no_conversation() -> None:
    complaint = make_asked()
    settled(complaint, private=False)
    other = make_asked()
    answered(other, private=True)
    replies.recall(other, by=make_person(Role.OFFICER), version=other.version, now=NOON)
    assert [joins(written(one)) for one in (complaint, other)] == [None, None]


def test_the_newest_of_two_conversations_goes_on() -> None:
    older = make_asked()
    settled(older, private=True)
    newer = make_complaint(account=older.account)
    make_message(newer, at=NOON + timedelta(minutes=30))
    assert joins(written(older)) == newer


def test_a_department_that_was_only_asked_sees_nothing_of_the_private_conversation(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    complaint, tour = make_asked(), make_department()
    Complaint.objects.filter(pk=complaint.pk).update(department=tour, status="IN_PROGRESS")
    complaint.refresh_from_db()
    settled(complaint, private=True)
    began, shown_alone = make_photo(complaint), make_photo(complaint, position=1)
    InboundMedia.objects.filter(pk=shown_alone).update(post=make_message(complaint, text="비밀이에요"))
    Complaint.objects.filter(pk=complaint.pk).update(status="IN_PROGRESS", closed_at=None, answered_at=None)
    complaint.refresh_from_db()
    road = make_department("도로계획과")
    asked: dict[str, Any] = {"wish": Consultation.Wish.OPINION, "question": "어디 소관입니까?", "hours": 1}
    consultations.ask(complaint, by=make_person(Role.STAFF, tour), department=road, now=NOON, **asked)
    for person, seen in ((make_person(Role.STAFF, tour), 3), (make_person(Role.STAFF, road), 1)):
        assert len(page_of(complaint, person, now=NOON).thread) == seen
    searchdocs.refresh([complaint.pk], now=NOON)
    for typed in (complaint.number, complaint.text, "안내판을 고쳤습니다", "비밀이에요", "ㅂㅁㅇㅇㅇ", "비밀이애요"):
        found = [complaint.number in listed(role, typed) for role in (tour, road)]
        assert found == [True, typed in (complaint.number, complaint.text)], typed
    for photo, status in ((began, 200), (shown_alone, 404)):
        address = reverse("photo", args=[photo, "large"])
        answers = [client_as(Role.STAFF, role).get(address) for role in (tour, road)]
        assert [answer.status_code for answer in answers] == [200, status]
        for answer in answers:
            list(getattr(answer, "streaming_content", ()))


def listed(department: Department, typed: str) -> str:
    """The complaint list of the department's people, searched."""
    return client_as(Role.STAFF, department).get(LIST, {"q": typed}).content.decode()
