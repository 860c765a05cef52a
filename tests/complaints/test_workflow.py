"""The state machine: every pair of statuses, every move, every person, against the table of docs/states.md."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, connection, transaction

from complaints import workflow
from complaints.models import Complaint, ComplaintEvent, Status
from complaints.moves import MOVES
from departments.models import Department, Role
from tests.make import NOON, make_agency, make_complaint, make_department, make_district, make_person

pytestmark = pytest.mark.django_db

#: Move → (from, to), spelt out anew: what docs/states.md promises.
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "triage": ({"RECEIVED"}, {"TRIAGED"}),
    "assign": ({"RECEIVED", "TRIAGED", "ASSIGNED", "IN_PROGRESS"}, {"ASSIGNED"}),
    "decide": ({"TRIAGED", "ASSIGNED", "IN_PROGRESS"}, {"ASSIGNED"}),
    "accept": ({"ASSIGNED"}, {"ASSIGNED"}),
    "start": ({"ASSIGNED"}, {"IN_PROGRESS"}),
    "answer": ({"IN_PROGRESS"}, {"ANSWERED"}),
    "complete": ({"ANSWERED"}, {"COMPLETED"}),
    "recall": ({"ANSWERED"}, {"IN_PROGRESS"}),
    "resume": ({"ON_HOLD"}, {"TRIAGED", "ASSIGNED", "IN_PROGRESS"}),
    "send_back": ({"ASSIGNED", "IN_PROGRESS"}, {"TRIAGED"}),
    "take_back": ({"ASSIGNED"}, {"TRIAGED"}),
    "hold": ({"TRIAGED", "ASSIGNED", "IN_PROGRESS"}, {"ON_HOLD"}),
    "transfer": ({"RECEIVED", "TRIAGED", "ASSIGNED"}, {"TRANSFERRED"}),
    "close": ({"IN_PROGRESS", "ANSWERED"}, {"COMPLETED"}),
    "dismiss": ({"RECEIVED", "TRIAGED"}, {"DISMISSED"}),
    "merge": ({"RECEIVED", "TRIAGED"}, {"DISMISSED"}),
    "reopen": ({"COMPLETED", "TRANSFERRED", "DISMISSED"}, {"TRIAGED"}),
    "undo": ({"ASSIGNED", "DISMISSED"}, {"TRIAGED"}),
}
OFFICERS, HOLDERS, HEADS = {"officer"}, {"staff", "head"}, {"head"}
WHO: dict[str, set[str]] = {
    "triage": OFFICERS,
    "assign": OFFICERS,
    "decide": {"arbiter"},
    "accept": HOLDERS,
    "start": OFFICERS | HOLDERS,
    "answer": OFFICERS | HEADS,
    "complete": {"the desk"},
    "recall": OFFICERS | HEADS | {"the desk"},
    "resume": OFFICERS | HOLDERS | {"the desk"},
    "send_back": HOLDERS,
    "take_back": {"the desk"},
    "hold": OFFICERS | HOLDERS,
    "transfer": OFFICERS,
    "close": OFFICERS | HEADS,
    "dismiss": OFFICERS,
    "merge": OFFICERS,
    "reopen": OFFICERS | {"the desk"},
    "undo": OFFICERS,
}
PEOPLE = (
    "officer", "staff", "head", "staff elsewhere", "head elsewhere", "manager", "auditor", "arbiter", "administrator",
    "inactive", "the desk",
)  # fmt: skip
#: What only the desk itself does.
ALONE = ("complete", "take_back")
AFTER = NOON + timedelta(minutes=5)


def person(who: str, department: Department) -> User | None:
    if who == "the desk":
        return None
    if who == "inactive":
        return make_person(Role.OFFICER, is_active=False)
    role = Role(who.split(maxsplit=1)[0])
    return make_person(role, make_department("도로계획과") if "elsewhere" in who else department)


def inputs(move: str) -> dict[str, Any]:
    """What the step needs beside who and when."""
    given: dict[str, Any] = {}
    if move in ("assign", "decide"):
        given["department"] = make_department("도로계획과")
    if move == "transfer":
        given["agency"] = make_agency()
    if move in ("decide", "send_back", "hold", "transfer", "close", "dismiss", "reopen"):
        given["reason"] = "그렇게 되었습니다"
    if move == "complete":
        given["at"] = NOON
    if move == "merge":
        given["leading"] = make_complaint()
    return given


def take(complaint: Complaint, move: str, by: User | None, given: dict[str, Any]) -> None:
    step: Callable[..., None] = getattr(workflow, move)
    if move not in ALONE:
        given = given | {"by": by, "version": complaint.version}
    step(complaint, now=AFTER, **given)


def before_the_arbiter(complaint: Complaint, name: str) -> None:
    """What a decision needs: departments sent it back, and somebody is arbiter."""
    if name == "decide":
        Complaint.objects.filter(pk=complaint.pk).update(arbitration="WAITING")
        complaint.refresh_from_db()
        make_person(Role.ARBITER)


def standing(status: str, department: Department, held_from: str = "TRIAGED") -> Complaint:
    held = department if status in (*TABLE["start"][0], "IN_PROGRESS", "ANSWERED") or held_from != "TRIAGED" else None
    values: dict[str, Any] = {"held_from": held_from} if status == "ON_HOLD" else {}
    return make_complaint(status=status, department=held, **values)


def slip(complaint: Complaint, by: User | None, name: str) -> None:
    """What an undo needs: the step that led here was this person's, and the last."""
    if name == "undo" and complaint.status in TABLE["undo"][0]:
        move = "dismiss" if complaint.status == "DISMISSED" else "assign"
        values = {"from_status": "RECEIVED", "to_status": complaint.status, "at": NOON}
        ComplaintEvent.objects.create(complaint=complaint, move=move, by=by, **values)


