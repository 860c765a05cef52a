"""A nudge: "look at the database again", told to a worker, best effort. The clock finds the row anyway.

Embedded, the broker lives inside the worker process and nobody else can reach it: a nudge is then nothing, and the
clock sweeps twice a second.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from channels_sns import pulse

logger = logging.getLogger(__name__)

#: A person waits for the page while we talk to the broker: two such waits at the most, so under a second.
SOCKET_SECONDS = 0.3
#: After a failure the broker is left alone for this long.
REST_SECONDS = 15.0
EXPIRES_SECONDS = 60

_rest_until = [0.0]


def after_commit(task: str, *ids: Any) -> None:
    """Nudge once the transaction stands; never before, never if it falls."""
    transaction.on_commit(lambda: nudge(task, *ids), robust=True)


def nudge(task: str, *ids: Any) -> bool:
    """Send `task` (its full name) with row ids. Never raises, never takes a second; was it sent?"""
    if not settings.REDIS_URL or time.monotonic() < _rest_until[0]:
        return False
    try:
        _publish(task, ids)
    except (OSError, KombuError, RedisError) as error:
        _rest_until[0] = time.monotonic() + REST_SECONDS
        _count(task, error)
        return False
    return True


def _publish(task: str, ids: tuple[Any, ...]) -> None:
    # Without max_retries the first connection is tried for six seconds, whatever `retry` below says.
    options = {"socket_timeout": SOCKET_SECONDS, "socket_connect_timeout": SOCKET_SECONDS, "max_retries": 0}
    with current_app.connection_for_write(transport_options=options) as connection:
        current_app.send_task(task, args=ids, connection=connection, retry=False, expires=EXPIRES_SECONDS)


def _count(task: str, error: Exception) -> None:
    logger.warning("The broker did not take %s (%s); the clock will find the row.", task, error)
    try:
        pulse.note("nudge refused", now=timezone.now())
    except DatabaseError:
        logger.exception("The refused nudge could not be counted")
