"""Due times that come near or pass are told once, to the right people; an emergency at once, day and night."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User

from complaints import alerts, clocks, deadlines, escalation, workflow
from complaints.models import Alert, Complaint, Escalation, HoldCode, Promise
from complaints.recipients import Roster
from departments import working_time
from departments.models import Department, Membership, OnCall, Role
from tests.make import NOON, make_complaint, make_department, make_person, make_promise

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=SEOUL)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


class Office:
    """A department with its people, and two officers."""

    def __init__(self) -> None:
        self.department: Department = make_department()
        self.staff, self.colleague = (make_person(Role.STAFF, self.department) for _number in range(2))
        self.head = make_person(Role.HEAD, self.department)
        self.officers = [make_person(Role.OFFICER) for _number in range(2)]

    def complaint(self, **values: Any) -> Complaint:
        """Since Tuesday noon in the hands of the department, due at four."""
        known: dict[str, Any] = {"status": "IN_PROGRESS", "department": self.department, "assignee": self.staff}
        complaint = make_complaint(**(known | values))
        complaint.due_at = deadlines.due_of(complaint)
        complaint.save()
        return complaint


@pytest.fixture
def office() -> Office:
    return Office()


def told(now: datetime, *, stage: str | None = None) -> set[User]:
    """Who hears of something at this tick; everybody has had his role for long."""
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    before = set(Alert.objects.values_list("pk", flat=True))
    escalation.escalate(now=now)
    rows = Alert.objects.exclude(pk__in=before).select_related("user")
    assert stage is None or {row.stage for row in rows} <= {stage}
    return {row.user for row in rows if row.user}


def on_call(*people: User) -> None:
    for user in people:
        OnCall.objects.create(user=user, begins_at=NIGHT - 5 * HOUR, ends_at=NIGHT + 10 * HOUR)


# --- the clock of the law -------------------------------------------------------------------------------------------


def test_before_at_and_after_the_limit_ever_more_people_are_told_and_each_once(office: Office) -> None:
    complaint = office.complaint()
    assert told(seoul("2026-11-24T14:59")) == set()
    assert told(seoul("2026-11-24T15:00"), stage="SOON") == {office.staff}
    assert told(seoul("2026-11-24T15:30")) == set()
    assert told(seoul("2026-11-24T16:00"), stage="DUE") == {office.staff, office.head}
    assert told(seoul("2026-11-25T10:59")) == set()
    assert told(seoul("2026-11-25T11:00"), stage="LATE") == {office.staff, office.head, *office.officers}
    assert told(seoul("2026-12-10T11:00")) == set()
    assert list(complaint.escalations.values_list("stage", "told")) == [("SOON", 1), ("DUE", 2), ("LATE", 4)]


def test_without_somebody_in_charge_the_whole_department_is_told(office: Office) -> None:
    office.complaint(status="ASSIGNED", assignee=None, accepted_at=NOON)
    assert told(seoul("2026-11-24T15:00")) == {office.staff, office.colleague}


def test_somebody_who_left_is_not_told(office: Office) -> None:
    office.complaint()
    User.objects.filter(pk=office.staff.pk).update(is_active=False)
    assert told(seoul("2026-11-24T15:00")) == {office.colleague}


def test_while_no_department_has_it_the_desk_is_told(office: Office) -> None:
    office.complaint(status="RECEIVED", department=None, assignee=None)
    assert told(seoul("2026-11-24T15:00")) == set(office.officers)
    assert told(seoul("2026-11-24T16:00")) == set(office.officers)


def test_a_department_of_a_head_alone_and_one_without_a_head(office: Office) -> None:
    alone, nobody = make_department("문화예술과"), make_department("도로계획과")
    head = make_person(Role.HEAD, alone)
    office.complaint(department=alone, assignee=None)
    assert told(seoul("2026-11-24T15:00")) == {head}
    office.complaint(department=nobody, assignee=None)
    assert told(seoul("2026-11-24T15:00")) == set(office.officers)


def test_a_period_in_days_is_told_a_working_day_before(office: Office) -> None:
    office.complaint(legal_kind="GRIEVANCE")
    assert told(seoul("2026-12-01T17:59")) == set()
    assert told(seoul("2026-12-01T18:00"), stage="SOON") == {office.staff}
    assert told(seoul("2026-12-02T18:00"), stage="DUE") == {office.staff, office.head}


def test_another_due_time_is_told_anew_and_a_stopped_clock_not_at_all(office: Office) -> None:
    complaint = office.complaint()
    assert told(seoul("2026-11-24T15:10")) == {office.staff}
    clocks.hold(
        complaint, by=office.staff, version=1, now=seoul("2026-11-24T15:30"), code=HoldCode.HEARING, reason="청문"
    )
    assert told(seoul("2026-11-24T17:00")) == set()
    clocks.resume(complaint, by=office.staff, version=2, now=seoul("2026-11-24T17:00"))
    assert told(seoul("2026-11-24T17:00"), stage="SOON") == {office.staff}


@pytest.mark.parametrize(
    "values", [{"status": "ANSWERED"}, {"status": "COMPLETED"}, {"answered_at": NOON}, {"status": "DISMISSED"}]
)
def test_where_no_answer_is_awaited_nobody_is_told(office: Office, values: dict[str, Any]) -> None:
    office.complaint(**values)
    assert told(seoul("2026-11-25T18:00")) == set()


def test_after_an_outage_only_the_latest_stage_is_told_and_of_what_is_long_past_nothing(office: Office) -> None:
    complaint = office.complaint()
    assert told(seoul("2026-11-25T18:00"), stage="LATE") == {office.staff, office.head, *office.officers}
    assert list(complaint.escalations.order_by("id").values_list("stage", "told")) == [
        ("LATE", 4),
        ("DUE", 0),
        ("SOON", 0),
    ]
    old = office.complaint(received_at=NOON - timedelta(days=30))
    assert told(seoul("2026-11-25T18:00")) == set()
    assert old.escalations.count() == 3


def test_two_ticks_at_once_tell_once(office: Office) -> None:
    office.complaint()
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    now = seoul("2026-11-24T15:00")
    found = list(escalation._legal(now, working_time.calendar_for()))
    escalation.escalate(now=now)
    roster = Roster(now)
    assert [escalation._tell(one, roster, working_time.calendar_for()) for one in found] == [0]
    assert Alert.objects.count() == 1


# --- promises -------------------------------------------------------------------------------------------------------


def test_a_promise_is_told_before_at_and_after_its_day_each_once(office: Office) -> None:
    complaint = office.complaint(status="COMPLETED")
    due_at = seoul("2026-11-26T18:00")
    row = make_promise(complaint, due_at=due_at)
    assert told(seoul("2026-11-25T17:59")) == set()
    assert told(seoul("2026-11-25T18:00"), stage="PR_SOON") == {office.staff}
    assert told(seoul("2026-11-26T10:00")) == set()
    assert told(seoul("2026-11-26T18:00"), stage="PR_DUE") == {office.staff, office.head}
    assert told(seoul("2026-11-27T18:00"), stage="PR_LATE") == {office.staff, office.head, *office.officers}
    assert told(seoul("2026-11-28T18:00")) == set()
    mail = Alert(complaint=complaint, stage="PR_LATE", due_at=due_at)
    assert alerts._is_needed(mail)
    Promise.objects.filter(pk=row.pk).update(state="KEPT", kept_at=NOON, outcome=row.reply)
    assert not alerts._is_needed(mail)


def test_of_a_promise_and_a_due_time_at_one_moment_both_are_told_and_what_is_settled_not(office: Office) -> None:
    complaint = office.complaint()
    row = make_promise(complaint, due_at=complaint.due_at)
    assert told(complaint.due_at) == {office.staff, office.head}
    assert set(complaint.escalations.exclude(told=0).values_list("stage", flat=True)) == {"DUE", "PR_DUE"}
    later = seoul("2026-11-27T18:00")
    other = make_promise(complaint, due_at=later)
    Promise.objects.filter(pk=other.pk).update(state="KEPT", kept_at=NOON, outcome=row.reply)
    told(later)
    assert not complaint.escalations.filter(due_at=later).exists()


# --- emergencies ----------------------------------------------------------------------------------------------------


def urgent(office: Office, **values: Any) -> Complaint:
    """Come in at eleven at night, to be answered by half past."""
    return make_complaint(
        priority="URGENT", received_at=NIGHT, due_at=NIGHT + 13 * HOUR, emergency_due_at=NIGHT + 30 * MINUTE, **values
    )


def test_at_night_whoever_is_on_call_is_told_at_the_first_tick(office: Office) -> None:
    on_call(office.officers[0])
    urgent(office)
    assert told(NIGHT, stage="BEGUN") == {office.officers[0]}
    assert told(NIGHT + MINUTE) == set()


def test_where_the_roster_has_a_hole_every_officer_is_told(office: Office) -> None:
    urgent(office)
    assert told(NIGHT) == set(office.officers)


def test_who_is_not_on_call_now_or_gone_is_not_told(office: Office) -> None:
    first, second = office.officers
    OnCall.objects.create(user=second, begins_at=NIGHT - 9 * HOUR, ends_at=NIGHT)
    on_call(first)
    urgent(office)
    assert told(NIGHT) == {first}
    User.objects.filter(pk=first.pk).update(is_active=False)
    urgent(office)
    assert told(NIGHT) == {second}


def test_an_emergency_that_nobody_answers_is_told_again_and_again(office: Office) -> None:
    on_call(office.officers[0])
    complaint = urgent(office)
    seen = []
    for minutes in range(0, 200, 5):
        people = told(NIGHT + minutes * MINUTE)
        if people:
            seen.append((minutes, people))
    first, everybody = {office.officers[0]}, set(office.officers)
    assert seen == [(0, first), (15, everybody), (30, everybody), (60, everybody), (90, everybody), (120, everybody)]
    stages = complaint.escalations.filter(emergency=True).values_list("stage", "turn")
    assert list(stages) == [("BEGUN", 0), ("SOON", 0), ("DUE", 0), ("LATE", 1), ("LATE", 2), ("LATE", 3)]


def test_the_department_that_holds_it_is_told_too(office: Office) -> None:
    on_call(office.officers[0])
    urgent(office, status="IN_PROGRESS", department=office.department, assignee=office.colleague)
    assert told(NIGHT) == {office.officers[0]}
    assert told(NIGHT + 15 * MINUTE, stage="SOON") == {office.officers[0], office.colleague}
    assert told(NIGHT + 30 * MINUTE, stage="DUE") == {office.officers[0], office.colleague, office.head}


def test_what_an_officer_calls_urgent_is_told_and_calm_again_not(office: Office) -> None:
    complaint = office.complaint()
    workflow.prioritise(complaint, by=office.officers[0], version=1, now=NOON, urgent=True)
    assert told(NOON, stage="BEGUN") == set(office.officers)
    workflow.prioritise(complaint, by=office.officers[0], version=2, now=NOON, urgent=False)
    assert told(NOON + 31 * MINUTE) == set()


# --- what leaves the desk, and when ---------------------------------------------------------------------------------


@pytest.fixture
def with_mail(settings: Any, office: Office) -> None:
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    settings.MAIL_ENABLED, settings.ALERT_WEBHOOK_URL = True, "https://messenger.example/hook"
    User.objects.update(email="person@busan.example")


def test_mail_keeps_quiet_at_night_except_of_an_emergency(office: Office, with_mail: None) -> None:
    office.complaint(received_at=seoul("2026-11-24T16:00"), assignee=office.staff)
    urgent(office)
    User.objects.update(email="person@busan.example")
    escalation.escalate(now=NIGHT)
    rows = {(row.emergency, row.way): row.next_attempt_at for row in Alert.objects.exclude(way="APP").order_by("-pk")}
    assert rows == {(False, "MAIL"): seoul("2026-11-25T09:00"), (True, "MAIL"): NIGHT, (True, "HOOK"): NIGHT}
    assert set(alerts.due(NIGHT).values_list("emergency", flat=True)) == {True}
    assert Alert.objects.filter(way="APP", emergency=False).get().state == "SENT"


def test_only_who_has_an_address_gets_mail_and_ordinary_news_do_not_ring_in_the_messenger(
    office: Office, with_mail: None
) -> None:
    User.objects.filter(pk=office.head.pk).update(email="")
    office.complaint()
    escalation.escalate(now=seoul("2026-11-24T16:00"))
    ways = Alert.objects.values_list("way", "user").order_by("way", "user")
    assert list(ways) == [("APP", office.staff.pk), ("APP", office.head.pk), ("MAIL", office.staff.pk)]
    escalation.escalate(now=seoul("2026-11-25T11:00"))
    assert Alert.objects.filter(way="HOOK").count() == 1


def test_the_number_of_queries_of_a_quiet_tick_does_not_grow(office: Office, django_assert_num_queries: Any) -> None:
    for _number in range(20):
        office.complaint()
    escalation.escalate(now=seoul("2026-11-24T17:00"))
    with django_assert_num_queries(19):
        escalation.escalate(now=seoul("2026-11-24T17:00"))
    assert Escalation.objects.count() == 40