def test_the_table_is_the_one_we_promise() -> None:
    assert set(MOVES) == set(TABLE)
    for name, move in MOVES.items():
        assert {status.value for status in move.froms} == TABLE[name][0], name
        assert move.to is None or {move.to.value} == TABLE[name][1], name


@pytest.mark.parametrize("start", Status.values)
@pytest.mark.parametrize("end", Status.values)
def test_a_pair_of_statuses_is_connected_only_by_the_moves_of_the_table(start: str, end: str) -> None:
    """All 81 pairs × all moves, by somebody who may do it."""
    department = make_department()
    people = {"send_back": make_person(Role.HEAD, department), "decide": make_person(Role.ARBITER)}
    people["accept"], officer = people["send_back"], make_person(Role.OFFICER)
    led = set()
    for name in TABLE:
        by = None if name in ALONE else people.get(name, officer)
        held_from = end if name == "resume" and end in TABLE["resume"][1] else "TRIAGED"
        complaint = standing(start, department, held_from)
        slip(complaint, by, name)
        before_the_arbiter(complaint, name)
        before = Complaint.objects.get(pk=complaint.pk)
        try:
            take(complaint, name, by, inputs(name))
        except workflow.MoveNotAllowed:
            assert start not in TABLE[name][0], name
            row = Complaint.objects.get(pk=complaint.pk)
            assert (row.status, row.version, row.events.count()) == (start, before.version, 0)
            continue
        assert start in TABLE[name][0], name
        if complaint.status == end:
            led.add(name)
    assert led == {name for name, (froms, to) in TABLE.items() if start in froms and end in to}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", TABLE)
def test_only_the_right_people_take_a_step(name: str, who: str) -> None:
    department = make_department()
    by, given = person(who, department), inputs(name)
    if name in ALONE and by is not None:
        complaint = standing(min(TABLE[name][0]), department)
        assert name not in {move.name for move in workflow.moves_for(complaint, by)}
        return
    for start in sorted(TABLE[name][0]):
        complaint = standing(start, department, "IN_PROGRESS" if name == "resume" else "TRIAGED")
        slip(complaint, by, name)
        before_the_arbiter(complaint, name)
        may = who in WHO[name] and (who not in HOLDERS or complaint.department is not None)
        if by is not None:
            assert (name in {move.name for move in workflow.moves_for(complaint, by)}) == may, start
        if may:
            take(complaint, name, by, given)
            assert complaint.status in TABLE[name][1]
        else:
            with pytest.raises(workflow.MoveNotAllowed):
                take(complaint, name, by, given)


@pytest.mark.parametrize("name", TABLE)
def test_every_move_writes_exactly_one_event(name: str) -> None:
    department = make_department()
    roles = {"send_back": Role.HEAD, "accept": Role.HEAD, "decide": Role.ARBITER}
    by = None if name in ALONE else make_person(roles.get(name, Role.OFFICER), department)
    for start in sorted(TABLE[name][0]):
        complaint = standing(start, department)
        slip(complaint, by, name)
        before_the_arbiter(complaint, name)
        before = complaint.events.count()
        take(complaint, name, by, inputs(name))
        event = complaint.events.order_by("id")[before]
        assert complaint.events.count() == before + 1
        assert (event.move, event.from_status, event.to_status) == (name, start, complaint.status)
        assert (event.at, event.by) == (AFTER, by)
        assert complaint.version == 2


