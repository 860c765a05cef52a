"""Opinions that wait for a department's answer, as cards of its tray, with what is left of the time asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from complaints import opinion_briefs
from complaints.models import OpinionBrief
from complaints.pages import clock_words
from departments import working_time
from departments.working_time import Calendar


@dataclass(frozen=True, slots=True)
class BriefCard:
    """`dues`: empty where no day was named."""

    brief: OpinionBrief
    dues: tuple[clock_words.Due, ...] = ()


def waiting(user: User, *, now: datetime) -> list[BriefCard]:
    """What waits for this person's departments."""
    briefs, calendar = list(opinion_briefs.waiting_for(user)), working_time.calendar_for()
    return [BriefCard(brief, dues_of(brief, now=now, calendar=calendar)) for brief in briefs]


def dues_of(brief: OpinionBrief, *, now: datetime, calendar: Calendar) -> tuple[clock_words.Due, ...]:
    """“3일 남음”, “2일 초과”."""
    if brief.answer_by is None:
        return ()
    return (clock_words.legal(brief.answer_by, now=now, calendar=calendar, in_days=True),)
