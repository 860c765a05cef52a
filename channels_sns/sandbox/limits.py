"""Rate windows, kept in this one process: fixed windows that start with the first call."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """`calls` within `seconds`; windows are counted per world, network and `name`."""

    name: str
    calls: int
    seconds: int = 900


@dataclass(frozen=True, slots=True)
class Window:
    """What the answer's headers say. `exceeded`: this call is one too many."""

    limit: int
    remaining: int
    resets_at: datetime
    exceeded: bool


_lock = threading.Lock()
_windows: dict[tuple[str, str, str], tuple[datetime, int]] = {}


def take(world: str, network: str, limit: Limit, *, now: datetime, cost: int = 1) -> Window:
    """Count one call, or `cost` units where the network counts units."""
    key = (world, network, limit.name)
    with _lock:
        resets_at, used = _windows.get(key, (now, 0))
        if resets_at <= now:
            resets_at, used = now + timedelta(seconds=limit.seconds), 0
        exceeded = used + cost > limit.calls
        used += 0 if exceeded else cost
        _windows[key] = (resets_at, used)
    return Window(limit.calls, limit.calls - used, resets_at, exceeded)


def forget(world: str) -> None:
    """Start all windows of a world again."""
    with _lock:
        for key in [key for key in _windows if key[0] == world]:
            del _windows[key]
