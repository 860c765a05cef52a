"""When a report goes out: every day, every week, every month, at a time of day in Asia/Seoul."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from complaints.models import SavedReport
from complaints.reports.periods import DAY

Rhythm = SavedReport.Rhythm
#: So many times that were passed over are counted; more are as many.
MISSED_MAX = 4_000


def next_after(moment: datetime, *, rhythm: str, weekday: int, day: int, at: time) -> datetime:
    """The first time after `moment`."""
    today = timezone.localtime(moment).date()
    days = (today + number * DAY for number in range(63))  # a day of two whole months is among them
    times = (_at(each, at) for each in days if _is_day(each, rhythm=rhythm, weekday=weekday, day=day))
    return next(each for each in times if each > moment)


def after(report: SavedReport, moment: datetime) -> datetime:
    """The first time of this report after `moment`."""
    return next_after(moment, rhythm=report.rhythm, weekday=report.weekday, day=report.day, at=report.at)


def due(report: SavedReport, *, now: datetime) -> tuple[datetime, int, datetime]:
    """Of a report that is due: its last time that has come, how many before it were passed over, the next one."""
    assert report.next_at is not None  # noqa: S101 - it is due
    last, missed = report.next_at, 0
    following = after(report, last)
    while following <= now and missed < MISSED_MAX:
        last, missed, following = following, missed + 1, after(report, following)
    return last, missed, max(following, after(report, now))


def _is_day(each: date, *, rhythm: str, weekday: int, day: int) -> bool:
    if rhythm == Rhythm.WEEKLY:
        return each.isoweekday() == weekday
    if rhythm == Rhythm.MONTHLY:
        return each.day == min(day, monthrange(each.year, each.month)[1])
    return True


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def is_late(due_at: datetime, *, now: datetime) -> bool:
    """Late enough for a word about it."""
    return now - due_at > timedelta(minutes=30)
