"""The fault matrix of the outbox, F1–F11: nothing lost, nothing posted twice.

DESK_FAULT_TRIALS says how many trials (make faults: 320); the short run plays every disaster on
two networks, the next one on another two.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from channels_sns.models import Account
from channels_sns.outbox import State
from tests.faults.trials import KILL_POINTS, NETWORKS, Score, Trial, stop_at, stopped
from tests.sandbox import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.unmeasured]

TRIALS = int(os.environ.get("DESK_FAULT_TRIALS", "0"))
#: name → (fault of the sandbox, its parameters); each leaves the sender without a usable receipt.
LOST_ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "F2 reset after the post was stored": ("drop_after_store", {}),
    "F3 truncated JSON": ("truncated_json", {"on": "publish"}),
    "F3 201 without an id": ("no_id_201", {}),
    "F3 a web page instead": ("html_200", {"on": "publish"}),
    "F5 reset in mid-request": ("drop_before_store", {}),
    **{
        f"F10 HTTP {code} although posted": ("status", {"code": code, "on": "publish", "after_store": True})
        for code in (500, 502, 503, 504)
    },
    "F10 HTTP 503, an HTML page": ("status", {"code": 503, "body": "html", "on": "publish", "after_store": True}),
}


def networks(after: int = 0) -> tuple[str, ...]:
    """All in the long run, else two of them."""
    return NETWORKS if TRIALS else NETWORKS[after : after + 2]


def pairs(disasters: Iterable[str]) -> list[tuple[str, str]]:
    """A network and a disaster."""
    return [(network, name) for at, name in enumerate(disasters) for network in networks(2 * at % len(NETWORKS))]


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.QUARANTINE = timedelta(seconds=60)
    settings.POLL_EVERY = timedelta(0)


@pytest.fixture(scope="module")
def score() -> Iterator[Score]:
    """Collects all trials of this file and prints the two figures."""
    kept = Score()
    yield kept
    for name, count in sorted(kept.played.items()):
        print(f"{count:5d}  {name}")
    print(f"{kept.trials} trials: {kept.lost} lost, {kept.doubled} posted twice")


def rounds() -> int:
    """How often each disaster is played on each network, so that all together reach TRIALS."""
    total = len(NETWORKS) * (len(KILL_POINTS) + len(LOST_ANSWERS) + 1)
    return max(1, -(-TRIALS // total))


def play(score: Score, name: str, trial: Trial) -> None:
    state = trial.settle()
    score.add(name, trial.posts())
    assert (state, trial.posts()) == (State.SENT, 1), f"{name} on {trial.network}: {trial.row().last_error}"
    assert trial.row().external_id


@pytest.mark.parametrize(("network", "point"), pairs(KILL_POINTS))
def test_f1_a_killed_sender_loses_and_doubles_nothing(world: World, score: Score, network: str, point: str) -> None:
    for _round in range(rounds()):
        trial = Trial.begin(world, network)
        if point == "outbox.reconcile" or (point == "outbox.commit_SENT" and not trial.returns_id()):
            world.fault(network, "drop_after_store")
            trial.work()
            trial.now += timedelta(seconds=5)
        assert trial.work(crash_at=point) == -signal.SIGKILL
        trial.now += timedelta(seconds=61)
        play(score, f"F1 kill -9 at {point}", trial)


@pytest.mark.parametrize(("network", "name"), pairs(LOST_ANSWERS))
def test_a_lost_answer_is_read_back(world: World, score: Score, network: str, name: str) -> None:
    fault, params = LOST_ANSWERS[name]
    for _round in range(rounds()):
        trial = Trial.begin(world, network)
        world.fault(network, fault, **params)
        play(score, name, trial)


@pytest.mark.parametrize("network", networks())
def test_f4_a_refused_connection_is_simply_tried_again(world: World, score: Score, network: str) -> None:
    for _round in range(rounds()):
        trial = Trial.begin(world, network)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            closed = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        Account.objects.filter(pk=trial.account.pk).update(base_url=closed)
        trial.work()
        assert trial.row().state == State.QUEUED
        assert trial.row().attempts == 1
        Account.objects.filter(pk=trial.account.pk).update(base_url=trial.account.base_url)
        trial.now += timedelta(minutes=16)
        play(score, "F4 connection refused", trial)


@pytest.mark.parametrize("network", networks(2))
def test_f6_a_post_that_arrives_late_is_not_sent_again(world: World, score: Score, network: str, settings: Any) -> None:
    settings.HTTP_TIMEOUT, settings.QUARANTINE = 1, timedelta(seconds=5)
    trial = Trial.begin(world, network)
    world.fault(network, "blackhole", seconds=3)
    state = trial.settle_in_real_time(20)
    score.add("F6 held, carried out late", trial.posts())
    assert (state, trial.posts()) == (State.SENT, 1)


@pytest.mark.parametrize("network", networks(4))
def test_f7_a_timeline_that_shows_late_is_waited_for(world: World, score: Score, network: str, settings: Any) -> None:
    settings.QUARANTINE = timedelta(seconds=6)
    trial = Trial.begin(world, network)
    world.fault(network, "readback_lag", seconds=4)
    world.fault(network, "drop_after_store")
    state = trial.settle_in_real_time(20)
    score.add("F7 read-back lags 4 s", trial.posts())
    assert (state, trial.posts()) == (State.SENT, 1)


@pytest.mark.parametrize("network", networks())
def test_f8_a_frozen_sender_wakes_up_and_posts_nothing(world: World, score: Score, network: str) -> None:
    trial = Trial.begin(world, network)
    pid = trial.start(before=stop_at("outbox.before_http"))
    assert stopped(pid)
    for _minute in range(3):
        trial.now += timedelta(seconds=61)
        trial.work()
    assert trial.row().state == State.UNSURE
    assert trial.posts() == 0
    os.kill(pid, signal.SIGCONT)
    os.waitpid(pid, 0)
    assert trial.posts() == 0
    play(score, "F8 frozen past its lease, second worker active", trial)


@pytest.mark.parametrize("network", ["x", "mastodon"])
def test_f9_a_sender_that_lost_its_database_session_posts_nothing(world: World, score: Score, network: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could go away")
    trial = Trial.begin(world, network)
    pid = trial.start(before=stop_at("outbox.before_http"))
    assert stopped(pid)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    os.kill(pid, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0
    assert trial.posts() == 0
    trial.now += timedelta(seconds=61)
    play(score, "F9 database session lost while frozen", trial)


@pytest.mark.parametrize("network", networks(2))
def test_f11_a_duplicate_that_stands_is_adopted(world: World, score: Score, network: str) -> None:
    trial = Trial.begin(world, network)
    world.fault(network, "duplicate_refusal", after_store=True)
    play(score, "F11 refused as a duplicate, and it stands", trial)


@pytest.mark.parametrize("network", ["x", "facebook"])
def test_f11_a_duplicate_that_is_nowhere_waits_for_an_officer(world: World, network: str) -> None:
    trial = Trial.begin(world, network)
    world.fault(network, "duplicate_refusal")
    trial.settle()
    assert trial.row().needs_officer_at is not None
    assert trial.posts() == 0
