"""Until when a complaint must be answered first.

Every post on SNS is handled on the clock of 기타민원, "at once" = three office hours (민원 처리에 관한 법률 시행령
제16조, 제19조): docs/decisions/0010-anonymous-posts.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from departments import working_time
from departments.working_time import Calendar

FIRST_ANSWER = timedelta(hours=3)


def first_answer_due(received_at: datetime, *, calendar: Calendar | None = None) -> datetime:
    """Three office hours after `received_at`. Take one calendar for many complaints: without one it is read anew."""
    return working_time.add_working_time(received_at, FIRST_ANSWER, calendar=calendar)
