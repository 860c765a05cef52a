"""One reply to all citizens of an incident: written once, left out, released, carried out, undone, gone on with."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from channels_sns import outbox
from channels_sns.models import OutboundPost
from complaints import delivery_ledger, incident_replies, incidents, releasing, replies, settlement, workflow
from complaints.delivery_ledger import Fate
from complaints.models import Complaint, Incident, IncidentDelivery, IncidentReply, Reply
from complaints.wordings import Wordings
from departments.models import Department, Role
from tests.make import NOON, make_account, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db

TEXT = "우동 상수도관을 고쳤습니다. 기다려 주셔서 고맙습니다."
LATER = NOON + timedelta(minutes=2)
Row = OutboundPost.State


class Office:
    """An incident with complaints in every way, and the people who answer it."""

    def __init__(self) -> None:
        self.officer, self.water = make_person(Role.OFFICER), make_department("상수도사업본부")
        self.head, self.staff = make_person(Role.HEAD, self.water), make_person(Role.STAFF, self.water)
        self.incident = incidents.begin("우동 누수", by=self.officer, now=NOON, department=self.water)

    def tie(self, *complaints: Complaint) -> None:
        incidents.gather(self.incident, complaints, by=None, now=NOON)

    def draft(
        self, text: str = TEXT, *, kind: str = "ANSWER", text_en: str = "", by: User | None = None
    ) -> IncidentReply:
        who = by or self.officer
        reply = incident_replies.begin(self.incident, by=who, now=NOON)
        return incident_replies.save(
            reply, text=text, text_en=text_en, kind=kind, by=who, version=reply.version, now=NOON
        )

    def release(self, reply: IncidentReply, *, by: User | None = None, now: datetime = NOON) -> IncidentReply:
        return incident_replies.release(reply, by=by or self.officer, version=reply.version, now=now)

    def out(self, **draft: Any) -> IncidentReply:
        """Written, released, carried out."""
        reply = self.release(self.draft(**draft))
        releasing.carry_on(now=LATER)
        return reply


@pytest.fixture
def office() -> Office:
    return Office()


def ledger(reply: IncidentReply) -> list[str]:
    lines = delivery_ledger.lines_of(reply)
    found = delivery_ledger.fates(lines)
    return [found[line.pk].value for line in lines]


def skipped(reply: IncidentReply) -> list[str]:
    return list(reply.deliveries.values_list("skipped", flat=True))


def post_all(state: Row = Row.SENT, *, now: datetime = LATER) -> None:
    """The network took everything that waits."""
    for n, row in enumerate(OutboundPost.objects.filter(state=Row.QUEUED)):
        assert outbox.claim(row, now=now)
        more: dict[str, Any] = {"sent_at": now, "external_id": f"s{row.pk}"} if state == Row.SENT else {}
        assert outbox.move(row, state, now=now, expect=Row.SENDING, detail=str(n), **more)
    settlement.settle(now=now)


def status_of(complaint: Complaint) -> str:
    return Complaint.objects.get(pk=complaint.pk).status


def test_every_state_comes_to_its_end_through_the_table_of_moves(office: Office) -> None:
    held: dict[str, Any] = {"department": office.water}
    fresh, seen = make_complaint("물이 새요"), make_complaint("물이 넘쳐요", status="TRIAGED")
    assigned, begun = (
        make_complaint("누수", status="ASSIGNED", **held),
        make_complaint("물", status="IN_PROGRESS", **held),
    )
    waits = make_complaint("단수", status="ON_HOLD", held_from="TRIAGED")
    done = make_complaint("어제 누수", status="COMPLETED", **held)
    office.tie(fresh, seen, assigned, begun, waits, done)
    reply = office.out()
    assert ledger(reply) == ["QUEUED"] * 6
    assert [status_of(one) for one in (fresh, seen, assigned, begun, waits, done)] == ["ANSWERED"] * 5 + ["COMPLETED"]
    post_all()
    assert ledger(reply) == ["SENT"] * 6
    assert {status_of(one) for one in (fresh, seen, assigned, begun, waits, done)} == {"COMPLETED"}
    kinds = Counter(Reply.objects.values_list("kind", flat=True))
    assert kinds == {"ANSWER": 5, "OUTCOME": 1}
    moves = list(fresh.events.values_list("move", flat=True))
    assert moves == ["tie", "assign", "start", "answer", "complete"]
    assert {event.by for event in fresh.events.filter(move__in=["assign", "start", "answer"])} == {office.officer}
    for one in (fresh, done):
        sent = Reply.objects.get(complaint=one)
        assert f"(접수 {one.number}-1)" in OutboundPost.objects.get(key=f"reply:{sent.pk}:1").text


def test_nothing_leaves_before_the_grace_is_over_and_an_undo_makes_it_a_draft_again(office: Office) -> None:
    office.tie(make_complaint())
    reply = office.release(office.draft())
    assert reply.release_at == NOON + timedelta(seconds=60)
    assert releasing.carry_on(now=NOON + timedelta(seconds=59)) == 0
    assert ledger(reply) == ["QUEUED"]
    undone = incident_replies.stop(reply, by=office.officer, version=reply.version, now=NOON + timedelta(seconds=59))
    assert (undone.state, undone.approved_by, undone.release_at) == ("DRAFT", None, None)
    assert releasing.carry_on(now=LATER) == 0
    assert not OutboundPost.objects.exists()
    office.release(undone)
    assert releasing.carry_on(now=LATER) == 1
    assert releasing.carry_on(now=LATER) == 0
    assert [event.what for event in office.incident.events.exclude(what="join")] == [
        "begin", "release", "unrelease", "release",
    ]  # fmt: skip


def test_stopped_in_the_middle_what_waits_is_taken_back_and_goes_out_once_when_it_goes_on(office: Office) -> None:
    sent, waiting, going = (make_complaint(f"누수 {n}") for n in range(3))
    office.tie(sent, waiting, going)
    reply = office.out()
    first, _second, third = OutboundPost.objects.order_by("created_at", "key")
    outbox.claim(first, now=LATER)
    outbox.move(first, Row.SENT, now=LATER, expect=Row.SENDING, sent_at=LATER, external_id="s1")
    outbox.claim(third, now=LATER)
    reply = incident_replies.stop(reply, by=office.officer, version=reply.version, now=LATER)
    assert reply.state == "STOPPED"
    assert ledger(reply) == ["SENT", "TAKEN_BACK", "QUEUED"]
    assert [status_of(one) for one in (sent, waiting, going)] == ["COMPLETED", "IN_PROGRESS", "ANSWERED"]
    reply = incident_replies.save(
        reply, text="고쳤습니다.", text_en="", kind="NOTICE", by=office.officer, version=reply.version, now=LATER
    )
    assert reply.kind == "ANSWER"
    reply = office.release(reply, now=LATER)
    outbox.move(third, Row.SENT, now=LATER, expect=Row.SENDING, sent_at=LATER, external_id="s3")
    assert releasing.carry_on(now=LATER + timedelta(minutes=2)) == 1
    post_all(now=LATER + timedelta(minutes=3))
    assert ledger(reply) == ["SENT"] * 3
    texts = [
        Reply.objects.filter(complaint=one, state="SENT").values_list("text", flat=True) for one in (sent, waiting)
    ]
    assert [list(one) for one in texts] == [[TEXT], ["고쳤습니다."]]
    assert OutboundPost.objects.filter(state=Row.SENT).count() == 3


def test_a_stop_whose_request_died_is_finished_by_the_desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.tie(make_complaint())
    reply = office.out()
    monkeypatch.setattr(releasing, "take_back", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        incident_replies.stop(reply, by=office.officer, version=reply.version, now=LATER)
    monkeypatch.undo()
    assert releasing.due(LATER).exists()
    releasing.carry_on(now=LATER)
    assert ledger(reply) == ["TAKEN_BACK"]
    assert not releasing.due(LATER).exists()


def test_who_is_left_out_gets_none_until_somebody_puts_him_back(office: Office) -> None:
    out, stays = make_complaint("광고"), make_complaint("누수")
    office.tie(out, stays)
    reply = office.draft()
    assert incident_replies.skip(reply, [out], by=office.staff, now=NOON) == 1
    assert incident_replies.skip(reply, [out], by=office.staff, now=NOON) == 0
    reply = office.release(reply)
    releasing.carry_on(now=LATER)
    assert sorted(ledger(reply)) == ["QUEUED", "SKIPPED"]
    assert incident_replies.skip(reply, [stays], by=office.officer, now=LATER) == 0
    assert incident_replies.unskip(reply, [out, stays], by=office.officer, now=LATER) == 1
    releasing.carry_on(now=LATER)
    assert ledger(reply) == ["QUEUED", "QUEUED"]


def test_what_is_in_the_way_costs_only_its_own_line(office: Office) -> None:
    road = make_department("도로계획과")
    gone, transferred = make_complaint(), make_complaint(status="TRANSFERRED")
    drafted = make_complaint(status="IN_PROGRESS", department=road)
    answering, good, left = make_complaint(status="IN_PROGRESS", department=road), make_complaint(), make_complaint()
    for one, approve in ((drafted, False), (answering, True)):
        replies.draft(one, text="우리 과가 답합니다", by=office.officer, version=one.version, now=NOON)
        if approve:
            replies.approve(one, by=office.officer, version=one.version, now=NOON)
    office.tie(gone, transferred, drafted, answering, good, left)
    Complaint.objects.filter(pk=gone.pk).update(status="DISMISSED", closed_at=NOON)
    reply = office.release(office.draft())
    incidents.split(office.incident, left, by=office.officer, now=NOON)
    every = [gone, transferred, drafted, answering, good, left]
    expected = ["closed", "closed", "draft", "answering", "", "left"]
    found = releasing.obstacles(reply, [Complaint.objects.get(pk=one.pk) for one in every])
    assert [found[one.pk] for one in every] == expected
    assert releasing.carry_on(now=LATER) == 6
    assert dict(reply.deliveries.values_list("complaint", "skipped")) == {
        one.pk: why for one, why in zip(every, expected, strict=True)
    }
    assert drafted.replies.get().text == "우리 과가 답합니다"


def test_without_a_department_what_nobody_holds_waits(office: Office) -> None:
    Incident.objects.filter(pk=office.incident.pk).update(department=None)
    office.tie(make_complaint())
    assert skipped(office.out()) == ["nobody"]


def test_a_head_answers_what_his_department_holds_and_no_more(office: Office) -> None:
    mine = make_complaint(status="ASSIGNED", department=office.water)
    other = make_complaint(status="ASSIGNED", department=make_department("도로계획과"))
    office.tie(mine, other)
    reply = office.release(office.draft(by=office.staff), by=office.head)
    releasing.carry_on(now=LATER)
    assert skipped(reply) == ["", "denied"]
    with pytest.raises(workflow.MoveNotAllowed):
        incident_replies.stop(reply, by=office.staff, version=reply.version, now=LATER)


def test_a_text_that_fits_no_post_and_an_error_are_said_and_the_others_go_out(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    x, facebook = make_account("x"), make_account("facebook")
    short, long = make_complaint(account=facebook), make_complaint(account=x)
    office.tie(short, long)
    reply = office.out(text="누수 " * 3000)
    assert skipped(reply) == ["", "long"]
    original = replies.send

    def broken(sent: Reply, *args: Any, **more: Any) -> None:
        if sent.complaint_id == short.pk:
            raise ZeroDivisionError
        original(sent, *args, **more)

    again = Office()
    again.tie(make_complaint())
    short = again.incident.members.get().complaint
    monkeypatch.setattr(replies, "send", broken)
    second = again.out()
    assert skipped(second) == ["error"]
    assert "could not be answered" in caplog.text
    assert status_of(short) == "RECEIVED"
    monkeypatch.undo()
    incident_replies.unskip(second, [short], by=again.officer, now=LATER)
    releasing.carry_on(now=LATER)
    assert skipped(second) == [""]


def test_a_notice_moves_nothing_and_comes_before_the_answer(office: Office) -> None:
    fresh, done = make_complaint(), make_complaint(status="COMPLETED", department=office.water)
    office.tie(fresh, done)
    notice = office.out(kind="NOTICE", text="확인하고 있습니다.")
    post_all()
    assert ledger(notice) == ["SENT", "SENT"]
    assert [status_of(fresh), status_of(done)] == ["RECEIVED", "COMPLETED"]
    assert "notice" in fresh.events.values_list("move", flat=True)
    answer = office.out()
    assert answer.number == 2
    post_all()
    assert [status_of(fresh), status_of(done)] == ["COMPLETED", "COMPLETED"]
    assert list(fresh.replies.values_list("kind", "number")) == [("NOTICE", 1), ("ANSWER", 2)]


def test_who_was_tied_since_gets_the_same_text(office: Office) -> None:
    first, late = make_complaint(), make_complaint()
    office.tie(first)
    reply = office.out()
    office.tie(late)
    assert (
        incident_replies.extend(reply, by=office.officer, version=IncidentReply.objects.get().version, now=LATER) == 1
    )
    assert releasing.carry_on(now=LATER) == 0
    assert releasing.carry_on(now=LATER + timedelta(minutes=2)) == 1
    assert OutboundPost.objects.count() == 2


def test_the_ledger_says_what_the_outbox_says(office: Office) -> None:
    office.tie(make_complaint())
    reply = office.out()
    row = OutboundPost.objects.get()
    outbox.claim(row, now=LATER)
    assert ledger(reply) == ["QUEUED"]
    outbox.move(row, Row.UNSURE, now=LATER, expect=Row.SENDING)
    assert ledger(reply) == ["UNKNOWN"]
    outbox.move(row, Row.QUEUED, now=LATER, expect=Row.UNSURE)
    outbox.claim(row, now=LATER)
    outbox.move(row, Row.BLOCKED, now=LATER, expect=Row.SENDING)
    assert ledger(reply) == ["FAILED"]
    counted = dict(delivery_ledger.counts(delivery_ledger.fates(delivery_ledger.lines_of(reply)).values()))
    assert counted[Fate.FAILED] == 1
    assert sum(counted.values()) == 1


def test_only_one_text_is_written_at_a_time_and_the_slower_writer_is_told(office: Office) -> None:
    first = incident_replies.begin(office.incident, by=office.staff, now=NOON)
    assert incident_replies.begin(office.incident, by=office.officer, now=NOON) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentReply.objects.create(incident=office.incident, number=7, drafted_by=office.staff, drafted_at=NOON)
    saved = office.draft()
    with pytest.raises(workflow.Conflict):
        incident_replies.save(first, text="x", text_en="", kind="ANSWER", by=office.staff, version=1, now=NOON)
    with pytest.raises(replies.NotPossible):
        incident_replies.save(saved, text=" ", text_en="", kind="", by=office.staff, version=saved.version, now=NOON)


def test_what_is_refused(office: Office, settings: Any) -> None:
    empty = incident_replies.begin(office.incident, by=office.staff, now=NOON)
    with pytest.raises(replies.NotPossible):
        office.release(empty)
    for attempt in (incident_replies.stop, incident_replies.extend):
        with pytest.raises(replies.NotPossible):
            attempt(empty, by=office.officer, version=empty.version, now=NOON)
    reply = office.draft(by=office.head)
    settings.FOUR_EYES = True
    with pytest.raises(replies.NotPossible):
        office.release(reply, by=office.head)
    released = office.release(reply)
    with pytest.raises(replies.NotPossible):
        office.release(released)
    with pytest.raises(replies.NotPossible):
        incident_replies.extend(released, by=office.head, version=released.version, now=NOON)
    with pytest.raises(workflow.Conflict):
        office.release(reply)
    with pytest.raises(replies.NotPossible):
        incident_replies.save(
            released, text="x", text_en="", kind="", by=office.officer, version=released.version, now=NOON
        )


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_strangers_may_nothing(office: Office, role: Role) -> None:
    stranger = make_person(role, Department.objects.create(code="x", name="다른 과"))
    reply = office.draft()
    who: dict[str, Any] = {"by": stranger, "now": NOON}
    with pytest.raises(workflow.MoveNotAllowed):
        incident_replies.begin(office.incident, **who)
    with pytest.raises(workflow.MoveNotAllowed):
        incident_replies.save(reply, text="x", text_en="", kind="", version=reply.version, **who)
    with pytest.raises(workflow.MoveNotAllowed):
        incident_replies.release(reply, version=reply.version, **who)
    with pytest.raises(workflow.MoveNotAllowed):
        incident_replies.skip(reply, [], **who)
    with pytest.raises(workflow.MoveNotAllowed):
        incident_replies.unskip(reply, [], **who)


def test_a_draft_begun_meanwhile_does_not_stand_in_the_way_of_an_undo(office: Office) -> None:
    office.tie(make_complaint())
    reply = office.release(office.draft())
    office.draft(text="다음 글")
    undone = incident_replies.stop(reply, by=office.officer, version=reply.version, now=NOON)
    assert (undone.state, undone.stopping) == ("STOPPED", False)
    assert releasing.carry_on(now=LATER) == 0
    office.release(undone)
    assert releasing.carry_on(now=LATER) == 1


def test_a_worker_with_an_older_text_in_hand_carries_nothing_out(office: Office) -> None:
    office.tie(make_complaint())
    reply = office.release(office.draft())
    IncidentReply.objects.filter(pk=reply.pk).update(version=99)
    line = IncidentDelivery.objects.get()
    assert not releasing._carry(reply, line.pk, Wordings(reply), LATER)
    assert not Reply.objects.exists()


def test_it_goes_on_as_long_as_it_may(office: Office) -> None:
    office.tie(*(make_complaint() for _n in range(3)))
    reply = office.release(office.draft())
    turns = iter([True, True, True, False, False])
    assert releasing.carry_on(now=LATER, goes_on=lambda: next(turns)) == 2
    assert ledger(reply).count("QUEUED") == 3
    assert OutboundPost.objects.count() == 2
    assert releasing.carry_on(now=LATER) == 1


def test_no_two_posts_are_of_one_moment(office: Office) -> None:
    """Bluesky names a post by the microsecond of its row and ten bits: many of one moment would meet."""
    office.tie(*(make_complaint() for _n in range(5)))
    office.out()
    assert len(set(OutboundPost.objects.values_list("created_at", flat=True))) == 5
