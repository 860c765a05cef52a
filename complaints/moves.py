"""The table of moves: from where, to where, who may, what it needs. complaints.workflow carries them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Status
from complaints.permissions import (
    Rule,
    approver,
    decider,
    dispatcher,
    dispatcher_or_decider,
    nobody,
    officer,
    officer_or_holder,
    own_slip,
    receiver,
    refuser,
)

S = Status


@dataclass(frozen=True, slots=True)
class Move:
    """One row. `label`: what the button says. `to` None: the status it was held from. `needs`: what a person must give.

    `by_desk`: the desk itself may.
    """

    name: str
    label: str | Promise
    froms: tuple[Status, ...]
    to: Status | None
    who: Rule
    needs: tuple[str, ...] = ()
    by_desk: bool = False


_ROWS = (
    Move("triage", pgettext_lazy("move", "Take up"), (S.RECEIVED,), S.TRIAGED, officer),
    Move(
        "assign",
        pgettext_lazy("move", "Assign"),
        (S.RECEIVED, S.TRIAGED, S.ASSIGNED, S.IN_PROGRESS),
        S.ASSIGNED,
        dispatcher,
        needs=("department",),
    ),
    Move(
        "decide",
        pgettext_lazy("move", "Decide who does it"),
        (S.TRIAGED, S.ASSIGNED, S.IN_PROGRESS),
        S.ASSIGNED,
        decider,
        needs=("department", "reason"),
    ),
    Move("accept", pgettext_lazy("move", "Accept"), (S.ASSIGNED,), S.ASSIGNED, receiver),
    Move("start", pgettext_lazy("move", "Begin work"), (S.ASSIGNED,), S.IN_PROGRESS, officer_or_holder),
    Move("answer", pgettext_lazy("move", "Approve the reply"), (S.IN_PROGRESS,), S.ANSWERED, approver),
    Move("complete", pgettext_lazy("move", "Complete"), (S.ANSWERED,), S.COMPLETED, nobody, by_desk=True),
    Move(
        "recall",
        pgettext_lazy("move", "Recall the reply"),
        (S.ANSWERED,),
        S.IN_PROGRESS,
        approver,
        by_desk=True,
    ),
    Move("resume", pgettext_lazy("move", "Resume"), (S.ON_HOLD,), None, officer_or_holder, by_desk=True),
    Move(
        "send_back",
        pgettext_lazy("move", "Send back"),
        (S.ASSIGNED, S.IN_PROGRESS),
        S.TRIAGED,
        refuser,
        needs=("reason",),
    ),
    Move("take_back", pgettext_lazy("move", "Take back"), (S.ASSIGNED,), S.TRIAGED, nobody, by_desk=True),
    Move(
        "hold",
        pgettext_lazy("move", "Put on hold"),
        (S.TRIAGED, S.ASSIGNED, S.IN_PROGRESS),
        S.ON_HOLD,
        officer_or_holder,
        needs=("code", "reason"),
    ),
    Move(
        "transfer",
        pgettext_lazy("move", "Hand over to an outside agency"),
        (S.RECEIVED, S.TRIAGED, S.ASSIGNED),
        S.TRANSFERRED,
        dispatcher_or_decider,
        needs=("agency", "reason"),
    ),
    Move(
        "close",
        pgettext_lazy("move", "Close by hand"),
        (S.IN_PROGRESS, S.ANSWERED),
        S.COMPLETED,
        approver,
        needs=("reason",),
    ),
    Move(
        "dismiss",
        pgettext_lazy("move", "Not a complaint"),
        (S.RECEIVED, S.TRIAGED),
        S.DISMISSED,
        officer,
        needs=("reason",),
    ),
    Move(
        "merge",
        pgettext_lazy("move", "The same as another"),
        (S.RECEIVED, S.TRIAGED),
        S.DISMISSED,
        officer,
        needs=("leading",),
    ),
    Move(
        "reopen",
        pgettext_lazy("move", "Reopen"),
        (S.COMPLETED, S.TRANSFERRED, S.DISMISSED),
        S.TRIAGED,
        officer,
        needs=("reason",),
        by_desk=True,
    ),
    Move("undo", pgettext_lazy("move", "Undo"), (S.ASSIGNED, S.DISMISSED), S.TRIAGED, own_slip),
)

MOVES: dict[str, Move] = {move.name: move for move in _ROWS}

_WHO = {
    officer: _("SNS officer"),
    dispatcher: _("SNS officer, unless it is before the arbiter"),
    decider: _("arbiter, of what was sent back too often; SNS officer where there is none or it is urgent"),
    dispatcher_or_decider: _("SNS officer, unless it is before the arbiter; then the arbiter"),
    receiver: _("staff or head of the department that has it and has not accepted it"),
    refuser: _("staff or head of the department that holds it, unless the arbiter decided"),
    officer_or_holder: _("SNS officer; staff or head of the department that holds it"),
    own_slip: _("the SNS officer whose step it was, as long as nothing happened since"),
    approver: _("SNS officer; head of the department that holds it"),
    nobody: _("the desk itself"),
}


def as_markdown() -> str:
    """The two tables of docs/states.md, in the language in force."""
    return "\n".join(
        [
            "| move | button | from | to | who | needs |",
            "|---|---|---|---|---|---|",
            *map(_line, MOVES.values()),
            "",
            f"| from ↓ to → | {' | '.join(Status.values)} |",
            f"|---|{'---|' * len(Status)}",
            *(f"| {start} | {' | '.join(_between(start, end) for end in Status)} |" for start in Status),
            "",
        ]
    )


def _line(move: Move) -> str:
    who = str(_WHO[move.who])
    if move.by_desk and move.who is not nobody:
        who += f"; {_WHO[nobody]}"
    target = move.to.value if move.to else "the status it was held from"
    return (
        f"| {move.name} | {move.label} | {', '.join(move.froms)} | {target} | {who} | {', '.join(move.needs) or '–'} |"
    )


def _between(start: Status, end: Status) -> str:
    return ", ".join(_names(start, end)) or "–"


def _names(start: Status, end: Status) -> Iterator[str]:
    """The moves that lead from one status to another; resume leads to where hold is possible."""
    for move in MOVES.values():
        if start in move.froms and end in ((move.to,) if move.to else MOVES["hold"].froms):
            yield move.name
