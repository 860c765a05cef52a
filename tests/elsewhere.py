"""Somebody else at work: a lock in the hands of another thread, with a database session of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from channels_sns.locks import try_lock

SECONDS = 30


@contextmanager
def held_elsewhere(kind: str, key: object) -> Iterator[None]:
    taken, over = threading.Event(), threading.Event()

    def hold() -> None:
        with try_lock(kind, key) as held:
            if held is not None:
                taken.set()
                over.wait(SECONDS)
        connection.close()

    somebody = threading.Thread(target=hold)
    somebody.start()
    try:
        assert taken.wait(SECONDS)
        yield
    finally:
        over.set()
        somebody.join(SECONDS)
