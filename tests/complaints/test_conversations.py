"""To which complaint a post belongs; the stories are in test_intake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_sns.models import InboundPost
from complaints import conversations
from complaints.models import Complaint, ComplaintPost
from tests.make import NOON, make_account, make_complaint, make_post

pytestmark = pytest.mark.django_db


def found(post: InboundPost, *, now_in_days: int = 0) -> Complaint | None:
    return conversations.of([post], now=NOON + timedelta(days=now_in_days)).complaint_of(post)


def test_a_post_that_answers_nothing_asks_nothing() -> None:
    post = make_post(make_account())
    with CaptureQueriesContext(connection) as captured:
        assert found(post) is None
    assert len(captured) == 0


def test_what_is_answered_counts_before_who_wrote() -> None:
    account = make_account()
    mine, theirs = make_complaint(account=account), make_complaint(account=account, author="8")
    ComplaintPost.objects.create(complaint=mine, post=make_post(account, root_id="city"), joined_at=NOON)
    answered = theirs.thread.get().post.external_id
    assert found(make_post(account, root_id="city", parent_id=answered)) == theirs
    assert found(make_post(account, root_id="city", parent_id="city")) == mine


def test_of_two_complaints_under_one_root_the_newest_goes_on() -> None:
    account = make_account()
    for complaint in (make_complaint(account=account), newest := make_complaint(account=account)):
        ComplaintPost.objects.create(complaint=complaint, post=make_post(account, root_id="city"), joined_at=NOON)
    assert found(make_post(account, root_id="city")) == newest


def test_a_post_is_no_answer_to_itself() -> None:
    account = make_account()
    post = make_post(account, root_id="p", external_id="p", parent_id="p")
    fresh, follow_ups = conversations.divide([post], conversations.of([post], now=NOON))
    assert (fresh, follow_ups) == ([post], [])


def test_a_complaint_closed_long_ago_takes_no_more_posts() -> None:
    complaint = make_complaint(status="COMPLETED")
    post = make_post(complaint.account, parent_id=complaint.thread.get().post.external_id)
    assert found(post, now_in_days=30) == complaint
    assert found(post, now_in_days=31) is None


def test_thousands_under_one_post_of_the_city_are_not_read() -> None:
    account = make_account()
    for author in "abc":
        complaint = make_complaint(account=account, author=author)
        post = make_post(account, root_id="city", author=author)
        ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=NOON)
    threads = conversations.of([make_post(account, root_id="city", author="a")], now=NOON)
    assert len(threads.by_key) == 1
