"""What the city owes: promises that a person may see, the worst first, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import pgettext_lazy

from complaints.models import Complaint, Promise
from complaints.models.promise import PromiseQuerySet
from complaints.pages import clock_words, promise_desk, words
from departments import directory, working_time
from departments.models import Role

PAGE = 50
#: What is settled is shown for so long.
SETTLED = timedelta(days=90)
SHOWS: dict[str, str | Lazy] = {
    "owed": pgettext_lazy("promises", "Owed"),
    "over": pgettext_lazy("promises", "Overdue"),
    "settled": pgettext_lazy("promises", "Kept or withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose; all of it stands in the address."""

    show: str = "owed"
    page: int = 1

    def query(self, page: int = 1) -> str:
        return "?" + urlencode({"show": self.show} | ({"p": page} if page > 1 else {}))


def chosen(params: Mapping[str, str]) -> Choice:
    """The choice in an address; what makes no sense there is no choice."""
    show, typed = params.get("show", ""), params.get("p", "")
    page = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1
    return Choice(show if show in SHOWS else "owed", max(page, 1))


@dataclass(frozen=True, slots=True)
class Line:
    """One promise; `due`: as long as it is owed."""

    url: str
    number: str
    words: str
    department: str
    state: str
    state_label: str
    due: tuple[clock_words.Due, ...]
    when: str
    asked: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of them; `before`, `after`: the addresses of the neighbours."""

    choice: Choice
    shows: list[tuple[str, str | Lazy]]
    lines: list[Line]
    before: str
    after: str


def readable_by(user: User) -> PromiseQuerySet:
    """Given under complaints that this person may see; of a department, under those that it holds."""
    seen = Complaint.objects.visible_to(user)
    if not user.is_superuser and directory.roles_of(user) <= {Role.STAFF, Role.HEAD}:
        seen = seen.filter(department__in=directory.department_ids_of(user))
    rows = Promise.objects.given().filter(complaint__in=seen)
    return rows.select_related("complaint__department", "department")


def owed_by(user: User) -> PromiseQuerySet:
    """The worst first."""
    return readable_by(user).owed().order_by("due_at", "id")


def shown(choice: Choice, user: User, *, now: datetime) -> Shown:
    """One page, in the same few queries for any number of promises."""
    first = (choice.page - 1) * PAGE
    found = list(chosen_by(choice, user, now=now)[first : first + PAGE + 1])
    return Shown(
        choice=choice,
        shows=list(SHOWS.items()),
        lines=lines_of(found[:PAGE], now=now),
        before=choice.query(choice.page - 1) if choice.page > 1 else "",
        after=choice.query(choice.page + 1) if len(found) > PAGE else "",
    )


def chosen_by(choice: Choice, user: User, *, now: datetime) -> QuerySet[Promise]:
    """All that was chosen, in its order."""
    if choice.show != "settled":
        owed = owed_by(user)
        return owed.overdue(now) if choice.show == "over" else owed
    settled_at = Coalesce("kept_at", "withdrawn_at")
    rows = readable_by(user).filter(Q(kept_at__isnull=False) | Q(withdrawn_at__isnull=False))
    return rows.annotate(settled_at=settled_at).filter(settled_at__gte=now - SETTLED).order_by("-settled_at", "-id")


def lines_of(rows: Iterable[Promise], *, now: datetime) -> list[Line]:
    """Each with who owes it: the department that has it now, else the one that promised."""
    calendar = working_time.calendar_for()
    return [_line(row, now=now, calendar=calendar) for row in rows]


def _line(row: Promise, *, now: datetime, calendar: working_time.Calendar) -> Line:
    complaint, owed = row.complaint, row.state == Promise.State.OPEN
    department = complaint.department or row.department
    settled = row.kept_at or row.withdrawn_at or row.promised_at or now
    return Line(
        url=reverse("admin:complaints_complaint_change", args=[complaint.pk]) + "#promises",
        number=complaint.number,
        words=row.words,
        department=department.name if department else "",
        state=promise_desk.TONES[row.state],
        state_label=promise_desk.label_of(row),
        due=(promise_desk.due_of(row, now=now, calendar=calendar),) if owed else (),
        when=words.ago(settled, now=now),
        asked=promise_desk.asked_words(row),
    )
