"""What the city says under a citizen's post besides the answer: a question, a notice, the outcome of a promise.

It goes out through the outbox with a receipt tag of its own and moves no status. complaints.settlement reads back what
became of it; one that is not posted is news for the desk.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns.adapters.text import nfc
from complaints import replies, reply_targets, workflow
from complaints.models import Complaint, Reply

Kind = Reply.Kind


def say(
    complaint: Complaint,
    kind: Reply.Kind,
    text: str,
    *,
    by: User,
    now: datetime,
    event: str = "",
    version: int | None = None,
    private: bool = False,
    **changes: Any,
) -> Reply:
    """Post `text` under the citizen's newest post, with its event; whether `by` may, the caller has asked.

    `event`, where it is one of its own; `changes` of the complaint that the text tells of;
    `private`: to the citizen alone, as he is also told where he wrote so himself. Raises replies.NotPossible,
    workflow.Conflict.
    """
    text = nfc(text.strip())
    if not text:
        raise replies.NotPossible(_("There is nothing to say yet: the text is empty."))
    with transaction.atomic():
        workflow.touch(complaint, event or kind.lower(), by=by, now=now, version=version, note=text, **changes)
        reply = Reply(
            complaint=complaint,
            number=replies.next_number(complaint),
            kind=kind,
            text=text,
            language=complaint.answer_language,
            private=private or reply_targets.is_private(reply_targets.target_of(complaint)),
            drafted_by=by,
            drafted_at=now,
        )
        replies.send(reply, replies.parts_of(reply), by=by, now=now)
    return reply
