"""Two people at one complaint: who else has it open, what happened meanwhile, whose words stand against whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints.models import Complaint, ComplaintEvent
from complaints.moves import MOVES
from complaints.pages import drafts, presence, words
from complaints.pages.event_words import event_words
from complaints.pages.people import person_name
from departments.models import Department

#: Events that a reply's text belongs to.
OF_REPLIES = frozenset({"draft", "answer", "recall", "complete", "failed", "unsure"})


@dataclass(frozen=True, slots=True)
class Together:
    """`here`: who else has it open, in words. `last_event`: the page asks whether there is a later one."""

    here: str
    kept: drafts.Kept
    last_event: int


@dataclass(frozen=True, slots=True)
class Collision:
    """What the faster one did and wrote, and what this person was about to do and wrote; texts may be empty."""

    theirs: str
    their_text: str
    mine: str
    my_text: str
    own_reply: bool


def together_of(complaint: Complaint, user: User, *, now: datetime, newest: int) -> Together:
    """`newest`: the last event that this page shows; what comes later happened meanwhile."""
    return Together(here_words(complaint, user, now=now), drafts.kept(complaint, user), newest)


def here_words(complaint: Complaint, user: User, *, now: datetime) -> str:
    """Who came first stands first."""
    others = presence.others_at(complaint, user, now=now)
    return _("Somebody else has this open: %(who)s") % {"who": ", ".join(others)} if others else ""


def meanwhile(complaint: Complaint, user: User, *, event: int) -> str:
    """What somebody else did to it since that event, in words; "" for nothing."""
    later = ComplaintEvent.objects.filter(complaint=complaint, pk__gt=event).exclude(by=user)
    newest = later.select_related("by").order_by("-id").first()
    if newest is None:
        return ""
    said = {"who": person_name(newest.by), "what": event_words(newest.move)}
    return _("Meanwhile: %(who)s, %(what)s.") % said


def what_happened_since(complaint: Complaint, *, now: datetime) -> str:
    """The last step in words, for somebody who was slower: “12초 전에”."""
    event = _last(complaint)
    if event is None:
        return _("Somebody was faster. Please look at the complaint as it is now.")
    return _("Somebody was faster: %(step)s. What you typed is kept below.") % {"step": _step_words(event, now=now)}


def collision_of(complaint: Complaint, typed: dict[str, str], *, now: datetime) -> Collision | None:
    """Theirs beside mine, for who was slower and had chosen or written something."""
    event, move = _last(complaint), typed.get("move", "")
    mine = _my_words(typed)
    my_text = typed.get("text") or typed.get("reason") or typed.get("note") or ""
    if event is None or not (mine or my_text):
        return None
    return Collision(_step_words(event, now=now), _their_text(complaint, event), mine, my_text, move == "reply")


def _last(complaint: Complaint) -> ComplaintEvent | None:
    return complaint.events.select_related("by", "department").order_by("-id").first()


def _step_words(event: ComplaintEvent, *, now: datetime) -> str:
    """“김민지, 12초 전, 배정 → 관광정책과”."""
    said = {"who": person_name(event.by), "when": words.just_ago(event.at, now=now), "what": event_words(event.move)}
    step = _("%(who)s, %(when)s, %(what)s") % said
    return f"{step} → {event.department.name}" if event.move == "assign" and event.department else step


def _their_text(complaint: Complaint, event: ComplaintEvent) -> str:
    reply = complaint.replies.order_by("-number").first() if event.move in OF_REPLIES else None
    return reply.text if reply else event.note


def _my_words(typed: dict[str, str]) -> str:
    """What this person's button says; the department that he had chosen."""
    move = typed.get("move", "")
    if move == "reply":
        return _("Reply")
    label = str(MOVES[move].label) if move in MOVES else ""
    chosen = typed.get("department", "")
    known = move == "assign" and chosen.isascii() and chosen.isdigit() and len(chosen) < 19
    department = Department.objects.filter(pk=int(chosen)).first() if known else None
    return f"{label} → {department.name}" if department else label
