"""미담: asked in the thread, confirmed by an officer, drafted without the name, taken down when the consent is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from channels_sns import broadcasts
from channels_sns.models import Amendment, Author, Broadcast, InboundPost, OutboundPost
from complaints import good_news, intake, replies, settlement, workflow
from complaints.models import Complaint, GoodNews, Reply, Status
from departments.models import Role
from tests.broadcasting import posts
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import assigned, rows_of, send
from tests.make import NOON, make_account, make_author, make_person, make_post

pytestmark = pytest.mark.django_db
__all__ = ["script"]
State = GoodNews.State
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


@pytest.fixture
def officer() -> User:
    return make_person(Role.OFFICER)


def solved(officer: User, text: str = "@busan 김시민입니다. 가로등이 꺼졌습니다 010-1234-5678") -> Complaint:
    """Answered, the answer stands."""
    complaint = assigned(text=text)
    Author.objects.filter(external_id="7").update(name="김시민")
    replies.draft(complaint, text="오늘 고쳤습니다.", by=officer, version=complaint.version, now=NOON)
    reply = replies.approve(complaint, by=officer, version=complaint.version, now=NOON)
    deliver(reply.outbox_key)
    found = Complaint.objects.get(pk=complaint.pk)
    assert found.status == Status.COMPLETED
    return found


def deliver(key: str) -> None:
    for row in rows_of(key):
        send(row, now=NOON)
    settlement.settle(now=NOON)


def asked(officer: User, text: str = "") -> GoodNews:
    complaint = solved(officer, text) if text else solved(officer)
    text = good_news.question_for(complaint)
    row = good_news.ask(complaint, by=officer, version=complaint.version, now=NOON, text=text)
    deliver(row.question.outbox_key)
    return GoodNews.objects.get(pk=row.pk)


def writes(row: GoodNews, text: str, *, author: str = "7", minutes: int = 5) -> InboundPost:
    """The citizen (7), or another one, under the city's question."""
    at, complaint = NOON + timedelta(minutes=minutes), row.complaint
    under = OutboundPost.objects.filter(key__startswith="reply:").exclude(external_id="").latest("created_at")
    post = make_post(
        complaint.account, text, author=author, parent_id=under.external_id,
        root_id=complaint.thread.get(opened=True).post.external_id, posted_at=at, arrived_at=at,
    )  # fmt: skip
    intake.register_waiting(now=at)
    return post


def agreed(officer: User) -> Broadcast:
    row = asked(officer)
    return good_news.agree(row, post_id=writes(row, "네, 괜찮습니다").pk, by=officer, now=LATER)


def test_a_yes_is_only_a_suggestion_until_an_officer_confirms_it(officer: User) -> None:
    make_account("x")
    row = asked(officer)
    assert "미담" in rows_of(row.question.outbox_key)[0].text
    post = writes(row, "네, 괜찮습니다")
    word = good_news.heard(row)
    assert word is not None
    assert (word.post, word.answer) == (post, "YES")
    row.complaint.refresh_from_db()
    assert (row.complaint.status, row.complaint.news_at is not None) == (Status.COMPLETED, True), "no new complaint"
    assert not Broadcast.objects.exists()
    made = good_news.agree(row, post_id=post.pk, by=officer, now=LATER)
    row.refresh_from_db()
    assert (row.state, row.answer, row.broadcast) == (State.AGREED, post, made)
    assert (made.kind, made.state, made.variants.exists()) == ("GOOD_NEWS", "DRAFT", True)
    assert [event.move for event in row.complaint.events.order_by("id")][-1] == "consent_given"


def test_the_draft_names_nobody(officer: User) -> None:
    text = agreed(officer).text
    assert "가로등이 꺼졌습니다" in text
    assert "오늘 고쳤습니다" in text
    for word in ("김시민", "citizen7", "1234", "@busan"):
        assert word not in text, word


@pytest.mark.parametrize("private", ["answer", "complaint"])
def test_the_draft_quotes_nothing_that_was_said_in_private(officer: User, private: str) -> None:
    row = asked(officer)
    post = writes(row, "네, 괜찮습니다")
    if private == "answer":
        Reply.objects.answers().update(private=True)
    else:
        InboundPost.objects.filter(complaint_link__opened=True).update(kind="message")
    text = good_news.agree(row, post_id=post.pk, by=officer, now=LATER).text
    assert "가로등" not in text
    assert "오늘 고쳤습니다" not in text
    assert text


def test_a_no_ends_it_and_nobody_is_asked_twice(officer: User) -> None:
    row = asked(officer)
    writes(row, "아니요")
    word = good_news.heard(row)
    assert word is not None
    assert word.answer == "NO"
    good_news.decline(row, by=officer, now=LATER)
    row.complaint.refresh_from_db()
    assert row.complaint.status == Status.COMPLETED
    assert not good_news.may_offer(officer, row.complaint)
    with pytest.raises(workflow.MoveNotAllowed):
        good_news.ask(row.complaint, by=officer, version=row.complaint.version, now=LATER, text="?")
    assert not Broadcast.objects.exists()


