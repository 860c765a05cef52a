"""I5: status and history tell the same story; nobody took a leaf out of the access record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from complaints import access_log
from complaints.invariants.violation import Violation
from complaints.models import Complaint, ComplaintEvent, Status
from complaints.moves import MOVES


def every_status_follows_from_its_history(now: datetime) -> Iterator[Violation]:
    """Each move goes on where the one before it ended, by a row of the table; the last one gave the status."""
    reached: dict[int, str] = {}
    held: dict[int, str] = {}
    events = ComplaintEvent.objects.exclude(to_status="").order_by("id")
    for event in events.iterator(chunk_size=2000):
        text = _wrong(event, reached.get(event.complaint_id, ""), held.get(event.complaint_id, ""))
        if text:
            yield Violation("I5", f"event {event.pk} of complaint {event.complaint_id}", text)
        if event.to_status == Status.ON_HOLD:
            held[event.complaint_id] = event.from_status
        reached[event.complaint_id] = event.to_status
    for pk, status in Complaint.objects.order_by("id").values_list("pk", "status").iterator(chunk_size=2000):
        if reached.get(pk, "") != status:
            yield Violation("I5", f"complaint {pk}", _("has another status than its last event"))
    broken = access_log.first_broken()
    if broken is not None:
        yield Violation("I5", f"access record {broken}", _("does not follow from the one before it"))


def _wrong(event: ComplaintEvent, reached: str, held_from: str) -> str:
    """What is wrong with this step after those before it; "": nothing."""
    if event.from_status != reached:
        return _("does not begin where the one before it ended")
    if event.move == "register":
        return "" if (event.from_status, event.to_status) == ("", Status.RECEIVED) else _("is no beginning")
    move = MOVES.get(event.move)
    if move is None or event.from_status not in move.froms:
        return _("is no move that the table allows from there")
    if event.to_status != (move.to or held_from):
        return _("leads to another status than the table says")
    return ""
