"""The reckoning agrees with the sums, and says of every day why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import reckoning, reckoning_words
from complaints.deadlines import Reading
from complaints.legal_kinds import Period
from complaints.standstill import Pause
from departments.working_time import LEGAL_WEEK, Calendar, DayRules

SEOUL = ZoneInfo("Asia/Seoul")
CITY = Calendar(added=frozenset({date(2026, 12, 31)}), removed=frozenset({date(2026, 12, 25)}))
NAMES = {date(2026, 12, 31): "임시공휴일"}
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 1), timezones=st.just(SEOUL))  # noqa: DTZ001
READINGS = st.builds(DayRules, st.booleans(), st.booleans(), st.booleans()).map(lambda rules: Reading(days=rules))


def said(period: Period, received: str, calendar: Calendar = CITY) -> list[str]:
    at = datetime.fromisoformat(received).replace(tzinfo=SEOUL)
    found = reckoning.reckon(period, at, calendar=calendar, changed=NAMES, language="en")
    with translation.override("en"):
        return list(reckoning_words.lines_of(found))


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 80))
def test_the_hours_of_the_lines_are_the_period(received: datetime, hours: int) -> None:
    found = reckoning.reckon(Period(hours=hours), received, calendar=CITY, changed=NAMES, language="ko")
    assert sum((line.hours for line in found.lines), timedelta(0)) == timedelta(hours=hours)
    assert found.lines[-1].total == timedelta(hours=hours)
    assert found.lines[-1].end == found.due_at


@settings(deadline=None)
@given(MOMENTS, st.integers(6, 40), READINGS)
def test_the_days_of_the_lines_are_the_period(received: datetime, days: int, read: Reading) -> None:
    found = reckoning.reckon(Period(days=days), received, calendar=CITY, changed=NAMES, language="ko", read=read)
    assert [line.number for line in found.lines if line.counts] == list(range(1, days + 1))
    assert found.lines[-1].number == days
    steps = [later.day - line.day for line, later in zip(found.lines, found.lines[1:], strict=False)]
    assert steps == [timedelta(days=1)] * len(steps), "no day is passed over in silence"


PAUSES = st.lists(
    st.builds(
        lambda begin, length, whole: Pause(begin, begin + length, whole),
        st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31), timezones=st.just(SEOUL)),  # noqa: DTZ001
        st.timedeltas(timedelta(0), timedelta(days=9)),
        st.booleans(),
    ),
    max_size=3,
)
AUTUMN = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 20), timezones=st.just(SEOUL))  # noqa: DTZ001


@settings(deadline=None)
@given(AUTUMN, st.integers(1, 40), PAUSES)
def test_the_hours_of_the_lines_are_the_period_without_the_pauses(
    received: datetime, hours: int, pauses: list[Pause]
) -> None:
    found = reckoning.reckon(Period(hours=hours), received, calendar=CITY, changed=NAMES, language="ko", pauses=pauses)
    assert sum((line.hours for line in found.lines), timedelta(0)) == timedelta(hours=hours)
    assert found.lines[-1].end == found.due_at


@settings(deadline=None)
@given(AUTUMN, st.integers(6, 30), PAUSES, READINGS)
def test_the_days_of_the_lines_are_the_period_without_the_pauses(
    received: datetime, days: int, pauses: list[Pause], read: Reading
) -> None:
    found = reckoning.reckon(
        Period(days=days), received, calendar=CITY, changed=NAMES, language="ko", pauses=pauses, read=read
    )
    assert [line.number for line in found.lines if line.counts] == list(range(1, days + 1))
    assert found.lines[-1].number == days


def test_a_day_on_which_the_clock_stood_still_says_so() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=SEOUL)
    pause = Pause(noon, noon + timedelta(days=1), whole_days=True)
    for period, last in ((Period(days=6), "2026-12-03"), (Period(hours=8), "2026-11-26")):
        found = reckoning.reckon(period, noon, calendar=CITY, changed=NAMES, language="en", pauses=[pause])
        with translation.override("en"):
            lines = list(reckoning_words.lines_of(found))
        assert lines[1:3] == [
            "2026-11-24 (Tue) does not count: the clock stood still",
            "2026-11-25 (Wed) does not count: the clock stood still",
        ]
        assert last in lines[-1]


def test_hours_are_told_part_by_part() -> None:
    assert said(Period(hours=8), "2026-12-30T11:30") == [
        "Received: 2026-12-30 (Wed) 11:30",
        "2026-12-30 (Wed) 11:30–12:00: 30 minutes, together 30 minutes",
        "2026-12-30 (Wed) 13:00–18:00: 5 hours, together 5 hours 30 minutes",
        "2026-12-31 (Thu) does not count: day off by the city's decision (임시공휴일)",
        "2027-01-01 (Fri) does not count: public holiday (New Year's Day)",
        "2027-01-02 (Sat) does not count: Saturday",
        "2027-01-03 (Sun) does not count: Sunday",
        "2027-01-04 (Mon) 09:00–11:30: 2 hours 30 minutes, together 8 hours",
        "Due: 2027-01-04 (Mon) 11:30",
    ]


def test_an_evening_and_a_holiday_that_is_worked() -> None:
    assert said(Period(hours=1), "2026-12-24T18:00:30") == [
        "Received: 2026-12-24 (Thu) 18:00:30",
        "2026-12-24 (Thu) does not count: no office hours left on this day",
        "2026-12-25 (Fri) 09:00–10:00: 1 hour, together 1 hour (Christmas Day, worked by the city's decision)",
        "Due: 2026-12-25 (Fri) 10:00",
    ]


def test_days_are_numbered_from_the_first() -> None:
    lines = said(Period(days=6), "2026-08-14T17:59")
    assert lines[1:4] == [
        "2026-08-14 (Fri) day 1 (the first day counts)",
        "2026-08-15 (Sat) does not count: Saturday, public holiday (Liberation Day)",
        "2026-08-16 (Sun) does not count: Sunday",
    ]
    assert lines[-2:] == ["2026-08-24 (Mon) day 6", "Due: 2026-08-24 (Mon) 18:00"]


def test_the_end_of_a_day_is_24_o_clock() -> None:
    night = Calendar(week=(((22 * 3600, 24 * 3600),), *LEGAL_WEEK[1:]))
    lines = said(Period(hours=1), "2026-11-23T23:00", night)
    assert lines[1:] == [
        "2026-11-23 (Mon) 23:00–24:00: 1 hour, together 1 hour",
        "Due: 2026-11-24 (Tue) 00:00",
    ]
