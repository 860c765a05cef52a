"""Until when what must be done: the legal clock of a complaint, the clocks of single steps, the emergency clock.

Pure sums over a calendar (departments.working_time) and a table (complaints.legal_kinds). Every post on SNS begins as a
소통민원 on the clock of 기타민원, "at once" = three office hours (docs/decisions/0010-anonymous-posts.md). What the law
leaves open is read as the city says: `reading()` (docs/decisions/0013-open-questions-of-the-clocks.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings

from complaints.legal_kinds import INTERIM_DAYS, KINDS, MORE_VISIT_DAYS, STEPS, VISIT_DAYS, LegalClass, Period, Step
from complaints.models import Complaint
from complaints.models.kinds import LegalKind
from departments import working_time
from departments.working_time import KST, Calendar, DayRules

DAY = timedelta(days=1)


class NoClock(ValueError):
    """The desk has no clock for this kind: it belongs to the formal counter."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the city reads what the law leaves open, and the two lengths it may set itself."""

    days: DayRules = field(default_factory=DayRules)
    immediate_hours: int = 3
    from_promotion: bool = False
    emergency: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count (영 제20조); `end` None: it goes on. `whole_days`: the days of both ends neither."""

    begin: datetime
    end: datetime | None
    whole_days: bool = False


def reading() -> Reading:
    """As the settings say (docs/settings.md, Clocks)."""
    return Reading(
        days=DayRules(
            late_day_counts=settings.DUE_LATE_DAY == "counts",
            off_day_counts=settings.DUE_OFF_DAY == "counts",
            until_midnight=settings.DUE_MOMENT == "midnight",
        ),
        immediate_hours=settings.IMMEDIATE_HOURS,
        from_promotion=settings.PROMOTED_CLOCK == "promotion",
        emergency=settings.EMERGENCY_WITHIN,
    )


# --- the legal clock ------------------------------------------------------------------------------------------------


def period_of(row: LegalClass, *, visit_days: int = 0, read: Reading | None = None) -> Period:
    """The period of a kind, with the days of an investigation on site. Raises NoClock, ValueError for too many days."""
    if row.period is None:
        raise NoClock(row.kind)
    if not 0 <= visit_days <= (row.visit_days and row.visit_days + MORE_VISIT_DAYS):
        most = f"at most {VISIT_DAYS} days, {VISIT_DAYS + MORE_VISIT_DAYS} if extended, and only of a grievance"
        raise ValueError(f"an investigation on site takes {most}")
    own = Period(hours=(read or reading()).immediate_hours) if row.at_once else row.period
    return own.longer_by(visit_days) if visit_days else own


def due(
    kind: LegalKind,
    since: datetime,
    *,
    visit_days: int = 0,
    extended_by: int = 0,
    pauses: Iterable[Pause] = (),
    calendar: Calendar | None = None,
    read: Reading | None = None,
) -> datetime:
    """When a complaint of this kind is due whose clock runs since `since`; `extended_by` in the period's own unit.

    Take one calendar for many complaints: without one it is read anew. Raises NoClock."""
    read = read or reading()
    period = period_of(KINDS[kind], visit_days=visit_days, read=read)
    return end_of(period.longer_by(extended_by), since, pauses=pauses, calendar=calendar, read=read)


def end_of(
    period: Period,
    since: datetime,
    *,
    pauses: Iterable[Pause] = (),
    calendar: Calendar | None = None,
    read: Reading | None = None,
) -> datetime:
    """When the period is used up (법 제19조); a pause that goes on does not move it before it has ended."""
    calendar, over = calendar or working_time.calendar_for(), [pause for pause in pauses if pause.end is not None]
    if period.days:
        rules = (read or reading()).days
        return calendar.add_working_days(since, period.days, rules=rules, without=_days_of(over))
    stretches = _merged(_stretch(pause) for pause in over)
    return _after_pauses(since, timedelta(hours=period.hours), stretches, calendar)


def due_of(complaint: Complaint, *, calendar: Calendar | None = None, read: Reading | None = None) -> datetime:
    """When this complaint is due by its kind and its clock."""
    return due(LegalKind(complaint.legal_kind), since_of(complaint), calendar=calendar, read=read)


def since_of(complaint: Complaint) -> datetime:
    """From when its clock runs."""
    return complaint.clock_from or complaint.received_at


def afresh(complaint: Complaint, *, now: datetime) -> dict[str, datetime | None]:
    """Both clocks as they begin again now; the kind stays what an officer said."""
    urgent = complaint.priority == Complaint.Priority.URGENT
    due_at = due(LegalKind(complaint.legal_kind), now)
    return {"clock_from": now, "due_at": due_at, "emergency_due_at": emergency_due(now) if urgent else None}


def first_answer_due(received_at: datetime, *, calendar: Calendar | None = None) -> datetime:
    """When a post from a social network is due that the mailroom got at `received_at`."""
    return due(LegalKind.SNS, received_at, calendar=calendar)


# --- other clocks ---------------------------------------------------------------------------------------------------


def step_due(step: Step, since: datetime, *, calendar: Calendar | None = None) -> datetime:
    """When a single step is due: handing over (영 제13조), asking for what is missing (규칙 제9조①), accepting."""
    return end_of(STEPS[step].period, since, calendar=calendar)


def transfer_due(
    since: datetime, *, other_agency: bool = False, wrong_department: bool = False, calendar: Calendar | None = None
) -> datetime:
    """One office hour to the department in charge, three from a wrong one, eight to another agency (영 제13조)."""
    wrong = Step.TO_OTHER_DEPARTMENT if wrong_department else Step.TO_DEPARTMENT
    return step_due(Step.TO_OTHER_AGENCY if other_agency else wrong, since, calendar=calendar)


def supplement_due(accepted_at: datetime, *, calendar: Calendar | None = None) -> datetime:
    """Until when the citizen must have been asked for what is missing (규칙 제9조①)."""
    return step_due(Step.SUPPLEMENT, accepted_at, calendar=calendar)


def longest_extension(kind: LegalKind, *, read: Reading | None = None) -> Period:
    """An extension is at most as long as the period itself (영 제21조). Raises NoClock."""
    return period_of(KINDS[kind], read=read)


def may_extend(times: int, *, consent: bool = False) -> bool:
    """Once; once more only with the citizen's consent (영 제21조). `times`: how often it was extended already."""
    return times == 0 or (times == 1 and consent)


