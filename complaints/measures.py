"""Measures while things happen: the only writer of Duration, in the same transaction as the event it measures.

Every event goes through `follow`; complaints.spans knows the rules. What was registered before there were measures is
told to the same rules, event by event, by `backfill`. A length is written once, on both clocks, with the calendar in
force at that moment: no later holiday changes a report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from channels_sns.models import Account, OutboundPost
from complaints import deadlines
from complaints.models import Complaint, ComplaintEvent, Duration, Reply, Status
from complaints.spans import ANSWERS, Spans, Step, first_rows
from departments import working_time
from departments.working_time import Calendar

CHANGES = [
    "state", "excluded", "district", "department", "first_by", "priority", "legal_kind", "ending", "onward", "ended_at",
    "due_at", "wall_seconds", "working_seconds", "reopened_at", "changed_at",
]  # fmt: skip
#: After these nobody holds it; their events name who did.
LEAVING = ("send_back", "take_back", "transfer", "reopen", "undo")


# --- while it happens -----------------------------------------------------------------------------------------------


def begin(complaints: Sequence[Complaint]) -> None:
    """The clocks of new complaints start with their receipt; in two queries for any number."""
    own = _own_accounts()
    Duration.objects.bulk_create(
        [row for complaint in complaints for row in first_rows(complaint, ours=_is_ours(complaint, own))]
    )


def follow(complaint: Complaint, *, move: str, by_id: int | None, after: Status | None, now: datetime) -> None:
    """What this step, already written to `complaint`, means for its measures; in the caller's transaction."""
    spans = Spans(complaint, list(complaint.durations.order_by("id")))
    if not spans.rows:
        spans = replay(complaint, list(complaint.events.order_by("id")), _own_accounts())
    spans.take(_step_of(complaint, move=move, by_id=by_id, after=after, now=now))
    _store(spans)


def _step_of(complaint: Complaint, *, move: str, by_id: int | None, after: Status | None, now: datetime) -> Step:
    return Step(
        move=move,
        at=now,
        by_id=by_id,
        after=after,
        department_id=complaint.department_id,
        due_at=complaint.due_at,
        answered_at=complaint.answered_at if move == "complete" else None,
        reopened=move == "reopen" or complaint.reopened > 0,
    )


def _own_accounts() -> frozenset[tuple[str, str]]:
    """Network and id of every account of the city."""
    return frozenset(Account.objects.exclude(external_id="").values_list("kind", "external_id"))


def _is_ours(complaint: Complaint, own: frozenset[tuple[str, str]]) -> bool:
    return complaint.author is not None and (complaint.account.kind, complaint.author.external_id) in own


def _store(spans: Spans) -> None:
    """What ends is written before what begins, for one of a kind is open at a time."""
    known = [row for row in spans.changed if not row._state.adding]
    for row in known:
        row.changed_at = Now()
    Duration.objects.bulk_update(known, CHANGES)
    Duration.objects.bulk_create([row for row in spans.changed if row._state.adding])


def due_moved(complaints: Sequence[Complaint]) -> None:
    """The calendar moved when these are due: so are the answers that still run; in two queries for any number.

    As complaints.spans has it: a first answer keeps its own time after a reopening."""
    known = {complaint.pk: complaint for complaint in complaints}
    running = Duration.objects.filter(complaint__in=known, state=Duration.State.OPEN, figure__in=ANSWERS)
    rows = [row for row in running if row.figure != ANSWERS[0] or not known[row.complaint_id].reopened]
    for row in rows:
        row.due_at, row.changed_at = known[row.complaint_id].due_at, Now()
    Duration.objects.bulk_update(rows, ["due_at", "changed_at"])


# --- what was there before ------------------------------------------------------------------------------------------


def backfill(*, batch: int = 500) -> Iterator[int]:
    """Measure every complaint that has no measures, from its events; yields how many, batch by batch."""
    own, calendar = _own_accounts(), working_time.calendar_for()
    missing = Complaint.objects.filter(durations=None).select_related("account", "author").order_by("pk")
    while found := list(missing[:batch]):
        with transaction.atomic():
            events: dict[int, list[ComplaintEvent]] = defaultdict(list)
            for event in ComplaintEvent.objects.filter(complaint__in=found).order_by("id"):
                events[event.complaint_id].append(event)
            rows = [row for one in found for row in replay(one, events[one.pk], own, calendar).rows]
            Duration.objects.bulk_create(rows)
        yield len(found)


def replay(
    complaint: Complaint,
    events: Sequence[ComplaintEvent],
    own: frozenset[tuple[str, str]],
    calendar: Calendar | None = None,
) -> Spans:
    """The spans as these events made them, none of them stored."""
    spans = Spans(complaint, list(first_rows(complaint, ours=_is_ours(complaint, own))), calendar)
    for row in spans.rows:
        row.department_id = None
    for step in _steps(complaint, events):
        spans.take(step)
    spans.changed = list(spans.rows)
    return spans


def _steps(complaint: Complaint, events: Sequence[ComplaintEvent]) -> Iterator[Step]:
    """What the events do not tell is taken from the complaint: when its replies stood, until when a round was due."""
    holder: int | None = None
    answers = iter(_answers_of(complaint) if any(event.move == "complete" for event in events) else [])
    begun, reopenings = complaint.received_at, [event.at for event in events if event.move == "reopen"]
    for event in events:
        if event.to_status:
            holder = None if event.move in LEAVING else event.department_id
        begun = event.at if event.move == "reopen" else begun
        last_round = not reopenings or begun == reopenings[-1]
        yield Step(
            move=event.move,
            at=event.at,
            by_id=event.by_id,
            after=Status(event.to_status) if event.to_status else None,
            department_id=holder,
            due_at=complaint.due_at if last_round else deadlines.first_answer_due(begun),
            answered_at=next(answers, event.at) if event.move == "complete" else None,
            reopened=begun != complaint.received_at,
        )


def _answers_of(complaint: Complaint) -> list[datetime]:
    """When each posted reply stood whole, in the order of the replies."""
    replies = Reply.objects.answers().filter(complaint=complaint, state=Reply.State.SENT).order_by("number")
    keys = {reply.pk: reply.outbox_keys for reply in replies}
    sent = dict(
        OutboundPost.objects.filter(key__in=[key for some in keys.values() for key in some]).values_list(
            "key", "sent_at"
        )
    )
    return [max([at for key in keys[reply.pk] if (at := sent.get(key))], default=_settled(reply)) for reply in replies]


def _settled(reply: Reply) -> datetime:
    """A posted reply knows when it was settled."""
    assert reply.settled_at is not None  # noqa: S101
    return reply.settled_at
