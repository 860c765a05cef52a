"""A lock that dies with its holder: PostgreSQL's session advisory lock; on SQLite an operating-system file lock.

A time lease alone is not enough: a worker paused past its lease would post twice. Whoever holds this lock is alive, or
its connection (its process) is gone. It must not be used behind a transaction-pooling proxy.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

_FILES = 1024
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that this process holds. `backend`: the database session it belongs to, None on SQLite."""

    backend: int | None


@contextmanager
def try_lock(kind: str, key: object) -> Iterator[Held | None]:
    """Hold the lock of one thing ("outbox", its id), or None at once if somebody else does."""
    number = int.from_bytes(hashlib.sha256(f"{kind}:{key}".encode()).digest()[:8]) >> 1
    if connection.vendor == "postgresql":
        yield from _advisory(number)
    else:
        yield from _file(f"{kind}-{number % _FILES}")


@contextmanager
def wait_for_lock(kind: str, key: object, *, seconds: float) -> Iterator[Held | None]:
    """Like `try_lock`, but waits up to `seconds` for whoever has it."""
    deadline = time.monotonic() + seconds
    while True:
        with try_lock(kind, key) as held:
            if held is not None or time.monotonic() >= deadline:
                yield held
                return
        time.sleep(PAUSE)


def _advisory(key: int) -> Iterator[Held | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s), pg_backend_pid()", [key])
        taken, backend = cursor.fetchone()
    if not taken:
        yield None
        return
    try:
        yield Held(backend)
    finally:
        _unlock(key, backend)


def _unlock(key: int, backend: int) -> None:
    """Give the lock back, unless its session ended: then the database already has."""
    if connection.connection is None or connection.connection.closed or not connection.is_usable():
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s) WHERE pg_backend_pid() = %s", [key, backend])


def _file(name: str) -> Iterator[Held | None]:
    folder = settings.VAR_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield Held(None)
    finally:
        os.close(handle)


def still_held(held: Held) -> bool:
    """Is this the very database session that took the lock? (A broken session raises.)"""
    if held.backend is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return bool(backend == held.backend)
