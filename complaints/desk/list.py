"""The queue of the triage desk: which complaints, in which order, which one comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Max, Q, QuerySet
from django.utils.translation import pgettext_lazy

from complaints import search, surges
from complaints.models import Complaint, Suggestion
from complaints.pages import names, presence, rows, tabs

PAGE = 50
TABS = {
    "wait": pgettext_lazy("tab", "To triage"),
    "due": tabs.TABS["due"],
    "news": tabs.TABS["news"],
    "mine": tabs.TABS["mine"],
    "all": tabs.TABS["all"],
}
#: What waits comes first in, first out, the urgent ones before all others.
ORDER = {
    "wait": ("-priority", "received_at", "id"),
    "due": tabs.WORST_FIRST,
    "news": ("news_at", "id"),
    "mine": tabs.WORST_FIRST,
    "all": ("-received_at", "-id"),
}
SELECTS = {
    "channel": "account_id", "district": "district_id", "department": "department_id", "tag": "tagged__tag_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What an officer chose to see; all of it stands in the address."""

    tab: str = "wait"
    q: str = ""
    channel: str = ""
    district: str = ""
    department: str = ""
    tag: str = ""
    priority: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """“?tab=due&q=…”, "" for the plain queue; without the page."""
        values = {name: getattr(self, name) for name in ("tab", "q", *SELECTS, "priority")}
        said = {name: value for name, value in values.items() if value and (name, value) != ("tab", "wait")}
        return f"?{urlencode(said)}" if said else ""

    def page_query(self, page: int) -> str:
        return f"{self.query}{'&' if self.query else '?'}p={page}"

    @property
    def narrowed(self) -> bool:
        """Is anything but a tab chosen?"""
        return replace(self, tab="wait", page=1) != Choice()


def chosen(params: Mapping[str, str]) -> Choice:
    """The choice in an address; what makes no sense there is no choice."""
    tab, page = params.get("tab", ""), params.get("p", "")
    return Choice(
        tab=tab if tab in TABS else "wait",
        q=params.get("q", "").replace("\x00", "").strip()[:200],
        priority=params.get("priority", "") if params.get("priority") in Complaint.Priority.values else "",
        page=max(1, int(page)) if _is_number(page) and len(page) < 6 else 1,
        **{name: params.get(name, "") if _is_number(params.get(name, "")) else "" for name in SELECTS},
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def queue(choice: Choice, user: User) -> QuerySet[Complaint]:
    """Everything that the choice holds, in its order."""
    found = Complaint.objects.visible_to(user)
    if choice.tab in ("wait", "due", "mine"):
        found = found.open()
    wanted = tabs.in_tab(choice.tab, user)
    for name, column in SELECTS.items():
        if value := getattr(choice, name):
            wanted &= Q(**{column: int(value)})
    if choice.priority:
        wanted &= Q(priority=choice.priority)
    if choice.q:
        wanted &= search.condition(choice.q, names_too=True)
    return found.filter(wanted).order_by(*tabs.ordering(ORDER[choice.tab]))


def next_after(complaint: Complaint, choice: Choice, user: User, *, now: datetime) -> Complaint | None:
    """The next one of the queue that nobody else has open, from the top again after the last; None: all are done."""
    free = queue(choice, user).exclude(pk=complaint.pk).exclude(pk__in=presence.held_by_others(user, now=now))
    return free.filter(_behind(complaint, ORDER[choice.tab])).first() or free.first()


def _behind(complaint: Complaint, order: tuple[str, ...]) -> Q:
    """What comes after this row in that order, whether or not the row itself is still in the queue."""
    found, equal = Q(), Q()
    for field in order:
        name, comes = field.lstrip("-"), "lt" if field.startswith("-") else "gt"
        value = getattr(complaint, name)
        if value is not None:
            later = Q(**{f"{name}__{comes}": value})
            found |= equal & (later | Q(next_due_at=None) if name == "next_due_at" else later)
        equal &= Q(**{name: value})
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list; `guess`: the department that is suggested first; `here`: who else has it open."""

    pk: int
    row: rows.Row
    guess: str
    here: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The list as the template shows it. `known`: the newest complaint of all; later ones are announced.

    `surges`: so many times many alike came in.
    """

    choice: Choice
    tabs: list[dict[str, Any]]
    lines: list[Line]
    before: str
    after: str
    known: int
    selects: list[tuple[str, Any, str, list[tuple[str, str]]]]
    surges: int = 0


def shown(choice: Choice, user: User, *, now: datetime) -> Shown:
    """One page of the queue, in the same few queries for any number of complaints."""
    known = Complaint.objects.aggregate(newest=Max("pk"))["newest"] or 0
    first = (choice.page - 1) * PAGE
    found = list(rows.for_list(queue(choice, user))[first : first + PAGE + 1])
    here = presence.names_by_complaint(user, now=now)
    guesses = _guesses([complaint.pk for complaint in found[:PAGE]])
    lines = [
        Line(complaint.pk, row, guesses.get(complaint.pk, ""), here.get(complaint.pk, ""))
        for complaint, row in zip(found, rows.rows_of(found[:PAGE], user, now=now), strict=False)
    ]
    return Shown(
        choice=choice,
        tabs=_tabs(choice, user),
        lines=lines,
        before=choice.page_query(choice.page - 1) if choice.page > 1 else "",
        after=choice.page_query(choice.page + 1) if len(found) > PAGE else "",
        known=known,
        selects=_selects(choice),
        surges=surges.shown(now=now).count(),
    )


def _guesses(ids: list[int]) -> dict[int, str]:
    """The first suggestion of each that no department holds yet."""
    first = Suggestion.objects.filter(complaint__in=ids, rank=1, complaint__department=None)
    return dict(first.values_list("complaint_id", "department__name"))


def _tabs(choice: Choice, user: User) -> list[dict[str, Any]]:
    counts = tabs.counts_for(user)
    return [
        {"name": name, "label": label, "count": counts.get(name, ""), "current": name == choice.tab}
        for name, label in TABS.items()
    ]


def _selects(choice: Choice) -> list[tuple[str, Any, str, list[tuple[str, str]]]]:
    """(name, label, chosen value, choices) of each filter."""
    departments = [(str(pk), name) for pk, name, _bureau in names.departments()]
    priorities = [(value, str(label)) for value, label in Complaint.Priority.choices]
    return [
        ("channel", pgettext_lazy("filter", "Channel"), choice.channel, names.channels()),
        ("district", pgettext_lazy("filter", "District"), choice.district, names.districts()),
        ("department", pgettext_lazy("filter", "Department"), choice.department, departments),
        ("priority", pgettext_lazy("filter", "Urgency"), choice.priority, priorities),
        ("tag", pgettext_lazy("filter", "Tag"), choice.tag, names.tags()),
    ]
