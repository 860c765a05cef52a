"""The same matter again: set aside as a copy, counted once, its thread led on, undone; the answer given to it too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from complaints import intake, merging, replies, same_answer, settlement, workflow
from complaints.models import Complaint, Exclusion, Reply
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import rows_of, send
from tests.make import NOON, make_account, make_complaint, make_department, make_person, make_post

pytestmark = pytest.mark.django_db
__all__ = ["script"]


def merge(complaint: Complaint, leading: str) -> None:
    officer = make_person(Role.OFFICER)
    merging.merge(complaint, by=officer, version=complaint.version, now=NOON, leading=leading)


def exclusions(complaint: Complaint) -> set[str]:
    return set(complaint.durations.values_list("excluded", flat=True))


def answered(leading: Complaint, text: str) -> None:
    """The leading complaint's answer stands on the network."""
    officer = make_person(Role.OFFICER)
    workflow.assign(leading, by=officer, version=leading.version, now=NOON, department=make_department("도로안전과"))
    replies.draft(leading, text=text, by=officer, version=leading.version, now=NOON)
    reply = replies.approve(leading, by=officer, version=leading.version, now=NOON)
    send(rows_of(reply.outbox_key)[0], now=NOON)
    settlement.settle(now=NOON)
    leading.refresh_from_db()


def test_a_copy_is_set_aside_counts_as_duplicate_and_an_undo_takes_it_back() -> None:
    leading, copy, officer = make_complaint(), make_complaint(), make_person(Role.OFFICER)
    merging.merge(copy, by=officer, version=1, now=NOON, leading=f" {leading.number.lower()} ")
    assert (copy.status, copy.duplicate_of, copy.close_reason) == ("DISMISSED", leading, leading.number)
    assert exclusions(copy) == {Exclusion.DUPLICATE}
    assert list(merging.copies_of(leading)) == [copy]
    workflow.undo(copy, by=officer, version=copy.version, now=NOON)
    assert (copy.status, copy.duplicate_of, copy.close_reason) == ("TRIAGED", None, "")
    assert exclusions(copy) == {""}


def test_a_copy_of_a_copy_is_one_of_the_leading_one() -> None:
    leading, first, second = make_complaint(), make_complaint(), make_complaint()
    merge(first, leading.number)
    merge(second, first.number)
    assert second.duplicate_of == leading


def test_what_cannot_lead_or_be_set_aside_says_so() -> None:
    leading, copy, spam = make_complaint(), make_complaint(), make_complaint(status="DISMISSED")
    for number in ("B99-000000", copy.number, spam.number):
        with pytest.raises(merging.NotPossible):
            merge(copy, number)
    merge(copy, leading.number)
    with pytest.raises(merging.NotPossible):
        merge(leading, make_complaint().number)
    held = make_complaint(status="ASSIGNED")
    with pytest.raises(workflow.MoveNotAllowed):
        merge(held, leading.number)
    with pytest.raises(workflow.Conflict):
        merging.merge(make_complaint(), by=make_person(Role.OFFICER), version=7, now=NOON, leading=leading.number)


def test_the_database_knows_that_a_copy_is_set_aside() -> None:
    leading, copy = make_complaint(), make_complaint()
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=copy.pk).update(duplicate_of=leading)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=copy.pk).update(duplicate_of=copy, status="DISMISSED", closed_at=NOON)


def test_what_is_written_under_a_copy_joins_the_leading_complaint() -> None:
    account = make_account()
    leading, copy = make_complaint(account=account, author="7"), make_complaint(account=account, author="8")
    merge(copy, leading.number)
    opened = copy.thread.get().post
    make_post(account, "아직도 그대로예요", author="8", parent_id=opened.external_id, root_id=opened.external_id)
    done = intake.register_waiting(now=NOON)
    leading.refresh_from_db()
    copy.refresh_from_db()
    assert (done.opened, done.joined, done.reopened) == (0, 1, 0)
    assert [link.post.text for link in leading.thread.order_by("id")][-1] == "아직도 그대로예요"
    assert leading.news_at == NOON
    assert copy.status == "DISMISSED"


def test_the_answer_makes_news_of_the_copies_of_others_and_is_given_to_them_as_a_draft(script: Script) -> None:
    account = make_account("scripted")
    leading, own, other = (make_complaint(account=account, author=author) for author in ("7", "7", "8"))
    merge(own, leading.number)
    merge(other, leading.number)
    officer = make_person(Role.OFFICER)
    with pytest.raises(same_answer.NotPossible):
        same_answer.give(other, by=officer, version=other.version, now=NOON)
    answered(leading, "가로등을 고쳤습니다.")
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.news_at, other.news_at) == (None, NOON)
    later = NOON + timedelta(minutes=1)
    same_answer.give(other, by=officer, version=other.version, now=later)
    other.refresh_from_db()
    assert (other.status, other.department, other.duplicate_of) == ("IN_PROGRESS", leading.department, None)
    assert other.replies.get().text == "가로등을 고쳤습니다."
    assert other.replies.get().state == Reply.State.DRAFT
    assert exclusions(other) == {""}
    with pytest.raises(same_answer.NotPossible):
        same_answer.give(leading, by=officer, version=leading.version, now=later)
