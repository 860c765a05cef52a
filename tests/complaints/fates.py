"""A reply on its way: approved, and what may become of its outbox rows, step by step as the sender takes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_sns import outbox, outcomes
from channels_sns.adapters.contract import ChannelError, OutcomeUnknown, Receipt
from channels_sns.models import OutboundPost
from complaints import replies
from complaints.models import Complaint, Reply, Status
from departments.models import Role
from tests.make import NOON, make_account, make_complaint, make_person

ANSWER = "안내판을 고쳤습니다."
LONG = "자세히 말씀드립니다. " * 40


def assigned(**values: Any) -> Complaint:
    """Over the scripted network, in the hands of a department."""
    return make_complaint(account=make_account("scripted"), **{"status": Status.ASSIGNED, **values})


def approved(text: str = ANSWER) -> tuple[Complaint, Reply]:
    """Its reply lies in the outbox."""
    complaint, officer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text=text, by=officer, version=complaint.version, now=NOON)
    return complaint, replies.approve(complaint, by=officer, version=complaint.version, now=NOON)


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
