"""Carries a released reply of an incident out: line by line of its ledger, each in a transaction of its own.

Writes IncidentDelivery where the desk itself decides: what was put into the outbox for whom, or why not. A line that
has its reply is never taken again, so a worker may die between any two lines, or within one: the next goes on where it
stood, and nobody is answered twice. Posting itself is the outbox's, completing the complaints is the settlement's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from channels_sns import outbox
from channels_sns.crash import crash_point
from channels_sns.models import OutboundPost
from complaints import clocks, replies, reply_targets, settlement, workflow
from complaints.models import Complaint, IncidentComplaint, IncidentDelivery, IncidentReply, Reply, Status
from complaints.wordings import Wording, Wordings

logger = logging.getLogger(__name__)

State, Kind = IncidentReply.State, IncidentReply.Kind
BY_PERSON = "person"
#: Why a citizen gets none, as the ledger says it.
OBSTACLES = {
    BY_PERSON: _("left out by hand"),
    "left": _("no longer part of the incident"),
    "closed": _("handed over or not a complaint"),
    "draft": _("somebody is writing an answer of its own"),
    "answering": _("an answer of its own is on its way"),
    "nobody": _("no department holds it, and the incident has none"),
    "denied": _("who released it may not answer this one"),
    "long": _("the text is too long for this network"),
    "error": _("an error; the log says more"),
}
FREE = (Status.RECEIVED, Status.TRIAGED)
BATCH = 100
#: No two posts of one moment: a network may name a post by the time of its row (Bluesky's record keys).
APART = timedelta(microseconds=1)


# --- what is in the way ---------------------------------------------------------------------------------------------


def obstacles(row: IncidentReply, complaints: Sequence[Complaint]) -> dict[int, str]:
    """What stands in the way of each of these, a key of OBSTACLES, "" where nothing does; in two queries."""
    ids = [one.pk for one in complaints]
    tied = IncidentComplaint.objects.filter(incident=row.incident_id, left_at=None, complaint__in=ids)
    members = set(tied.values_list("complaint_id", flat=True))
    under_way = Reply.objects.answers().filter(
        complaint__in=ids, state__in=(Reply.State.DRAFT, Reply.State.APPROVED, Reply.State.UNSURE)
    )
    own = dict(under_way.values_list("complaint_id", "state"))
    return {one.pk: _obstacle(row, one, one.pk in members, own.get(one.pk, "")) for one in complaints}


def _obstacle(row: IncidentReply, complaint: Complaint, member: bool, own: str) -> str:
    if not member:
        return "left"
    if complaint.status in (Status.DISMISSED, Status.TRANSFERRED):
        return "closed"
    if row.kind == Kind.NOTICE:
        return ""
    if own:
        return "draft" if own == Reply.State.DRAFT else "answering"
    if complaint.status == Status.ANSWERED:
        return "answering"
    held = complaint.department_id is not None or complaint.status == Status.COMPLETED
    return "" if held or row.incident.department_id is not None else "nobody"


# --- carrying out ---------------------------------------------------------------------------------------------------


def due(now: datetime) -> QuerySet[IncidentReply]:
    """What was released, is past its grace and has lines to carry out; and what was stopped in the middle."""
    waiting = IncidentDelivery.objects.filter(incident_reply=OuterRef("pk"), skipped="", reply=None)
    released = IncidentReply.objects.filter(Exists(waiting), state=State.RELEASED, release_at__lte=now)
    return released | IncidentReply.objects.filter(stopping=True)


def carry_on(*, now: datetime, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Carry out what is due, as long as `goes_on`; how many lines."""
    done = 0
    for row in due(now).select_related("incident__department", "approved_by", "drafted_by").order_by("release_at"):
        if row.stopping:
            take_back(row, by="", now=now)
            continue
        wordings = Wordings(row)
        waiting = row.deliveries.filter(skipped="", reply=None).order_by("pk")
        while goes_on() and (batch := list(waiting.values_list("pk", flat=True)[:BATCH])):
            for pk in batch:
                if not goes_on():
                    break
                if not _carry(row, pk, wordings, now + done * APART):
                    return done
                done += 1
    return done


