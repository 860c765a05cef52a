"""Periods of the calendar in Asia/Seoul: a day, a week, thirty days, a month, a quarter, or from one day to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3}
#: What a page opens on: it is never as empty as a month on its first day (docs/decisions/0021-thirty-days.md).
RECENT = "recent"
RECENT_DAYS = 30
NAMES = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    RECENT: gettext_lazy("30 days"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "range": gettext_lazy("From – to"),
}
#: Years for which the reports are asked at most: the almanac of the office.
FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    name: str
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return _midnight(self.last + DAY)

    @property
    def on(self) -> date:
        """The day that says which one it is; of days without a calendar of their own the last."""
        return self.first if self.name in ("day", "week", *MONTHS) else self.last

    def before(self) -> Period:
        """The one before: of the same kind, or of as many days."""
        if self.name == "range":
            length = self.last - self.first + DAY
            return Period(self.name, self.first - length, self.first - DAY)
        return containing(self.name, self.first - DAY)

    def after(self) -> Period:
        """The one after, in the same way."""
        if self.name in ("range", RECENT):
            length = self.last - self.first + DAY
            return Period(self.name, self.last + DAY, self.last + length)
        return containing(self.name, self.last + DAY)

    def last_whole(self) -> Period:
        """While it runs, the last of its kind that is over; from one day to another stays where it is."""
        if self.name == RECENT:
            return containing(self.name, self.last - DAY)
        return self if self.name == "range" else self.before()

    def year_before(self) -> Period:
        """The same days of the year before; of a week or a day, those 52 weeks earlier: the same days of the week."""
        if self.name in ("day", "week"):
            return Period(self.name, self.first - 364 * DAY, self.last - 364 * DAY)
        if self.name in (RECENT, *MONTHS):
            return containing(self.name, _shifted(self.last, -12))
        return Period(self.name, _shifted(self.first, -12), _shifted(self.last, -12))

    def __str__(self) -> str:
        if self.name == "quarter":
            return _("%(year)d, quarter %(number)d") % {"year": self.first.year, "number": self.first.month // 3 + 1}
        if self.name == "month":
            return date_format(self.first, "YEAR_MONTH_FORMAT")
        return f"{self.first:%Y-%m-%d}" if self.first == self.last else f"{self.first:%Y-%m-%d} – {self.last:%Y-%m-%d}"


def containing(name: str, day: date) -> Period:
    """The day, week (from Monday), month or quarter with that day in it; the thirty days that end with it."""
    if name == "day":
        return Period(name, day, day)
    if name == "week":
        monday = day - day.weekday() * DAY
        return Period(name, monday, monday + 6 * DAY)
    if name == RECENT:
        return Period(name, day - (RECENT_DAYS - 1) * DAY, day)
    months = MONTHS[name]
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return Period(name, first, _shifted(first, months) - DAY)


def offered(today: date) -> list[tuple[str, Period]]:
    """What a reader mostly wants, by its name."""
    month = containing("month", today)
    return [
        (_("last 30 days"), containing(RECENT, today)),
        (_("last month"), month.before()),
        (_("this month"), month),
        (_("this quarter"), containing("quarter", today)),
    ]


def _shifted(day: date, months: int) -> date:
    """So many months later; the last day of a shorter month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * DAY, following - DAY)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
