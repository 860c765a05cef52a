"""Until which day a text itself says that something will be done: “12월 10일까지”, “이번 주”, “within 5 days”.

Only what names one day for certain; the first that is not over. Everything else is left to the writer.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)
FRIDAY = 4
#: What is said of a day longer ago in the year means the next year, unless it has only just passed.
JUST_PASSED = timedelta(days=60)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = "|".join(_MONTHS)


def named_day(text: str, *, today: date) -> date | None:
    """The first day that the text names, from today on."""
    found = [(match.start(), day) for pattern, read in _READERS for match, day in _read(pattern, read, text, today)]
    return min((one for one in found if one[1] >= today), default=(0, None))[1]


def _read(
    pattern: re.Pattern[str], read: Callable[[re.Match[str], date], date], text: str, today: date
) -> Iterator[tuple[re.Match[str], date]]:
    for match in pattern.finditer(text):
        try:
            yield match, read(match, today)
        except (ValueError, OverflowError):
            continue  # no such day: 13월, 2월 30일


def _full(match: re.Match[str], _today: date) -> date:
    return date(*map(int, match.groups()))


def _month_and_day(match: re.Match[str], today: date) -> date:
    return _nearest(int(match[1]), int(match[2]), today)


def _english_month(match: re.Match[str], today: date) -> date:
    return _nearest(_MONTHS.index(match["month"].lower()) + 1, int(match["day"]), today)


def _nearest(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year >= today - JUST_PASSED else this_year.replace(year=today.year + 1)


def _in_days(match: re.Match[str], today: date) -> date:
    return today + int(match[1]) * DAY


def _in_weeks(match: re.Match[str], today: date) -> date:
    return today + 7 * int(match[1]) * DAY


def _friday(weeks: int) -> Callable[[re.Match[str], date], date]:
    """The Friday of this week or a later one; of this week's weekend, its Sunday."""

    def read(_match: re.Match[str], today: date) -> date:
        friday = today + (FRIDAY - today.weekday() + 7 * weeks) * DAY
        return friday if friday >= today else friday + 2 * DAY

    return read


def _month_end(months: int) -> Callable[[re.Match[str], date], date]:
    def read(_match: re.Match[str], today: date) -> date:
        years, month = divmod(today.month - 1 + months, 12)
        year = today.year + years
        return date(year, month + 1, monthrange(year, month + 1)[1])

    return read


def _after(days: int) -> Callable[[re.Match[str], date], date]:
    return lambda _match, today: today + days * DAY


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...] = (
    (_any(r"(20\d\d)\s?[.년/-]\s?(\d{1,2})\s?[.월/-]\s?(\d{1,2})(?!\d)"), _full),
    (_any(r"(?<![\d년.]\s)(?<![\d년.])(\d{1,2})\s?월\s?(\d{1,2})\s?일"), _month_and_day),
    (_any(r"(?<![\d./])(\d{1,2})/(\d{1,2})(?![\d/])(?=\s?\(|\s?까지|\s?(?:오전|오후|중))"), _month_and_day),
    (_any(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<month>{_NAMES})[a-z]*\b"), _english_month),
    (_any(rf"\b(?P<month>{_NAMES})[a-z]*\.?\s(?P<day>\d{{1,2}})(?!\d)"), _english_month),
    (_any(r"(\d{1,2})일\s?(?:이내|내(?:에|로)?(?![가-힣])|안에|뒤|후)"), _in_days),
    (_any(r"\b(?:within|in)\s(\d{1,2})\sdays?\b"), _in_days),
    (_any(r"(\d)주\s?(?:이내|내(?:에|로)?(?![가-힣])|안에|뒤|후)"), _in_weeks),
    (_any(r"\b(?:within|in)\s(\d)\sweeks?\b"), _in_weeks),
    (_any(r"오늘|금일|\btoday\b"), _after(0)),
    (_any(r"내일|명일|\btomorrow\b"), _after(1)),
    (_any(r"모레"), _after(2)),
    (_any(r"이번\s?주|금주|\bthis\sweek\b"), _friday(0)),
    (_any(r"다음\s?주|차주|내주|\bnext\sweek\b"), _friday(1)),
    (_any(r"이번\s?달|이달|금월|월말|\bthis\smonth\b"), _month_end(0)),
    (_any(r"다음\s?달|내달|익월|\bnext\smonth\b"), _month_end(1)),
    (_any(r"연말|올해\s?(?:안|말|내)|\bend\sof\s(?:the|this)\syear\b"), lambda _match, today: date(today.year, 12, 31)),
)
