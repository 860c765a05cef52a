"""A channel that is quieter than usual at this hour is told of; one that is as always, or young, is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_sns import silence
from channels_sns.models import Account, InboundPost
from tests.make import make_account, make_post

#: Noon in Seoul.
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def account(db: None) -> Account:
    return make_account()


def arrive(account: Account, *times: datetime, **values: Any) -> None:
    for at in times:
        make_post(account, arrived_at=at, **values)


def office_hours(days: int, *, until: datetime = NOW) -> list[datetime]:
    """A post every half an hour from nine to six in Seoul, on so many days before `until`."""
    morning = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    times = [morning - timedelta(days=day) + timedelta(minutes=30 * n) for day in range(days) for n in range(19)]
    return [at for at in times if at < until]


def test_as_quiet_as_usual_is_no_alarm(account: Account) -> None:
    arrive(account, *office_hours(10))
    assert silence.of(account, now=NOW) is None
    assert silence.of(account, now=NOW + timedelta(minutes=20)) is None


def test_longer_than_usual_at_this_hour_is_one(account: Account) -> None:
    arrive(account, *office_hours(10, until=NOW - timedelta(hours=1)))
    found = silence.of(account, now=NOW)
    assert found == silence.Silence(lasted=timedelta(hours=1, minutes=30), usual=timedelta(minutes=30))


def test_the_night_is_always_quiet(account: Account) -> None:
    """From six in the evening to nine: fifteen hours of silence are usual then."""
    arrive(account, *office_hours(10, until=datetime(2026, 11, 23, 9, 1, tzinfo=UTC)))
    night = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert silence.of(account, now=night) is None
    assert silence.of(account, now=night + timedelta(hours=9)) is not None


def test_less_than_an_hour_is_never_one(account: Account) -> None:
    times = [NOW - timedelta(minutes=5 * n) for n in range(12, 12 * 24 * 8)]
    arrive(account, *times[:: max(1, len(times) // 400)], NOW - timedelta(minutes=59))
    assert silence.of(account, now=NOW) is None


@pytest.mark.parametrize("count", [0, silence.LEAST_POSTS - 1])
def test_too_few_posts_say_nothing(account: Account, count: int) -> None:
    arrive(account, *(NOW - timedelta(hours=8 * (n + 1)) for n in range(count)))
    assert silence.of(account, now=NOW + timedelta(days=3)) is None


def test_a_young_connection_says_nothing(account: Account) -> None:
    arrive(account, *(NOW - timedelta(hours=n) for n in range(6 * 24 - 40, 6 * 24)))
    assert silence.of(account, now=NOW + timedelta(hours=5)) is None


def test_what_we_wrote_ourselves_breaks_no_silence(account: Account) -> None:
    arrive(account, *office_hours(10, until=NOW - timedelta(hours=1)))
    arrive(account, NOW - timedelta(minutes=1), state=InboundPost.State.OWN)
    assert silence.of(account, now=NOW) is not None


def test_the_silence_of_another_account_is_its_own(account: Account) -> None:
    arrive(account, *office_hours(10, until=NOW - timedelta(hours=1)))
    arrive(make_account(), NOW - timedelta(minutes=1))
    assert silence.of(account, now=NOW) is not None


def asked(account: Account, now: datetime) -> int:
    """How many queries one look costs."""
    with CaptureQueriesContext(connection) as queries:
        silence.of(account, now=now)
    return len(queries)


def test_a_busy_channel_costs_one_look_at_its_newest_post(account: Account) -> None:
    arrive(account, *office_hours(10))
    assert asked(account, NOW) == 1


def test_the_history_of_a_quiet_one_is_read_once_an_hour(account: Account) -> None:
    arrive(account, *office_hours(10, until=NOW - timedelta(hours=1)))
    assert [asked(account, NOW + timedelta(minutes=minutes)) for minutes in (0, 10, 59)] == [2, 1, 1]
    assert asked(account, NOW + timedelta(minutes=60)) == 2, "at another hour something else is usual"
    assert silence.of(account, now=NOW + timedelta(minutes=10)) == silence.Silence(
        lasted=timedelta(hours=1, minutes=40), usual=timedelta(minutes=30)
    )


def test_what_is_remembered_ends_with_the_next_post(account: Account) -> None:
    arrive(account, *office_hours(10, until=NOW - timedelta(hours=1)))
    assert silence.of(account, now=NOW) is not None
    arrive(account, NOW + timedelta(minutes=1))
    assert silence.of(account, now=NOW + timedelta(minutes=2)) is None


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """A time of the clock in Seoul."""
    return datetime(2026, 11, 1, 0, minute, tzinfo=UTC) + timedelta(days=day, hours=hour - 9)


@pytest.mark.parametrize(
    ("times", "hour", "usual"),
    [
        ([at(9), at(11)], 10, timedelta(hours=2)),
        ([at(9), at(11)], 12, silence.LOOKS_BACK),
        ([at(9), at(10), at(13)], 10, timedelta(hours=3)),
        ([at(22), at(7, day=1)], 3, timedelta(hours=9)),
        ([at(22), at(7, day=1)], 23, timedelta(hours=9)),
        ([at(22), at(7, day=1)], 12, silence.LOOKS_BACK),
        ([at(9), at(9, day=2)], 15, timedelta(days=2)),
        ([at(10, 10), at(10, day=1)], 3, timedelta(hours=23, minutes=50)),
        ([], 3, silence.LOOKS_BACK),
    ],
)
def test_only_silences_that_covered_this_hour_count(times: list[datetime], hour: int, usual: timedelta) -> None:
    assert silence.usual_silence(times, hour=hour) == usual


def test_of_many_silences_the_two_longest_are_chance() -> None:
    times = [at(10, day=day) for day in range(11)] + [at(10, day=30), at(10, day=70)]
    assert silence.usual_silence(times, hour=10) == timedelta(days=1)
    assert silence.usual_silence(times[2:], hour=10) == timedelta(days=40 if len(times[2:]) - 1 <= 10 else 1)
