"""반복민원 and 다수인관련민원 on a page: what was filed before, what may be closed, what concerns many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import legal_notices, privacy, repeats, replies, workflow
from complaints.models import Complaint, IncidentComplaint, Status
from complaints.pages import hands, moves, words

#: From these it can be closed by hand.
CLOSES = (Status.ASSIGNED, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Filing:
    """An earlier complaint: linked, or suggested because of `words`."""

    pk: int
    number: str
    received: str
    status: str
    text: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class RepeatDesk:
    """`authors`: so many citizens wrote about the incident it belongs to; 0: in none, or they are few."""

    linked: list[Filing]
    suggested: list[Filing]
    filings: int
    results: int
    may_link: bool
    may_close: bool
    collective: bool
    authors: int
    notice: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        return bool(self.linked or self.suggested or self.collective or self.authors or self.may_link)

    @property
    def opened(self) -> bool:
        return bool(self.linked or self.suggested or self.collective or self.authors)


def desk_of(complaint: Complaint, user: User, *, typed: dict[str, str], masked: bool) -> RepeatDesk:
    """For this person, in a fixed number of queries."""
    may_link, links = repeats.may_link(user, complaint), repeats.linked(complaint)
    seen = Complaint.objects.visible_to(user)
    suggested = repeats.candidates(complaint, among=seen) if may_link else []
    counted = repeats.count_of(complaint, links)
    may_close = counted.is_repeated and complaint.status in CLOSES and legal_notices.may_notify(user, complaint)
    opened = set(seen.filter(pk__in=[link.earlier_id for link in links]).values_list("pk", flat=True)) if links else ()
    return RepeatDesk(
        linked=[_filing(link.earlier, masked) for link in links if link.earlier_id in opened],
        suggested=[_filing(one.complaint, masked, one.words) for one in suggested],
        filings=counted.filings,
        results=counted.results,
        may_link=may_link,
        may_close=may_close and complaint.collective_at is None,
        collective=complaint.collective_at is not None,
        authors=many_authors(complaint),
        notice=repeats.text_of(complaint) if may_close else "",
        typed=typed if typed.get("move") in ACTS else {},
    )


def many_authors(complaint: Complaint) -> int:
    """How many citizens wrote about its incident, if that makes it one of many (법 제2조6호); else 0."""
    mine = IncidentComplaint.objects.filter(complaint=complaint, left_at=None).values("incident")
    tied = IncidentComplaint.objects.filter(incident__in=mine, left_at=None, complaint__author__isnull=False)
    found = tied.values("complaint__author").distinct().count()
    return found if found >= repeats.MANY else 0


def _filing(row: Complaint, masked: bool, shared: tuple[str, ...] = ()) -> Filing:
    text = privacy.mask_text(row.text) if masked else row.text
    return Filing(row.pk, row.number, words.stamp(row.received_at), words.status(row), text, ", ".join(shared[:6]))


# --- out of a form --------------------------------------------------------------------------------------------------


def act(complaint: Complaint, name: str, posted: Any, *, by: User, now: datetime) -> str:
    """The act `name`; what was done, in words. Raises hands.Refused."""
    if name not in ACTS:
        raise hands.Refused
    try:
        return ACTS[name](complaint, posted, by, now)
    except (repeats.NotPossible, replies.NotPossible) as error:
        raise hands.Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise hands.Refused from error


def _link(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    repeats.link(complaint, _earlier(posted), by=by, now=now)
    return _("Linked as the same matter.")


def _unlink(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    repeats.unlink(complaint, _earlier(posted), by=by, now=now)
    return _("It is linked no more.")


def _many(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    many, note = posted.get("many") == "yes", moves.typed_text(posted, "note")
    repeats.set_many(complaint, by=by, version=hands.version_of(posted), now=now, many=many, note=note)
    return _("Marked as a complaint of many.") if many else _("The mark is taken off.")


def _close(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    reason, text = moves.typed_text(posted, "reason"), moves.typed_text(posted, "notice")
    if not reason:
        raise hands.Refused(_("Please write the reason."))
    repeats.close(complaint, by=by, version=hands.version_of(posted), now=now, reason=reason, text=text)
    return _("Closed as repeated. The notice is being posted.")


def _earlier(posted: Any) -> int:
    typed = posted.get("earlier", "")
    return int(typed) if moves.is_id(typed) else 0


ACTS: dict[str, Callable[[Complaint, Any, User, datetime], str]] = {
    "link": _link,
    "unlink": _unlink,
    "many": _many,
    "close-repeated": _close,
}
