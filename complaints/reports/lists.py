"""The list behind a number: the very spans it counts, one line each. No text and no name of a citizen stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels_sns.models import Account
from complaints.models import Duration, Figure, Status
from complaints.models.duration import DurationQuerySet
from complaints.pages.names import network_word
from complaints.reports.numbers import PARTS
from complaints.reports.slices import Slice

#: Number → what its list is called.
TITLES: dict[str, str | Promise] = {
    "all": _("all that count"),
    "n": _("ended as meant: what median and p90 are made of"),
    "within": _("ended in time"),
    "late": _("ended too late"),
    "open": _("not ended yet"),
    "overdue": _("not ended yet and overdue"),
    "left": _("fell away"),
    "reopened": _("opened again later"),
    "excluded": _("excluded"),
    "dismissed": _("excluded: not a complaint"),
    "duplicate": _("excluded: duplicates"),
    "own": _("excluded: written by the city itself"),
}
CLOCKS = ("working", "wall")
COLUMNS: tuple[str | Promise, ...] = (
    _("Receipt number"),
    _("Figure"),
    _("State"),
    _("Channel"),
    _("Account"),
    _("Department"),
    _("District"),
    pgettext_lazy("span", "Begun"),
    pgettext_lazy("span", "Ended"),
    pgettext_lazy("span", "Due"),
    _("Seconds, wall clock"),
    _("Seconds, office time"),
    _("In time"),
    _("Excluded"),
    _("Status now"),
)
_VALUES = (
    "complaint_id", "complaint__number", "figure", "state", "account_id", "department__name", "district__name",
    "began_at", "ended_at", "due_at", "wall_seconds", "working_seconds", "excluded", "complaint__status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One span. Times in Asia/Seoul."""

    url: str
    number: str
    figure: str
    state: str
    network: str
    account: str
    department: str
    district: str
    began_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    wall_seconds: int | None
    working_seconds: int | None
    in_time: bool | None
    excluded: str
    status: str

    def cells(self) -> list[Any]:
        """In the order of COLUMNS."""
        said = None if self.in_time is None else str(_("yes") if self.in_time else _("no"))
        return [
            self.number, self.figure, self.state, self.network, self.account, self.department, self.district,
            self.began_at, self.ended_at, self.due_at, self.wall_seconds, self.working_seconds, said, self.excluded,
            self.status,
        ]  # fmt: skip


def part_in(values: Any) -> tuple[str, str]:
    """Which list, and by which clock it is ordered. Raises BadRequest."""
    part, clock = values.get("part") or "n", values.get("clock") or CLOCKS[0]
    if part not in PARTS or clock not in CLOCKS:
        raise BadRequest("no such list")
    return part, clock


def rows_of(asked: Slice, part: str, clock: str, durations: DurationQuerySet, *, now: datetime) -> DurationQuerySet:
    """The spans that the number `part` counts, the longest first; what still runs by its age."""
    rows = asked.rows(durations).filter(PARTS[part](now))
    return rows.order_by(F(f"{clock}_seconds").desc(nulls_last=True), "began_at", "id")


def lines_of(rows: DurationQuerySet, *, batch: int = 2000) -> Iterator[Line]:
    """Line by line, however many there are: read through a cursor, never all at once."""
    known = accounts()
    for values in rows.values_list(*_VALUES).iterator(chunk_size=batch):
        yield _line(values, known)


def page_of(rows: DurationQuerySet, first: int, last: int) -> list[Line]:
    """The lines from `first` to `last`, counted from one, both included."""
    known = accounts()
    return [_line(values, known) for values in rows.values_list(*_VALUES)[max(0, first - 1) : last]]


def accounts() -> dict[int, tuple[str, str]]:
    """Of each account: its network, its name."""
    return {row.pk: (network_word(row), row.name or f"@{row.handle}") for row in Account.objects.defer("secrets")}


def _line(values: tuple[Any, ...], accounts: dict[int, tuple[str, str]]) -> Line:
    pk, number, figure, state, account, department, district, began, ended, due, wall, working, excluded, status = (
        values
    )
    network, name = accounts[account]
    return Line(
        url=reverse("admin:complaints_complaint_change", args=[pk]),
        number=number,
        figure=str(Figure(figure).label),
        state=str(Duration.State(state).label),
        network=network,
        account=name,
        department=department or "",
        district=district or "",
        began_at=timezone.localtime(began),
        ended_at=timezone.localtime(ended) if ended else None,
        due_at=timezone.localtime(due) if due else None,
        wall_seconds=wall,
        working_seconds=working,
        in_time=ended <= due if ended and due and state == Duration.State.DONE else None,
        excluded=str(dict(Duration._meta.get_field("excluded").flatchoices).get(excluded, "")),
        status=str(Status(status).label),
    )
