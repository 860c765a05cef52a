"""The embedded worker is killed without warning, again and again: no job is lost, none has its effect twice."""

from __future__ import annotations

import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings

from busan_sns.supervisor import Child, Supervisor
from tests.busan_sns.embedded_stub import EFFECTS, TABLE
from tests.services import child_environment

JOBS, KILLS = 60, 3


def make_worker(folder: Path) -> Child:
    """The very options of the desk's worker, on a database of its own."""
    pool = ["--pool", "threads", "--concurrency", "4", "--queues", "desk,poll,deliver"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
    command = [sys.executable, "-m", "celery", "-A", "tests.busan_sns.embedded_stub", "worker", *pool, *quiet]
    environment = {
        name: value for name, value in child_environment(DESK_VAR_DIR=str(folder)).items() if name != "REDIS_URL"
    }
    environment["DATABASE_URL"] = f"sqlite:///{folder / 'jobs.sqlite3'}"
    return Child("worker", command, environment, Path(settings.BASE_DIR), folder / "worker.log")


def count(database: Path, statement: str) -> int:
    with sqlite3.connect(database, timeout=20) as connection:
        found = int(connection.execute(statement).fetchone()[0])
    connection.close()
    return found


def until(supervisor: Supervisor, condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        supervisor.look()
        time.sleep(0.05)


def busy_after(database: Path, goal: int) -> bool:
    """Are `goal` jobs done, and is one in hand right now?"""
    done = count(database, "SELECT count(*) FROM stub_effect")
    return done >= goal and count(database, "SELECT count(*) FROM stub_job WHERE state = 'running'") > 0


def test_jobs_survive_kill_9_of_the_worker(tmp_path: Path) -> None:
    database = tmp_path / "jobs.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(TABLE)
        connection.execute(EFFECTS)
        connection.executemany("INSERT INTO stub_job (id, state) VALUES (?, 'waiting')", [(n,) for n in range(JOBS)])
    connection.close()
    deaths: dict[int, int] = {}
    supervisor = Supervisor(lambda _child, code, _pause: deaths.update({len(deaths) + 1: code}))
    worker = supervisor.add(make_worker(tmp_path))
    try:
        for kill in range(KILLS):
            goal = (kill + 1) * JOBS // (KILLS + 2)
            until(supervisor, partial(busy_after, database, goal))
            worker.signal(signal.SIGKILL)
            until(supervisor, partial(deaths.__contains__, kill + 1))
        until(supervisor, lambda: count(database, "SELECT count(*) FROM stub_job WHERE state <> 'done'") == 0)
    finally:
        supervisor.stop()
    assert list(deaths.values()) == [-signal.SIGKILL] * KILLS
    assert count(database, "SELECT count(DISTINCT job) FROM stub_effect") == JOBS, "lost"
    assert count(database, "SELECT count(*) FROM stub_effect") == JOBS, "doubled"
    assert count(database, "SELECT sum(starts) FROM stub_job") > JOBS, "the kills hit nothing: the test proves nothing"