def test_a_step_leaves_what_its_status_needs() -> None:
    officer, department, agency = make_person(Role.OFFICER), make_department(), make_agency()
    district = make_district()
    complaint = make_complaint(news_at=NOON)
    workflow.triage(complaint, by=officer, version=1, now=AFTER, district=district, note="봤습니다")
    assert (complaint.district, complaint.news_at) == (district, None)
    workflow.assign(complaint, by=officer, version=2, now=AFTER, department=department)
    workflow.start(complaint, by=officer, version=3, now=AFTER)
    assert (complaint.department, complaint.assignee) == (department, officer)
    workflow.hold(complaint, by=officer, version=4, now=AFTER, reason="부품을 기다립니다")
    assert complaint.held_from == "IN_PROGRESS"
    workflow.resume(complaint, by=officer, version=5, now=AFTER)
    assert (complaint.status, complaint.held_from) == ("IN_PROGRESS", "")
    workflow.assign(complaint, by=officer, version=6, now=AFTER, department=department)
    assert complaint.assignee is None
    workflow.transfer(complaint, by=officer, version=7, now=AFTER, agency=agency, reason="경찰 소관입니다")
    assert (complaint.agency, complaint.department, complaint.closed_at) == (agency, None, AFTER)
    workflow.reopen(complaint, by=officer, version=8, now=AFTER, reason="잘못 넘겼습니다")
    assert (complaint.agency, complaint.closed_at, complaint.close_reason, complaint.reopened) == (None, None, "", 1)
    assert complaint.due_at > AFTER
    assert [event.note for event in complaint.events.all()][:1] == ["봤습니다"]


def test_the_event_of_a_step_away_names_who_held_it_until_then() -> None:
    tour = make_department("관광정책과")
    complaint = standing("ASSIGNED", tour)
    staff = make_person(Role.STAFF, tour)
    workflow.send_back(complaint, by=staff, version=complaint.version, now=AFTER, reason="저희 일이 아닙니다")
    event = complaint.events.get(move="send_back")
    assert (complaint.department, event.department) == (None, tour)


def test_a_long_reason_is_kept_whole_by_its_event() -> None:
    complaint, reason = standing("RECEIVED", make_department()), "광고입니다. " * 100
    officer = make_person(Role.OFFICER)
    workflow.dismiss(complaint, by=officer, version=complaint.version, now=AFTER, reason=reason)
    assert complaint.events.get(move="dismiss").note == reason
    assert complaint.close_reason == reason[: workflow.REASON_MAX]


def test_completing_notes_when_the_answer_was_posted_and_reopening_forgets_it() -> None:
    complaint = make_complaint(status="ANSWERED")
    workflow.complete(complaint, at=NOON, now=AFTER)
    assert (complaint.answered_at, complaint.closed_at) == (NOON, AFTER)
    workflow.reopen(complaint, by=None, version=None, now=AFTER, reason="다시 쓰셨습니다")
    assert (complaint.answered_at, complaint.closed_at) == (None, None)


def test_what_was_held_resumes_where_it_was_however_old_the_object_is() -> None:
    officer, complaint = make_person(Role.OFFICER), make_complaint(status="TRIAGED")
    stale = Complaint.objects.get(pk=complaint.pk)
    workflow.assign(complaint, by=officer, version=1, now=AFTER, department=make_department())
    workflow.hold(stale, by=officer, version=2, now=AFTER, reason="기다립니다")
    assert stale.held_from == "ASSIGNED"


def test_who_saw_an_older_version_learns_of_it() -> None:
    officer, complaint = make_person(Role.OFFICER), make_complaint()
    workflow.triage(complaint, by=officer, version=1, now=AFTER)
    with pytest.raises(workflow.Conflict):
        workflow.assign(complaint, by=officer, version=1, now=AFTER, department=make_department())
    complaint.refresh_from_db()
    assert (complaint.status, complaint.events.count()) == ("TRIAGED", 1)


def test_what_changes_no_status_has_an_event_too() -> None:
    officer, complaint = make_person(Role.OFFICER), make_complaint(status="ANSWERED")
    workflow.note(complaint, by=officer, now=AFTER, text="동료에게")
    rows = workflow.joined([complaint, complaint], with_photo={complaint.pk}, now=AFTER)
    assert rows[complaint.pk].status == "ANSWERED"
    complaint.refresh_from_db()
    assert (complaint.news_at, complaint.has_photo, complaint.version) == (AFTER, True, 2)
    workflow.seen(complaint)
    complaint.refresh_from_db()
    assert complaint.news_at is None
    workflow.drafted(complaint, by=officer, version=2, now=AFTER)
    workflow.reply_troubled(complaint, move="unsure", now=AFTER, why="")
    assert complaint.news_at is None
    workflow.reply_troubled(complaint, move="failed", now=AFTER, why="거절")
    assert complaint.news_at == AFTER
    events = list(complaint.events.values_list("move", "from_status", "to_status"))
    assert events == [(move, "", "") for move in ("note", "join", "join", "draft", "unsure", "failed")]


