"""What is said again and again: drafts are made days ahead, each to be written and approved like any other.

Only writer of Repeat and Occurrence. Which days are worked on, the caller knows: the mailroom has no calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_sns import broadcasts
from channels_sns.adapters.text import nfc
from channels_sns.broadcasts import Conflict, NotPossible
from channels_sns.models import Account, Broadcast, Occurrence, Repeat
from channels_sns.models.broadcast import Kind
from channels_sns.models.repeat import Days

#: Is this day neither a holiday nor a weekend? Is it a holiday?
Calendar: TypeAlias = Callable[[date], bool]

AHEAD_MAX = 31
WRITABLE = frozenset({"kind", "title", "text", "text_en", "days", "at", "ahead_days"})
_WEEKDAYS = (Days.MON, Days.TUE, Days.WED, Days.THU, Days.FRI, Days.SAT, Days.SUN)


def begin(*, accounts: Iterable[Account], by: User, now: datetime, **values: Any) -> Repeat:
    """A new rhythm. `values`: WRITABLE. Raises NotPossible."""
    chosen = _chosen(accounts)
    with transaction.atomic():
        made = Repeat(written_by=by, created_at=now)
        _put(made, values)
        made.save(force_insert=True)
        made.accounts.set(chosen)
    return made


def change(
    repeat: Repeat, *, accounts: Iterable[Account], version: int, by: User, now: datetime, **values: Any
) -> None:
    """Say it anew. Drafts that nobody has touched are made anew, the others stay. Raises NotPossible, Conflict."""
    chosen = _chosen(accounts)
    with transaction.atomic():
        _take(repeat, version)
        _put(repeat, values)
        repeat.written_by = by
        repeat.save()
        repeat.accounts.set(chosen)
        _forget_untouched(repeat, by=by, now=now)


def stop(repeat: Repeat, *, version: int, by: User, now: datetime) -> None:
    """No more of it; drafts that nobody has touched are given up. Raises NotPossible, Conflict."""
    with transaction.atomic():
        _take(repeat, version)
        repeat.stopped_at = now
        repeat.save()
        _forget_untouched(repeat, by=by, now=now)


def make_ahead(*, now: datetime, is_holiday: Calendar) -> int:
    """The drafts of the days that come; how many. Twice is once."""
    running = Repeat.objects.filter(stopped_at=None).select_related("written_by").prefetch_related("accounts")
    return sum(_make(repeat, day, now) for repeat in running for day in _missing(repeat, now, is_holiday))


def days_of(repeat: Repeat, first: date, last: date, is_holiday: Calendar) -> Iterator[date]:
    """The days from `first` to `last` on which it is said."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if _falls_on(repeat, day, is_holiday):
            yield day


def _falls_on(repeat: Repeat, day: date, is_holiday: Calendar) -> bool:
    if repeat.days == Days.DAILY:
        return True
    if is_holiday(day):
        return False
    return day.weekday() < 5 if repeat.days == Days.WORKING else _WEEKDAYS[day.weekday()] == repeat.days


def moment_of(repeat: Repeat, day: date) -> datetime:
    """When it is said on that day, in Asia/Seoul."""
    return datetime.combine(day, repeat.at, tzinfo=timezone.get_default_timezone())


def _missing(repeat: Repeat, now: datetime, is_holiday: Calendar) -> list[date]:
    today = timezone.localdate(now, timezone.get_default_timezone())
    last = today + timedelta(days=repeat.ahead_days)
    held = set(repeat.occurrences.filter(day__range=(today, last)).values_list("day", flat=True))
    days = days_of(repeat, today, last, is_holiday)
    return [day for day in days if day not in held and moment_of(repeat, day) > now]


def _make(repeat: Repeat, day: date, now: datetime) -> bool:
    """The draft of one day; False if somebody was faster."""
    try:
        with transaction.atomic():
            made = broadcasts.draft(
                kind=Kind(repeat.kind),
                title=f"{repeat.title} {day:%m-%d}",
                text=repeat.text,
                text_en=repeat.text_en,
                publish_at=moment_of(repeat, day),
                by=repeat.written_by,
                now=now,
                accounts=repeat.accounts.all(),
            )
            Occurrence.objects.create(repeat=repeat, day=day, broadcast=made)
    except IntegrityError:
        return False
    return True


def _forget_untouched(repeat: Repeat, *, by: User, now: datetime) -> None:
    """Drafts still to come that are as they were made; their days are free again."""
    coming = Occurrence.objects.filter(repeat=repeat, broadcast__publish_at__gt=now)
    for one in coming.filter(broadcast__state=Broadcast.State.DRAFT, broadcast__version=1).select_related("broadcast"):
        try:
            reason = _("The repetition was changed.")
            broadcasts.cancel(one.broadcast, by=by, version=1, now=now, reason=reason)
        except (Conflict, NotPossible):
            continue  # somebody has just begun to write it: it stays
        one.delete()


def _chosen(accounts: Iterable[Account]) -> list[Account]:
    chosen = list(accounts)
    if not chosen:
        raise NotPossible(_("Choose at least one account."))
    return chosen


def _put(repeat: Repeat, values: dict[str, Any]) -> None:
    if not values.keys() <= WRITABLE:
        raise TypeError(f"no such field: {', '.join(sorted(values.keys() - WRITABLE))}")
    for name, value in values.items():
        setattr(repeat, name, nfc(value.strip()) if isinstance(value, str) else value)
    if not repeat.title:
        raise NotPossible(_("Please give it a title: by it your colleagues find it."))
    if not 1 <= repeat.ahead_days <= AHEAD_MAX:
        raise NotPossible(_("Drafts can lie ready 1 to %(most)d days ahead.") % {"most": AHEAD_MAX})


def _take(repeat: Repeat, version: int) -> None:
    """Count a change, in the caller's transaction. Raises Conflict, NotPossible."""
    taken = Repeat.objects.filter(pk=repeat.pk, version=version, stopped_at=None).update(version=F("version") + 1)
    repeat.refresh_from_db()
    if repeat.stopped_at is not None:
        raise NotPossible(_("This repetition was stopped."))
    if not taken:
        raise Conflict