def interim_notices(received_at: datetime) -> Iterator[date]:
    """The days from which an interim notice is owed (영 제23조): 30 calendar days have passed, and every 30 again."""
    day = received_at.astimezone(KST).date()
    while True:
        day += timedelta(days=INTERIM_DAYS)
        yield day


def emergency_due(received_at: datetime, *, read: Reading | None = None) -> datetime:
    """Wall time, day and night: nobody waits for office hours when it burns. The city's own length, not the law's."""
    return received_at + (read or reading()).emergency


# --- pauses ---------------------------------------------------------------------------------------------------------


def _days_of(pauses: list[Pause]) -> frozenset[date]:
    """The days that do not count: those after the first until the end of the pause, the first too of whole days."""
    return frozenset(day for pause in pauses for day in _each_day(pause))


def _each_day(pause: Pause) -> Iterator[date]:
    first, last = (_date(moment) for moment in (pause.begin, pause.end or pause.begin))
    return (first + timedelta(days=number) for number in range(not pause.whole_days, (last - first).days + 1))


def _stretch(pause: Pause) -> tuple[datetime, datetime]:
    """From when until when no hour counts."""
    end = pause.end or pause.begin
    if not pause.whole_days:
        return pause.begin, end
    midnight = datetime.combine(_date(pause.begin), datetime.min.time(), KST)
    return midnight, datetime.combine(_date(end) + timedelta(days=1), datetime.min.time(), KST)


def _merged(stretches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, each moment once."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(stretches):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _after_pauses(
    since: datetime, amount: timedelta, pauses: list[tuple[datetime, datetime]], calendar: Calendar
) -> datetime:
    """`amount` of office time after `since`, the office time of the pauses not counted."""
    for begin, end in pauses:
        if end > since and begin < calendar.add_working_time(since, amount):
            amount += calendar.working_time_between(max(begin, since), end)
    return calendar.add_working_time(since, amount)


def _date(moment: datetime) -> date:
    return moment.astimezone(KST).date()
