"""Times and counts in words that a tired person understands at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.models import Complaint, Status

SOON = timedelta(hours=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def status(complaint: Complaint) -> str:
    """What is set aside as the same as another is no “비민원”."""
    return _("the same as another") if complaint.duplicate_of_id else str(Status(complaint.status).label)


def span(length: timedelta) -> str:
    """“3일 2시간”, “1시간 30분”, “12분”: never more than two units."""
    minutes = max(0, int(length / MINUTE))
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return _two(_days(days), hours, _hours(hours)) if days < 7 else _days(days)
    if hours:
        return _two(_hours(hours), left, _minutes(left))
    return _minutes(left)


def _two(first: str, number: int, second: str) -> str:
    return f"{first} {second}" if number else first


def _days(number: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}


def _hours(number: int) -> str:
    return ngettext("%(n)d hour", "%(n)d hours", number) % {"n": number}


def _minutes(number: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", number) % {"n": number}


def ago(at: datetime, *, now: datetime) -> str:
    """“방금”, “2시간 전”, from a week on the date."""
    passed = now - at
    if passed < MINUTE:
        return _("just now")
    if passed >= 7 * DAY:
        return date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")
    largest = DAY if passed >= DAY else HOUR if passed >= HOUR else MINUTE
    return _("%(span)s ago") % {"span": span(largest * int(passed / largest))}


def just_ago(at: datetime, *, now: datetime) -> str:
    """“12초 전”, from a minute on as `ago`: what happened while somebody was typing."""
    seconds = int((now - at).total_seconds())
    if not 0 < seconds < 60:
        return ago(at, now=now)
    return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}


def moment(at: datetime, *, now: datetime) -> str:
    """“오늘 11:00”, “어제 18:00”, “내일 09:00”, else as a stamp."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((local.date() - today).days)
    return f"{near} {local:%H:%M}" if near else stamp(at)


def clock(at: datetime) -> str:
    """“16:32:07” in Asia/Seoul."""
    return f"{timezone.localtime(at):%H:%M:%S}"


def stamp(at: datetime) -> str:
    """Date and time in Asia/Seoul, to the minute: “11. 22. 16:32”, with the year where it is another."""
    local = timezone.localtime(at)
    this_year = timezone.localtime(timezone.now()).year == local.year
    return local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d %H:%M")
