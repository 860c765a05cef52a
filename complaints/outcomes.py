"""The desk comes back to the citizen: the outcome of a promise, posted under his post, also long after the answer.

Who may let an answer out may tell an outcome; it moves no status. What was promised in private is told in private. A
promise that cannot be kept is withdrawn with a reason, which the citizen reads too unless there is a reason against it
(his post is gone).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from complaints import notices, permissions, promises, replies, workflow
from complaints.models import Complaint, Promise, Reply

#: An outcome in one of these is still on its way.
UNDER_WAY = (Reply.State.APPROVED, Reply.State.UNSURE)


def may_tell(user: User, complaint: Complaint) -> bool:
    """An officer, or the head of the department that holds it: whatever its status."""
    return permissions.approver(user, complaint)


def is_under_way(row: Promise) -> bool:
    """Is its outcome being posted just now?"""
    return row.outcome is not None and row.outcome.state in UNDER_WAY


def tell(row: Promise, *, by: User, version: int, now: datetime, text: str, wish: promises.Wish | None = None) -> Reply:
    """Post the outcome; it keeps the promise when it stands there. `wish`: on what the text itself promises.

    Raises replies.NotPossible and the workflow's errors.
    """
    with transaction.atomic():
        complaint = _checked(row, by)
        known: dict[str, Any] = {"by": by, "now": now, "version": version, "private": row.reply.private}
        reply = notices.say(complaint, Reply.Kind.OUTCOME, text, **known)
        replies.promise(reply, wish or promises.Wish(), now=now)
        promises.being_told(row, reply)
    return reply


def withdraw(row: Promise, *, by: User, version: int, now: datetime, reason: str, post: bool) -> None:
    """It will not be kept: with the reason, which is posted where `post` says so.

    Raises replies.NotPossible and the workflow's errors.
    """
    reason = reason.strip()
    if not reason:
        raise replies.NotPossible(_("Please write why the promise cannot be kept."))
    with transaction.atomic():
        complaint = _checked(row, by)
        reply = None
        if post:
            known: dict[str, Any] = {"by": by, "now": now, "version": version, "private": row.reply.private}
            reply = notices.say(complaint, Reply.Kind.OUTCOME, reason, event="withdraw", **known)
        else:
            workflow.touch(complaint, "withdraw", by=by, now=now, version=version, note=reason)
        promises.withdraw(row, by=by, now=now, reason=reason, outcome=reply)


def _checked(row: Promise, by: User) -> Complaint:
    """The complaint, if this person may, and nobody is at it. Raises as `tell`."""
    complaint = row.complaint
    if not may_tell(by, complaint):
        raise workflow.MoveNotAllowed("outcome")
    if settings.FOUR_EYES and complaint.assignee_id == by.pk:
        raise replies.NotPossible(_("Somebody else must let out a notice on what you work on."))
    if is_under_way(row):
        raise replies.NotPossible(_("The outcome is being posted already."))
    return complaint
