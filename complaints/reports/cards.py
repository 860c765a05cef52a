"""Large numbers above a page, each with its list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Figure
from complaints.reports import periods, words
from complaints.reports.numbers import Numbers
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact


@dataclass(frozen=True, slots=True)
class Card:
    """One large number, what it is, and its list."""

    label: str
    text: str
    hint: str
    url: str
    hot: bool = False


def list_of(asked: Slice, part: str, clock: str = "wall") -> str:
    """The address of the list behind a number."""
    return f"{reverse('reports:list')}?{asked.query()}&part={part}&clock={clock}"


def today(asked: Slice, source: Exact, *, now: datetime) -> list[Card]:
    """What came today, and what of it has been answered."""
    day = asked.in_period(periods.containing("day", timezone.localtime(now).date()))
    found = Exact(source.durations).by_figure(day, now=now)
    touched, answered = found.get(Figure.FIRST_TOUCH, Numbers()), found.get(Figure.FIRST_RESPONSE, Numbers())
    return [
        Card(_("Received today"), f"{touched.n + touched.open:,}", "", list_of(day.of("FIRST_TOUCH"), "all")),
        Card(_("of them answered"), f"{answered.n:,}", "", list_of(day.of("FIRST_RESPONSE"), "n")),
    ]


def backlog(asked: Slice, source: Exact, *, now: datetime) -> list[Card]:
    """What is open now, whenever it began: the lists reach back to the oldest."""
    found = source.backlog(asked, now=now)
    opened, unanswered = found.get("RESOLUTION", Numbers()), found.get("FIRST_RESPONSE", Numbers())
    since = max(opened.oldest_seconds or 0, unanswered.oldest_seconds or 0)
    day = timezone.localtime(now).date()
    ever = asked.in_period(periods.Period("range", day - timedelta(days=since // 86_400 + 1), day))
    first = ever.of("FIRST_RESPONSE")
    return [
        Card(_("Open now"), f"{opened.open:,}", _oldest(opened), list_of(ever.of("RESOLUTION"), "open")),
        Card(_("without a first answer"), f"{unanswered.open:,}", _oldest(unanswered), list_of(first, "open")),
        Card(
            _("overdue"), f"{unanswered.overdue:,}", _("first answer is late"), list_of(first, "overdue"),
            hot=unanswered.overdue > 0,
        ),
    ]  # fmt: skip


def _oldest(found: Numbers) -> str:
    return _("oldest: %(age)s") % {"age": words.wall(found.oldest_seconds)}