def _carry(row: IncidentReply, line_id: int, wordings: Wordings, now: datetime) -> bool:
    """One line; False if the reply is not any more what it was when this began."""
    with transaction.atomic():
        now_is = IncidentReply.objects.select_for_update().filter(pk=row.pk).values_list("state", "version").get()
        if now_is != (State.RELEASED, row.version):
            return False
        line = IncidentDelivery.objects.select_for_update().get(pk=line_id)
        if not line.skipped and line.reply_id is None:
            line.skipped, line.reply = _decided(row, line, wordings, now)
            line.save()
        crash_point("releasing.line")
    return True


def _decided(row: IncidentReply, line: IncidentDelivery, wordings: Wordings, now: datetime) -> tuple[str, Reply | None]:
    """(why not, the reply in the outbox): one of the two. What breaks our code costs only its own line."""
    complaint = Complaint.objects.select_related("account").select_for_update(of=("self",)).get(pk=line.complaint_id)
    why = obstacles(row, [complaint])[complaint.pk]
    if why:
        return why, None
    try:
        with transaction.atomic():
            return "", _issue(row, complaint, wordings.of(complaint), now)
    except replies.NotPossible:
        return "long", None
    except workflow.MoveNotAllowed:
        return "denied", None
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("incident reply %s: complaint %s could not be answered", row.pk, line.complaint_id)
        return "error", None


def _issue(row: IncidentReply, complaint: Complaint, wording: Wording, now: datetime) -> Reply:
    """The city's text under this complaint, approved by who released it, in the outbox."""
    by = row.approved_by
    assert by is not None  # noqa: S101 - a constraint of the table
    reply = Reply(
        complaint=complaint,
        number=replies.next_number(complaint),
        kind=_kind_for(row, complaint),
        text=wording.text,
        language=wording.language,
        private=reply_targets.is_private(reply_targets.target_of(complaint)),
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
    )
    parts = replies.parts_of(reply)
    if reply.kind == Reply.Kind.ANSWER:
        _bring_to_answer(row, complaint, by, now)
    else:
        workflow.touch(complaint, reply.kind.lower(), by=by, now=now, note=wording.text)
    replies.send(reply, parts, by=by, now=now)
    return reply


def _kind_for(row: IncidentReply, complaint: Complaint) -> Reply.Kind:
    """An answer to what is open; to what was answered before, the outcome, which moves nothing."""
    if row.kind == Kind.NOTICE:
        return Reply.Kind.NOTICE
    return Reply.Kind.OUTCOME if complaint.status == Status.COMPLETED else Reply.Kind.ANSWER


def _bring_to_answer(row: IncidentReply, complaint: Complaint, by: User, now: datetime) -> None:
    """Through the table of moves, each with its event: resumed, assigned, begun, answered."""
    if complaint.status == Status.ON_HOLD:
        clocks.resume(complaint, by=by, version=complaint.version, now=now)
    if complaint.status in FREE and row.incident.department is not None:
        workflow.assign(complaint, by=by, version=complaint.version, now=now, department=row.incident.department)
    if complaint.status == Status.ASSIGNED:
        workflow.start(complaint, by=by, version=complaint.version, now=now)
    workflow.answer(complaint, by=by, version=complaint.version, now=now)


# --- taking back ----------------------------------------------------------------------------------------------------


def take_back(row: IncidentReply, *, by: str, now: datetime) -> int:
    """Cancel every reply of which no part has left yet; how many. The settlement then recalls them."""
    sent = Reply.objects.filter(incident_delivery__incident_reply=row, state=Reply.State.APPROVED).order_by("pk")
    rows_of = settlement.rows_of(list(sent))
    taken = sum(_cancelled(rows, by, now) for rows in rows_of.values())
    settlement.settle(now=now)
    IncidentReply.objects.filter(pk=row.pk).update(stopping=False)
    return taken


def _cancelled(rows: Sequence[OutboundPost], by: str, now: datetime) -> bool:
    """All its parts, or none: a part that is leaving just now takes the others with it."""
    if any(row.state != OutboundPost.State.QUEUED for row in rows):
        return False
    try:
        with transaction.atomic():
            for row in rows:
                outbox.cancel(row, by=by, now=now)
    except outbox.NotPossible:
        return False
    return True


def forget_taken_back(row: IncidentReply) -> None:
    """Before it goes out again: lines whose reply was recalled are carried out anew, in the caller's transaction."""
    row.deliveries.filter(reply__state=Reply.State.RECALLED).update(reply=None)
