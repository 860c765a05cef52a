"""What a person does to the clocks of a complaint, out of a posted form. One call downstairs, or Refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import clocks, legal_notices, replies, workflow
from complaints.models import Complaint
from complaints.models.kinds import LegalKind
from complaints.pages import hands, moves


def act(complaint: Complaint, name: str, posted: Any, *, by: User, now: datetime) -> str:
    """The act `name`; what was done, in words. Raises hands.Refused."""
    if name not in ACTS:
        raise hands.Refused
    try:
        return ACTS[name](complaint, posted, by, now)
    except replies.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise hands.Refused from error


def _kind(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    typed = posted.get("kind", "")
    if typed not in LegalKind.values or typed == LegalKind.STATUTORY:
        raise hands.Refused(_("Please choose a kind."))
    kind, note = LegalKind(typed), moves.typed_text(posted, "note")
    clocks.set_kind(complaint, by=by, version=hands.version_of(posted), now=now, kind=kind, note=note)
    return _("Now handled as: %(kind)s.") % {"kind": kind.label}


def _interim(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    text = moves.typed_text(posted, "notice")
    legal_notices.interim(complaint, by=by, version=hands.version_of(posted), now=now, text=text)
    return _("The interim notice is being posted.")


def _redirect(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    text = moves.typed_text(posted, "notice")
    legal_notices.redirect(complaint, by=by, version=hands.version_of(posted), now=now, text=text)
    return _("The way to the formal counter is being posted; the complaint is set aside.")


ACTS: dict[str, Callable[[Complaint, Any, User, datetime], str]] = {
    "kind": _kind,
    "interim": _interim,
    "redirect": _redirect,
}
