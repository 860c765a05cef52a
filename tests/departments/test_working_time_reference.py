"""The sums against a walk minute by minute over 2024–2027, with the official holidays written down by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from departments import almanac
from departments.working_time import Calendar, DayRules
from tests.departments import reference
from tests.departments.reference import HOLIDAYS, MINUTE, MINUTES, SEOUL, moment

LAW = Calendar()
#: 임시공휴일 made later, a weekend among them, and holidays that are worked.
CHANGED = Calendar(
    added=frozenset({date(2026, 12, 28), date(2026, 12, 24), date(2027, 3, 2), date(2025, 5, 2), date(2026, 10, 10)}),
    removed=frozenset({date(2026, 12, 25), date(2025, 10, 8), date(2026, 10, 3)}),
)
OFF = {LAW: HOLIDAYS, CHANGED: HOLIDAYS - CHANGED.removed | CHANGED.added}
CALENDARS = st.sampled_from([LAW, CHANGED])
EDGES = ("00:00", "08:59", "09:00", "09:01", "11:59", "12:00", "12:01", "12:59", "13:00", "13:01", "17:59", "18:00",
         "18:01", "23:59")  # fmt: skip
#: Far enough from the end of the reference for any amount that is added.
BEGIN = st.integers(0, MINUTES - 120 * 24 * 60)


def edges() -> list[datetime]:
    """Every edge of every day, as far as an amount fits behind it."""
    first = reference.FIRST.date()
    days = [first + timedelta(days=number) for number in range((date(2027, 11, 1) - first).days)]
    return [datetime.combine(day, time.fromisoformat(edge), SEOUL) for day in days for edge in EDGES]


def minute_of(at: datetime) -> int:
    return int((at - reference.FIRST) / MINUTE)


def test_the_almanac_is_the_official_one() -> None:
    years = [day for day in almanac.public_holidays() if 2024 <= day.year <= 2027]
    assert frozenset(years) == HOLIDAYS
    assert [sum(day.year == year for day in years) for year in range(2024, 2028)] == [19, 19, 22, 24]


@pytest.mark.parametrize("calendar", [LAW, CHANGED], ids=["law", "changed"])
def test_every_edge_of_every_day_is_exact(calendar: Calendar) -> None:
    sums, start = reference.worked(OFF[calendar]), reference.FIRST
    wrong = [
        at
        for at in edges()
        if calendar.working_time_between(start, at) != sums[minute_of(at)] * MINUTE
        or calendar.is_working(at) != (sums[minute_of(at) + 1] > sums[minute_of(at)])
    ]
    assert wrong == []


@settings(deadline=None)
@given(CALENDARS, st.integers(0, MINUTES - 1), st.integers(0, MINUTES - 1))
def test_time_between_agrees_with_the_walk(calendar: Calendar, one: int, two: int) -> None:
    expected = reference.between(one, two, off=OFF[calendar]) * MINUTE
    assert calendar.working_time_between(moment(one), moment(two)) == expected


@settings(deadline=None)
@given(CALENDARS, BEGIN, st.integers(1, 60 * 60))
def test_time_added_agrees_with_the_walk(calendar: Calendar, begin: int, amount: int) -> None:
    expected = moment(reference.after(begin, amount, off=OFF[calendar]))
    assert calendar.add_working_time(moment(begin), amount * MINUTE) == expected


@pytest.mark.parametrize("hours", [1, 3, 8, 40])
def test_hours_from_every_edge_end_where_the_walk_ends(hours: int) -> None:
    wrong = []
    for at in edges()[hours % 7 :: 7]:
        expected = moment(reference.after(minute_of(at), hours * 60))
        if LAW.add_working_time(at, timedelta(hours=hours)) != expected:
            wrong.append(at)
    assert wrong == []


@settings(deadline=None)
@given(CALENDARS, BEGIN, st.integers(1, 60))
def test_days_agree_with_the_walk(calendar: Calendar, begin: int, days: int) -> None:
    last = reference.nth_day(moment(begin).date(), days, off=OFF[calendar])
    assert calendar.add_working_days(moment(begin), days) == datetime.combine(last, time(18), SEOUL)


@settings(deadline=None)
@given(CALENDARS, BEGIN, st.integers(1, 30), st.integers(0, 40), st.integers(0, 20))
def test_days_of_a_pause_are_passed_over(calendar: Calendar, begin: int, days: int, later: int, length: int) -> None:
    start = moment(begin).date() + timedelta(days=later)
    pause = frozenset(start + timedelta(days=number) for number in range(length))
    last = reference.nth_day(moment(begin).date(), days, off=OFF[calendar] | pause)
    due = calendar.add_working_days(moment(begin), days, without=pause)
    assert due == datetime.combine(last, time(18), SEOUL)


@settings(deadline=None)
@given(CALENDARS, BEGIN, st.integers(1, 30), st.integers(0, 10_000))
def test_who_comes_later_is_due_no_earlier(calendar: Calendar, begin: int, days: int, later: int) -> None:
    one, two = moment(begin), moment(begin + later)
    assert calendar.add_working_days(one, days) <= calendar.add_working_days(two, days)
    assert calendar.add_working_time(one, days * 60 * MINUTE) <= calendar.add_working_time(two, days * 60 * MINUTE)


@pytest.mark.parametrize(
    ("rules", "received", "due"),
    [
        (DayRules(), "2026-11-21T10:00", "2026-11-24T18:00"),
        (DayRules(off_day_counts=True), "2026-11-21T10:00", "2026-11-23T18:00"),
        (DayRules(off_day_counts=True), "2026-11-20T10:00", "2026-11-23T18:00"),
        (DayRules(late_day_counts=False), "2026-11-20T18:00", "2026-11-24T18:00"),
        (DayRules(late_day_counts=False), "2026-11-20T17:59", "2026-11-23T18:00"),
        (DayRules(until_midnight=True), "2026-11-20T17:59", "2026-11-24T00:00"),
    ],
)
def test_what_the_law_leaves_open_is_a_rule(rules: DayRules, received: str, due: str) -> None:
    at, until = (datetime.fromisoformat(text).replace(tzinfo=SEOUL) for text in (received, due))
    assert LAW.add_working_days(at, 2, rules=rules) == until


def test_a_day_off_may_itself_be_the_whole_period() -> None:
    saturday = datetime(2026, 11, 21, 10, tzinfo=SEOUL)
    assert LAW.add_working_days(saturday, 1, rules=DayRules(off_day_counts=True)) == saturday.replace(hour=18)
