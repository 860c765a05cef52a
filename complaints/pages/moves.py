"""The buttons of the complaint page: exactly `workflow.moves_for`, and how a pressed one is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import clocks, incidents, merging, replies, transfers, workflow
from complaints.models import Complaint, HoldCode
from complaints.models.hold import STOPPING
from departments.models import Agency, Department, District

#: Approving and recalling belong to the reply, completing to the outbox: they have their own places on the page.
ELSEWHERE = frozenset({"answer", "complete"})
MAIN = frozenset({"assign", "decide", "accept", "start", "resume", "reopen"})
#: What a button calls: the workflow, or the room beside or above it where a clock, the outbox or an incident must know.
STEPS: dict[str, Callable[..., object]] = {
    "triage": workflow.triage,
    "assign": workflow.assign,
    "decide": workflow.decide,
    "accept": workflow.accept,
    "start": workflow.start,
    "resume": clocks.resume,
    "send_back": workflow.send_back,
    "hold": clocks.hold,
    "transfer": transfers.transfer,
    "dismiss": workflow.dismiss,
    "merge": merging.merge,
    "reopen": workflow.reopen,
    "undo": incidents.undo,
    "recall": replies.recall,
    "close": replies.close,
}
#: What a step may carry beside what it needs: a note for colleagues, a word for the citizen.
MAY_CARRY = {"assign": "note", "transfer": "words"}
#: Characters of a reason or a note, as the page's fields say too.
TEXT_MAX = 2_000
ROWS: dict[str, Any] = {"department": Department, "agency": Agency, "district": District}


class Incomplete(Exception):
    """A needed field is empty or names nothing; the text says which."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a step; `choices` as (group, [(id, name)]), empty for a text."""

    name: str
    label: str
    choices: list[tuple[str, list[tuple[Any, str]]]] = field(default_factory=list)
    value: str = ""


@dataclass(slots=True)
class Offer:
    """A button this person may press now; `opened`: its inputs are shown without a click."""

    name: str
    label: str
    needs: tuple[str, ...]
    url: str
    main: bool
    fields: list[Field] = field(default_factory=list)
    opened: bool = False


def offered(complaint: Complaint, user: User) -> list[Offer]:
    """The buttons for this person: what takes the complaint on first, then in the order of the table."""
    found = [
        Offer(
            name=move.name,
            label=str(move.label),
            needs=tuple(move.needs),
            url=reverse("admin:complaints_complaint_move", args=[complaint.pk, move.name]),
            main=move.name in MAIN,
        )
        for move in workflow.moves_for(complaint, user)
        if move.name not in ELSEWHERE
    ]
    return sorted(found, key=lambda offer: not offer.main)


def fields_of(offer: Offer, choices: dict[str, Any], typed: dict[str, str]) -> list[Field]:
    """The inputs of a step, with what was typed before a refusal; a note is always possible with an assignment."""
    labels = {
        "department": _("Department"),
        "agency": _("District office or outside agency"),
        "district": _("District"),
        "code": _("What it waits for"),
        "reason": _("Reason"),
        "leading": _("Receipt number of the one that leads"),
        "note": _("Note for colleagues (the citizen does not see it)"),
        "words": _("A word to add to the notice under the citizen's post (public; may stay empty)"),
    }
    mine = typed.get("move") == offer.name
    names = [*offer.needs, *([MAY_CARRY[offer.name]] if offer.name in MAY_CARRY else [])]
    return [
        Field(name, labels.get(name, name), choices.get(name, []), typed.get(name, "") if mine else "")
        for name in names
    ]


def fill(offers: list[Offer], choices: dict[str, Any], typed: dict[str, str], *, proposals: bool) -> None:
    """Give each offer its inputs; the only way to a department stays open where nothing is suggested."""
    for offer in offers:
        offer.fields = fields_of(offer, choices, typed) if offer.needs else []
        offer.opened = typed.get("move") == offer.name or (offer.name == "assign" and not proposals)


def inputs_from(needs: tuple[str, ...], posted: Any) -> dict[str, Any]:
    """The needed values out of a posted form. Raises Incomplete."""
    found: dict[str, Any] = {}
    for name in needs:
        if name in ROWS:
            found[name] = _row(name, posted)
        elif name == "code":
            found[name] = _code(posted)
        elif text := typed_text(posted, name):
            found[name] = text
        else:
            missing = {"leading": _("Please give the receipt number of the other complaint.")}
            raise Incomplete(missing.get(name, _("Please write the reason.")))
    return found


def typed_text(posted: Any, name: str, *, most: int = TEXT_MAX) -> str:
    """What a person wrote into a field, as the database takes it: its lines ended simply, no NUL."""
    typed = posted.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    return str(typed.strip()[:most])


def _row(name: str, posted: Any) -> Any:
    """A suggestion's button says `department`; the select beside it says `chosen_department`."""
    typed = posted.get(name) or posted.get(f"chosen_{name}") or ""
    row = _of_today(ROWS[name]).filter(pk=int(typed)).first() if is_id(typed) else None
    if row is None:
        said = {"department": _("Please choose a department."), "agency": _("Please choose an agency.")}
        raise Incomplete(said.get(name, _("Please choose.")))
    return row


def agencies(complaint: Complaint) -> list[tuple[str, list[tuple[int, str]]]]:
    """Where it may be handed over: the office of its own district first, the other districts', all others."""
    rows = list(Agency.objects.active(timezone.localdate()).values_list("pk", "name", "district_id"))
    own = [(pk, name) for pk, name, district in rows if district and district == complaint.district_id]
    offices = [(pk, name) for pk, name, district in rows if district and district != complaint.district_id]
    others = [(pk, name) for pk, name, district in rows if not district]
    groups = ((_("District it happened in"), own), (_("District offices"), offices), (_("Outside agencies"), others))
    return [(label, found) for label, found in groups if found]


def _of_today(model: Any) -> Any:
    """Rows that exist today: departments and agencies have dates, a district is there or has ended."""
    return model.objects.active(timezone.localdate()) if model is not District else model.objects.filter(active_to=None)


def hold_codes() -> list[tuple[str, list[tuple[str, str]]]]:
    """What it may wait for, by what that does to the clock; a supplement is asked for with a notice."""
    groups = {
        _("The clock stands still (영 제20조)"): [code for code in HoldCode if code in STOPPING],
        _("The clock runs on"): [code for code in HoldCode if code not in STOPPING],
    }
    return [
        (group, [(code.value, str(code.label)) for code in codes if code != HoldCode.SUPPLEMENT])
        for group, codes in groups.items()
    ]


def _code(posted: Any) -> HoldCode:
    typed = posted.get("code", "")
    if typed not in HoldCode.values or typed == HoldCode.SUPPLEMENT:
        raise Incomplete(_("Please choose what it waits for."))
    return HoldCode(typed)


def is_id(typed: str) -> bool:
    """May it be asked for as a key of a row?"""
    return typed.isascii() and typed.isdigit() and len(typed) < 19


def carry_out(
    complaint: Complaint, offer: Offer, *, by: User, version: int, inputs: dict[str, Any], posted: Any, now: datetime
) -> None:
    """One call downstairs. Raises workflow.MoveNotAllowed, workflow.Conflict, replies.NotPossible."""
    name = MAY_CARRY.get(offer.name, "")
    carried = {name: text} if name and (text := typed_text(posted, name)) else {}
    STEPS[offer.name](complaint, by=by, version=version, now=now, **inputs, **carried)
