"""Turns: a slow network keeps one worker busy, not all of them.

For fairness only: nothing is lost or doubled if two work at once, the rows' own locks see to that. A turn ends with
its worker, however he dies; one that hangs holds the others up until his turn lapses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from channels_sns.locks import try_lock
from channels_sns.models.turn import Turn


@contextmanager
def turn(name: str, *, now: datetime, length: timedelta) -> Iterator[bool]:
    """Take the turn at `name` for `length` at most; False if somebody else has it."""
    Turn.objects.get_or_create(name=name, defaults={"until": now})
    turns, until = Turn.objects.filter(name=name), now + length
    with try_lock("turn", name) as held:
        mine = bool((turns if held else turns.filter(until__lte=now)).update(until=until))
        try:
            yield mine
        finally:
            if mine:
                turns.filter(until=until).update(until=now)
