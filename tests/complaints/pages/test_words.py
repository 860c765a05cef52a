"""Times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from complaints.pages import words

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (90, "1 hour 30 minutes"),
        (24 * 60, "1 day"),
        (27 * 60 + 10, "1 day 3 hours"),
        (24 * 60 * 9 + 70, "9 days"),
    ],
)
def test_a_span_has_at_most_two_units(minutes: int, said: str) -> None:
    with translation.override("en"):
        assert words.span(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12 minutes ago"),
        (timedelta(hours=2, minutes=40), "2 hours ago"),
        (timedelta(days=3, hours=5), "3 days ago"),
        (timedelta(days=8), "11/16/2026"),
    ],
)
def test_age_in_words(passed: timedelta, said: str) -> None:
    with translation.override("en"):
        assert words.ago(NOON - passed, now=NOON) == said


@pytest.mark.parametrize(
    ("away", "said"),
    [(-timedelta(hours=13), "yesterday 23:00"), (timedelta(hours=21), "tomorrow 09:00")],
)
def test_a_moment_near_by_is_named_by_its_day(away: timedelta, said: str) -> None:
    with translation.override("en"):
        assert words.moment(NOON + away, now=NOON) == said


def test_a_moment_far_away_is_a_stamp() -> None:
    at = NOON - timedelta(days=3)
    assert words.moment(at, now=NOON) == words.stamp(at)


def test_a_stamp_is_in_seoul_and_names_another_year() -> None:
    assert words.stamp(datetime(2011, 12, 31, 16, 0, tzinfo=UTC)) == "2012-01-01 01:00"
