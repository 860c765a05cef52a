"""How many follow the city: each account and all together, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from channels_sns import followers
from channels_sns.followers import Followers, Point, Series
from complaints.broadcasting.doors import for_readers, shown
from complaints.broadcasting.lines import chart
from complaints.pages.names import NETWORK_WORDS, channel_name
from departments import directory
from departments.models import Role

#: What may be asked for → days; 0: all.
RANGES = {
    "30": (gettext_lazy("30 days"), 30),
    "90": (gettext_lazy("90 days"), 90),
    "365": (gettext_lazy("a year"), 365),
    "all": (gettext_lazy("everything"), 0),
}
#: So many days stand in the table one by one; longer spans by month.
DAILY_MAX = 92
#: Older than this, a number is told with its day.
FRESH = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Line:
    """One account or network in the list; `stale`: the day of its number, if that is some days old."""

    key: str
    name: str
    chosen: bool
    followers: str
    growth: str
    imported: bool
    stale: date | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a day or the end of a month."""

    day: date
    followers: str
    change: str
    imported: bool


@for_readers
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """One chart with its table, chosen from the list of all."""
    now, asked, length = timezone.now(), request.GET.get("of", "all"), request.GET.get("days", "90")
    if length not in RANGES:
        raise Http404
    known = followers.read(now=now)
    chosen = _by_key(known).get(asked)
    if chosen is None:
        raise Http404
    part = _cut(chosen, RANGES[length][1], now)
    return shown(
        request,
        "followers",
        _("Followers"),
        lines=[_line(key, series, asked, now) for key, series in _by_key(known).items() if series.latest],
        who=_name(chosen),
        key=asked,
        length=length,
        ranges=[(name, word) for name, (word, _days) in RANGES.items()],
        chart=chart(part.points),
        rows=_rows(part),
        milestones=[(f"{goal:,}", day) for goal, day in chosen.milestones()],
        imported=any(point.imported for point in part.points),
        officer=directory.has_role(request.user, Role.OFFICER),
    )


def _by_key(known: Followers) -> dict[str, Series]:
    """The total as “all”, an account by its id, a network by its name."""
    parts = {str(one.account.pk) if one.account else one.network: one for one in known.parts}
    return {"all": known.total, **parts}


def _name(series: Series) -> str:
    if series.account:
        return channel_name(series.account)
    return str(NETWORK_WORDS.get(series.network, series.network)) if series.network else _("All networks together")


def _line(key: str, series: Series, asked: str, now: datetime) -> Line:
    latest = series.points[-1]
    stale = latest.day if latest.day < timezone.localdate(now, timezone.get_default_timezone()) - FRESH else None
    count, growth = f"{latest.followers:,}", _signed(series.growth(30))
    return Line(key, _name(series), key == asked, count, growth, latest.imported, stale)


def _signed(number: int | None) -> str:
    return "–" if number is None else f"{number:+,}"


def _cut(series: Series, days: int, now: datetime) -> Series:
    today = timezone.localdate(now, timezone.get_default_timezone())
    return series.since(today - timedelta(days=days)) if days else series


def _rows(series: Series) -> list[Row]:
    """The newest first: every day, or the last one of each month."""
    points = series.points
    if points and (points[-1].day - points[0].day).days > DAILY_MAX:
        months: dict[date, Point] = {point.day.replace(day=1): point for point in points}
        points = tuple(months.values())
    before: list[Point | None] = [None, *points]
    return [
        Row(
            point.day,
            f"{point.followers:,}",
            _signed(point.followers - last.followers if last else None),
            point.imported,
        )
        for last, point in zip(before, points, strict=False)
    ][::-1]
