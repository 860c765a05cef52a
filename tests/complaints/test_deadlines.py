"""The legal clocks: the vectors of the counting rule, the table of classes, pauses, steps, the emergency clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from complaints import deadlines, legal_kinds
from complaints.deadlines import NoClock, Reading
from complaints.legal_kinds import KINDS, STEPS, LegalClass, Period, Step, StepClock, UnclearKind, UnknownKind
from complaints.models.kinds import LegalKind
from complaints.standstill import Pause
from departments import working_time
from departments.models import Holiday
from departments.working_time import Calendar, DayRules

SEOUL = ZoneInfo("Asia/Seoul")
LAW = Calendar()


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("name", "received", "due"),
    [
        ("3h", "2026-05-04T17:00", "2026-05-06T11:00"),
        ("3h", "2026-07-16T16:30", "2026-07-20T10:30"),  # 제헌절
        ("기타", "2026-03-02T23:10", "2026-03-03T12:00"),  # a substitute
        ("소통민원", "2027-02-05T17:00", "2027-02-10T11:00"),  # 설 and its substitute
        ("8h", "2026-10-02T14:00", "2026-10-06T14:00"),
        ("보완요구", "2026-04-30T17:30", "2026-05-04T17:30"),  # 노동절
        ("5일", "2026-09-22T10:00", "2026-10-01T10:00"),
        ("7일", "2026-04-29T09:05", "2026-05-11T18:00"),
        ("고충", "2026-08-15", "2026-08-26T18:00"),
        ("질의-제도", "2026-09-23T15:00", "2026-10-06T18:00"),
        ("고충민원", "2027-07-14T17:59", "2027-07-23T18:00"),
        ("질의 (법령)", "2025-01-22", "2025-02-14T18:00"),  # 임시공휴일
        ("건의", "2026-02-10", "2026-03-05T18:00"),
    ],
)
def test_the_vectors_of_the_counting_rule(name: str, received: str, due: str) -> None:
    what = legal_kinds.named(name)
    period = what if isinstance(what, Period) else what.period
    assert period is not None
    assert deadlines.end_of(period, seoul(received), calendar=LAW) == seoul(due)
    if isinstance(what, LegalClass):
        assert deadlines.due(what.kind, seoul(received), calendar=LAW) == seoul(due)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-24 09:00", "2026-11-24 12:00"),
        ("2026-11-24 11:00", "2026-11-24 15:00"),
        ("2026-11-24 12:00", "2026-11-24 16:00"),
        ("2026-11-24 13:00", "2026-11-24 16:00"),
        ("2026-11-24 17:00", "2026-11-25 11:00"),
        ("2026-11-24 18:00", "2026-11-25 12:00"),
        ("2026-11-24 23:59", "2026-11-25 12:00"),
        ("2026-11-27 17:30", "2026-11-30 11:30"),
        ("2026-12-24 18:30", "2026-12-28 12:00"),
        ("2026-12-31 17:00", "2027-01-04 11:00"),
    ],
)
def test_when_the_first_answer_is_due(received: str, due: str) -> None:
    at, until = (datetime.fromisoformat(text).replace(tzinfo=SEOUL) for text in (received, due))
    assert deadlines.first_answer_due(at) == until
    assert deadlines.first_answer_due(at.astimezone(ZoneInfo("UTC")), calendar=working_time.calendar_for()) == until


@pytest.mark.django_db
def test_a_day_off_made_later_moves_the_due_time() -> None:
    received = seoul("2026-12-30T17:00")
    assert deadlines.first_answer_due(received) == seoul("2026-12-31T11:00")
    Holiday.objects.create(date=date(2026, 12, 31), name="임시공휴일", reason="국무회의 의결")
    assert deadlines.first_answer_due(received) == seoul("2027-01-04T11:00")


# --- the table ------------------------------------------------------------------------------------------------------


def test_the_periods_of_the_law() -> None:
    periods = {row.kind: row.period for row in KINDS.values()}
    assert periods == {
        LegalKind.SNS: Period(hours=3),
        LegalKind.OTHER: Period(hours=3),
        LegalKind.INQUIRY_LAW: Period(days=14),
        LegalKind.INQUIRY_SYSTEM: Period(days=7),
        LegalKind.PROPOSAL: Period(days=14),
        LegalKind.GRIEVANCE: Period(days=7),
        LegalKind.STATUTORY: None,
    }
    assert set(KINDS) == set(LegalKind)
    assert {step: row.period.hours for step, row in STEPS.items()} == dict(zip(Step, (8, 8, 1, 3, 3, 8), strict=True))


def test_up_to_five_days_are_hours() -> None:
    assert [legal_kinds.in_days(days) for days in (1, 5, 6)] == [Period(hours=8), Period(hours=40), Period(days=6)]


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (1, 1), (-1, 0), (3, -1)])
def test_a_period_is_hours_or_days(hours: int, days: int) -> None:
    with pytest.raises(ValueError, match="some hours or some days"):
        Period(hours=hours, days=days)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SNS", LegalKind.SNS), ("소통 민원", LegalKind.SNS), ("other", LegalKind.OTHER), ("기타민원", LegalKind.OTHER),
        ("inquiry-law", LegalKind.INQUIRY_LAW), ("법령 질의", LegalKind.INQUIRY_LAW),
        ("질의법령", LegalKind.INQUIRY_LAW),
        ("질의민원(제도·절차)", LegalKind.INQUIRY_SYSTEM), ("inquiry system", LegalKind.INQUIRY_SYSTEM),
        ("건의민원", LegalKind.PROPOSAL), ("Grievance", LegalKind.GRIEVANCE), ("법정", LegalKind.STATUTORY),
    ],
)  # fmt: skip
def test_a_kind_by_its_names(name: str, kind: LegalKind) -> None:
    found = legal_kinds.named(name)
    assert isinstance(found, LegalClass)
    assert found.kind == kind


def test_every_name_means_one_thing() -> None:
    rows: list[LegalClass | StepClock] = [*KINDS.values(), *STEPS.values()]
    assert [name for row in rows for name in row.names if legal_kinds.named(name) is not row] == []


@pytest.mark.parametrize(
    ("name", "period"), [("3근무시간", Period(hours=3)), ("14 d", Period(days=14)), ("2일", Period(hours=16))]
)
def test_a_period_by_itself(name: str, period: Period) -> None:
    assert legal_kinds.named(name) == period


@pytest.mark.parametrize("name", ["", "민원", "칭찬", "0h", "99999h", "-3h", "3"])
def test_no_name(name: str) -> None:
    with pytest.raises(UnknownKind):
        legal_kinds.named(name)


def test_a_name_that_fits_several_is_asked_back() -> None:
    with pytest.raises(UnclearKind) as caught:
        legal_kinds.named("질의민원")
    assert caught.value.meant == ("질의민원(법령)", "질의민원(제도)")


def test_what_is_statutory_has_no_clock_here() -> None:
    with pytest.raises(NoClock):
        deadlines.due(LegalKind.STATUTORY, seoul("2026-11-24"), calendar=LAW)


# --- what may be read otherwise ------------------------------------------------------------------------------------


def test_the_city_sets_what_at_once_means() -> None:
    read = Reading(immediate_hours=4)
    assert deadlines.due(LegalKind.SNS, seoul("2026-11-24T09:00"), calendar=LAW, read=read) == seoul("2026-11-24T14:00")


def test_the_settings_are_the_reading(settings: pytest.FixtureRequest) -> None:
    assert deadlines.reading() == Reading()
    for name, value in {"DUE_MOMENT": "midnight", "DUE_OFF_DAY": "counts", "DUE_LATE_DAY": "next"}.items():
        setattr(settings, name, value)
    assert deadlines.reading().days == DayRules(late_day_counts=False, off_day_counts=True, until_midnight=True)
    setattr(settings, "PROMOTED_CLOCK", "promotion")  # noqa: B010 - the fixture is no object with such a field
    assert deadlines.reading().from_promotion


# --- investigation, extension, pauses ------------------------------------------------------------------------------


def test_days_on_site_do_not_count_up_to_their_limit() -> None:
    due = deadlines.due(LegalKind.GRIEVANCE, seoul("2026-11-02T10:00"), visit_days=14, calendar=LAW)
    assert due == seoul("2026-11-30T18:00")
    with pytest.raises(ValueError, match="at most 14 days"):
        deadlines.due(LegalKind.GRIEVANCE, seoul("2026-11-02"), visit_days=22, calendar=LAW)
    with pytest.raises(ValueError, match="only of a grievance"):
        deadlines.due(LegalKind.PROPOSAL, seoul("2026-11-02"), visit_days=1, calendar=LAW)


def test_an_extension_is_at_most_the_period_and_comes_once() -> None:
    assert deadlines.longest_extension(LegalKind.PROPOSAL) == Period(days=14)
    assert [deadlines.may_extend(times) for times in (0, 1, 2)] == [True, False, False]
    assert [deadlines.may_extend(times, consent=True) for times in (0, 1, 2)] == [True, True, False]
    received = seoul("2026-11-02T10:00")
    twice = deadlines.due(LegalKind.INQUIRY_SYSTEM, received, extended_by=7, calendar=LAW)
    assert twice == deadlines.due(LegalKind.PROPOSAL, received, calendar=LAW)


def test_an_hour_of_a_pause_does_not_count() -> None:
    begin, end = seoul("2026-11-24T10:00"), seoul("2026-11-24T14:00")
    twice = [Pause(begin, end), Pause(seoul("2026-11-24T11:00"), end)]
    due = deadlines.due(LegalKind.SNS, seoul("2026-11-24T09:00"), pauses=twice, calendar=LAW)
    assert due == seoul("2026-11-24T16:00"), "one hour before the pause, two after it"
    late = [Pause(seoul("2026-11-24T12:00"), seoul("2026-11-24T17:00"))]
    assert deadlines.due(LegalKind.SNS, seoul("2026-11-24T09:00"), pauses=late, calendar=LAW) == seoul(
        "2026-11-24T12:00"
    )


def test_a_pause_that_goes_on_moves_nothing_yet() -> None:
    going = [Pause(seoul("2026-11-24T10:00"), None)]
    assert deadlines.due(LegalKind.SNS, seoul("2026-11-24T09:00"), pauses=going, calendar=LAW) == seoul(
        "2026-11-24T12:00"
    )


def test_of_a_supplement_neither_the_first_nor_the_last_day_counts() -> None:
    received, begin, end = seoul("2026-11-23T09:00"), seoul("2026-11-24T16:00"), seoul("2026-11-26T10:00")
    week = deadlines.due(LegalKind.GRIEVANCE, received, calendar=LAW)
    assert week == seoul("2026-12-01T18:00")
    whole, plain = [Pause(begin, end, whole_days=True)], [Pause(begin, end)]
    assert deadlines.due(LegalKind.GRIEVANCE, received, pauses=whole, calendar=LAW) == seoul("2026-12-04T18:00")
    assert deadlines.due(LegalKind.GRIEVANCE, received, pauses=plain, calendar=LAW) == seoul("2026-12-03T18:00")
    hours = deadlines.end_of(Period(hours=10), received, pauses=whole, calendar=LAW)
    assert hours == seoul("2026-11-27T11:00"), "eight hours on Monday, none until Thursday, two on Friday"


# --- steps, notices, emergencies -----------------------------------------------------------------------------------


def test_handing_over_has_three_clocks() -> None:
    at = seoul("2026-11-24T17:30")
    assert deadlines.step_due(Step.TO_DEPARTMENT, at, calendar=LAW) == seoul("2026-11-25T09:30")
    assert deadlines.step_due(Step.TO_OTHER_DEPARTMENT, at, calendar=LAW) == seoul("2026-11-25T11:30")
    assert deadlines.step_due(Step.TO_OTHER_AGENCY, at, calendar=LAW) == seoul("2026-11-25T17:30")
    assert deadlines.step_due(Step.SUPPLEMENT, at, calendar=LAW) == seoul("2026-11-25T17:30")


def test_an_interim_notice_every_thirty_days() -> None:
    days = list(islice(deadlines.interim_notices(seoul("2026-11-24T00:10")), 3))
    assert days == [date(2026, 12, 24), date(2027, 1, 23), date(2027, 2, 22)]


def test_an_emergency_waits_for_no_office_hours() -> None:
    night = seoul("2026-11-21T23:45")
    assert deadlines.emergency_due(night) == night + timedelta(minutes=30)
