"""The hand-over ledger in words: one line for each stay in a department."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import ledger, privacy
from complaints.ledger import Hop
from complaints.models import Complaint, ComplaintEvent
from complaints.pages import words
from complaints.pages.people import person_name
from departments.working_time import Calendar


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """`tone`: bounced, waiting (nobody has accepted it), or plain."""

    number: str
    url: str
    department: str
    until: str
    handed: str
    handed_by: str
    accepted: str
    accepted_by: str
    ended: str
    ended_by: str
    how: str
    reason: str
    working: str
    wall: str
    tone: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a reader sees the ledger. `seen`: the complaints he may open."""

    now: datetime
    calendar: Calendar
    masked: bool
    seen: frozenset[int]


def of_complaint(
    complaint: Complaint, events: list[ComplaintEvent], *, now: datetime, calendar: Calendar, masked: bool
) -> list[LedgerRow]:
    """The ledger of one complaint for its own page; `events`: all of it, with by and department."""
    hops = ledger.of(complaint, events)
    return rows_of(hops, Look(now, calendar, masked, frozenset()))


def rows_of(hops: Iterable[Hop], look: Look) -> list[LedgerRow]:
    """Lines for the template; reasons masked like every text."""
    return [_row(hop, look) for hop in hops]


def _row(hop: Hop, look: Look) -> LedgerRow:
    opens = hop.complaint.pk in look.seen
    return LedgerRow(
        number=hop.complaint.number,
        url=reverse("admin:complaints_complaint_change", args=[hop.complaint.pk]) if opens else "",
        department=hop.department.name,
        until=_successor(hop),
        handed=words.stamp(hop.begun.at),
        handed_by=person_name(hop.begun.by),
        accepted=words.stamp(hop.accepted.at) if hop.accepted else "",
        accepted_by=_who(hop.accepted),
        ended=words.stamp(hop.ended.at) if hop.ended else "",
        ended_by=_who(hop.ended),
        how=hop.how_it_ended,
        reason=privacy.mask_text(hop.reason) if look.masked else hop.reason,
        working=length(hop.working(look.now, look.calendar)),
        wall=length(hop.wall(look.now)),
        tone="bounced" if hop.bounced else "waiting" if hop.waits else "plain",
    )


def _successor(hop: Hop) -> str:
    """What is called so no more keeps its name; the reader is told who goes on with its work."""
    following = hop.department.successor
    return _("now %(name)s") % {"name": following.name} if following else ""


def _who(event: ComplaintEvent | None) -> str:
    return person_name(event.by) if event else ""


def length(time: timedelta) -> str:
    """“2시간 5분”; what takes less than a minute says so."""
    return words.span(time) if time >= words.MINUTE else _("under a minute")
