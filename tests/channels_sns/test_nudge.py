"""A nudge is best effort: it never raises, never keeps a person waiting, never leaves before its row stands."""

from __future__ import annotations

import signal
import socket
import time
from typing import Any

import kombu.transport.redis  # noqa: F401 - loaded before any clock runs
import pytest
from celery import current_app
from django.db import DatabaseError, transaction

from channels_sns import nudge, pulse
from tests.sandbox import free_port
from tests.services import RedisServer

pytestmark = pytest.mark.django_db
TASK = "complaints.tasks.deliver"


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test inherits the rest after another's failure."""
    monkeypatch.setattr(nudge, "_rest_until", [0.0])


@pytest.fixture
def broker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Point nudges at an address."""

    def point(url: str) -> None:
        settings.REDIS_URL = url
        monkeypatch.setattr(current_app.conf, "broker_write_url", url)

    return point


def test_the_embedded_desk_sends_none(settings: Any) -> None:
    settings.REDIS_URL = ""
    assert not nudge.nudge(TASK, 1)
    assert pulse.count("nudge refused") == 0


def test_a_broker_that_is_away_is_counted_once_and_then_left_alone(broker: Any) -> None:
    broker(f"redis://127.0.0.1:{free_port()}/0")
    began = time.monotonic()
    assert [nudge.nudge(TASK, number) for number in range(50)] == [False] * 50
    assert time.monotonic() - began < 1
    assert pulse.count("nudge refused") == 1


def test_a_broker_that_accepts_and_stays_silent_costs_less_than_a_second(broker: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()
        assert not nudge.nudge(TASK, 1)
        assert time.monotonic() - began < 1
    assert pulse.count("nudge refused") == 1


def test_a_refusal_that_cannot_be_counted_is_still_no_error(broker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broker(f"redis://127.0.0.1:{free_port()}/0")

    def gone(*_all: Any, **_named: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(pulse, "note", gone)
    assert not nudge.nudge(TASK, 1)


@pytest.mark.needs_redis
def test_a_nudge_carries_the_task_and_ids_only(broker: Any, redis_server: RedisServer) -> None:
    broker(redis_server.url)
    assert nudge.nudge(TASK, 7)
    with redis_server.client() as client:
        (message,) = client.lrange("deliver", 0, -1)
    assert TASK.encode() in message
    redis_server.signal(signal.SIGKILL)
    assert not nudge.nudge(TASK, 8)


@pytest.mark.django_db(transaction=True)
def test_it_leaves_after_the_commit_and_never_after_a_rollback(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(nudge, "nudge", lambda task, *ids: sent.append(ids))
    with transaction.atomic():
        nudge.after_commit(TASK, 1)
        assert sent == []
    with transaction.atomic():
        nudge.after_commit(TASK, 2)
        transaction.set_rollback(True)
    assert sent == [(1,)]
