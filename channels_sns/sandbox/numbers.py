"""Numbers that order posts and carry their time: milliseconds since X's epoch, 22 bits to the left, then a counter."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta

EPOCH_MS = 1_288_834_974_657
_EPOCH = datetime.fromtimestamp(0, UTC)
_lock = threading.Lock()
#: The highest number given out by this process.
_last = [0]


def first_number(at: datetime) -> int:
    """The smallest number of the millisecond of `at`."""
    return max((at - _EPOCH) // timedelta(milliseconds=1) - EPOCH_MS, 0) << 22


def time_of(number: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=(number >> 22) + EPOCH_MS)


def next_numbers(at: datetime, count: int = 1) -> range:
    """`count` numbers, above every number given out before, of the time `at` if that is not past."""
    with _lock:
        start = max(first_number(at), _last[0] + 1)
        _last[0] = start + count - 1
    return range(start, start + count)


def number_within(at: datetime) -> int:
    """A number somewhere in the millisecond of `at`, for posts that are written into the past."""
    return first_number(at) + secrets.randbelow(1 << 22)
