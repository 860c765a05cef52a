"""What talking to a network uses up, as the network itself counts: money, quota units, points, calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

#: Who may spend what is left, the most important first.
Lane = Literal["emergency", "reply", "broadcast", "mention", "search"]
LANES: tuple[Lane, ...] = ("emergency", "reply", "broadcast", "mention", "search")
Period = Literal["hour", "day", "month"]
#: Units of windows that only reading, or only writing, uses up: the one side's end is not the other's.
READS, WRITES = "reads", "posts"


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` of `unit` ("USD", "KRW", "units", "points", "calls"). `why`: "" or a word the desk explains ("url")."""

    amount: Decimal
    unit: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be spent in a period; `limit` None: no limit but what the city sets. The period begins in `timezone`."""

    unit: str
    period: Period
    limit: Decimal | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Window:
    """A limit as the network reports it in its headers."""

    name: str
    unit: str
    remaining: float
    limit: float | None = None
    resets_at: datetime | None = None


@dataclass(slots=True)
class Meter:
    """What one adapter used and heard while it was open; the mailroom writes it down afterwards.

    `shut`: lanes that may spend nothing now, as the mailroom tells beforehand.
    """

    shut: frozenset[Lane] = frozenset()
    used: dict[tuple[Lane, str], Decimal] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)

    def use(self, lane: Lane, price: Price) -> None:
        """Count what was just used."""
        key = (lane, price.unit)
        self.used[key] = self.used.get(key, Decimal(0)) + price.amount

    def hear(self, *windows: Window) -> None:
        """Keep the newest word of the network about each of its windows."""
        self.windows.update({window.name: window for window in windows})
