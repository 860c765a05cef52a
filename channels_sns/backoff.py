"""How long to wait before the next try: full jitter, so that fifty channels do not come back in the same second."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

CAP = timedelta(minutes=15)
BASE = timedelta(seconds=5)


def next_try(*, now: datetime, failures: int, retry_at: datetime | None = None) -> datetime:
    """When to try again after `failures` (≥ 1) in a row, not before the network's own `retry_at`, which is capped."""
    jitter = random.uniform(0, 1)
    if retry_at is not None:
        return min(max(retry_at, now), now + CAP) + jitter * BASE
    ceiling: timedelta = min(CAP, BASE * 2 ** min(failures, 10))
    return now + max(timedelta(seconds=1), jitter * ceiling)
