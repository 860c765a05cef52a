"""The ledger over all complaints: the stays that a person may read, narrowed, and what came of them by department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from complaints import ledger, privacy
from complaints.models import Arbitration, Complaint, ComplaintEvent, Duration, Figure, Status
from complaints.pages.ledger_rows import LedgerRow, Look, rows_of
from complaints.tray import consult_ledger
from departments import directory, working_time
from departments.models import Department, Role

PAGE = 50
#: Who opens the ledger; a head finds his own departments in it.
READERS_OF_ALL = (Role.OFFICER, Role.MANAGER, Role.AUDITOR)
READERS = (*READERS_OF_ALL, Role.HEAD)
DAYS = (7, 30, 90, 365)
SHOWS: dict[str, str | Promise] = {
    "all": pgettext_lazy("ledger", "All hand-overs"),
    "open": pgettext_lazy("ledger", "Held now"),
    "waiting": pgettext_lazy("ledger", "Not accepted yet"),
    "bounced": pgettext_lazy("ledger", "Sent back"),
    "taken_back": pgettext_lazy("ledger", "Taken back, not accepted in time"),
    "arbitration": pgettext_lazy("ledger", "Before the arbiter, or decided"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose; all of it stands in the address."""

    show: str = "all"
    days: int = 30
    department: str = ""
    page: int = 1

    def query(self, page: int = 1) -> str:
        values = {"show": self.show, "days": self.days, "department": self.department, "p": page if page > 1 else ""}
        return "?" + urlencode({name: value for name, value in values.items() if value})


def chosen(params: Mapping[str, str]) -> Choice:
    """The choice in an address; what makes no sense there is no choice."""
    numbers = {name: int(value) for name, value in params.items() if value.isascii() and value.isdigit()}
    show, page = params.get("show", ""), numbers.get("p", 1)
    return Choice(
        show=show if show in SHOWS else "all",
        days=numbers["days"] if numbers.get("days") in DAYS else 30,
        department=str(numbers["department"]) if 0 < numbers.get("department", 0) < 10**9 else "",
        page=page if 0 < page < 10_000 else 1,
    )


def readable_by(user: User) -> QuerySet[Duration]:
    """The stays this person may read: a head's those in his own departments, also of what they have no more."""
    found = Duration.objects.filter(figure=Figure.IN_DEPARTMENT)
    if directory.has_role(user, *READERS_OF_ALL):
        return found
    return found.filter(department__in=_headed(user))


def stays(choice: Choice, user: User, *, now: datetime) -> QuerySet[Duration]:
    """What the choice holds, the newest hand-over first."""
    found = readable_by(user).filter(began_at__gte=now - timedelta(days=choice.days))
    if choice.department:
        found = found.filter(department=int(choice.department))
    return found.filter(_shown(choice.show)).order_by("-began_at", "-id")


def _shown(show: str) -> Q:
    """The condition behind a choice. Who ended a stay stands in the event of that very moment."""
    held = Q(state=Duration.State.OPEN)
    return {
        "open": held,
        "waiting": held & Q(complaint__status=Status.ASSIGNED, complaint__accepted_at=None),
        "bounced": Q(_ended_by("send_back")),
        "taken_back": Q(_ended_by("take_back")),
        "arbitration": ~Q(complaint__arbitration=Arbitration.NONE),
    }.get(show, Q())


def _ended_by(move: str) -> Exists:
    same = ComplaintEvent.objects.filter(complaint=OuterRef("complaint"), at=OuterRef("ended_at"), move=move)
    return Exists(same)


@dataclass(frozen=True, slots=True)
class Sum:
    """One department: how many complaints came to it, and what became of them."""

    name: str
    query: str
    came: int
    held: int
    bounced: int
    taken_back: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The page as the template shows it."""

    choice: Choice
    rows: list[LedgerRow]
    sums: list[Sum]
    consults: list[consult_ledger.Side]
    departments: list[tuple[str, str]]
    shows: list[tuple[str, str | Promise]]
    days: tuple[int, ...]
    before: str
    after: str


def shown(choice: Choice, user: User, *, now: datetime) -> Shown:
    """One page, in the same few queries for any number of complaints."""
    first = (choice.page - 1) * PAGE
    wanted = stays(choice, user, now=now).select_related("complaint", "department__successor")
    found = list(wanted[first : first + PAGE + 1])
    hops = ledger.of_stays(found[:PAGE])
    opened = Complaint.objects.visible_to(user).filter(pk__in={hop.complaint.pk for hop in hops})
    seen = frozenset(opened.values_list("pk", flat=True))
    look = Look(now, working_time.calendar_for(), privacy.is_masked_for(user), seen)
    return Shown(
        choice=choice,
        rows=rows_of(hops, look),
        sums=_sums(choice, user, now),
        consults=_consults(choice, user, now),
        departments=_departments(user),
        shows=list(SHOWS.items()),
        days=DAYS,
        before=choice.query(choice.page - 1) if choice.page > 1 else "",
        after=choice.query(choice.page + 1) if len(found) > PAGE else "",
    )


def _consults(choice: Choice, user: User, now: datetime) -> list[consult_ledger.Side]:
    """What departments asked each other in this time; of one department, and of a head's own, by its two sides."""
    chosen_one = {int(choice.department)} if choice.department else None
    own = None if directory.has_role(user, *READERS_OF_ALL) else set(_headed(user))
    wanted = chosen_one if own is None else own if chosen_one is None else own & chosen_one
    return consult_ledger.sides(wanted, user, since=now - timedelta(days=choice.days), now=now)


def _headed(user: User) -> list[int]:
    return [row.pk for row in directory.departments_of(user) if directory.heads(user, row)]


def _sums(choice: Choice, user: User, now: datetime) -> list[Sum]:
    """By department, who sent back most first; the whole period, whatever is shown of it."""
    whole = stays(Choice(days=choice.days, department=choice.department), user, now=now).order_by()
    counted: Any = whole.values("department", "department__name").annotate(
        came=Count("pk"),
        held=Count("pk", filter=Q(state=Duration.State.OPEN)),
        bounced=Count("pk", filter=Q(_ended_by("send_back"))),
        taken_back=Count("pk", filter=Q(_ended_by("take_back"))),
    )
    rows = counted.order_by("-bounced", "-taken_back", "-came", "department__name")
    return [
        Sum(
            row["department__name"],
            Choice(choice.show, choice.days, str(row["department"])).query(),
            row["came"],
            row["held"],
            row["bounced"],
            row["taken_back"],
        )
        for row in rows
    ]


def _departments(user: User) -> list[tuple[str, str]]:
    """Those a reader may choose, the ended ones too: what was theirs stays under their name."""
    all_of_them = directory.has_role(user, *READERS_OF_ALL)
    known = Department.objects.all() if all_of_them else directory.departments_of(user)
    return [(str(pk), name) for pk, name in known.order_by("name", "code").values_list("pk", "name")]
