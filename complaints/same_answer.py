"""The answer of the leading complaint for the citizen of a copy too, as a draft that a person approves."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from complaints import replies, workflow
from complaints.models import Complaint, Reply


class NotPossible(Exception):
    """The text says why, for the person who tried."""


def answer_of(leading: Complaint) -> Reply | None:
    """The newest answer that stands on the network for everybody."""
    posted = Reply.objects.public().filter(complaint=leading, state=Reply.State.SENT, kind=Reply.Kind.ANSWER)
    return posted.order_by("-number").first()


def give(copy: Complaint, *, by: User, version: int, now: datetime) -> Reply:
    """Take the copy up again, in the department of the leading one, with that one's answer as its draft; or nothing.

    Raises NotPossible, workflow.MoveNotAllowed, workflow.Conflict.
    """
    leading = copy.duplicate_of
    answer = answer_of(leading) if leading else None
    if leading is None or answer is None or leading.department is None:
        raise NotPossible(_("The leading complaint has no posted answer."))
    with transaction.atomic():
        reason = _("Answered like %(number)s.") % {"number": leading.number}
        workflow.reopen(copy, by=by, version=version, now=now, reason=reason)
        workflow.assign(copy, by=by, version=copy.version, now=now, department=leading.department)
        try:
            return replies.draft(copy, text=answer.text, by=by, version=copy.version, now=now)
        except replies.NotPossible as error:
            raise NotPossible(str(error)) from error