def test_silence_is_a_no_and_a_word_is_left_to_an_officer(officer: User) -> None:
    silent, spoken = asked(officer), asked(officer)
    writes(spoken, "글쎄요")
    assert good_news.lapse(now=NOON + timedelta(days=14)) == 0
    assert good_news.lapse(now=NOON + timedelta(days=15)) == 1
    assert good_news.lapse(now=NOON + timedelta(days=15)) == 0
    states = dict(GoodNews.objects.values_list("pk", "state"))
    assert states == {silent.pk: State.DECLINED, spoken.pk: State.ASKED}
    assert silent.complaint.events.order_by("-id")[0].move == "consent_lapsed"


def test_only_the_citizens_own_words_after_the_question_count(officer: User) -> None:
    row = asked(officer)
    make_author(row.complaint.account, "8")
    writes(row, "네 좋아요", author="8")
    assert good_news.heard(row) is None
    gone = writes(row, "네")
    InboundPost.objects.filter(pk=gone.pk).update(gone_at=LATER)
    assert good_news.heard(row) is None


def test_what_was_read_is_what_is_confirmed(officer: User) -> None:
    row = asked(officer)
    first = writes(row, "네")
    writes(row, "아니요 다시 생각하니 싫어요", minutes=6)
    with pytest.raises(replies.NotPossible):
        good_news.agree(row, post_id=first.pk, by=officer, now=LATER)
    assert not Broadcast.objects.exists()


def test_more_than_a_yes_opens_the_complaint_again_and_is_no_good_news(officer: User) -> None:
    row = asked(officer)
    post = writes(row, "네 좋아요. 그런데 어제 밤부터 가로등이 또 꺼져 있습니다")
    row.complaint.refresh_from_db()
    assert row.complaint.status == Status.TRIAGED
    with pytest.raises(replies.NotPossible):
        good_news.agree(row, post_id=post.pk, by=officer, now=LATER)


def test_a_question_that_was_not_posted_was_not_answered(officer: User) -> None:
    complaint = solved(officer)
    row = good_news.ask(complaint, by=officer, version=complaint.version, now=NOON, text="될까요?")
    post = writes(row, "네")
    with pytest.raises(replies.NotPossible):
        good_news.agree(row, post_id=post.pk, by=officer, now=LATER)


def test_two_officers_at_once_make_one_draft(officer: User) -> None:
    row = asked(officer)
    post = writes(row, "네")
    seen = GoodNews.objects.get(pk=row.pk)
    good_news.agree(row, post_id=post.pk, by=officer, now=LATER)
    for again in (
        lambda: good_news.agree(seen, post_id=post.pk, by=officer, now=LATER),
        lambda: good_news.decline(seen, by=officer, now=LATER),
    ):
        with pytest.raises(workflow.Conflict):
            again()
    assert Broadcast.objects.count() == 1


def test_two_questions_at_once_are_one(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(officer)
    monkeypatch.setattr(good_news, "may_offer", lambda *_any: True)
    version = Complaint.objects.get(pk=row.complaint_id).version
    with pytest.raises(workflow.Conflict), transaction.atomic():
        good_news.ask(row.complaint, by=officer, version=version, now=NOON, text="될까요?")
    assert row.complaint.replies.filter(kind="NOTICE").count() == 1, "no second question went out"


def test_a_withdrawn_consent_stops_a_draft(officer: User) -> None:
    made = agreed(officer)
    row = GoodNews.objects.get()
    good_news.withdraw(row, by=officer, now=LATER)
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.state, row.state) == ("CANCELLED", State.WITHDRAWN)
    with pytest.raises(workflow.Conflict):
        good_news.withdraw(row, by=officer, now=LATER)


def test_a_withdrawn_consent_takes_down_what_stands(officer: User) -> None:
    make_account("x")
    made = agreed(officer)
    broadcasts.approve(made, by=officer, version=made.version, now=LATER)
    standing = posts(made)
    assert standing
    send(standing[0], now=LATER)
    row = GoodNews.objects.get()
    writes(row, "죄송하지만 글 내려 주세요", minutes=90)
    word = good_news.heard(row)
    assert word is not None
    assert word.answer == "NO"
    good_news.withdraw(row, by=officer, now=LATER)
    assert set(Amendment.objects.values_list("outbound_id", "kind")) == {(post.pk, "DELETE") for post in standing}
    assert made.events.order_by("-id")[0].what == "take down"


def test_what_was_given_up_or_missed_needs_no_taking_down(officer: User) -> None:
    made = agreed(officer)
    broadcasts.cancel(made, by=officer, version=made.version, now=LATER)
    good_news.withdraw(GoodNews.objects.get(), by=officer, now=LATER)
    assert not Amendment.objects.exists()


def test_only_officers_and_only_of_what_is_solved(officer: User) -> None:
    complaint = solved(officer)
    head = make_person(Role.HEAD, complaint.department)
    assert good_news.may_offer(officer, complaint)
    assert not good_news.may_offer(head, complaint)
    assert not good_news.may_offer(officer, assigned())
    row = asked(officer)
    with pytest.raises(workflow.MoveNotAllowed):
        good_news.decline(row, by=head, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodNews.objects.filter(pk=row.pk).update(state="AGREED", decided_at=NOON)


def test_a_long_text_is_cut_at_a_word(officer: User) -> None:
    complaint = solved(officer)
    said = good_news.nameless("가로등이 " * 100, complaint)
    assert said.endswith("가로등이 …")
    assert len(said) <= good_news.QUOTE_MAX + 2
