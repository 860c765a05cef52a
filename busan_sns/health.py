"""Is work flowing? Green must mean that posts come in and replies go out, not only that a process answers."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from channels_sns import inbox, outbox, pulse, tokens
from channels_sns.models import Account, DeadLetter, OutboundPost

DISK_PERCENT = 10
TICK_AGE = timedelta(seconds=60)
DUE_AGE = timedelta(minutes=2)
UNSURE_AGE = timedelta(minutes=10)
POLL_INTERVALS = 3
#: Time that a poll itself may take, on top of the intervals.
POLL_GRACE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Check:
    """One number, and whether it is as it should be. `label` tells rows of one name apart (the account)."""

    name: str
    ok: bool
    value: float
    detail: str = ""
    label: str = ""


def checks(*, now: datetime) -> list[Check]:
    """Every check; if the database does not answer, only that."""
    try:
        connection.ensure_connection()
        found = [Check("database", ok=True, value=1), _migrations()]
        if found[-1].ok:
            found += [
                *_polls(now),
                *_tokens(now),
                _due(now),
                _unsure(now),
                _officers(),
                _dead_letters(),
                _clock(now),
                _nudges(),
            ]
    except DatabaseError as error:
        return [Check("database", ok=False, value=0, detail=type(error).__name__), _disk()]
    return [*found, _disk()]


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Check("migrations_missing", ok=missing == 0, value=missing)


def _disk() -> Check:
    usage = shutil.disk_usage(settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.BASE_DIR)
    percent = 100 * usage.free / usage.total
    return Check("disk_free_percent", ok=percent >= DISK_PERCENT, value=round(percent, 1))


def _polls(now: datetime) -> list[Check]:
    """Seconds since each account in use was last read with success (or since it was connected)."""
    found = []
    for account in Account.objects.filter(enabled=True).order_by("id"):
        age = now - (account.last_polled_at or account.connected_at)
        limit = POLL_INTERVALS * inbox.pause_of(account) + POLL_GRACE
        detail = account.state if account.state != Account.State.ACTIVE else ""
        label = f"{account.kind}:{account.handle}"
        found.append(Check("poll_age_seconds", age <= limit, round(age.total_seconds(), 1), detail, label))
    return found


def _tokens(now: datetime) -> list[Check]:
    """Days left of what ends soon on a network: a token, or the access to data. Red when it is over."""
    return [
        Check(
            f"{one.what}_days_left",
            ok=one.days >= 0,
            value=one.days,
            detail=one.account.state if one.account.state != Account.State.ACTIVE else "",
            label=f"{one.account.kind}:{one.account.handle}",
        )
        for one in tokens.endings(now=now)
    ]


def _oldest(moment: datetime | None, now: datetime) -> timedelta:
    return max(now - moment, timedelta(0)) if moment else timedelta(0)


def _due(now: datetime) -> Check:
    """How long the oldest outbox row with something to do has been waiting for it."""
    age = _oldest(outbox.due(now).values_list("next_attempt_at", flat=True).first(), now)
    stopped = "" if settings.SENDING_ENABLED else "sending is switched off"
    return Check("outbox_due_age_seconds", age <= DUE_AGE, round(age.total_seconds(), 1), stopped)


def _unsure(now: datetime) -> Check:
    """Posts whose fate is being found out; more than ten minutes is an alarm unless a person already has it."""
    rows = OutboundPost.objects.filter(state=OutboundPost.State.UNSURE)
    since = rows.filter(needs_officer_at__isnull=True).order_by("unknown_since")
    age = _oldest(since.values_list("unknown_since", flat=True).first(), now)
    return Check("outbox_unsure", age <= UNSURE_AGE, rows.count())


def _officers() -> Check:
    rows = OutboundPost.objects.filter(state=OutboundPost.State.UNSURE, needs_officer_at__isnull=False)
    return Check("outbox_needs_officer", ok=True, value=rows.count())


def _dead_letters() -> Check:
    return Check("dead_letters", ok=True, value=DeadLetter.objects.count())


def _clock(now: datetime) -> Check:
    """Seconds since clock, broker and a worker last worked together; -1: never."""
    age = pulse.age("clock", now=now)
    if age is None:
        return Check("tick_age_seconds", ok=False, value=-1, detail="the clock has never ticked")
    return Check("tick_age_seconds", age <= TICK_AGE, round(age.total_seconds(), 1))


def _nudges() -> Check:
    return Check("nudges_refused_total", ok=True, value=pulse.count("nudge refused"))


def as_prometheus(found: list[Check]) -> str:
    """The same numbers as Prometheus text, and `desk_ok` 0 or 1 for each."""
    lines = []
    for check in found:
        label = check.label.replace("\\", "").replace('"', "").replace("\n", " ")
        lines.append(
            f'desk_{check.name}{{account="{label}"}} {check.value}' if label else f"desk_{check.name} {check.value}"
        )
        lines.append(f'desk_ok{{check="{check.name}",account="{label}"}} {int(check.ok)}')
    return "\n".join(lines) + "\n"
