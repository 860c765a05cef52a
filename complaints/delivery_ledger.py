"""The ledger of an incident's reply: what became of it for each citizen, told by the outbox's own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import models
from django.utils.translation import pgettext_lazy

from channels_sns.models import OutboundPost
from complaints import settlement
from complaints.models import IncidentDelivery, IncidentReply, Reply


class Fate(models.TextChoices):
    """What people see of a line."""

    QUEUED = "QUEUED", pgettext_lazy("delivery", "queued")
    SENT = "SENT", pgettext_lazy("delivery", "posted")
    UNKNOWN = "UNKNOWN", pgettext_lazy("delivery", "being checked")
    FAILED = "FAILED", pgettext_lazy("delivery", "not posted")
    TAKEN_BACK = "TAKEN_BACK", pgettext_lazy("delivery", "taken back")
    SKIPPED = "SKIPPED", pgettext_lazy("delivery", "left out")


_OF_REPLY = {
    Reply.State.SENT: Fate.SENT,
    Reply.State.UNSURE: Fate.UNKNOWN,
    Reply.State.FAILED: Fate.FAILED,
    Reply.State.RECALLED: Fate.TAKEN_BACK,
}


def fates(lines: Sequence[IncidentDelivery]) -> dict[int, Fate]:
    """The fate of each of these lines (with their replies), by id; in one query."""
    rows_of = settlement.rows_of([line.reply for line in lines if line.reply is not None])
    return {line.pk: _fate(line, rows_of) for line in lines}


def _fate(line: IncidentDelivery, rows_of: dict[int, list[OutboundPost]]) -> Fate:
    if line.skipped:
        return Fate.SKIPPED
    if line.reply_id is None:
        return Fate.QUEUED
    return _OF_REPLY.get(settlement.fate_of(rows_of[line.reply_id]), Fate.QUEUED)


def lines_of(reply: IncidentReply) -> list[IncidentDelivery]:
    """All its lines, the oldest first; the long texts stay in the database."""
    return list(reply.deliveries.select_related("reply").defer("reply__text").order_by("pk"))


def counts(found: Iterable[Fate]) -> list[tuple[Fate, int]]:
    """How many of each, in the order of the states; none is left out."""
    counted = Counter(found)
    return [(fate, counted[fate]) for fate in Fate]
