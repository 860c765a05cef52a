"""The fault matrix of the broker, F15–F17: Redis may forget, die, fall silent or serve rubbish; the rows hold."""

from __future__ import annotations

import base64
import json
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from busan_sns.celery import app
from busan_sns.supervisor import Child, Supervisor
from channels_sns import accounts, nudge, outbox
from channels_sns.models import Account, OutboundPost
from tests.sandbox import World
from tests.services import RedisServer, child_environment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.needs_pg,
    pytest.mark.needs_redis,
    pytest.mark.slow,
    pytest.mark.unmeasured,
]

NETWORK = "mastodon"
#: make faults: DESK_BROKER_JOBS=500.
JOBS = int(os.environ.get("DESK_BROKER_JOBS", "60"))


class Crew:
    """A worker and the clock as production has them, each started again when it dies."""

    def __init__(self, folder: Path, redis: RedisServer) -> None:
        self.deaths = 0
        self._supervisor = Supervisor(self._count)
        environment = child_environment(REDIS_URL=redis.url, DESK_LOG_LEVEL="WARNING")
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = ["worker", "--pool", "threads", "--concurrency", "2", "--queues", "desk,poll,deliver", *quiet]
        beat = ["beat", "--schedule", str(folder / "beat"), "--pidfile", ""]
        for name, arguments in {"worker": worker, "beat": beat}.items():
            command = [sys.executable, "-m", "celery", "-A", "busan_sns", *arguments]
            self._supervisor.add(Child(name, command, environment, Path(settings.BASE_DIR), folder / f"{name}.log"))

    def _count(self, _child: Child, _code: int, _pause: float) -> None:
        self.deaths += 1

    def until(self, condition: Callable[[], bool], *, seconds: float) -> float:
        """Keep everybody alive until `condition`; how long it took."""
        begun = time.monotonic()
        while not condition():
            assert time.monotonic() - begun < seconds, f"not within {seconds} s"
            self._supervisor.look()
            time.sleep(0.1)
        return time.monotonic() - begun

    def stop(self) -> None:
        self._supervisor.stop()


@pytest.fixture
def crew(tmp_path: Path, redis_server: RedisServer) -> Iterator[Crew]:
    working = Crew(tmp_path, redis_server)
    yield working
    working.stop()


@pytest.fixture
def account(world: World) -> Account:
    handle, keys = world.city(NETWORK)["handle"], world.credentials(NETWORK)
    now, address = timezone.now(), world.base_url(NETWORK)
    return accounts.connect(kind=NETWORK, handle=handle, base_url=address, secrets=keys, now=now)


def fill_outbox(account: Account, jobs: int) -> None:
    """So many posts, all due now."""
    for _number in range(jobs):
        tag = uuid4().hex[:12]
        outbox.enqueue(
            account=account,
            key=f"test:{tag}",
            parts=[f"안내 말씀 ({tag})"],
            tags=[f"{tag})"],
            target=None,
            language="ko",
            now=timezone.now(),
        )


def sent(goal: int) -> Callable[[], bool]:
    return lambda: OutboundPost.objects.filter(state="SENT").count() >= goal


def assert_each_stands_once(world: World) -> None:
    standing = [post["text"] for post in world.posts(NETWORK) if post["is_city"]]
    counts = {row.key: sum(row.tag in text for text in standing) for row in OutboundPost.objects.all()}
    assert set(counts.values()) == {1}, counts


def test_f15_a_flushed_redis_costs_time_and_nothing_else(
    world: World, account: Account, crew: Crew, redis_server: RedisServer
) -> None:
    world.settings(NETWORK, limits=False)
    fill_outbox(account, JOBS)
    flushes = 0
    with redis_server.client() as client:
        for goal in (1, JOBS // 3, JOBS // 2):
            crew.until(sent(goal), seconds=60)
            client.flushall()
            flushes += 1
    seconds = crew.until(sent(JOBS), seconds=90)
    print(f"F15 {flushes} × FLUSHALL, {JOBS} due: all done {seconds:.1f} s after the last one")
    assert_each_stands_once(world)


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
def test_f16_a_page_does_not_wait_for_a_dead_or_silent_redis(
    world: World, account: Account, crew: Crew, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, how: int
) -> None:
    fill_outbox(account, 1)
    crew.until(sent(1), seconds=60)
    monkeypatch.setattr(settings, "REDIS_URL", redis_server.url)
    monkeypatch.setitem(app.conf, "broker_url", redis_server.url)
    monkeypatch.setattr(nudge, "_rest_until", [0.0])
    redis_server.signal(how)
    begun = time.monotonic()
    with transaction.atomic():
        fill_outbox(account, 3)
        nudge.after_commit("complaints.tasks.deliver", account.pk)
    assert time.monotonic() - begun <= 1
    if how == signal.SIGSTOP:
        redis_server.signal(signal.SIGCONT)
    else:
        redis_server.start()
    print(f"F16 {signal.Signals(how).name}: caught up after {crew.until(sent(4), seconds=60):.1f} s")
    assert_each_stands_once(world)


class _Bomb:
    """Whoever unpickles it writes a file."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path(self._path),)


def _message(body: bytes, content_type: str, task: str) -> str:
    """As kombu lays a message into Redis."""
    info = {"exchange": "", "routing_key": "desk"}
    properties = {"delivery_info": info, "delivery_tag": str(uuid4()), "body_encoding": "base64"}
    headers = {"task": task, "id": str(uuid4()), "lang": "py", "argsrepr": "()", "kwargsrepr": "{}"}
    return json.dumps(
        {
            "body": base64.b64encode(body).decode(),
            "content-encoding": "binary" if "python" in content_type else "utf-8",
            "content-type": content_type,
            "headers": headers,
            "properties": properties,
        }
    )


def test_f17_rubbish_in_the_queue_ends_no_work(
    world: World, account: Account, crew: Crew, redis_server: RedisServer, tmp_path: Path
) -> None:
    fill_outbox(account, 1)
    crew.until(sent(1), seconds=60)
    touched = tmp_path / "pickle-was-loaded"
    bomb = pickle.dumps(([], {"bomb": _Bomb(str(touched))}, {}))
    with redis_server.client() as client:
        client.lpush("desk", b"\x80\x00 no message at all")
        client.lpush("desk", _message(bomb, "application/x-python-serialize", "complaints.tasks.sweep"))
        client.lpush("desk", _message(b"[[], {}, {}]", "application/json", "complaints.tasks.unheard_of"))
        fill_outbox(account, 4)
        seconds = crew.until(lambda: sent(5)() and client.llen("desk") == 0, seconds=60)
    print(f"F17 rubbish: good work done after {seconds:.1f} s, {crew.deaths} restarts")
    assert not touched.exists()
    assert connection.vendor == "postgresql"
    assert_each_stands_once(world)
