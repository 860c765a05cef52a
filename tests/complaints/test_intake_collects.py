"""What stands under a broadcast that collects it is left for whoever asked; the rest opens complaints as ever."""

from __future__ import annotations

from typing import Any

import pytest

from channels_sns import broadcasts, gathering
from channels_sns.models import Account, Broadcast, InboundPost
from channels_sns.models.broadcast import Kind
from complaints import intake, invariants
from complaints.models import Complaint
from tests.broadcasting import approve, make_draft, posts
from tests.complaints.fates import send
from tests.make import NOON, make_account, make_post

pytestmark = pytest.mark.django_db
COLLECTED, REGISTERED = InboundPost.State.COLLECTED, InboundPost.State.REGISTERED


def talk_on(account: Account, **values: Any) -> Broadcast:
    """A talk that stands as post 77."""
    talk = approve(make_draft([account], kind=Kind.TALK, title="1PM 토크", **values))
    send(posts(talk)[0], now=NOON, external_id="77")
    return talk


def comment(account: Account, text: str = "찬성합니다", **values: Any) -> InboundPost:
    return make_post(account, text, **{"kind": "comment", "root_id": "77", "parent_id": "77", **values})


def test_comments_under_a_talk_are_left_for_the_talk() -> None:
    account = make_account("facebook")
    talk = talk_on(account)
    mine, other = comment(account), make_post(account, "가로등이 꺼졌습니다", author="8")
    done = intake.register_waiting(now=NOON)
    assert (done.opened, done.collected, done.total) == (1, 1, 2)
    assert list(gathering.collected(talk)) == [mine]
    other.refresh_from_db()
    assert (other.state, other.under, Complaint.objects.count()) == (REGISTERED, None, 1)
    assert intake.register_waiting(now=NOON).total == 0


def test_answers_to_comments_are_collected_with_them_where_only_the_parent_is_told() -> None:
    account = make_account("mastodon")
    talk = talk_on(account)
    first = comment(account, external_id="78")
    make_post(account, "저도요", author="9", external_id="79", parent_id="78", root_id="78")
    intake.register_waiting(now=NOON)
    make_post(account, "반대합니다", author="10", external_id="80", parent_id="79", root_id="79")
    intake.register_waiting(now=NOON)
    assert [post.external_id for post in gathering.collected(talk)] == [first.external_id, "79", "80"]


def test_on_another_account_the_same_number_is_another_post() -> None:
    talk_on(make_account("facebook"))
    comment(make_account("facebook"))
    assert intake.register_waiting(now=NOON).opened == 1


def test_news_collect_nothing_and_a_talk_that_is_over_neither() -> None:
    account = make_account("facebook")
    talk = talk_on(account)
    broadcasts.stop_collecting(talk, by=None, now=NOON)
    broadcasts.stop_collecting(talk, by=None, now=NOON)
    comment(account)
    assert intake.register_waiting(now=NOON).opened == 1
    assert [event.what for event in talk.events.all()].count("stop collecting") == 1


def test_one_that_is_a_complaint_after_all() -> None:
    account = make_account("facebook")
    talk = talk_on(account)
    post = comment(account, "찬성합니다. 그런데 집 앞 가로등이 꺼졌습니다")
    intake.register_waiting(now=NOON)
    complaint = intake.open_collected(post, now=NOON)
    assert intake.open_collected(post, now=NOON) == complaint
    post.refresh_from_db()
    assert (post.state, post.under, complaint.text) == (REGISTERED, talk, post.text)
    assert list(gathering.collected(talk)) == []


def test_who_has_a_complaint_under_it_goes_on_with_that() -> None:
    account = make_account("facebook")
    talk_on(account)
    post = comment(account)
    intake.register_waiting(now=NOON)
    complaint = intake.open_collected(post, now=NOON)
    comment(account, "아직도 꺼져 있습니다")
    done = intake.register_waiting(now=NOON)
    assert (done.joined, done.collected, complaint.thread.count()) == (1, 0, 2)


def test_a_collected_post_without_a_broadcast_is_noticed() -> None:
    post = make_post(make_account(), state=COLLECTED)
    assert [one.rows for one in invariants.check_rule("I1", now=NOON)] == [f"post {post.pk}"]
