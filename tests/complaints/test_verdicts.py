"""What the citizen wrote after an answer belongs to the right answer, and an officer may correct what was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from complaints import intake, steps, verdicts
from complaints.models import Complaint, GoodNews, Reply, Verdict
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.promising import answer, answered, stands
from tests.make import NOON, make_department, make_person, make_post

pytestmark = pytest.mark.django_db
__all__ = ["script"]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DONE = "안내판을 바꾸었습니다."


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


def posted(*, now: datetime = NOON) -> Reply:
    reply = answered(DONE, now=now)
    stands(reply, now=now)
    return reply


def write(complaint: Complaint, text: str, *, at: datetime = NOON + HOUR, author: str = "7") -> None:
    parent = complaint.thread.get(opened=True).post.external_id
    make_post(complaint.account, text, author=author, parent_id=parent, posted_at=at, arrived_at=at)
    intake.register_waiting(now=at)


def of(reply: Reply) -> Verdict:
    return Verdict.objects.select_related("complaint__account").get(reply=reply)


def test_a_posted_answer_is_silent_until_he_writes() -> None:
    reply = posted()
    row = of(reply)
    assert (row.counts, row.answered_at, row.department) == ("", NOON, reply.complaint.department)
    write(reply.complaint, "감사합니다! 만족도 5점")
    row = of(reply)
    assert (row.counts, row.mark, row.words, row.said_at) == ("SATISFIED", 5, "만족도 5", NOON + HOUR)
    assert str(row).endswith("SATISFIED")


def test_mixed_words_take_his_praise_back_until_an_officer_decides() -> None:
    reply = posted()
    write(reply.complaint, "감사합니다!")
    write(reply.complaint, "고맙네요 참 빨리도 하셨네요", at=NOON + 2 * HOUR)
    row = of(reply)
    assert (row.counts, row.words) == ("MIXED", "참 빨리")
    verdicts.decide(row, "NOT", by=make_person(Role.OFFICER), now=NOON + DAY, version=row.version)
    assert of(reply).counts == "NOT"


def test_his_last_word_counts_and_what_says_nothing_takes_nothing_back() -> None:
    reply = posted()
    write(reply.complaint, "감사합니다!")
    write(reply.complaint, "아직 그대로예요", at=NOON + 2 * HOUR)
    assert of(reply).counts == "NOT"
    write(reply.complaint, "사진도 올립니다", at=NOON + 3 * HOUR)
    assert of(reply).counts == "NOT"
    write(reply.complaint, "먼저 쓴 글: 감사합니다", at=NOON + HOUR)  # came late, said before
    assert of(reply).counts == "NOT"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("감사합니다!", {"author": "8"}),
        ("감사합니다!", {"at": NOON - HOUR}),
        ("감사합니다!", {"at": NOON + 14 * DAY}),
        ("3번 출구 앞입니다", {}),
    ],
)
def test_not_a_word_on_the_answer(text: str, values: dict[str, Any]) -> None:
    reply = posted()
    write(reply.complaint, text, **values)
    assert of(reply).counts == ""


def test_to_the_last_second_of_fourteen_days() -> None:
    reply = posted()
    write(reply.complaint, "감사합니다!", at=NOON + 14 * DAY - timedelta(seconds=1))
    assert of(reply).counts == "SATISFIED"


def test_each_answer_has_its_own_word() -> None:
    first = posted()
    write(first.complaint, "아직 그대로예요")
    complaint = Complaint.objects.get(pk=first.complaint_id)
    Complaint.objects.filter(pk=complaint.pk).update(status="IN_PROGRESS", department=make_department())
    complaint.refresh_from_db()
    second = answer(complaint, DONE, now=NOON + DAY)
    stands(second, now=NOON + DAY)
    write(complaint, "이제 해결됐네요", at=NOON + DAY + HOUR)
    assert [of(reply).counts for reply in (first, second)] == ["NOT", "SATISFIED"]


def test_what_he_wrote_before_the_desk_knew_that_the_answer_stands() -> None:
    first = posted()
    complaint = Complaint.objects.get(pk=first.complaint_id)
    write(complaint, "고맙습니다", at=NOON + DAY + HOUR)
    assert of(first).counts == "SATISFIED"
    reply = Reply.objects.create(
        complaint=complaint, number=2, text=DONE, drafted_by=first.drafted_by, drafted_at=NOON, state="SENT",
        approved_by=first.drafted_by, approved_at=NOON,
    )  # fmt: skip
    for _twice in range(2):
        verdicts.answered(reply, at=NOON + DAY, department_id=None)
    assert [of(one).counts for one in (first, reply)] == ["", "SATISFIED"]


def test_his_consent_to_good_news_is_no_word_on_the_answer() -> None:
    reply = posted()
    by = make_person(Role.OFFICER)
    values = {"question": reply, "asked_by": by, "asked_at": NOON}
    GoodNews.objects.create(complaint=reply.complaint, **values)
    write(reply.complaint, "네, 감사합니다")
    assert of(reply).counts == ""
    write(reply.complaint, "아니요, 아직 그대로예요", at=NOON + 2 * HOUR)
    assert of(reply).counts == "NOT"


# --- officers -------------------------------------------------------------------------------------------------------


def heard(text: str = "참 빠르기도 하네요, 감사합니다") -> Verdict:
    reply = posted()
    write(reply.complaint, text)
    return of(reply)


def test_an_officer_corrects_irony_with_name_and_time_and_nothing_moves() -> None:
    row, by = heard(), make_person(Role.OFFICER)
    status = row.complaint.status
    verdicts.decide(row, "NOT", by=by, now=NOON + DAY, version=row.version)
    row = of(row.reply)
    assert (row.said, row.counts, row.decided_by, row.decided_at) == ("MIXED", "NOT", by, NOON + DAY)
    event = row.complaint.events.get(move="verdict")
    assert (event.by, event.to_status, row.complaint.status) == (by, "", status)
    verdicts.decide(row, "STRUCK", by=by, now=NOON + DAY, version=row.version)
    assert of(row.reply).counts == ""
    verdicts.decide(row, "", by=by, now=NOON + DAY, version=row.version + 1)
    row = of(row.reply)
    assert (row.counts, row.decided_by) == ("MIXED", None)


def test_his_newer_word_counts_again() -> None:
    row = heard()
    verdicts.decide(row, "STRUCK", by=make_person(Role.OFFICER), now=NOON + DAY, version=row.version)
    write(row.complaint, "해결됐네요", at=NOON + 2 * DAY)
    row = of(row.reply)
    assert (row.counts, row.decided, row.complaint.events.filter(move="verdict").count()) == ("SATISFIED", "", 1)


def test_two_officers_at_once() -> None:
    row, by = heard(), make_person(Role.OFFICER)
    verdicts.decide(row, "NOT", by=by, now=NOON + DAY, version=row.version)
    with pytest.raises(steps.Conflict):
        verdicts.decide(row, "NEITHER", by=by, now=NOON + DAY, version=row.version)
    assert of(row.reply).counts == "NOT"


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_else_corrects(role: Role) -> None:
    row = heard()
    with pytest.raises(steps.MoveNotAllowed):
        verdicts.decide(row, "NOT", by=make_person(role, row.complaint.department), now=NOON + DAY, version=row.version)


def test_nothing_is_invented() -> None:
    row, by = of(posted()), make_person(Role.OFFICER)
    for word in ("SATISFIED", "?"):
        with pytest.raises(verdicts.NotPossible):
            verdicts.decide(row, word, by=by, now=NOON + DAY, version=row.version)
    Complaint.objects.filter(pk=row.complaint_id).update(author=None)
    with pytest.raises(verdicts.NotPossible):
        verdicts.decide(of(row.reply), "SATISFIED", by=by, now=NOON + DAY, version=row.version)


def test_what_the_lists_missed_can_be_said() -> None:
    row = heard("오오 빛이 있으라")
    assert row.counts == ""
    verdicts.decide(row, "SATISFIED", by=make_person(Role.OFFICER), now=NOON + DAY, version=row.version)
    assert of(row.reply).counts == "SATISFIED"


# --- what was there before ------------------------------------------------------------------------------------------


def test_backfill_hears_what_was_written_and_once() -> None:
    row = heard()
    known = (row.said, row.words, row.said_at, row.answered_at, row.department_id)
    Verdict.objects.all().delete()
    call_command("backfill_satisfaction", json=True)
    again = of(row.reply)
    assert (again.said, again.words, again.said_at, again.answered_at, again.department_id) == known
    assert list(verdicts.backfill()) == []


def test_backfill_of_an_older_answer_leaves_the_correction_of_a_newer_one() -> None:
    first = posted()
    complaint = Complaint.objects.get(pk=first.complaint_id)
    second = Reply.objects.create(
        complaint=complaint, number=2, text=DONE, drafted_by=first.drafted_by, drafted_at=NOON, state="SENT",
        approved_by=first.drafted_by, approved_at=NOON,
    )  # fmt: skip
    verdicts.answered(second, at=NOON + DAY, department_id=None)
    write(complaint, "고맙습니다", at=NOON + DAY + HOUR)
    row = of(second)
    verdicts.decide(row, "NOT", by=make_person(Role.OFFICER), now=NOON + 2 * DAY, version=row.version)
    of(first).delete()
    call_command("backfill_satisfaction", json=True)
    assert [of(reply).counts for reply in (first, second)] == ["", "NOT"]


@pytest.mark.parametrize(
    "wrong",
    [{"said": "GREAT"}, {"said": ""}, {"mark": 6}, {"decided": "NOT"}, {"post": None}],
)
def test_the_database_refuses_nonsense(wrong: dict[str, Any]) -> None:
    row = heard()
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.filter(pk=row.pk).update(**wrong)
