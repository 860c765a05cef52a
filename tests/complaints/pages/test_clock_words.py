"""Both clocks in words, as a tired person reads them: office time for the law's, wall time for the emergency's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from complaints.models import Complaint
from complaints.pages import clock_words
from departments.working_time import Calendar

SEOUL = ZoneInfo("Asia/Seoul")
LAW = Calendar()


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def said(now: str, language: str = "ko", **values: Any) -> list[tuple[str, str, str]]:
    """Text, moment and tone of the clocks of a complaint due on Tuesday at four, in their order."""
    known = {"status": "IN_PROGRESS", "due_at": seoul("2026-11-24T16:00"), "received_at": seoul("2026-11-24T12:00")}
    complaint = Complaint(**(known | values))
    with translation.override(language):
        dues = clock_words.of(complaint, now=seoul(now), calendar=LAW)
    return [(due.text, due.when, due.tone) for due in dues]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-24T13:00", ("3근무시간 남음", "오늘 16:00", "fine")),
        ("2026-11-24T13:30", ("2근무시간 30분 남음", "오늘 16:00", "fine")),
        ("2026-11-24T12:30", ("3근무시간 남음", "오늘 16:00", "fine")),
        ("2026-11-24T15:00", ("1근무시간 남음", "오늘 16:00", "soon")),
        ("2026-11-24T15:20", ("40분 남음", "오늘 16:00", "soon")),
        ("2026-11-24T15:59:30", ("기한이 다 됨", "오늘 16:00", "soon")),
        ("2026-11-24T16:00:30", ("방금 초과", "오늘 16:00", "late")),
        ("2026-11-24T16:10", ("10분 초과", "오늘 16:00", "late")),
        ("2026-11-24T22:00", ("2근무시간 초과", "오늘 16:00", "late")),
        ("2026-11-25T10:00", ("3근무시간 초과", "어제 16:00", "late")),
        ("2026-12-01T16:00", ("5근무일 초과", "11-24 16:00", "late")),
    ],
)
def test_the_clock_of_the_law_counts_office_time(now: str, words: tuple[str, str, str]) -> None:
    assert said(now) == [words]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-24T12:00", ("6일 남음", "fine")),
        ("2026-11-28T23:00", ("3일 남음", "fine")),
        ("2026-12-01T09:00", ("1일 남음", "fine")),
        ("2026-12-02T09:00", ("8근무시간 남음", "soon")),
        ("2026-12-02T19:00", ("방금 초과", "late")),
        ("2026-12-04T08:00", ("2일 초과", "late")),
        ("2026-12-06T08:00", ("2일 초과", "late")),
    ],
)
def test_a_period_in_days_counts_days_until_the_last_one(now: str, words: tuple[str, str]) -> None:
    ((text, _when, tone),) = said(now, legal_kind="GRIEVANCE", due_at=seoul("2026-12-02T18:00"))
    assert (text, tone) == words


def test_an_emergency_counts_day_and_night_and_the_worse_clock_comes_first() -> None:
    until = seoul("2026-11-24T22:00")
    assert said("2026-11-24T21:48", emergency_due_at=until, due_at=seoul("2026-11-25T12:00")) == [
        ("긴급: 12분 남음", "오늘 22:00", "soon"),
        ("3근무시간 남음", "내일 12:00", "fine"),
    ]
    assert said("2026-11-25T01:00", emergency_due_at=until)[0] == ("2근무시간 초과", "어제 16:00", "late")
    assert said("2026-11-25T01:00", emergency_due_at=until)[1] == ("긴급: 3시간 초과", "어제 22:00", "late")


def test_a_stopped_clock_says_so_and_the_emergency_goes_on() -> None:
    values: dict[str, Any] = {"status": "ON_HOLD", "stopped_at": seoul("2026-11-24T14:00")}
    assert said("2026-11-25T10:00", **values) == [("기한 멈춤", "어제 14:00부터", "stopped")]
    assert len(said("2026-11-25T10:00", emergency_due_at=seoul("2026-11-25T10:10"), **values)) == 2


@pytest.mark.parametrize(
    "values", [{"status": "COMPLETED"}, {"status": "ANSWERED"}, {"answered_at": seoul("2026-11-24T13:00")}]
)
def test_where_no_answer_is_awaited_nothing_is_due(values: dict[str, Any]) -> None:
    assert said("2026-11-25T10:00", emergency_due_at=seoul("2026-11-25T10:10"), **values) == []


def test_it_is_said_in_english_too() -> None:
    assert said("2026-11-24T13:30", "en") == [("2 office hours 30 minutes left", "today 16:00", "fine")]
    assert said("2026-11-25T10:00", "en")[0][0] == "3 office hours over"


def test_office_time_in_short() -> None:
    with translation.override("en"):
        assert clock_words.office_time(timedelta(minutes=59)) == "59 minutes"
        assert clock_words.office_time(timedelta(hours=23, minutes=59)) == "23 office hours 59 minutes"
        assert clock_words.office_time(timedelta(hours=24)) == "3 office days"
