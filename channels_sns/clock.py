"""The time that leases and due dates are measured with: the database's, so that a worker's wrong clock harms nobody."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """The time now by the database's clock, aware, UTC. On SQLite the machine's own, which is the same clock."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Watch:
    """A clock that was set once and runs on: work that waits for networks needs the time after the wait."""

    started_at: datetime
    _monotonic: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.started_at + timedelta(seconds=time.monotonic() - self._monotonic)
