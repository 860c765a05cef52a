"""What a person says about promises, out of a posted form: of the text he writes, and of what was promised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import outcomes, replies, workflow
from complaints.models import Promise
from complaints.pages import hands, moves


def act(row: Promise, name: str, posted: Any, *, by: User, now: datetime) -> str:
    """Tell the outcome, or withdraw; what was done, in words. Raises hands.Refused."""
    version = hands.version_of(posted)
    try:
        if name == "tell":
            text = moves.typed_text(posted, "outcome", most=hands.REPLY_MAX)
            outcomes.tell(row, by=by, version=version, now=now, text=text, wish=hands.wish_of(posted))
            return _("The outcome is being posted. It keeps the promise as soon as it stands there.")
        reason, post = moves.typed_text(posted, "why"), posted.get("post") == "yes"
        outcomes.withdraw(row, by=by, version=version, now=now, reason=reason, post=post)
    except replies.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise hands.Refused from error
    return _("The promise is withdrawn; the citizen is told why.") if post else _("The promise is withdrawn.")
