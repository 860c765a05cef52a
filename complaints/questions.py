"""A question to the citizen, under his own post: the complaint waits for his word and the clock of the law runs on.

When he answers in the thread, it goes on by itself (complaints.intake). What only completes an application, and stops
the clock, is a supplement (complaints.legal_notices).
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from complaints import clocks, notices, permissions, replies, workflow
from complaints.models import Complaint, HoldCode, Reply
from complaints.moves import MOVES


def may_ask(user: User, complaint: Complaint) -> bool:
    """Whoever works on it; where four eyes are asked for, who may let an answer out and does not work on it himself."""
    if complaint.status not in MOVES["hold"].froms:
        return False
    if settings.FOUR_EYES:
        return permissions.approver(user, complaint) and complaint.assignee_id != user.pk
    return permissions.officer_or_holder(user, complaint)


def ask(complaint: Complaint, *, by: User, version: int, now: datetime, text: str) -> Reply:
    """Post the question and let the complaint wait for the answer, or neither.

    Raises replies.NotPossible and the workflow's errors."""
    if not may_ask(by, complaint):
        raise workflow.MoveNotAllowed("question")
    replies.refuse_personal_data(text)
    with transaction.atomic():
        clocks.hold(complaint, by=by, version=version, now=now, code=HoldCode.CITIZEN, reason=text)
        return notices.say(complaint, Reply.Kind.QUESTION, text, by=by, now=now)
