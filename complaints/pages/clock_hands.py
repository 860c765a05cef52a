"""What a person does to the clocks of a complaint, out of a posted form. One call downstairs, or Refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import clocks, legal_notices, questions, replies, workflow
from complaints.models import Complaint
from complaints.models.kinds import LegalKind
from complaints.pages import hands, moves


def act(complaint: Complaint, name: str, posted: Any, *, by: User, now: datetime) -> str:
    """The act `name`; what was done, in words. Raises hands.Refused."""
    if name not in ACTS:
        raise hands.Refused
    try:
        return ACTS[name](complaint, posted, {"by": by, "version": hands.version_of(posted), "now": now})
    except clocks.NotAllowedByLaw as error:
        raise hands.Refused(_against(error.rule)) from error
    except replies.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise hands.Refused from error


def _against(rule: str) -> str:
    return {
        "extension": _("An extension is possible once, by at most the period; again only with the citizen's consent."),
        "over": _("The period is over or no answer is awaited: there is nothing to extend."),
        "visit": _("Only of a grievance, at most 14 days, once longer by up to 7."),
        "supplement": _("A supplement may be asked for twice, the second time for at most 10 days."),
        "more time": _("More time for a supplement: twice at most, to a later day."),
    }[rule]


def _question(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    questions.ask(complaint, **who, text=moves.typed_text(posted, "question"))
    return _("The question is being posted. The complaint waits for the answer.")


def _kind(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    typed = posted.get("kind", "")
    if typed not in LegalKind.values or typed == LegalKind.STATUTORY:
        raise hands.Refused(_("Please choose a kind."))
    kind, note = LegalKind(typed), moves.typed_text(posted, "note")
    clocks.set_kind(complaint, **who, kind=kind, note=note)
    return _("Now handled as: %(kind)s.") % {"kind": kind.label}


def _extend(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    consent = posted.get("consent") == "yes"
    amount, reason = _number(posted, "amount"), _needed(posted, "reason", _("Please write the reason."))
    legal_notices.extend(complaint, **who, amount=amount, reason=reason, consent=consent)
    return _("Extended. The notice is being posted.")


def _supplement(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    what, days = _needed(posted, "reason", _("Please write what is missing.")), _number(posted, "days")
    legal_notices.ask_supplement(complaint, **who, what=what, days=days)
    return _("Asked. The clock stands still until the supplement arrives.")


def _more_time(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    legal_notices.give_more_time(complaint, **who, days=_number(posted, "days"))
    return _("The citizen is told the new day.")


def _visit(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    clocks.visit(complaint, **who, days=_number(posted, "days"), note=moves.typed_text(posted, "note"))
    return _("The days on site do not count.")


def _interim(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    legal_notices.interim(complaint, **who, text=moves.typed_text(posted, "notice"))
    return _("The interim notice is being posted.")


def _redirect(complaint: Complaint, posted: Any, who: dict[str, Any]) -> str:
    legal_notices.redirect(complaint, **who, text=moves.typed_text(posted, "notice"))
    return _("The way to the formal counter is being posted; the complaint is set aside.")


def _number(posted: Any, name: str) -> int:
    """0, which fits nothing, where there is none."""
    typed = posted.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0


def _needed(posted: Any, name: str, otherwise: str) -> str:
    """A text that goes into a public post: one line, its full stop set by the notice itself."""
    text = " ".join(moves.typed_text(posted, name).split()).rstrip(" .。")
    if not text:
        raise hands.Refused(otherwise)
    return text


ACTS: dict[str, Callable[[Complaint, Any, dict[str, Any]], str]] = {
    "question": _question,
    "kind": _kind,
    "extend": _extend,
    "supplement": _supplement,
    "more-time": _more_time,
    "visit": _visit,
    "interim": _interim,
    "redirect": _redirect,
}
