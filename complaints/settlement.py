"""What became of the approved replies: the outbox's rows read back into Reply and Complaint, as the clock ticks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from channels_sns import outbox
from channels_sns.models import OutboundPost
from complaints import merging, promises, reply_photos, searchdocs, verdicts, workflow
from complaints.models import Reply, Status

logger = logging.getLogger(__name__)

State = Reply.State
Sent = OutboundPost.State

#: Replies whose fate may still change; FAILED because an officer may send its row again.
OPEN = (State.APPROVED, State.UNSURE, State.FAILED)
#: How long a notice that was not posted is looked at for an officer's second try.
SECOND_TRY = timedelta(days=30)
BATCH = 200


def settle(*, now: datetime) -> int:
    """Bring open replies in line with their outbox rows; how many changed."""
    changed, last = 0, 0
    answers = Q(kind=Reply.Kind.ANSWER, complaint__status=Status.ANSWERED)
    others = ~Q(kind=Reply.Kind.ANSWER) & (~Q(state=State.FAILED) | Q(settled_at__gt=now - SECOND_TRY))
    waiting = Reply.objects.filter(answers | others, state__in=OPEN).order_by("id")
    while batch := list(waiting.filter(pk__gt=last)[:BATCH]):
        rows = rows_of(batch)
        changed += sum(_settle_one(reply.pk, now) for reply in batch if fate_of(rows[reply.pk]) != reply.state)
        last = batch[-1].pk
    return changed


def _settle_one(reply_id: int, now: datetime) -> bool:
    """The same look again, under the reply's lock; False if somebody else was faster."""
    try:
        with transaction.atomic():
            reply = Reply.objects.select_for_update(skip_locked=True).filter(pk=reply_id, state__in=OPEN).first()
            rows = rows_of([reply])[reply.pk] if reply else []
            if reply is None or fate_of(rows) == reply.state:
                return False
            _write(reply, fate_of(rows), rows, now)
    except outbox.NotPossible:
        return False  # a part left while the rest of its reply was being taken back: the next look sees it
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("reply %s could not be settled", reply_id)  # and holds up none behind it
        return False
    return True


def rows_of(replies: Sequence[Reply]) -> dict[int, list[OutboundPost]]:
    """The outbox rows of each reply, in the order of its parts; one query."""
    keys = {key: reply.pk for reply in replies for key in reply.outbox_keys}
    found: dict[int, list[OutboundPost]] = {reply.pk: [] for reply in replies}
    for row in OutboundPost.objects.filter(key__in=keys).order_by("part"):
        found[keys[row.key]].append(row)
    return found


def fate_of(rows: Sequence[OutboundPost]) -> State:
    """The reply's state that the states of all its parts mean together."""
    states = {row.state for row in rows}
    if states & {Sent.FAILED, Sent.BLOCKED}:
        return State.FAILED
    if Sent.UNSURE in states:
        return State.UNSURE
    if Sent.CANCELLED in states and Sent.SENDING not in states:
        return State.RECALLED
    return State.SENT if states == {Sent.SENT} else State.APPROVED


def _write(reply: Reply, fate: State, rows: Sequence[OutboundPost], now: datetime) -> None:
    reply.state, reply.problem = fate, _problem(rows) if fate == State.FAILED else ""
    reply.settled_at = None if fate in (State.APPROVED, State.UNSURE) else now
    reply.url = rows[0].url if rows else ""
    reply.save()
    if fate == State.RECALLED:
        _take_back_the_rest(rows, now)
    if fate in (State.FAILED, State.UNSURE):
        workflow.reply_troubled(reply.complaint, move=fate.lower(), now=now, why=reply.problem)
    elif reply.kind == Reply.Kind.ANSWER:
        _move_complaint(reply, fate, rows, now)
    if fate == State.SENT:
        promises.posted(reply, at=max(row.sent_at or now for row in rows), now=now)
    if fate == State.RECALLED:
        searchdocs.refresh([reply.complaint_id], now=now)


def _move_complaint(reply: Reply, fate: State, rows: Sequence[OutboundPost], now: datetime) -> None:
    """Only an answer moves the status."""
    if fate == State.SENT:
        at = max(row.sent_at or now for row in rows)
        workflow.complete(reply.complaint, at=at, now=now)
        merging.tell_copies(reply.complaint, now=now)
        verdicts.answered(reply, at=at, department_id=reply.complaint.department_id)
    elif fate == State.RECALLED:
        reply_photos.bring_back(reply)
        workflow.recall(reply.complaint, by=None, version=None, now=now, note=_("An officer cancelled the reply."))


def _take_back_the_rest(rows: Sequence[OutboundPost], now: datetime) -> None:
    """An officer cancelled one part: none of the others may follow. Raises outbox.NotPossible."""
    for row in rows:
        if row.state == Sent.QUEUED:
            outbox.cancel(row, by="", now=now)


def _problem(rows: Sequence[OutboundPost]) -> str:
    """Why it was not posted, in a sentence that says what to do."""
    row = next(row for row in rows if row.state in (Sent.FAILED, Sent.BLOCKED))
    said = {
        "ReplyNotAllowed": _("The network does not allow a reply to this post. Reach the citizen another way."),
        "TargetGone": _("The citizen's post is no longer there, so the reply was not posted."),
        "Rejected": _("The network refused the text."),
    }
    return said.get(row.last_class, _("The network could not be reached in many tries."))
