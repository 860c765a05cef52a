"""The hand-over ledger (인계 장부): who had a complaint, who accepted it, who gave it on and why, and for how long.

It is read out of the events; how long each stay took are the measures' own spans (complaints.measures). Nothing is
written here, so there is no second truth. docs/hand-over.md is made from the tables below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, ComplaintEvent, Duration, Figure, Status
from complaints.models.complaint import HELD
from departments.models import Department
from departments.working_time import Calendar

#: Event → how the ledger says that a department got it.
BEGINS: dict[str, str | Promise] = {"assign": _("assigned"), "decide": _("decided by the arbiter")}
#: By these the department has accepted it; the first one counts.
ACCEPTS = ("accept", "start", "hold", "decide")
#: Event → how the ledger says that the department has it no more.
ENDS: dict[str, str | Promise] = {
    "send_back": _("sent back"),
    "take_back": _("taken back: not accepted in time"),
    "assign": _("given to another department"),
    "decide": _("given to another department by the arbiter"),
    "transfer": _("handed over to an outside agency"),
    "undo": _("assignment undone"),
    "complete": _("answered"),
    "close": _("closed by hand"),
}
#: Whose words are the reason; the others' are notes for whoever gets it next.
REASONED = frozenset({"send_back", "decide", "transfer", "close"})
#: The department itself said that it is not its own: such a hop is a bounce.
BOUNCES = frozenset({"send_back"})


@dataclass(slots=True)
class Hop:
    """One stay in one department. `stay`: its measure; None for a complaint from before there were measures."""

    complaint: Complaint
    department: Department
    begun: ComplaintEvent
    accepted: ComplaintEvent | None = None
    ended: ComplaintEvent | None = None
    stay: Duration | None = None

    @property
    def how_it_ended(self) -> str:
        """In words; "" while the department has it."""
        return str(ENDS.get(self.ended.move, self.ended.move)) if self.ended else ""

    @property
    def bounced(self) -> bool:
        return self.ended is not None and self.ended.move in BOUNCES

    @property
    def waits(self) -> bool:
        """Has nobody accepted it yet?"""
        return self.ended is None and self.accepted is None

    @property
    def reason(self) -> str:
        """Why it was given on; a note to the next department is not for the one before."""
        return self.ended.note if self.ended and self.ended.move in REASONED else ""

    def wall(self, now: datetime) -> timedelta:
        """How long it stayed, or has stayed, by the clock on the wall."""
        if self.stay is not None and self.stay.wall_seconds is not None:
            return timedelta(seconds=self.stay.wall_seconds)
        return max(timedelta(0), (self.ended.at if self.ended else now) - self.begun.at)

    def working(self, now: datetime, calendar: Calendar) -> timedelta:
        """The same in office time."""
        if self.stay is not None and self.stay.working_seconds is not None:
            return timedelta(seconds=self.stay.working_seconds)
        end = self.ended.at if self.ended else now
        return calendar.working_time_between(self.begun.at, max(self.begun.at, end))


def hops_of(complaint: Complaint, events: Iterable[ComplaintEvent], stays: Iterable[Duration]) -> list[Hop]:
    """The ledger of one complaint, oldest first. `events`: all of it by id, `stays`: its spans in departments."""
    measured = {(stay.department_id, stay.began_at): stay for stay in stays}
    hops: list[Hop] = []
    for event in events:
        last = hops[-1] if hops and hops[-1].ended is None else None
        if event.to_status:
            last = _moved(complaint, event, last, hops)
        if last is not None and last.accepted is None and event.move in ACCEPTS:
            last.accepted = event
    for hop in hops:
        hop.stay = measured.get((hop.department.pk, hop.begun.at))
    return hops


def _moved(complaint: Complaint, event: ComplaintEvent, last: Hop | None, hops: list[Hop]) -> Hop | None:
    """The open hop after this step. Given anew to the same department, a complaint must be accepted anew."""
    here = _holder(event)
    if last is not None and (here is None or here.pk != last.department.pk):
        last.ended, last = event, None
    if last is not None and event.move in BEGINS:
        last.accepted = None
    if last is None and here is not None:
        last = Hop(complaint, here, event)
        hops.append(last)
    return last


def _holder(event: ComplaintEvent) -> Department | None:
    """Who has it after this step; an event of leaving names who had it."""
    status = Status(event.to_status)
    return event.department if status in (*HELD, Status.ON_HOLD) else None


def of(complaint: Complaint, events: Iterable[ComplaintEvent] | None = None) -> list[Hop]:
    """The ledger of one complaint in at most two queries; `events` where they are at hand, with by and department."""
    known = complaint.events.select_related("by", "department") if events is None else events
    return hops_of(complaint, known, complaint.durations.filter(figure=Figure.IN_DEPARTMENT))


def of_stays(stays: Sequence[Duration]) -> list[Hop]:
    """The hops behind these spans, in their order; in two queries for any number."""
    ids = {stay.complaint_id for stay in stays}
    events: dict[int, list[ComplaintEvent]] = defaultdict(list)
    found = ComplaintEvent.objects.filter(complaint__in=ids).select_related("by", "department").order_by("id")
    for event in found:
        events[event.complaint_id].append(event)
    wanted: list[Hop] = []
    for stay in stays:
        hops = hops_of(stay.complaint, events[stay.complaint_id], [stay])
        wanted += [hop for hop in hops if hop.stay is stay]
    return wanted


def as_markdown() -> str:
    """The tables of docs/hand-over.md, in the language in force."""
    return "\n".join(
        [
            "| event | in the ledger |",
            "|---|---|",
            *(f"| `{move}` | a department has it: {words} |" for move, words in BEGINS.items()),
            f"| {', '.join(f'`{move}`' for move in ACCEPTS)} | it has accepted it; the first of these counts |",
            *(f"| `{move}` | it has it no more: {words}{_bounce(move)} |" for move, words in ENDS.items()),
            "",
        ]
    )


def _bounce(move: str) -> str:
    return "; a bounce" if move in BOUNCES else ""
