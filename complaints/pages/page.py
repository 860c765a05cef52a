"""What the complaint page shows to one person, gathered with a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import permissions, privacy
from complaints.models import Complaint, ComplaintEvent, Incident
from complaints.pages import (
    clock_desk,
    consult_desk,
    ledger_rows,
    moves,
    promise_desk,
    repeat_desk,
    reply_desk,
    tag_desk,
    verdict_desk,
    words,
)
from complaints.pages.copies import Copies, copies_of
from complaints.pages.good_news_desk import GoodNewsDesk
from complaints.pages.ledger_rows import LedgerRow
from complaints.pages.names import channel_name, departments
from complaints.pages.people import person_name
from complaints.pages.tag_desk import TagDesk
from complaints.pages.thread import Entry, Step, thread_of, timeline_of
from complaints.pages.together import Collision, Together, together_of
from complaints.pages.writer import Writer, writer_of
from departments import directory, working_time
from departments.models import District, Role
from departments.working_time import Calendar

RELATED = ("account", "author", "district", "department", "assignee", "agency")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A department the desk proposes, and the words of the post that point to it."""

    department_id: int
    name: str
    reason: str


@dataclass(slots=True)
class Page:
    """The template's view of a complaint. `typed`: what a refused step had in its fields.

    `has_news`: something is new that this person may put aside. `added`: what was put into the editor from elsewhere.
    `collision`: somebody else was faster.
    """

    complaint: Complaint
    assignee: str
    thread: list[Entry]
    steps: list[Step]
    ledger: list[LedgerRow]
    offers: list[moves.Offer]
    proposals: list[Proposal]
    reply: reply_desk.ReplyDesk
    clock: clock_desk.ClockDesk
    consult: consult_desk.ConsultDesk
    promises: promise_desk.PromiseDesk
    repeat: repeat_desk.RepeatDesk
    masked: bool
    may_note: bool
    may_alarm: bool
    has_news: bool
    earlier: Complaint | None
    incident: Incident | None
    together: Together
    writer: Writer
    copies: Copies
    tags: TagDesk
    good_news: GoodNewsDesk | None = None
    verdicts: list[verdict_desk.Line] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    added: str = ""
    collision: Collision | None = None

    @property
    def status_label(self) -> str:
        return words.status(self.complaint)

    @property
    def received(self) -> str:
        return words.stamp(self.complaint.received_at)

    @property
    def urgent(self) -> bool:
        return self.complaint.priority == Complaint.Priority.URGENT

    @property
    def channel(self) -> str:
        return channel_name(self.complaint.account)

    @property
    def incident_title(self) -> str:
        title = self.incident.title if self.incident else ""
        return privacy.mask_text(title) if self.masked else title


def _events(complaint: Complaint) -> list[ComplaintEvent]:
    return list(complaint.events.select_related("by", "department__successor"))


def page_of(
    complaint: Complaint, user: User, *, now: datetime, typed: dict[str, str] | None = None, refused: str = ""
) -> Page:
    """Everything the page of `complaint` (found through visible_to) shows to `user`."""
    masked, asked = privacy.is_masked_on(complaint, user), privacy.is_only_asked(complaint, user)
    offers, proposals = _offers(complaint, user, typed or {})
    events, calendar = _events(complaint), working_time.calendar_for()
    together = together_of(complaint, user, now=now, newest=events[-1].pk if events else 0)
    return Page(
        complaint=complaint,
        assignee=person_name(complaint.assignee) if complaint.assignee else "",
        thread=thread_of(complaint, masked=masked, hashes=_sees_hashes(user), now=now, private=not asked),
        steps=timeline_of(events, masked=masked, notes=not asked),
        ledger=ledger_rows.of_complaint(complaint, events, now=now, calendar=calendar, masked=masked),
        offers=offers,
        proposals=proposals,
        reply=_reply(complaint, user, now, calendar, typed or {}, kept=together.kept.reply, hidden=asked),
        clock=clock_desk.desk_of(complaint, user, now=now, calendar=calendar, typed=typed),
        promises=promise_desk.desk_of(complaint, user, now=now, calendar=calendar, private=not asked),
        consult=consult_desk.desk_of(complaint, user, now=now, calendar=calendar, typed=typed or {}, masked=masked),
        repeat=repeat_desk.desk_of(complaint, user, typed=typed or {}, masked=masked),
        masked=masked,
        may_note=permissions.may_note(user, complaint),
        may_alarm=permissions.may_alarm(user),
        has_news=complaint.news_at is not None and permissions.officer_or_holder(user, complaint),
        earlier=_earlier(complaint, user),
        incident=_incident(complaint, user),
        together=together,
        writer=writer_of(complaint, user, now=now),
        copies=copies_of(complaint, user),
        tags=tag_desk.desk_of(complaint, user),
        typed=typed or {},
        refused=refused,
    )


def _offers(complaint: Complaint, user: User, typed: dict[str, str]) -> tuple[list[moves.Offer], list[Proposal]]:
    """The steps that this person may take, their fields filled, and the departments proposed for them."""
    offers = moves.offered(complaint, user)
    needs = {need for offer in offers for need in offer.needs}
    proposals = _proposals(complaint) if "department" in needs else []
    moves.fill(offers, _choices(needs, complaint), typed, proposals=bool(proposals))
    return offers, proposals


def _reply(
    complaint: Complaint,
    user: User,
    now: datetime,
    calendar: Calendar,
    typed: dict[str, str],
    *,
    kept: str,
    hidden: bool,
) -> reply_desk.ReplyDesk:
    """The editor with what was typed into it; `hidden`: what is only drafted is not for who was merely asked."""
    form = typed if typed.get("move") == "reply" else {}
    text = typed.get("text", "") or kept
    reply = reply_desk.desk_of(complaint, user, now=now, calendar=calendar, typed=text, form=form)
    return replace(reply, draft_text="") if hidden else reply


def _sees_hashes(user: User) -> bool:
    """Those who answer for what was said, and those who check it."""
    return bool(directory.roles_of(user) & {Role.OFFICER, Role.AUDITOR})


def _earlier(complaint: Complaint, user: User) -> Complaint | None:
    """The complaint this one goes on from, if this person may see it."""
    if complaint.earlier_id is None:
        return None
    return Complaint.objects.visible_to(user).filter(pk=complaint.earlier_id).first()


def _incident(complaint: Complaint, user: User) -> Incident | None:
    """The incident it belongs to, if this person may see that."""
    tied = Incident.objects.visible_to(user)
    return tied.filter(members__complaint=complaint, members__left_at=None).first()


def _proposals(complaint: Complaint) -> list[Proposal]:
    found = complaint.suggestions.select_related("department").order_by("rank")
    return [
        Proposal(row.department_id, row.department.name, ", ".join(f"“{word}”" for word in row.words[:4]))
        for row in found
        if row.department_id != complaint.department_id
    ]


def _choices(needs: set[str], complaint: Complaint) -> dict[str, list[tuple[str, Any]]]:
    """The lists behind the fields that are needed, each grouped: (group, [(id, name)])."""
    found: dict[str, list[tuple[str, Any]]] = {}
    if "department" in needs:
        groups: dict[str, list[tuple[int, str]]] = {}
        for pk, name, bureau in departments():
            groups.setdefault(bureau or _("Others"), []).append((pk, name))
        found["department"] = list(groups.items())
    if "agency" in needs:
        found["agency"] = moves.agencies(complaint)
    if "code" in needs:
        found["code"] = moves.hold_codes()
    if "district" in needs:
        found["district"] = [(_("Districts"), list(District.objects.filter(active_to=None).values_list("pk", "name")))]
    return found
