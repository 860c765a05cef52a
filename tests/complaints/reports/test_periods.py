"""Periods of the calendar, and which of them a page opens on."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from django.test import Client

from complaints.reports import periods
from complaints.reports.periods import Period, containing
from complaints.reports.slices import read
from departments.models import Role
from tests.complaints.admin.desk import client_as
from tests.complaints.reports.office import make_hand_counted
from tests.complaints.reports.test_pages import HOME, NOVEMBER, body

FIRST_OF_DECEMBER = datetime(2026, 12, 1, 0, 5, tzinfo=timezone(timedelta(hours=9)))


def days(period: Period) -> tuple[str, str]:
    return str(period.first), str(period.last)


def test_thirty_days_end_with_their_day_and_move_by_thirty() -> None:
    period = containing("recent", date(2026, 12, 1))
    assert days(period) == ("2026-11-02", "2026-12-01")
    assert days(period.before()) == ("2026-10-03", "2026-11-01")
    assert period.before().after() == period
    assert days(period.year_before()) == ("2025-11-02", "2025-12-01")
    assert days(period.last_whole()) == ("2026-11-01", "2026-11-30")
    leap = containing("recent", date(2028, 2, 29)).year_before()
    assert (leap.last, leap.last - leap.first) == (date(2027, 2, 28), timedelta(days=29))


@pytest.mark.parametrize("name", ["day", "week", "recent", "month", "quarter"])
def test_a_period_is_written_into_an_address_and_read_back(name: str) -> None:
    asked = read({"period": name, "on": "2026-11-15"}, now=FIRST_OF_DECEMBER)
    for period in (asked.period, asked.period.before(), asked.period.year_before()):
        assert read({"period": period.name, "on": str(period.on)}, now=FIRST_OF_DECEMBER).period == period


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("2026-11-02", "2026-12-01")),
        ({"period": ""}, ("2026-11-02", "2026-12-01")),
        ({"on": "2026-11-15"}, ("2026-11-01", "2026-11-30")),
        ({"period": "month"}, ("2026-12-01", "2026-12-31")),
        ({"period": "range", "from": "2026-11-03", "to": "2026-11-05"}, ("2026-11-03", "2026-11-05")),
    ],
)
def test_a_page_opens_on_the_last_thirty_days_and_old_addresses_say_what_they_said(
    values: dict[str, str], expected: tuple[str, str]
) -> None:
    assert days(read(values, now=FIRST_OF_DECEMBER).period) == expected


def test_what_is_offered_on_the_first_of_a_month() -> None:
    found = [days(period) for _name, period in periods.offered(date(2026, 12, 1))]
    assert found[:2] == [("2026-11-02", "2026-12-01"), ("2026-11-01", "2026-11-30")]
    assert found[2:] == [("2026-12-01", "2026-12-31"), ("2026-10-01", "2026-12-31")]


@pytest.mark.django_db
def test_the_page_says_which_period_it_shows_and_offers_others() -> None:
    make_hand_counted()
    manager: Client = client_as(Role.MANAGER)
    page = body(manager.get(HOME))
    assert page.count('aria-current="true"') == 1
    assert "period=recent&amp;on=" in page[: page.index('aria-current="true"')]
    assert "2026-11" in body(manager.get(f"{HOME}?{NOVEMBER}"))
    assert "report-offered" not in body(manager.get(f"{HOME}monthly/"))
