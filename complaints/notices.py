"""What the city says under a citizen's post besides the answer: a question, a notice, the outcome of a promise.

It goes out through the outbox with a receipt tag of its own and moves no status. complaints.settlement reads back what
became of it; one that is not posted is news for the desk.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns.adapters.text import nfc
from complaints import replies, workflow
from complaints.models import Complaint, Reply

Kind = Reply.Kind


def say(complaint: Complaint, kind: Reply.Kind, text: str, *, by: User, now: datetime) -> Reply:
    """Post `text` under the citizen's newest post, with its event; whether `by` may, the caller has asked.

    Raises replies.NotPossible.
    """
    text = nfc(text.strip())
    if not text:
        raise replies.NotPossible(_("There is nothing to say yet: the text is empty."))
    with transaction.atomic():
        workflow.touch(complaint, kind.lower(), by=by, now=now, note=text)
        reply = Reply(
            complaint=complaint,
            number=replies.next_number(complaint),
            kind=kind,
            text=text,
            language=replies.language_of(complaint),
            drafted_by=by,
            drafted_at=now,
        )
        replies.send(reply, replies.parts_of(reply), by=by, now=now)
    return reply