def test_news_that_came_after_the_look_stay_news() -> None:
    complaint = make_complaint(news_at=NOON)
    workflow.joined([complaint], with_photo=(), now=AFTER)
    workflow.seen(complaint)
    complaint.refresh_from_db()
    assert complaint.news_at == AFTER


def test_registering_numbers_each_and_opens_its_history() -> None:
    made = make_complaint()
    fresh = [Complaint(account=made.account, text="x", received_at=NOON, due_at=AFTER) for _n in range(2)]
    stored = workflow.register(fresh, now=NOON)
    assert [row.number[:6] for row in stored] == ["B26-00", "B26-00"]
    assert len({row.number for row in stored}) == 2
    events = ComplaintEvent.objects.filter(complaint__in=stored)
    assert {(event.move, event.to_status, event.at) for event in events} == {("register", "RECEIVED", NOON)}


def test_the_database_refuses_to_change_an_event() -> None:
    complaint = make_complaint()
    workflow.note(complaint, by=make_person(Role.OFFICER), now=AFTER, text="처음")
    with pytest.raises(DatabaseError), transaction.atomic():
        ComplaintEvent.objects.update(note="나중")
    assert complaint.events.get().note == "처음"


@pytest.mark.needs_pg
def test_postgresql_refuses_to_delete_an_event_too() -> None:
    complaint = make_complaint()
    workflow.note(complaint, by=make_person(Role.OFFICER), now=AFTER, text="처음")
    with pytest.raises(DatabaseError), transaction.atomic():
        complaint.events.all().delete()


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "ASSIGNED"},
        {"status": "ANSWERED"},
        {"status": "COMPLETED"},
        {"status": "TRANSFERRED", "closed_at": NOON},
        {"status": "RECEIVED", "closed_at": NOON},
        {"status": "ON_HOLD"},
        {"status": "LOST"},
    ],
)
def test_the_database_refuses_a_status_without_what_it_needs(broken: dict[str, Any]) -> None:
    complaint = make_complaint()
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**broken)


@pytest.mark.needs_pg
@pytest.mark.django_db(transaction=True)
def test_of_two_who_assign_at_once_one_wins() -> None:
    officer, complaint = make_person(Role.OFFICER), make_complaint()
    departments = [make_department(name) for name in ("관광정책과", "도로계획과")]
    ready, outcomes = threading.Barrier(2), []

    def assign(department: Department) -> None:
        mine = Complaint.objects.get(pk=complaint.pk)
        ready.wait(10)
        try:
            workflow.assign(mine, by=officer, version=mine.version, now=AFTER, department=department)
            outcomes.append("won")
        except workflow.Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=assign, args=(department,)) for department in departments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["conflict", "won"]
    assert complaint.events.count() == 1


def test_an_undo_is_for_the_own_last_step_and_leaves_the_citizens_clock_alone() -> None:
    officer, other, department = make_person(Role.OFFICER), make_person(Role.OFFICER), make_department()
    complaint = make_complaint()
    due = complaint.due_at
    workflow.dismiss(complaint, by=officer, version=1, now=AFTER, reason="광고입니다")
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.undo(complaint, by=other, version=2, now=AFTER)
    workflow.undo(complaint, by=officer, version=2, now=AFTER)
    assert (complaint.status, complaint.due_at, complaint.reopened) == ("TRIAGED", due, 0)
    assert (complaint.closed_at, complaint.close_reason) == (None, "")
    assert set(complaint.durations.values_list("state", "excluded")) == {("DONE", ""), ("OPEN", "")}
    workflow.assign(complaint, by=officer, version=3, now=AFTER, department=department)
    workflow.note(complaint, by=other, now=AFTER, text="이미 전화했습니다")
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.undo(complaint, by=officer, version=complaint.version, now=AFTER)


def test_an_officer_says_what_is_urgent() -> None:
    officer, complaint = make_person(Role.OFFICER), make_complaint()
    workflow.prioritise(complaint, by=officer, version=1, now=AFTER, urgent=True)
    assert (complaint.priority, complaint.version) == ("URGENT", 2)
    with pytest.raises(workflow.Conflict):
        workflow.prioritise(complaint, by=officer, version=1, now=AFTER, urgent=False)
    workflow.prioritise(complaint, by=officer, version=2, now=AFTER, urgent=False)
    assert list(complaint.events.values_list("move", flat=True)) == ["urgent", "calm"]
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.prioritise(complaint, by=make_person(Role.MANAGER), version=3, now=AFTER, urgent=True)
