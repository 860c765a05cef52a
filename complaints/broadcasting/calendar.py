"""The broadcasts of a month or a week, day by day in Asia/Seoul, with the days on which the office is closed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from channels_sns import spacing
from channels_sns.models import Broadcast
from channels_sns.models.broadcast import Kind
from channels_sns.spacing import Clash
from complaints.pages.names import channel_name
from departments import days_off, working_time

State = Broadcast.State
#: Years in which somebody may look.
FIRST, LAST = date(2010, 1, 1), date(2090, 12, 31)
#: When each kind usually goes out: offered for a new one.
USUAL = {Kind.MORNING: time(8, 30), Kind.TALK: time(13, 0)}
USUALLY = time(10, 0)
DRAFTS_MAX = 50


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are shown, whole weeks from Monday. `week`: one of them, else those of a month."""

    first: date
    last: date
    on: date
    week: bool

    @property
    def title(self) -> str:
        if not self.week:
            return date_format(self.on, "YEAR_MONTH_FORMAT")
        return f"{date_format(self.first, 'DATE_FORMAT')} – {date_format(self.last, 'MONTH_DAY_FORMAT')}"

    def beside(self, step: int) -> date:
        """The day to ask for to see what comes before (-1) or after (1)."""
        if self.week:
            return min(max(self.first + timedelta(days=7 * step), FIRST), LAST)
        first = self.on.replace(day=1)
        return min(max(first - timedelta(days=1) if step < 0 else first + timedelta(days=31), FIRST), LAST)


@dataclass(frozen=True, slots=True)
class Entry:
    """A broadcast at its time. `late`: a draft whose time has passed. `crowded`: what goes out too near to it."""

    broadcast: Broadcast
    at: str
    accounts: int
    late: bool
    crowded: list[str]


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `closed`: why it is no working day, "" where the weekday says it."""

    date: date
    label: str
    inside: bool
    today: bool
    off: bool
    closed: str
    entries: list[Entry]


def span_of(asked: str, *, week: bool, now: datetime) -> Span:
    """The days around the one that was asked for; around today for one that is none."""
    try:
        on = date.fromisoformat(asked)
    except ValueError:
        on = _today(now)
    on = min(max(on, FIRST), LAST)
    if week:
        first = on - timedelta(days=on.weekday())
        return Span(first, first + timedelta(days=6), on, week=True)
    first, last = on.replace(day=1), (on.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Span(first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday()), on, week=False)


def days_of(span: Span, *, kind: str, now: datetime) -> list[Day]:
    """Every day of the span; five queries for any number of broadcasts."""
    entries = _entries(span, kind, now)
    office, changed = working_time.calendar_for(), days_off.changes(span.first, span.last)
    found = []
    for number in range((span.last - span.first).days + 1):
        day = span.first + timedelta(days=number)
        reasons = days_off.reasons(day, calendar=office, changed=changed, language=get_language() or "ko")
        found.append(
            Day(
                date=day,
                label=date_format(day, "MONTH_DAY_FORMAT") + date_format(day, " (D)"),
                inside=span.week or day.month == span.on.month,
                today=day == _today(now),
                off=not office.is_counted_day(day),
                closed=", ".join(one.name for one in reasons if one.name and one.code != days_off.WORKED),
                entries=entries.get(day, []),
            )
        )
    return found


def without_time(*, kind: str) -> list[Broadcast]:
    """Drafts that have no time yet, the newest first."""
    rows = Broadcast.objects.filter(_of_kind(kind), state=State.DRAFT, publish_at=None).order_by("-id")
    return list(rows[:DRAFTS_MAX])


def crowd_of(broadcast: Broadcast) -> list[str]:
    """What goes out on the same account too near to this one, in words."""
    return _told(spacing.clashes([broadcast]).get(broadcast.pk, []))


def usual_time(kind: str) -> time:
    return USUAL.get(Kind(kind), USUALLY) if kind in Kind.values else USUALLY


def _today(now: datetime) -> date:
    return timezone.localdate(now, timezone.get_default_timezone())


def _of_kind(kind: str) -> Q:
    return Q(kind=kind) if kind else Q()


def _entries(span: Span, kind: str, now: datetime) -> dict[date, list[Entry]]:
    zone = timezone.get_default_timezone()
    begin = datetime.combine(span.first, time.min, tzinfo=zone)
    within = Q(publish_at__gte=begin, publish_at__lt=begin + ((span.last - span.first) + timedelta(days=1)))
    rows = Broadcast.objects.filter(_of_kind(kind) & within).exclude(state=State.CANCELLED)
    shown = list(rows.annotate(accounts=Count("variants")).order_by("publish_at", "id"))
    crowded, found = spacing.clashes(shown), defaultdict(list)
    for row in shown:
        if row.publish_at is None:
            continue
        at = timezone.localtime(row.publish_at, zone)
        late = row.state == State.DRAFT and row.publish_at <= now
        found[at.date()].append(Entry(row, f"{at:%H:%M}", row.accounts, late, _told(crowded.get(row.pk, []))))
    return found


def _told(clashes: list[Clash]) -> list[str]:
    """Each other broadcast once, with the accounts on which it is too near."""
    accounts: defaultdict[int, list[str]] = defaultdict(list)
    others = {one.other.pk: one for one in clashes}
    for one in clashes:
        accounts[one.other.pk].append(channel_name(one.account))
    return [
        _("%(minutes)d minutes from “%(title)s” on %(accounts)s")
        % {"minutes": one.minutes, "title": one.other.title, "accounts": ", ".join(accounts[pk])}
        for pk, one in others.items()
    ]
