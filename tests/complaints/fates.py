"""What may become of an outbox row, step by step as the sender takes it."""

from __future__ import annotations

from datetime import datetime

from channels_sns import outbox, outcomes
from channels_sns.adapters.contract import ChannelError, OutcomeUnknown, Receipt
from channels_sns.models import OutboundPost


def rows_of(key: str) -> list[OutboundPost]:
    """The rows of a reply ("reply:1"), in the order of its parts."""
    return list(OutboundPost.objects.filter(key__startswith=f"{key}:").order_by("part"))


def leave(row: OutboundPost, *, now: datetime) -> None:
    """It is on its way."""
    assert outbox.claim(row, now=now)


def send(row: OutboundPost, *, now: datetime, external_id: str = "") -> None:
    """It stands on the network."""
    leave(row, now=now)
    name = external_id or f"n{row.pk}"
    outcomes.record_receipt(row, Receipt(name, f"https://n.example/{name}"), now)


def fail(row: OutboundPost, error: ChannelError, *, now: datetime) -> None:
    """The network refused it, or nobody knows."""
    leave(row, now=now)
    outcomes.record_error(row, error, now)


def lose_sight(row: OutboundPost, *, now: datetime, needs_officer: bool = False) -> None:
    """Nobody knows whether it stands; with `needs_officer` looking did not help either."""
    fail(row, OutcomeUnknown("time-out"), now=now)
    if needs_officer:
        OutboundPost.objects.filter(pk=row.pk).update(needs_officer_at=now)
        row.refresh_from_db()
