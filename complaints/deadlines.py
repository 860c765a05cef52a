"""Until when what must be done: the legal clock of a complaint, the clocks of single steps, the emergency clock.

Pure sums over a calendar (departments.working_time) and a table (complaints.legal_kinds). Every post on SNS begins as a
소통민원 on the clock of 기타민원, "at once" = three office hours (docs/decisions/0010-anonymous-posts.md). What the law
leaves open is read as the city says: `reading()` (docs/decisions/0013-open-questions-of-the-clocks.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from django.conf import settings

from complaints import standstill
from complaints.legal_kinds import INTERIM_DAYS, KINDS, MORE_VISIT_DAYS, STEPS, VISIT_DAYS, LegalClass, Period, Step
from complaints.models import Complaint
from complaints.models.hold import HoldCode
from complaints.models.kinds import LegalKind
from complaints.standstill import Pause
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
    calendar, over = calendar or working_time.calendar_for(), standstill.over(pauses)
    if period.days:
        rules = (read or reading()).days
        return calendar.add_working_days(since, period.days, rules=rules, without=standstill.days_of(over))
    return _after_pauses(since, timedelta(hours=period.hours), standstill.stretches(over), calendar)


def due_of(complaint: Complaint, *, calendar: Calendar | None = None, read: Reading | None = None) -> datetime:
    """When this complaint is due by its kind and its clock."""
    read = read or reading()
    return end_of(
        period_for(complaint, read=read), since_of(complaint), pauses=pauses_of(complaint), calendar=calendar, read=read
    )


def period_for(complaint: Complaint, *, read: Reading | None = None) -> Period:
    """The period of this complaint as it was extended, with its days on site."""
    row = KINDS[LegalKind(complaint.legal_kind)]
    return period_of(row, visit_days=complaint.visit_days, read=read).longer_by(complaint.extended_by)


def pauses_of(complaint: Complaint) -> list[Pause]:
    """When its clock stood still; for many complaints prefetch "holds"."""
    holds = [hold for hold in complaint.holds.all() if hold.stops]
    return [Pause(hold.began_at, hold.ended_at, hold.code == HoldCode.SUPPLEMENT) for hold in holds]


def since_of(complaint: Complaint) -> datetime:
    """From when its clock runs."""
    return complaint.clock_from or complaint.received_at


def afresh(complaint: Complaint, *, now: datetime) -> dict[str, datetime | int | None]:
    """Both clocks as they begin again now; the kind stays what a person said, extensions are open again."""
    urgent = complaint.priority == Complaint.Priority.URGENT
    return {
        "clock_from": now,
        "due_at": due(LegalKind(complaint.legal_kind), now),
        "emergency_due_at": emergency_due(now) if urgent else None,
        **dict.fromkeys(("extensions", "extended_by", "visit_days"), 0),
    }


def first_answer_due(received_at: datetime, *, calendar: Calendar | None = None) -> datetime:
    """When a post from a social network is due that the mailroom got at `received_at`."""
    return due(LegalKind.SNS, received_at, calendar=calendar)


# --- other clocks ---------------------------------------------------------------------------------------------------


def step_due(step: Step, since: datetime, *, calendar: Calendar | None = None) -> datetime:
    """When a single step is due: handing over (영 제13조), asking for what is missing (규칙 제9조①), accepting."""
    return end_of(STEPS[step].period, since, calendar=calendar)


def supplement_until(asked_at: datetime, days: int, *, calendar: Calendar | None = None) -> date:
    """The last day for a supplement: the day it is asked for does not count, and no day off is the last one
    (영 제24조④, 민법 제157조·제161조)."""
    calendar = calendar or working_time.calendar_for()
    day = asked_at.astimezone(KST).date() + days * DAY
    while not calendar.is_counted_day(day):
        day += DAY
    return day


def longest_extension(kind: LegalKind, *, read: Reading | None = None) -> Period:
    """An extension is at most as long as the period itself (영 제21조). Raises NoClock."""
    return period_of(KINDS[kind], read=read)


def may_extend(times: int, *, consent: bool = False) -> bool:
    """Once; once more only with the citizen's consent (영 제21조). `times`: how often it was extended already."""
    return times == 0 or (times == 1 and consent)


def interim_notices(received_at: datetime, *, since: date | None = None) -> Iterator[date]:
    """The days from which an interim notice is owed (영 제23조): 30 calendar days have passed, and every 30 again.

    `since`: those before it are passed over."""
    received = received_at.astimezone(KST).date()
    passed = max(0, -(-(since - received).days // INTERIM_DAYS) - 1) if since else 0
    return (received + timedelta(days=INTERIM_DAYS * number) for number in count(passed + 1))


def emergency_due(received_at: datetime, *, read: Reading | None = None) -> datetime:
    """Wall time, day and night: nobody waits for office hours when it burns. The city's own length, not the law's."""
    return received_at + (read or reading()).emergency


# --- pauses ---------------------------------------------------------------------------------------------------------


def _after_pauses(
    since: datetime, amount: timedelta, pauses: list[tuple[datetime, datetime]], calendar: Calendar
) -> datetime:
    """`amount` of office time after `since`, the office time of the pauses not counted."""
    for begin, end in pauses:
        if end > since and begin < calendar.add_working_time(since, amount):
            amount += calendar.working_time_between(max(begin, since), end)
    return calendar.add_working_time(since, amount)
