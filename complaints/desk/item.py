"""One complaint at the triage desk: the page of the admin, and what only the desk knows beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import permissions
from complaints.models import Complaint, ComplaintEvent
from complaints.pages.advice import Advice, advice_of
from complaints.pages.event_words import event_words
from complaints.pages.moves import Offer
from complaints.pages.page import RELATED, Page, Proposal, page_of

SUGGESTED = 3
#: Reasons that are said many times a day; the citizen never reads them, reports do.
REASONS = (
    gettext_lazy("Advertising or spam"),
    gettext_lazy("Opinion or thanks, nothing asked for"),
    gettext_lazy("Nothing the city is concerned with"),
)


@dataclass(frozen=True, slots=True)
class LastStep:
    """This person's newest step, as long as it can be undone."""

    complaint: Complaint
    words: str
    short: str


@dataclass(frozen=True, slots=True)
class Item:
    """The template's view of the open complaint."""

    page: Page
    assign: Offer | None
    proposals: list[Proposal]
    dismiss: Offer | None
    others: list[Offer]
    reasons: tuple[str, ...]
    advice: Advice
    may_prioritise: bool


def find(ref: str, user: User) -> Complaint | None:
    """By receipt number or id, if this person may see it."""
    known = {"pk": int(ref)} if ref.isdigit() and ref.isascii() and len(ref) < 19 else {"number": ref.upper()}
    return Complaint.objects.visible_to(user).select_related(*RELATED).filter(**known).first()


def item_of(
    complaint: Complaint, user: User, *, now: datetime, typed: dict[str, str] | None = None, refused: str = ""
) -> Item:
    """Everything the desk shows of it, in a fixed number of queries."""
    page = page_of(complaint, user, now=now, typed=typed, refused=refused)
    by_name = {offer.name: offer for offer in page.offers}
    apart = ("assign", "dismiss", "undo")
    return Item(
        page=page,
        assign=by_name.get("assign"),
        proposals=page.proposals[:SUGGESTED],
        dismiss=by_name.get("dismiss"),
        others=[offer for offer in page.offers if offer.name not in apart],
        reasons=tuple(str(reason) for reason in REASONS),
        advice=advice_of(complaint, user, _said_by_citizens(page)),
        may_prioritise=permissions.may_prioritise(user, complaint),
    )


def _said_by_citizens(page: Page) -> list[str]:
    return ["".join(piece.text for piece in entry.pieces) for entry in page.thread if not entry.from_city]


def last_step_of(user: User) -> LastStep | None:
    """What Z would undo now."""
    event = ComplaintEvent.objects.filter(by=user).select_related("complaint", "department").order_by("-id").first()
    if event is None or not permissions.own_slip(user, event.complaint) or event.to_status != event.complaint.status:
        return None
    department = event.department.name if event.move == "assign" and event.department else ""
    return LastStep(event.complaint, _said(event), department or event_words(event.move))


def _said(event: ComplaintEvent) -> str:
    number = event.complaint.number
    if event.move == "merge":
        return _("%(number)s set aside as the same as %(leading)s.") % {"number": number, "leading": event.note}
    if event.move == "dismiss":
        return _("%(number)s set aside: %(reason)s.") % {"number": number, "reason": event.note[:60]}
    department = event.department.name if event.department else ""
    return _("%(number)s assigned to %(department)s.") % {"number": number, "department": department}
