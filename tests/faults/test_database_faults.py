"""The fault matrix of the database, F18 and F19: PostgreSQL restarts, dies and stays away under working processes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.utils import ConnectionHandler
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from busan_sns.supervisor import Child, Supervisor
from channels_sns import accounts
from channels_sns.models import Account, OutboundPost
from complaints import invariants
from complaints.models import Complaint, Reply, Status
from departments.models import Role
from tests.make import make_department, make_person
from tests.office import Office
from tests.sandbox import World
from tests.services import PostgresServer, child_environment

pytestmark = [pytest.mark.needs_pg, pytest.mark.slow, pytest.mark.unmeasured]

NETWORK = "mastodon"
RECOVERY_SECONDS = 10
PACE = {"DESK_POLL_SECONDS": "1", "DESK_LEASE_SECONDS": "3", "DESK_QUARANTINE_SECONDS": "1"}


@pytest.fixture
def server(postgres_server: PostgresServer, django_db_blocker: DjangoDbBlocker) -> Iterator[PostgresServer]:
    """The desk's tables on a server of this test alone, which may be stopped. What it acknowledges is on its disk."""
    place = {"HOST": "127.0.0.1", "PORT": str(postgres_server.port), "NAME": "postgres", "USER": "postgres"}
    usual = connections["default"]
    with django_db_blocker.unblock():
        own = ConnectionHandler({"default": {**usual.settings_dict, **place}})["default"]
        connections["default"] = own
        try:
            with own.cursor() as cursor:
                cursor.execute("ALTER DATABASE postgres SET synchronous_commit = on")
            own.close()
            call_command("migrate", verbosity=0, interactive=False)
            yield postgres_server
        finally:
            own.close()
            connections["default"] = usual


class Worker:
    """One worker with the clock in it; a death would be counted, and nobody but a restart helps it."""

    def __init__(self, folder: Path) -> None:
        self.deaths = 0
        self._supervisor = Supervisor(self._count)
        environment = child_environment(REDIS_URL="", DESK_LOG_LEVEL="ERROR", **PACE)
        pool = ["--pool", "threads", "--concurrency", "4", "--queues", "desk,poll,deliver"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "error"]
        command = [sys.executable, "-m", "celery", "-A", "busan_sns", "worker", *pool, *quiet]
        self._supervisor.add(Child("worker", command, environment, Path(settings.BASE_DIR), folder / "worker.log"))

    def _count(self, _child: Child, _code: int, _pause: float) -> None:
        self.deaths += 1

    def until(self, condition: Callable[[], object], *, seconds: float) -> float:
        """How long it took; a lost connection of this process is none of the desk's."""
        begun = time.monotonic()
        while not _asked(condition):
            assert time.monotonic() - begun < seconds, f"not within {seconds} s"
            self._supervisor.look()
            time.sleep(0.1)
        return time.monotonic() - begun

    def stop(self) -> None:
        self._supervisor.stop()


def _asked(condition: Callable[[], object]) -> object:
    try:
        return condition()
    except (DatabaseError, InterfaceError):
        connection.close()
        return False


@pytest.fixture
def worker(server: PostgresServer, tmp_path: Path) -> Iterator[Worker]:
    working = Worker(tmp_path)
    yield working
    working.stop()


@pytest.fixture
def account(world: World, server: PostgresServer) -> Account:
    world.settings(NETWORK, limits=False)
    handle, keys = world.city(NETWORK)["handle"], world.credentials(NETWORK)
    now, address = timezone.now(), world.base_url(NETWORK)
    return accounts.connect(kind=NETWORK, handle=handle, base_url=address, secrets=keys, now=now)


def registered(goal: int) -> Callable[[], bool]:
    return lambda: Complaint.objects.count() >= goal


@pytest.mark.parametrize("how", ["fast", "immediate", "kill -9"])
def test_f18_a_database_that_restarts_costs_seconds_and_nothing_else(
    world: World, server: PostgresServer, worker: Worker, account: Account, how: str
) -> None:
    office = Office(make_person(Role.OFFICER), make_department())
    first = world.burst(NETWORK, 8)
    worker.until(registered(8), seconds=60)
    world.fault(NETWORK, "delay_after_store", seconds=1)
    office.answer_all()
    acknowledged = set(Reply.objects.values_list("pk", flat=True))
    ids = [*first, *world.burst(NETWORK, 12, text="{n}번째 글, 그사이에 쓴 민원")]
    worker.until(lambda: OutboundPost.objects.filter(state="SENDING").exists(), seconds=60)
    server.kill_backend() if how == "kill -9" else server.restart(how)
    ids.append(world.citizen_post(NETWORK, "데이터베이스가 돌아온 뒤에 쓴 민원"))
    seconds = worker.until(registered(21), seconds=RECOVERY_SECONDS)
    worker.until(lambda: office.answer_all() == 21, seconds=60)
    worker.until(lambda: Complaint.objects.filter(status=Status.COMPLETED).count() == 21, seconds=60)
    missing = acknowledged - set(Reply.objects.values_list("pk", flat=True))
    standing = [len(world.replies(NETWORK, post_id)) for post_id in ids]
    print(f"F18 {how}: registering again after {seconds:.1f} s, {worker.deaths} restarts, {len(missing)} missing")
    assert len(acknowledged) == 8
    assert missing == set()
    assert standing == [1] * 21
    assert Complaint.objects.count() == 21
    assert invariants.check_all(now=timezone.now()) == []


def test_f19_without_its_database_the_desk_polls_nothing(
    world: World, server: PostgresServer, worker: Worker, account: Account
) -> None:
    world.citizen_post(NETWORK, "가로등이 꺼졌습니다")
    worker.until(registered(1), seconds=60)
    cursor = Account.objects.get().cursor
    server.stop()
    connection.close()
    worker.until(lambda: quiet_for(world, 3), seconds=20)
    world.citizen_post(NETWORK, "데이터베이스가 없는 동안 쓴 민원")
    server.start()
    assert Account.objects.get().cursor == cursor or registered(2)()
    seconds = worker.until(registered(2), seconds=RECOVERY_SECONDS)
    print(f"F19: registering again {seconds:.1f} s after the database is back, {worker.deaths} restarts")


def quiet_for(world: World, periods: int) -> bool:
    """No request in so many polls' time."""
    before = len(world.calls(NETWORK))
    time.sleep(periods * float(PACE["DESK_POLL_SECONDS"]))
    return len(world.calls(NETWORK)) == before
