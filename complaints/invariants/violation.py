"""One thing that does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

#: Work in progress is no violation: what the clock does within seconds gets this long.
GRACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Violation:
    """`rule`: I1 … I7. `rows`: what to look at, "post 12", "reply 3". Never a secret, never a citizen's words."""

    rule: str
    rows: str
    text: str
