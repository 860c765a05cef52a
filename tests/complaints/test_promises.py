"""What is promised is owed from the posting on, until the outcome stands under the citizen's post."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from channels_sns.adapters.contract import Rejected
from complaints import intake, notices, outcomes, promises, replies, settlement, steps, workflow
from complaints.models import ComplaintEvent, Promise, Reply, Status
from complaints.promises import Choice, Wish
from departments.models import Holiday, Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import assigned, fail, rows_of
from tests.complaints.promising import DONE, DUE, PROMISE, SEOUL, answer, answered, fresh, promised, stands, told
from tests.make import NOON, make_department, make_person, make_post

pytestmark = pytest.mark.django_db
__all__ = ["script"]
LATER, DAY = NOON + timedelta(minutes=5), timedelta(days=1)


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


def kept_events(row: Promise) -> list[str]:
    moves = ComplaintEvent.objects.filter(complaint=row.complaint).order_by("id").values_list("move", flat=True)
    return [move for move in moves if move in ("promise", "kept", "kept_late", "withdraw", "not_yet", "reopen")]


# --- written --------------------------------------------------------------------------------------------------------


def test_it_is_written_with_the_draft_and_owed_from_the_posting_on() -> None:
    reply = answered()
    row = fresh(reply)
    assert (row.state, row.due_at, row.promised_at, row.words) == ("WRITTEN", DUE, None, PROMISE.rstrip("."))
    assert not Promise.objects.given().exists()
    stands(reply, now=LATER)
    row = fresh(reply)
    assert (row.state, row.promised_at, row.department) == ("OPEN", LATER, row.complaint.department)
    assert (row.complaint.status, kept_events(row)) == (Status.COMPLETED, ["promise"])


def test_the_days_are_working_days_and_today_does_not_count() -> None:
    Holiday.objects.create(date=date(2026, 11, 27), name="임시공휴일", kind="add")
    assert fresh(answered()).due_at == DUE + DAY


def test_the_writer_has_the_last_word() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)

    def save(text: str, wish: Wish) -> Promise | None:
        replies.draft(complaint, text=text, by=officer, version=complaint.version, now=NOON, wish=wish)
        return Promise.objects.filter(complaint=complaint).first()

    none = save(PROMISE, Wish(Choice.NO))
    assert none is not None
    assert (none.state, none.due_at) == ("NONE", None)
    other_day = save(PROMISE, Wish(Choice.AUTO, date(2026, 12, 24)))
    assert other_day is not None
    assert (other_day.pk, other_day.state, other_day.due_at) == (
        none.pk,
        "WRITTEN",
        datetime(2026, 12, 24, 18, tzinfo=SEOUL),
    )
    silent = save("안녕하세요, 시장실입니다.", Wish(Choice.YES))
    assert silent is not None
    assert (silent.words, silent.state) == ("안녕하세요, 시장실입니다.", "WRITTEN")
    assert save("안녕하세요.", Wish()) is None


def test_words_that_name_a_day_far_away_hinder_nobody() -> None:
    assert fresh(answered("2030년 12월 31일까지 도로를 넓혀 개선하겠습니다.")).due_at == datetime(
        2027, 11, 24, 18, tzinfo=SEOUL
    )


@pytest.mark.parametrize("until", [date(2026, 11, 23), date(2027, 12, 1)])
def test_a_day_that_is_over_or_far_away_is_refused_and_nothing_is_saved(until: date) -> None:
    complaint = assigned()
    with pytest.raises(replies.NotPossible):
        answer(complaint, wish=Wish(until=until))
    assert not Reply.objects.exists()


def test_today_ends_at_closing_time_and_after_that_at_midnight(settings: Any) -> None:
    today = date(2026, 11, 24)
    assert promises.due_on(today, now=NOON) == datetime(2026, 11, 24, 18, tzinfo=SEOUL)
    assert promises.due_on(today, now=NOON + timedelta(hours=8)) == datetime(2026, 11, 25, tzinfo=SEOUL)
    settings.DUE_MOMENT = "midnight"
    assert promises.due_on(today, now=NOON) == datetime(2026, 11, 25, tzinfo=SEOUL)


def test_the_day_may_not_be_over_when_the_reply_goes_out() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text=PROMISE, by=officer, version=1, now=NOON)
    late = {"by": officer, "version": complaint.version, "late": True}
    with pytest.raises(replies.NotPossible):
        replies.approve(complaint, now=NOON, at=NOON + 20 * DAY, **late)  # type: ignore[arg-type]
    with pytest.raises(replies.NotPossible):
        replies.approve(complaint, now=NOON + 20 * DAY, **late)  # type: ignore[arg-type]
    complaint.refresh_from_db()
    assert complaint.status == Status.IN_PROGRESS


def test_what_is_recalled_or_never_posted_was_never_promised() -> None:
    reply = answered()
    replies.recall(reply.complaint, by=make_person(Role.OFFICER), version=reply.complaint.version, now=LATER)
    assert (fresh(reply).state, Promise.objects.given().count()) == ("WRITTEN", 0)
    refused = answered()
    fail(rows_of(refused.outbox_key)[0], Rejected("policy"), now=NOON)
    settlement.settle(now=LATER)
    assert (fresh(refused).state, Promise.objects.given().count()) == ("WRITTEN", 0)


def test_questions_and_notices_promise_nothing() -> None:
    complaint = assigned()
    for kind in (Reply.Kind.QUESTION, Reply.Kind.NOTICE):
        stands(notices.say(complaint, kind, PROMISE, by=make_person(Role.OFFICER), now=NOON), now=NOON)
    assert not Promise.objects.exists()


# --- kept -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "in_time", "event"), [(DUE, True, "kept"), (DUE + timedelta(seconds=1), False, "kept_late")]
)
def test_the_outcome_keeps_it_when_it_stands_there_in_time_or_late(at: datetime, in_time: bool, event: str) -> None:
    row = promised()
    assert row.in_time is None
    outcome = told(row, now=at - timedelta(minutes=1))
    assert (fresh(row.reply).state, outcomes.is_under_way(fresh(row.reply))) == ("OPEN", True)
    stands(outcome, now=at)
    row = fresh(row.reply)
    assert (row.state, row.kept_at, row.in_time, row.outcome, row.complaint.status) == (
        "KEPT",
        at,
        in_time,
        outcome,
        Status.COMPLETED,
    )
    assert Promise.objects.kept_in_time().count() == int(in_time)
    assert Promise.objects.kept_late().count() == int(not in_time)
    assert kept_events(row) == ["promise", event]


def test_an_outcome_that_promises_anew_keeps_the_one_and_begins_the_next() -> None:
    row = promised("노선 증차를 검토하겠습니다.")
    outcome = told(row, "검토 결과 증차하기로 하여 12월 20일까지 배차를 바꾸겠습니다.", now=LATER)
    stands(outcome, now=LATER)
    second = fresh(outcome)
    assert (fresh(row.reply).state, second.state, second.due_at) == (
        "KEPT",
        "OPEN",
        datetime(2026, 12, 20, 18, tzinfo=SEOUL),
    )
    third = told(second, "바꾸겠습니다.", now=LATER + DAY, wish=Wish(Choice.NO))
    stands(third, now=LATER + DAY)
    assert (fresh(outcome).state, fresh(third).state) == ("KEPT", "NONE")


def test_what_was_not_posted_keeps_nothing_and_may_be_told_again() -> None:
    row = promised()
    first = told(row, now=LATER)
    fail(rows_of(first.outbox_key)[0], Rejected("policy"), now=LATER)
    settlement.settle(now=LATER)
    row = fresh(row.reply)
    assert (row.state, outcomes.is_under_way(row)) == ("OPEN", False)
    second = told(row, now=LATER)
    stands(second, now=LATER)
    assert fresh(row.reply).outcome == second


def test_two_officers_and_a_double_click_tell_one_outcome() -> None:
    row = promised()
    version, officer = row.complaint.version, make_person(Role.OFFICER)
    told(row, now=LATER)
    again = fresh(row.reply)
    with pytest.raises(replies.NotPossible):
        told(again, now=LATER)
    again.outcome = None  # seen before the other was faster
    with pytest.raises(workflow.Conflict):
        outcomes.tell(again, by=officer, version=version, now=LATER, text=DONE)
    assert row.complaint.replies.filter(kind="OUTCOME").count() == 1


def test_an_answer_after_a_reopening_tells_the_outcome_too_unless_it_puts_off_again() -> None:
    row = promised()
    complaint, officer = row.complaint, make_person(Role.OFFICER)

    def answer_again(text: str) -> Reply:
        workflow.reopen(complaint, by=officer, version=complaint.version, now=LATER, reason="다시")
        department = make_department()
        workflow.assign(complaint, by=officer, version=complaint.version, now=LATER, department=department)
        reply = answer(complaint, text, now=LATER)
        stands(reply, now=LATER)
        complaint.refresh_from_db()
        return reply

    again = answer_again("조금 더 검토하겠습니다.")
    assert {fresh(row.reply).state, fresh(again).state} == {"OPEN"}
    final = answer_again(DONE)
    assert [fresh(one).outcome for one in (row.reply, again)] == [final, final]


# --- withdrawn ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("post", [True, False])
def test_a_promise_is_withdrawn_with_a_reason_and_was_not_kept(post: bool) -> None:
    row, officer = promised(), make_person(Role.OFFICER)
    outcomes.withdraw(
        row, by=officer, version=row.complaint.version, now=LATER, reason=" 사유지여서 불가합니다 ", post=post
    )
    row = fresh(row.reply)
    assert (row.state, row.reason, row.withdrawn_by, row.in_time) == (
        "WITHDRAWN",
        "사유지여서 불가합니다",
        officer,
        False,
    )
    assert row.complaint.replies.filter(kind="OUTCOME").exists() is post
    if row.outcome:
        stands(row.outcome, now=LATER)
    assert (fresh(row.reply).state, kept_events(row)) == ("WITHDRAWN", ["promise", "withdraw"])


def test_a_reason_is_needed_and_what_is_settled_stays_settled() -> None:
    row, officer = promised(), make_person(Role.OFFICER)
    known = {"by": officer, "version": row.complaint.version, "now": LATER}
    with pytest.raises(replies.NotPossible):
        outcomes.withdraw(row, reason=" ", post=False, **known)  # type: ignore[arg-type]
    stale = fresh(row.reply)
    outcomes.withdraw(row, reason="사유", post=False, **known)  # type: ignore[arg-type]
    with pytest.raises(steps.Conflict):
        promises.withdraw(stale, by=officer, now=LATER, reason="또")
    with pytest.raises(steps.Conflict):
        promises.being_told(stale, stale.reply)


def test_who_may_not_approve_may_not_tell(settings: Any) -> None:
    row = promised()
    staff = make_person(Role.STAFF, row.complaint.department)
    head = make_person(Role.HEAD, row.complaint.department)
    assert (outcomes.may_tell(staff, row.complaint), outcomes.may_tell(head, row.complaint)) == (False, True)
    with pytest.raises(workflow.MoveNotAllowed):
        outcomes.tell(row, by=staff, version=row.complaint.version, now=LATER, text=DONE)
    settings.FOUR_EYES = True
    row.complaint.assignee = head
    with pytest.raises(replies.NotPossible):
        outcomes.tell(row, by=head, version=row.complaint.version, now=LATER, text=DONE)


# --- not yet --------------------------------------------------------------------------------------------------------


def write(row: Promise, text: str, *, now: datetime, author: str = "7", **values: Any) -> None:
    parent = row.complaint.thread.get(opened=True).post.external_id
    make_post(row.complaint.account, text, author=author, parent_id=parent, posted_at=now, arrived_at=now, **values)
    intake.register_waiting(now=now)


def test_not_yet_reopens_and_is_counted() -> None:
    row = promised()
    write(row, "아직이에요", now=LATER)
    row = fresh(row.reply)
    assert (row.asked, row.state, row.complaint.status, row.complaint.reopened) == (1, "OPEN", Status.TRIAGED, 1)
    assert kept_events(row) == ["promise", "not_yet", "reopen"]
    write(row, "Still not fixed", now=LATER + DAY)
    row = fresh(row.reply)
    assert (row.asked, row.complaint.reopened) == (2, 1)


def test_another_citizen_and_another_word_are_not_counted() -> None:
    row = promised()
    write(row, "아직이에요", now=LATER, author="8")
    write(row, "다른 곳도 있어요", now=LATER)
    row = fresh(row.reply)
    assert (row.asked, row.complaint.status, kept_events(row)) == (0, Status.TRIAGED, ["promise", "reopen"])


def test_a_complaint_that_was_called_done_without_a_promise_is_reopened_and_counted_too() -> None:
    reply = answered(DONE)
    stands(reply, now=NOON)
    parent = reply.complaint.thread.get().post.external_id
    make_post(reply.complaint.account, "그대로예요", parent_id=parent)
    intake.register_waiting(now=LATER)
    moves = reply.complaint.events.values_list("move", flat=True)
    assert [moves.filter(move=move).count() for move in ("not_yet", "reopen")] == [1, 1]


def test_while_it_is_worked_on_nothing_is_counted() -> None:
    complaint = assigned()
    parent = complaint.thread.get().post.external_id
    make_post(complaint.account, "아직인가요", parent_id=parent)
    intake.register_waiting(now=LATER)
    assert not complaint.events.filter(move="not_yet").exists()


@pytest.mark.parametrize("owed", [True, False])
def test_long_after_the_answer_the_citizen_still_means_the_complaint_where_he_is_owed(owed: bool) -> None:
    row = promised()
    if not owed:
        stands(told(row, now=LATER), now=LATER)
    write(row, "아직이에요", now=NOON + 60 * DAY)
    assert (fresh(row.reply).complaint.reopened, fresh(row.reply).complaint.thread.count()) == (
        (1, 2) if owed else (0, 1)
    )


# --- what the database keeps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"state": "LOST"},
        {"due_at": None},
        {"promised_at": None},
        {"state": "KEPT"},
        {"kept_at": NOON},
        {"state": "WITHDRAWN"},
        {"withdrawn_at": NOON},
        {"state": "WRITTEN"},
    ],
)
def test_what_makes_no_sense_is_refused_by_the_database(values: dict[str, Any]) -> None:
    row = promised()
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=row.pk).update(**values)


def test_figures_speak_of_what_was_given_and_due() -> None:
    row = promised()
    assert [Promise.objects.due_between(begin, begin + DAY).count() for begin in (DUE, DUE - DAY)] == [1, 0]
    assert [Promise.objects.overdue(now).count() for now in (DUE, DUE + timedelta(seconds=1))] == [0, 1]
    with pytest.raises(ProtectedError):
        row.reply.delete()


def test_what_was_promised_in_private_is_never_told_in_public() -> None:
    row = promised()
    row.reply.private = True
    with pytest.raises(replies.NotPossible):  # this network has no private way
        told(row, now=LATER)
    assert not row.complaint.replies.filter(kind="OUTCOME").exists()
