"""What is left, who may spend it, and when it begins anew (R10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_sns import adapters, budget, inbox
from channels_sns.accounts import capabilities_of
from channels_sns.adapters.metering import LANES, READS, WRITES, Allowance, Lane, Meter, Period, Price, Window
from channels_sns.models import Account, RateWindow, Spending
from tests.channels_sns.scripted import (
    NOON,
    Script,
    ScriptedAdapter,
    later,
    make_incoming,
    make_page,
    make_scripted_account,
    script,
)

__all__ = ["script"]

UNITS = Allowance("units", "day", Decimal(100), "America/Los_Angeles")
DOLLARS = Allowance("USD", "month")


@pytest.fixture
def account(db: None, script: Script, monkeypatch: pytest.MonkeyPatch) -> Account:
    given_away = replace(ScriptedAdapter.capabilities, allowances=(UNITS, DOLLARS))
    monkeypatch.setattr(ScriptedAdapter, "capabilities", given_away)
    return make_scripted_account()


def spend(account: Account, amount: str, unit: str = "units", *, lane: Lane = "reply", at: datetime = NOON) -> None:
    meter = Meter()
    meter.use(lane, Price(Decimal(amount), unit))
    budget.note(account, meter, now=at)


def tell(account: Account, *windows: Window, at: datetime = NOON) -> None:
    meter = Meter()
    meter.hear(*windows)
    budget.note(account, meter, now=at)


def window(remaining: float, *, limit: float | None = 100, unit: str = "percent", name: str = "pages") -> Window:
    return Window(name, unit, remaining, limit, NOON + timedelta(minutes=15))


def open_lanes(account: Account, *, now: datetime = NOON) -> set[Lane]:
    return set(LANES) - budget.shut(account, now=now)


# --- noted ------------------------------------------------------------------------------------------------------------


def test_what_is_used_is_added_up_by_hour_and_lane(account: Account) -> None:
    spend(account, "0.015", "USD")
    spend(account, "0.2", "USD", at=later(60))
    spend(account, "0.001", "USD", lane="mention")
    spend(account, "0.015", "USD", at=NOON + timedelta(hours=1))
    rows = Spending.objects.order_by("hour", "lane").values_list("hour", "lane", "amount")
    assert list(rows) == [
        (3, "mention", Decimal("0.0010")),
        (3, "reply", Decimal("0.2150")),
        (4, "reply", Decimal("0.0150")),
    ]


def test_the_newest_word_about_a_window_counts(account: Account) -> None:
    tell(account, window(90))
    tell(account, window(10), at=later(60))
    row = RateWindow.objects.get()
    assert (row.remaining, row.limit, row.heard_at) == (10, 100, later(60))


def test_a_long_name_of_a_window_fits(account: Account) -> None:
    tell(account, window(90, name="x" * 99))
    assert RateWindow.objects.get().name == "x" * 60


# --- left -------------------------------------------------------------------------------------------------------------


def left(account: Account, *, now: datetime = NOON) -> dict[str, budget.Left]:
    return {one.name: one for one in budget.left(account, now=now)}


def test_what_is_left_of_an_allowance(account: Account) -> None:
    spend(account, "30")
    units, dollars = left(account)["units/day"], left(account)["USD/month"]
    assert (units.used, units.limit, units.remaining) == (Decimal(30), Decimal(100), Decimal(70))
    assert units.share == pytest.approx(0.7)
    assert units.resets_at == datetime(2026, 11, 24, 8, tzinfo=UTC), "midnight in Los Angeles"
    assert (dollars.limit, dollars.remaining, dollars.share) == (None, None, 1.0)


def test_more_than_everything_leaves_nothing(account: Account) -> None:
    spend(account, "130")
    units = left(account)["units/day"]
    assert (units.remaining, units.share) == (Decimal(0), 0.0)


def test_yesterday_is_over(account: Account) -> None:
    midnight = datetime(2026, 11, 24, 8, tzinfo=UTC)
    spend(account, "90", at=midnight - timedelta(minutes=1))
    assert left(account, now=midnight - timedelta(minutes=1))["units/day"].used == 90
    assert left(account, now=midnight)["units/day"].used == 0


@pytest.mark.parametrize(
    ("own", "limit"),
    [(50, 50), ("12.5", Decimal("12.5")), (500, 100), (0, 0), (-1, 0), ("fifty", 0), ("NaN", 0), (True, 0), ([], 0)],
)
def test_the_city_narrows_what_the_network_gives(account: Account, own: object, limit: object) -> None:
    """Whatever is no number stops the channel, where people see it."""
    account.options = {"budget": {"units": own}}
    assert left(account)["units/day"].limit == limit


@pytest.mark.parametrize("options", [{}, {"budget": None}, {"budget": {}}, {"budget": {"KRW": 5}}])
def test_no_limit_of_its_own_is_none(account: Account, options: dict[str, Any]) -> None:
    account.options = options
    assert left(account)["units/day"].limit == 100
    assert left(account)["USD/month"].limit is None


def test_a_budget_that_is_no_table_allows_nothing(account: Account) -> None:
    account.options = {"budget": "viel"}
    assert left(account)["USD/month"].limit == 0
    assert open_lanes(account) == set()


def test_windows_that_are_over_or_tell_no_limit_count_no_more(account: Account) -> None:
    tell(account, window(0), window(0, limit=None, name="endless"))
    assert "pages" in left(account)
    assert "endless" not in left(account)
    assert "pages" not in left(account, now=NOON + timedelta(minutes=15))
    tell(account, Window("never", "calls", 0, 10, None))
    assert "never" not in left(account)


def test_a_window_of_nothing_is_empty(account: Account) -> None:
    tell(account, window(0, limit=0))
    told = left(account)["pages"]
    assert (told.share, told.remaining) == (0.0, Decimal(0))


# --- who may go on ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("used", "may"),
    [
        ("0", {"emergency", "reply", "broadcast", "mention", "search"}),
        ("49", {"emergency", "reply", "broadcast", "mention", "search"}),
        ("50", {"emergency", "reply", "broadcast", "mention"}),
        ("69", {"emergency", "reply", "broadcast", "mention"}),
        ("70", {"emergency", "reply", "broadcast"}),
        ("89", {"emergency", "reply", "broadcast"}),
        ("90", {"emergency", "reply"}),
        ("97", {"emergency", "reply"}),
        ("98", {"emergency"}),
        ("99.9", {"emergency"}),
        ("100", set()),
    ],
)
def test_the_most_important_goes_on_longest(account: Account, used: str, may: set[str]) -> None:
    spend(account, used, lane="search")
    assert open_lanes(account) == may
    for lane in LANES:
        assert (budget.stopped(account, lane, now=NOON) is None) == (lane in may)


def test_the_tightest_limit_is_named(account: Account) -> None:
    account.options = {"budget": {"USD": 1}}
    spend(account, "60")
    spend(account, "0.9", "USD")
    stopped = budget.stopped(account, "search", now=NOON)
    assert stopped is not None
    assert stopped.name == "USD/month"


@pytest.mark.parametrize(
    ("unit", "may"),
    [
        (READS, {"emergency", "reply", "broadcast"}),
        (WRITES, {"mention", "search"}),
        ("percent", set()),
    ],
)
def test_a_window_stops_only_what_it_counts(account: Account, unit: str, may: set[str]) -> None:
    tell(account, window(0, unit=unit))
    assert open_lanes(account) == may


def test_a_poll_is_told_what_may_be_spent_and_stops_in_time(
    script: Script, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[frozenset[Lane]] = []

    class Watching(ScriptedAdapter):
        def poll(self, cursor: Any, *, now: datetime) -> Any:
            seen.append(self.meter.shut)
            return super().poll(cursor, now=now)

    monkeypatch.setitem(adapters.ADAPTERS, "scripted", Watching)
    spend(account, "50")
    script.pages = [make_page(make_incoming())]
    assert inbox.collect(account, now=NOON).new == 1
    assert seen == [frozenset({"search"})]
    spend(account, "20")
    result = inbox.collect(account, now=NOON)
    assert result.error.startswith("BudgetSpent: units/day, 70")
    account.refresh_from_db()
    assert account.next_poll_at == NOON + inbox.BUDGET_PAUSE
    assert capabilities_of(account).allowances == (UNITS, DOLLARS)


# --- periods ----------------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(
    ["UTC", "Asia/Seoul", "America/Los_Angeles", "Asia/Kolkata", "America/Santiago", "America/Havana", "Asia/Beirut"]
)
PERIODS = st.sampled_from(["hour", "day", "month"])


@given(MOMENTS, ZONES, PERIODS)
def test_every_moment_lies_in_one_period(now: datetime, zone: str, period: Period) -> None:
    allowance = Allowance("units", period, timezone=zone)
    begun, ends = budget.period_of(allowance, now)
    assert begun <= now < ends
    assert budget.period_of(allowance, begun) == (begun, ends)
    assert budget.period_of(allowance, ends - timedelta(microseconds=1)) == (begun, ends)
    assert budget.period_of(allowance, ends)[0] == ends


@given(MOMENTS, ZONES, st.sampled_from(["day", "month"]))
def test_days_and_months_turn_at_midnight_where_the_network_counts(now: datetime, zone: str, period: Period) -> None:
    begun, _ends = budget.period_of(Allowance("units", period, timezone=zone), now)
    local, before = (at.astimezone(ZoneInfo(zone)) for at in (begun, begun - timedelta(microseconds=1)))
    assert before.date() < local.date() or before.date() < now.astimezone(ZoneInfo(zone)).date()
    if period == "month":
        assert (local.day, before.month == local.month) == (1, False)


@pytest.mark.parametrize(
    ("now", "zone", "period", "hours"),
    [
        ("2026-03-08T12:00:00+00:00", "America/Los_Angeles", "day", 23),
        ("2026-11-01T12:00:00+00:00", "America/Los_Angeles", "day", 25),
        ("2026-11-01T08:30:00+00:00", "America/Los_Angeles", "hour", 1),
        ("2026-11-01T09:30:00+00:00", "America/Los_Angeles", "hour", 1),
        ("2028-02-29T12:00:00+00:00", "UTC", "month", 29 * 24),
    ],
)
def test_a_day_may_be_longer_an_hour_never(now: str, zone: str, period: Period, hours: int) -> None:
    begun, ends = budget.period_of(Allowance("units", period, timezone=zone), datetime.fromisoformat(now))
    assert ends - begun == timedelta(hours=hours)
