"""Why a day does not count, by name: Saturday, Sunday, a public holiday, a day the city made free; or free no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from departments import almanac
from departments.models import Holiday
from departments.working_time import Calendar

SATURDAY, SUNDAY, HOLIDAY, CITY, WORKED = "saturday", "sunday", "holiday", "city", "worked"


@dataclass(frozen=True, slots=True)
class Reason:
    """`code`: one of the constants above. `name`: of the holiday, or of the city's change."""

    code: str
    name: str = ""


def changes(first: date, last: date) -> dict[date, str]:
    """What the city changed between two days, with its names."""
    return dict(Holiday.objects.filter(date__range=(first, last)).values_list("date", "name"))


def reasons(day: date, *, calendar: Calendar, changed: Mapping[date, str], language: str) -> list[Reason]:
    """All that speaks about this day: empty for an ordinary one; [WORKED] for a holiday on which the city works."""
    found = {5: [Reason(SATURDAY)], 6: [Reason(SUNDAY)]}.get(day.weekday(), [])
    if day in calendar.removed:
        return [*found, Reason(WORKED, almanac.name_of(day, language=language) or changed.get(day, ""))]
    if name := almanac.name_of(day, language=language):
        return [*found, Reason(HOLIDAY, name)]
    return [*found, Reason(CITY, changed.get(day, ""))] if day in calendar.added else found
