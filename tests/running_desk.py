"""The desk as real processes on the test's own database: gunicorn, and the worker with its clock.

The fixtures `desk` and `desk_at_work` need django_db(transaction=True): other processes see only what is committed.
"""

from __future__ import annotations

import io
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import requests
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from busan_sns.supervisor import Child, Supervisor
from channels_sns import accounts
from channels_sns.models import Account
from departments.models import Department, Role
from tests.make import make_person
from tests.sandbox import World, free_port
from tests.services import child_environment

START_SECONDS = 60
#: The pace of the embedded desk in front of a person (manage.py desk).
POLL_SECONDS = "5"
#: Between two looks at a page: the desk that is waited for needs the machine, too.
PAGE_SECONDS = 0.7
Found = TypeVar("Found")


def until(look: Callable[[], Found], *, seconds: float, what: str, every: float = 0.1) -> Found:
    """The first true answer of `look`; `every`: seconds between two looks, more where a look loads a page."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(every)
    return found


@dataclass
class Desk:
    """`address` of the web server; `password` of whoever logs in by the form."""

    address: str
    supervisor: Supervisor
    environment: dict[str, str]
    folder: Path
    password: str = "people-1"

    def start(self, name: str, *arguments: str) -> None:
        command = [sys.executable, "-m", *arguments]
        log = self.folder / f"{name}.log"
        self.supervisor.add(Child(name, command, self.environment, Path(configured.BASE_DIR), log))

    def start_web(self) -> None:
        self.start("web", "gunicorn", "-c", "python:busan_sns.gunicorn_conf", "tests.served:application")
        until(self._answers, seconds=START_SECONDS, what="the web server answers")

    def start_worker(self) -> None:
        """As manage.py desk starts it; with Redis as docker-compose.yml does."""
        queues = ["--queues", "desk,poll,deliver", "--concurrency", "4", "--without-gossip", "--without-mingle"]
        pool = [] if configured.REDIS_URL else ["--pool", "threads", "--without-heartbeat"]
        self.start("worker", "celery", "-A", "busan_sns", "worker", *pool, *queues, "--loglevel", "warning")
        if configured.REDIS_URL:
            self.start("beat", "celery", "-A", "busan_sns", "beat", "--pidfile=", "--loglevel", "warning")

    def person(self, username: str, role: Role, department: Department | None = None) -> User:
        """Somebody who can log in at `address`, under an obviously made-up name."""
        return make_person(role, department, username=username, last_name="", first_name=username)

    def connect(self, world: World, network: str, *, language: str = "ko") -> Account:
        """The city's account on the sandbox's network."""
        return accounts.connect(
            kind=network,
            handle=world.city(network)["handle"],
            base_url=world.base_url(network),
            secrets=world.credentials(network),
            now=timezone.now(),
            language=language,
        )

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/healthz", timeout=5).ok
        except requests.RequestException:
            return False


@pytest.fixture(scope="session")
def web(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The web server, one for all tests of this process: starting it takes longer than most of them."""
    address = f"127.0.0.1:{free_port()}"
    environment = child_environment(
        DESK_BIND=address, DESK_PUBLIC_URL=f"http://{address}", DESK_POLL_SECONDS=POLL_SECONDS, DESK_LOG_LEVEL="WARNING"
    )
    folder = tmp_path_factory.mktemp("web")
    running = Desk(f"http://{address}", Supervisor(lambda *_death: None), environment, folder)
    try:
        running.start_web()
        yield running
    finally:
        running.supervisor.stop()


@pytest.fixture
def desk(transactional_db: None, web: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The web server alone, the city loaded."""
    call_command("load_city", stdout=io.StringIO())
    connections.close_all()
    running = Desk(web.address, Supervisor(lambda *_death: None), web.environment, tmp_path)
    yield running
    for child in running.supervisor.children:  # what a worker would still do is another test's no more
        child.signal(signal.SIGKILL)
    running.supervisor.stop()


@pytest.fixture
def desk_at_work(desk: Desk) -> Desk:
    """Web server and worker."""
    desk.start_worker()
    return desk
