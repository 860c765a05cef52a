"""Three office hours: the lunch hour, evenings, weekends and holidays do not count."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from complaints import deadlines
from departments import working_time

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-24 09:00", "2026-11-24 12:00"),
        ("2026-11-24 11:00", "2026-11-24 15:00"),
        ("2026-11-24 17:00", "2026-11-25 11:00"),
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
