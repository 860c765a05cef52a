"""Times that do not count (영 제20조): as days, and as stretches of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from departments.working_time import KST


@dataclass(frozen=True, slots=True)
class Pause:
    """`end` None: it goes on, and moves nothing before it has ended. `whole_days`: the days of both ends do not count
    either, as of a supplement (행정절차법 시행령 제11조제1호)."""

    begin: datetime
    end: datetime | None
    whole_days: bool = False


def over(pauses: Iterable[Pause]) -> list[Pause]:
    """Those that have ended."""
    return [pause for pause in pauses if pause.end is not None]


def days_of(pauses: Iterable[Pause]) -> frozenset[date]:
    """The days that do not count: those after the first until the end of the pause, the first too of whole days."""
    return frozenset(day for pause in pauses for day in _each_day(pause))


def stretches(pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    """From when until when no hour counts: in order, each moment once."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(map(_stretch, pauses)):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _each_day(pause: Pause) -> Iterator[date]:
    first, last = (_date(moment) for moment in (pause.begin, pause.end or pause.begin))
    return (first + timedelta(days=number) for number in range(not pause.whole_days, (last - first).days + 1))


def _stretch(pause: Pause) -> tuple[datetime, datetime]:
    end = pause.end or pause.begin
    if not pause.whole_days:
        return pause.begin, end
    midnight = datetime.combine(_date(pause.begin), datetime.min.time(), KST)
    return midnight, datetime.combine(_date(end) + timedelta(days=1), datetime.min.time(), KST)


def _date(moment: datetime) -> date:
    return moment.astimezone(KST).date()
