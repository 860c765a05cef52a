"""협조: asked inside the period, seen by exactly the asked, answered once, told once; the holder stays the holder."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints import alerts, consultations, deadlines, escalation, privacy, tasks, workflow
from complaints.models import Alert, Complaint, Consultation, Duration, Escalation, Stage
from departments import working_time
from departments.models import Department, Membership, Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Wish = Consultation.Wish


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


class Office:
    """The tour department holds a complaint, the road department is asked."""

    def __init__(self, **values: Any) -> None:
        self.tour, self.road = make_department("관광정책과"), make_department("도로계획과")
        self.staff, self.other = make_person(Role.STAFF, self.tour), make_person(Role.STAFF, self.road)
        known: dict[str, Any] = {"status": "IN_PROGRESS", "department": self.tour, "accepted_at": NOON}
        self.complaint: Complaint = make_complaint(**(known | values))
        self.complaint.due_at = deadlines.due_of(self.complaint)
        self.complaint.save()

    def ask(self, *, by: User | None = None, department: Department | None = None, **values: Any) -> Consultation:
        known: dict[str, Any] = {
            "now": NOON,
            "wish": Wish.OPINION,
            "question": "이 구간은 어디 소관입니까?",
            "hours": 1,
        }
        return consultations.ask(
            self.complaint, by=by or self.staff, department=department or self.road, **(known | values)
        )


@pytest.fixture
def office() -> Office:
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    return Office()


def moves_of(complaint: Complaint) -> list[str]:
    return list(complaint.events.order_by("id").values_list("move", flat=True))


def sees(user: User, complaint: Complaint) -> bool:
    return Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()


# --- asking ---------------------------------------------------------------------------------------------------------


def test_the_holder_stays_the_holder_and_its_clock_runs_on(office: Office) -> None:
    version, due_at = office.complaint.version, office.complaint.due_at
    one = office.ask()
    office.complaint.refresh_from_db()
    assert (office.complaint.department, office.complaint.version, office.complaint.due_at) == (
        office.tour, version, due_at,
    )  # fmt: skip
    assert (one.number, one.holder, one.due_at) == (1, office.tour, seoul("2026-11-24T14:00"))
    assert moves_of(office.complaint) == ["consult"]
    assert office.complaint.events.get().department == office.road
    assert not Duration.objects.filter(department=office.road).exists()


def test_it_must_be_answered_within_the_period(office: Office) -> None:
    calendar = working_time.calendar_for()
    offered = dict(consultations.terms(office.complaint, now=NOON, calendar=calendar))
    assert offered == {1: seoul("2026-11-24T14:00"), 2: seoul("2026-11-24T15:00"), 0: office.complaint.due_at}
    with pytest.raises(consultations.NotPossible):
        office.ask(hours=8)
    assert office.ask(hours=0).due_at == office.complaint.due_at


def test_of_a_late_complaint_the_answer_is_wanted_at_once(office: Office) -> None:
    late = seoul("2026-11-25T10:00")
    assert office.ask(hours=0, now=late).due_at == seoul("2026-11-25T14:00")


def test_who_may_ask_and_when(office: Office) -> None:
    officer, head = make_person(Role.OFFICER), make_person(Role.HEAD, office.tour)
    others = [office.other, make_person(Role.MANAGER), make_person(Role.AUDITOR), make_person(Role.ARBITER)]
    assert all(consultations.may_ask(user, office.complaint) for user in (officer, head, office.staff))
    for user in others:
        with pytest.raises(workflow.MoveNotAllowed):
            office.ask(by=user)
    for status, accepted in (("TRIAGED", NOON), ("ASSIGNED", None), ("ANSWERED", NOON), ("COMPLETED", NOON)):
        Complaint.objects.filter(pk=office.complaint.pk).update(
            status=status, accepted_at=accepted, closed_at=NOON if status == "COMPLETED" else None
        )
        with pytest.raises(workflow.MoveNotAllowed):
            office.ask()


def test_nobody_is_asked_twice_at_once_nor_asks_himself(office: Office) -> None:
    first = office.ask()
    with pytest.raises(consultations.NotPossible):
        office.ask()
    with pytest.raises(consultations.NotPossible):
        office.ask(department=office.tour)
    consultations.answer(first, by=office.other, now=NOON + HOUR, text="시도입니다")
    assert office.ask(now=NOON + 2 * HOUR).number == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=first.pk).update(state="ASKED")


# --- who sees it ----------------------------------------------------------------------------------------------------


def test_the_asked_see_that_complaint_while_and_after_and_no_other(office: Office) -> None:
    foreign = make_complaint(status="IN_PROGRESS", department=office.tour)
    stranger = make_person(Role.STAFF)
    assert not sees(office.other, office.complaint)
    one = office.ask()
    assert sees(office.other, office.complaint)
    assert not sees(office.other, foreign)
    assert not sees(stranger, office.complaint)
    consultations.answer(one, by=office.other, now=NOON + HOUR, text="저희가 고쳤습니다")
    assert sees(office.other, office.complaint)
    Membership.objects.filter(user=office.other).update(active_from=NOON - HOUR, active_to=NOON)
    assert not sees(User.objects.get(pk=office.other.pk), office.complaint)


def test_they_take_no_step_and_the_citizen_is_masked_for_them(office: Office) -> None:
    office.ask()
    assert workflow.moves_for(office.complaint, office.other) == []
    assert privacy.is_masked_on(office.complaint, office.other)
    assert not privacy.is_masked_on(office.complaint, office.staff)
    assert not privacy.is_masked_on(office.complaint, make_person(Role.OFFICER))
    assert privacy.is_masked_on(office.complaint, make_person(Role.AUDITOR))


# --- answering ------------------------------------------------------------------------------------------------------


def test_an_answer_counts_once_and_tells_how_long_it_lay_there(office: Office) -> None:
    one = office.ask()
    stale = Consultation.objects.select_related("complaint").get(pk=one.pk)
    consultations.answer(one, by=office.other, now=NOON + 2 * HOUR, text="시도입니다")
    assert (one.state, one.answer, one.working_seconds) == ("ANSWERED", "시도입니다", 3600)
    with pytest.raises(workflow.Conflict):
        consultations.decline(stale, by=office.other, now=NOON + 2 * HOUR, reason="아닙니다")
    with pytest.raises(workflow.MoveNotAllowed):
        consultations.answer(one, by=office.other, now=NOON + 2 * HOUR, text="다시")
    assert moves_of(office.complaint) == ["consult", "consult_answer"]


def test_only_the_asked_answer_and_only_the_holder_takes_back(office: Office) -> None:
    one = office.ask()
    for user in (office.staff, make_person(Role.OFFICER), make_person(Role.STAFF)):
        with pytest.raises(workflow.MoveNotAllowed):
            consultations.answer(one, by=user, now=NOON, text="x")
        with pytest.raises(workflow.MoveNotAllowed):
            consultations.more_time(one, by=user, now=NOON, hours=2, reason="x")
    with pytest.raises(workflow.MoveNotAllowed):
        consultations.withdraw(one, by=office.other, now=NOON)
    consultations.withdraw(one, by=office.staff, now=NOON + HOUR, reason="해결했습니다")
    assert (one.state, one.settled_by) == ("WITHDRAWN", office.staff)


def test_more_time_once_before_it_is_over_and_within_the_period(office: Office) -> None:
    one = office.ask()
    with pytest.raises(consultations.NotPossible):
        consultations.more_time(one, by=office.other, now=NOON + HOUR, hours=40, reason="현장")
    until = consultations.more_time(one, by=office.other, now=NOON + HOUR, hours=2, reason="현장 확인")
    one.refresh_from_db()
    assert one.due_at == until == seoul("2026-11-24T15:00")
    with pytest.raises(consultations.NotPossible):
        consultations.more_time(one, by=office.other, now=NOON + HOUR, hours=0, reason="더")
    late = office.ask(department=make_department("공원정책과"))
    by = make_person(Role.STAFF, late.department)
    assert not list(consultations.longer(late, now=NOON + 5 * HOUR, calendar=working_time.calendar_for()))
    with pytest.raises(consultations.NotPossible):
        consultations.more_time(late, by=by, now=NOON + 5 * HOUR, hours=0, reason="늦었습니다")


def test_what_nobody_needs_any_more_ends_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, moved = office.ask(), Office()
    second = moved.ask()
    kept = Office().ask()
    Complaint.objects.filter(pk=office.complaint.pk).update(status="COMPLETED", closed_at=NOON)
    Complaint.objects.filter(pk=moved.complaint.pk).update(department=moved.road)
    tasks.take_back_idle()
    states = {row.pk: row.state for row in Consultation.objects.all()}
    assert states == {closed.pk: "LAPSED", second.pk: "LAPSED", kept.pk: "ASKED"}
    assert consultations.lapse(now=NOON) == 0
    third = Office().ask()
    Complaint.objects.filter(pk=third.complaint_id).update(status="COMPLETED", closed_at=NOON)
    monkeypatch.setattr(consultations, "_locked", _taken)
    assert consultations.lapse(now=NOON) == 0


def _taken(_row: Consultation) -> Consultation:
    raise workflow.Conflict("somebody was faster")


# --- who hears of it ------------------------------------------------------------------------------------------------


def told(now: datetime) -> dict[str, set[User]]:
    """Stage → who hears of it at this tick, of 협조 alone."""
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    before = set(Alert.objects.values_list("pk", flat=True))
    escalation.escalate(now=now)
    found: dict[str, set[User]] = {}
    for row in Alert.objects.exclude(pk__in=before).filter(stage__in=("CONSULT", "UNHEARD", "REPLIED")):
        found.setdefault(row.stage, set()).add(row.user)  # type: ignore[arg-type]
    return found


def test_the_asked_hear_of_it_at_once_the_late_and_the_holder_in_time(office: Office) -> None:
    head = make_person(Role.HEAD, office.road)
    one = office.ask()
    assert told(NOON) == {"CONSULT": {office.other}}
    assert told(NOON + timedelta(minutes=1)) == {}
    assert told(seoul("2026-11-24T14:00")) == {"UNHEARD": {office.other, head, office.staff}}
    assert told(seoul("2026-11-24T14:01")) == {}
    consultations.answer(one, by=office.other, now=seoul("2026-11-24T14:02"), text="시도입니다")
    assert told(seoul("2026-11-24T14:02")) == {"REPLIED": {office.staff}}
    assert told(seoul("2026-11-24T14:03")) == {}


def test_two_requests_of_one_complaint_are_told_both_and_do_not_hush_its_clock(office: Office) -> None:
    park = make_department("공원정책과")
    gardener = make_person(Role.HEAD, park)
    office.ask(hours=0)
    office.ask(hours=0, department=park)
    assert told(NOON) == {"CONSULT": {office.other, gardener}}
    told(office.complaint.due_at)
    stages = set(Escalation.objects.filter(complaint=office.complaint).values_list("stage", "turn"))
    assert {("CONSULT", 1), ("CONSULT", 2), ("UNHEARD", 1), ("UNHEARD", 2), ("DUE", 0)} <= stages


def test_a_message_that_became_needless_does_not_leave(office: Office) -> None:
    one = office.ask()
    row = Alert(complaint=office.complaint, stage=Stage.CONSULT, due_at=one.due_at)
    assert alerts._is_needed(row)
    consultations.withdraw(one, by=office.staff, now=NOON)
    assert not alerts._is_needed(row)
    assert alerts._is_needed(Alert(complaint=office.complaint, stage=Stage.REPLIED, due_at=one.due_at))


def test_where_nobody_works_in_the_asked_department_the_desk_is_told(office: Office) -> None:
    officer = make_person(Role.OFFICER)
    office.ask(department=make_department("빈 과"))
    assert told(NOON) == {"CONSULT": {officer}}
