"""What a person does about 협조 on a page, out of a posted form. One call downstairs, or Refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import consultations, workflow
from complaints.models import Complaint, Consultation
from complaints.pages import hands, moves, words


def act(complaint: Complaint, name: str, posted: Any, *, by: User, now: datetime) -> str:
    """The act `name`; what was done, in words. Raises hands.Refused."""
    if name not in ACTS:
        raise hands.Refused
    try:
        return ACTS[name](complaint, posted, by, now)
    except consultations.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise hands.Refused from error


def _ask(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    department = hands.department_of(posted)
    if department is None:
        raise hands.Refused(_("Please choose a department."))
    wish = posted.get("wish", "")
    if wish not in Consultation.Wish.values:
        raise hands.Refused(_("Please say whether you need an opinion or work."))
    question = _needed(posted, "question", _("Please write what you want to know, or what is to be done."))
    consultations.ask(
        complaint,
        by=by,
        now=now,
        department=department,
        wish=Consultation.Wish(wish),
        question=question,
        hours=hands.number_of(posted, "hours"),
    )
    return _("%(name)s has been asked. The complaint stays with its department.") % {"name": department.name}


def _withdraw(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    consultations.withdraw(_one(complaint, posted), by=by, now=now, reason=moves.typed_text(posted, "answer"))
    return _("The request is taken back.")


def _answer(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    text = _needed(posted, "answer", _("Please write the answer."))
    consultations.answer(_one(complaint, posted), by=by, now=now, text=text)
    return _("Answered. The department in charge is told.")


def _decline(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    reason = _needed(posted, "answer", _("Please write the reason."))
    consultations.decline(_one(complaint, posted), by=by, now=now, reason=reason)
    return _("Declined. The department in charge is told.")


def _more(complaint: Complaint, posted: Any, by: User, now: datetime) -> str:
    reason, hours = _needed(posted, "answer", _("Please write the reason.")), hands.number_of(posted, "hours")
    until = consultations.more_time(_one(complaint, posted), by=by, now=now, hours=hours, reason=reason)
    return _("Asked for by %(when)s now.") % {"when": words.moment(until, now=now)}


def _one(complaint: Complaint, posted: Any) -> Consultation:
    """The request of this complaint that the form means. Raises hands.Refused."""
    number = hands.number_of(posted, "request")
    found = complaint.consultations.select_related("complaint", "department")
    row = found.filter(number=number).first() if number < 1000 else None
    if row is None:
        raise hands.Refused
    return row


def _needed(posted: Any, name: str, otherwise: str) -> str:
    text = moves.typed_text(posted, name)
    if not text:
        raise hands.Refused(otherwise)
    return text


ACTS: dict[str, Callable[[Complaint, Any, User, datetime], str]] = {
    "ask": _ask,
    "withdraw": _withdraw,
    "answer": _answer,
    "decline": _decline,
    "more": _more,
}
