"""협조 in the ledger: what departments asked each other, what became of it, how long it lay there.

A head finds both sides of his departments: what they asked others, and what they were asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import gettext as _

from complaints import privacy
from complaints.models import Complaint, Consultation
from complaints.pages import consult_desk
from complaints.pages.ledger_rows import length
from departments import working_time

#: The newest of each side; the sums hold all of them.
MOST = 50
State = Consultation.State
REPLIED = Q(state__in=(State.ANSWERED, State.DECLINED))
RELATED = ("department", "holder", "asked_by", "settled_by", "complaint")
_WALL = ExpressionWrapper(F("settled_at") - F("asked_at"), output_field=DurationField())
_SUMS: dict[str, Any] = {
    "asked": Count("pk"),
    "waiting": Count("pk", filter=Q(state=State.ASKED)),
    "answered": Count("pk", filter=Q(state=State.ANSWERED)),
    "declined": Count("pk", filter=Q(state=State.DECLINED)),
    "working": Avg("working_seconds", filter=REPLIED),
    "wall": Avg(_WALL, filter=REPLIED),
}


@dataclass(frozen=True, slots=True)
class Sum:
    """One department of the other side. `working`, `wall`: on average until its answer or refusal; "" before any."""

    name: str
    asked: int
    waiting: int
    answered: int
    declined: int
    working: str
    wall: str

    @property
    def needless(self) -> int:
        """Taken back, or no longer needed."""
        return self.asked - self.waiting - self.answered - self.declined


@dataclass(frozen=True, slots=True)
class Side:
    """Requests of one direction, newest first, and their sums by the department `by` whom they are counted."""

    name: str
    title: str
    by: str
    lines: list[consult_desk.Line]
    sums: list[Sum]

    @property
    def is_cut(self) -> bool:
        """Are there more than its lines?"""
        return sum(one.asked for one in self.sums) > len(self.lines)


def sides(own: Collection[int] | None, user: User, *, since: datetime, now: datetime) -> list[Side]:
    """Of these departments what they asked and what they were asked; None: of all, once. In a few queries for any
    number; only a complaint that this person may see is led to."""
    rows = Consultation.objects.filter(asked_at__gte=since)
    if own is None:
        found = [_side("all", _("Cooperation: what departments asked each other"), rows, "department", user, now)]
    else:
        ours, theirs = rows.filter(holder__in=own), rows.filter(department__in=own)
        found = [
            _side("ours", _("Cooperation asked of other departments"), ours, "department", user, now),
            _side("theirs", _("Cooperation that other departments asked for"), theirs, "holder", user, now),
        ]
    return _unlinked([side for side in found if side.lines], user)


def _side(name: str, title: str, rows: QuerySet[Consultation], by: str, user: User, now: datetime) -> Side:
    calendar = working_time.calendar_for()
    newest = rows.select_related(*RELATED).defer("complaint__text").order_by("-id")[:MOST]
    lines = [
        consult_desk.line_of(row, now=now, calendar=calendar, masked=privacy.is_masked_on(row.complaint, user))
        for row in newest
    ]
    who = _("Department that was asked") if by == "department" else _("Department that asked")
    return Side(name, title, who, lines, _sums(rows, by))


def _sums(rows: QuerySet[Consultation], by: str) -> list[Sum]:
    """Who lets others wait longest first."""
    counted: Any = rows.order_by().values(f"{by}__name").annotate(**_SUMS)
    return [
        Sum(
            row[f"{by}__name"],
            row["asked"],
            row["waiting"],
            row["answered"],
            row["declined"],
            _length(timedelta(seconds=row["working"])) if row["working"] is not None else "",
            _length(row["wall"]) if row["wall"] is not None else "",
        )
        for row in counted.order_by(F("working").desc(nulls_last=True), f"{by}__name")
    ]


def _length(time: timedelta) -> str:
    return length(timedelta(seconds=int(time.total_seconds())))


def _unlinked(found: list[Side], user: User) -> list[Side]:
    """Without an address where the complaint is out of this person's sight by now."""
    numbers = {line.complaint for side in found for line in side.lines}
    seen = set(Complaint.objects.visible_to(user).filter(number__in=numbers).values_list("number", flat=True))
    return [
        replace(side, lines=[line if line.complaint in seen else replace(line, url="") for line in side.lines])
        for side in found
    ]
