"""Office time: the vectors of the law's counting rule, the properties of sums, and calendars that follow their rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from departments import working_time
from departments.models import Department, Holiday, HolidayKind, OfficeHours, Weekday
from departments.working_time import LEGAL_WEEK, Calendar, DayRules, OutsideAlmanac, calendar_for
from tests.make import make_department

SEOUL = ZoneInfo("Asia/Seoul")
LAW = Calendar()
STRICT = DayRules(late_day_counts=False)
ODD = Calendar(
    week=(((0, 3600), (80_000, 86_400)), (), ((1, 2),), LEGAL_WEEK[0], ((40_000, 50_000),), ((0, 86_400),), ()),
    added=frozenset({date(2026, 3, 5)}),
    removed=frozenset({date(2026, 3, 2)}),
)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("hours", "received", "due"),
    [
        (3, "2026-05-04T17:00", "2026-05-06T11:00"),
        (3, "2026-07-16T16:30", "2026-07-20T10:30"),
        (3, "2026-03-02T23:10", "2026-03-03T12:00"),
        (3, "2027-02-05T17:00", "2027-02-10T11:00"),
        (8, "2026-10-02T14:00", "2026-10-06T14:00"),
        (8, "2026-04-30T17:30", "2026-05-04T17:30"),
        (40, "2026-09-22T10:00", "2026-10-01T10:00"),
        # The ends of the day, the lunch hour, the weekend.
        (3, "2026-11-24T09:00", "2026-11-24T12:00"),
        (3, "2026-11-24T12:30", "2026-11-24T16:00"),
        (1, "2026-11-24T18:00", "2026-11-25T10:00"),
        (8, "2026-11-21T13:00", "2026-11-23T18:00"),
    ],
)
def test_hours_end_where_the_law_says(hours: int, received: str, due: str) -> None:
    assert working_time.add_working_time(seoul(received), timedelta(hours=hours), calendar=LAW) == seoul(due)


@pytest.mark.parametrize(
    ("days", "received", "due"),
    [
        (7, "2026-04-29T09:05", "2026-05-11"),
        (7, "2026-08-15", "2026-08-26"),
        (7, "2026-09-23T15:00", "2026-10-06"),
        (7, "2027-07-14T17:59", "2027-07-23"),
        (14, "2025-01-22", "2025-02-14"),
        (14, "2026-02-10", "2026-03-05"),
        (1, "2026-11-24T20:00", "2026-11-24"),
    ],
)
def test_days_count_the_first_one(days: int, received: str, due: str) -> None:
    assert working_time.add_working_days(seoul(received), days, calendar=LAW) == seoul(f"{due}T18:00")


def test_what_comes_after_closing_may_begin_with_the_next_day() -> None:
    late, early = seoul("2026-11-24T18:00"), seoul("2026-11-24T17:59")
    assert LAW.add_working_days(late, 1, rules=STRICT) == seoul("2026-11-25T18:00")
    assert LAW.add_working_days(early, 1, rules=STRICT) == seoul("2026-11-24T18:00")


def test_a_day_period_is_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        LAW.add_working_days(seoul("2026-11-24"), 0)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-05-01", True),  # 노동절 is a public holiday only since 2026
        ("2026-05-01", False),
        ("2025-07-17", True),  # 제헌절 likewise
        ("2026-07-17", False),
        ("2026-06-03", False),  # local election
        ("2025-01-27", False),  # 임시공휴일
        ("2026-11-21", False),
        ("2026-11-22", False),
        ("2026-11-23", True),
    ],
)
def test_the_almanac(day: str, worked: bool) -> None:
    assert LAW.is_counted_day(date.fromisoformat(day)) is worked
    assert LAW.is_working(seoul(f"{day}T10:00")) is worked


@pytest.mark.parametrize(
    ("at", "open_"),
    [("08:59:59", False), ("09:00", True), ("11:59:59", True), ("12:00", False), ("13:00", True), ("18:00", False)],
)
def test_opening_counts_closing_does_not(at: str, open_: bool) -> None:
    assert working_time.is_working(seoul(f"2026-11-24T{at}"), calendar=LAW) is open_


def test_time_between_may_be_negative_and_is_zero_over_a_weekend() -> None:
    friday, monday = seoul("2026-11-20T17:00"), seoul("2026-11-23T10:00")
    assert working_time.working_time_between(friday, monday, calendar=LAW) == timedelta(hours=2)
    assert working_time.working_time_between(monday, friday, calendar=LAW) == timedelta(hours=-2)
    assert LAW.working_time_between(seoul("2026-11-20T18:00"), seoul("2026-11-23T09:00")) == timedelta(0)


def test_any_zone_is_understood_and_none_is_refused() -> None:
    start = datetime.fromisoformat("2026-11-24T00:00:00+00:00")
    assert LAW.add_working_time(start, timedelta(hours=1)) == seoul("2026-11-24T10:00")
    with pytest.raises(ValueError, match="time zone"):
        LAW.is_working(start.replace(tzinfo=None))


def test_what_lies_outside_the_almanac_is_said() -> None:
    with pytest.raises(OutsideAlmanac):
        LAW.is_working(seoul("1989-12-31T23:59"))
    with pytest.raises(OutsideAlmanac):
        LAW.is_working(seoul("2100-01-01"))
    with pytest.raises(OutsideAlmanac):
        LAW.add_working_time(seoul("2099-12-30"), timedelta(hours=80))
    with pytest.raises(OutsideAlmanac):
        LAW.add_working_days(seoul("2099-12-30"), 10)
    with pytest.raises(OutsideAlmanac):
        Calendar(week=((),) * 7).add_working_time(seoul("2026-11-24"), timedelta(seconds=1))


def test_an_amount_is_never_negative_and_nothing_moves_nothing() -> None:
    sunday = seoul("2026-11-22T03:00")
    assert LAW.add_working_time(sunday, timedelta(0)) == sunday
    with pytest.raises(ValueError, match="never negative"):
        LAW.add_working_time(sunday, timedelta(seconds=-1))


MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1), timezones=st.just(SEOUL))  # noqa: DTZ001
AMOUNTS = st.timedeltas(timedelta(0), timedelta(hours=400))
CALENDARS = st.sampled_from([LAW, ODD])


@settings(deadline=None)
@given(CALENDARS, MOMENTS, AMOUNTS)
def test_what_is_added_lies_between(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    assert calendar.working_time_between(start, calendar.add_working_time(start, amount)) == amount


@settings(deadline=None)
@given(CALENDARS, MOMENTS, AMOUNTS, AMOUNTS)
def test_adding_is_monotone_and_in_steps(calendar: Calendar, start: datetime, one: timedelta, two: timedelta) -> None:
    once = calendar.add_working_time(start, one)
    assert start <= once <= calendar.add_working_time(start, one + two)
    if two:
        assert calendar.add_working_time(once, two) == calendar.add_working_time(start, one + two)


@settings(deadline=None)
@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_sums_add_up(calendar: Calendar, one: datetime, two: datetime, three: datetime) -> None:
    between = calendar.working_time_between
    assert between(one, two) + between(two, three) == between(one, three)
    assert between(min(one, two), max(one, two)) >= timedelta(0)


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 60), st.booleans())
def test_days_end_on_a_counted_day_and_grow(start: datetime, days: int, late_counts: bool) -> None:
    rules = DayRules(late_day_counts=late_counts)
    due = LAW.add_working_days(start, days, rules=rules)
    assert LAW.is_counted_day(due.astimezone(SEOUL).date())
    assert due < LAW.add_working_days(start, days + 1, rules=rules)


# --- calendars from rows ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_rows_the_law_holds() -> None:
    assert calendar_for() == LAW
    received = seoul("2026-11-24T17:00")
    assert working_time.add_working_time(received, timedelta(hours=3)) == seoul("2026-11-25T11:00")
    assert working_time.working_time_between(received, seoul("2026-11-25T11:00")) == timedelta(hours=3)
    assert working_time.add_working_days(received, 7) == seoul("2026-12-02T18:00")
    assert working_time.is_working(received)


@pytest.mark.django_db
def test_a_changed_holiday_is_seen_at_once() -> None:
    day, morning = date(2026, 12, 1), seoul("2026-12-01T10:00")
    assert calendar_for().is_working(morning)
    row = Holiday.objects.create(date=day, name="임시공휴일", reason="국무회의 의결")
    assert not calendar_for().is_working(morning)
    Holiday.objects.filter(pk=row.pk).update(kind=HolidayKind.REMOVE)
    assert calendar_for().is_working(morning)
    row.delete()
    assert calendar_for() == LAW


@pytest.mark.django_db
def test_a_holiday_of_the_almanac_can_become_a_working_day() -> None:
    Holiday.objects.create(date=date(2026, 12, 25), name="성탄절", kind=HolidayKind.REMOVE, reason="시험")
    assert calendar_for().is_working(seoul("2026-12-25T10:00"))
    assert calendar_for().is_counted_day(date(2026, 12, 25))


def hours(department: Department | None, weekday: Weekday, opens: str, closes: str) -> OfficeHours:
    times = {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}
    return OfficeHours.objects.create(department=department, weekday=weekday, **times)


@pytest.mark.django_db
def test_a_departments_hours_replace_the_citys_and_these_the_laws() -> None:
    night, other = make_department("119종합상황실"), make_department("대중교통과")
    hours(None, Weekday.TUESDAY, "10:00", "16:00")
    hours(night, Weekday.TUESDAY, "22:00", "00:00")
    tuesday = "2026-11-24T"
    assert calendar_for(other).is_working(seoul(tuesday + "12:30"))
    assert calendar_for(other) == calendar_for()
    assert not calendar_for().is_working(seoul("2026-11-25T10:00"))
    assert calendar_for(night).is_working(seoul(tuesday + "23:59:59"))
    assert not calendar_for(night).is_working(seoul(tuesday + "12:30"))


@pytest.mark.django_db
def test_periods_that_overlap_or_touch_count_once() -> None:
    for opens, closes in (("09:00", "12:00"), ("11:00", "13:00"), ("13:00", "14:00"), ("15:00", "16:00")):
        hours(None, Weekday.MONDAY, opens, closes)
    hours(None, Weekday.TUESDAY, "09:00", "18:00")
    hours(None, Weekday.TUESDAY, "10:00", "11:00")
    week = calendar_for().week
    assert week[0] == ((9 * 3600, 14 * 3600), (15 * 3600, 16 * 3600))
    assert week[1] == ((9 * 3600, 18 * 3600),)


@pytest.mark.django_db
def test_days_of_a_department_that_is_closed_still_count_and_end_at_the_legal_hour() -> None:
    museum = make_department("부산박물관")
    hours(museum, Weekday.SUNDAY, "09:00", "17:00")
    due = calendar_for(museum).add_working_days(seoul("2026-11-24T10:00"), 1)
    assert due == seoul("2026-11-24T18:00")


@pytest.mark.django_db
def test_a_calendar_costs_two_queries_and_shares_its_sums() -> None:
    department = make_department()
    hours(department, Weekday.MONDAY, "09:00", "18:00")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        calendar = calendar_for(department)
    assert len(queries) == 2
    assert calendar_for(department) is calendar


def test_counted_days_between_two_days() -> None:
    calendar = Calendar()
    friday, monday, next_friday = date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 4)
    assert calendar.counted_days_between(friday, friday) == 0
    assert calendar.counted_days_between(friday, monday) == 1
    assert calendar.counted_days_between(friday, next_friday) == 5
    assert calendar.counted_days_between(next_friday, friday) == -5
    assert calendar.counted_days_between(date(2026, 11, 28), date(2026, 11, 29)) == 0


USUAL = Calendar()
OFFICE = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(SEOUL))  # noqa: DTZ001


@settings(deadline=None)
@given(OFFICE, st.timedeltas(timedelta(0), timedelta(hours=60)))
def test_the_last_moment_before_which_so_much_office_time_is_left(end: datetime, amount: timedelta) -> None:
    calendar = USUAL
    begin = calendar.working_time_before(end, amount)
    assert calendar.working_time_between(begin, end) == amount
    assert begin <= end
    a_little_later = begin + timedelta(microseconds=1)
    assert a_little_later > end or calendar.working_time_between(a_little_later, end) < amount


@pytest.mark.parametrize(
    ("end", "amount", "begin"),
    [
        ("2026-11-30T10:00", 1, "2026-11-30T09:00"),
        ("2026-11-30T10:00", 2, "2026-11-27T17:00"),
        ("2026-11-24T14:00", 1, "2026-11-24T13:00"),
        ("2026-11-28T12:00", 0, "2026-11-28T12:00"),
    ],
)
def test_going_back_ends_after_a_break(end: str, amount: int, begin: str) -> None:
    assert Calendar().working_time_before(seoul(end), timedelta(hours=amount)) == seoul(begin)


def test_before_the_almanac_there_is_no_office_time() -> None:
    with pytest.raises(OutsideAlmanac):
        Calendar().working_time_before(datetime(1990, 1, 3, tzinfo=SEOUL), timedelta(hours=80))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00"),
        ("2026-11-24T12:30", "2026-11-24T13:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),
    ],
)
def test_when_the_office_opens_next(now: str, opens: str) -> None:
    assert Calendar().next_opening(seoul(now)) == seoul(opens)
