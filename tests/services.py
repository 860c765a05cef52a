"""Real services of a test's own: PostgreSQL and Redis from the system's programs, on free loopback ports.

As fixtures (`postgres_server`, `redis_server`) they can be stopped, killed and silenced without harm to anybody else.
As a program they lend themselves to another one:  python -m tests.services -- python -m pytest
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.sandbox import free_port

_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest if there are several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("pg_ctl")
    return Path(found).parent if found else None


class PostgresServer:
    """A cluster in a folder of its own. PostgreSQL refuses to run as root: then it runs as the user postgres."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._user = "postgres" if os.geteuid() == 0 else None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        subprocess.run(command, check=True, user=self._user, cwd="/", timeout=60, **_QUIET)  # type: ignore[call-overload]

    def create(self) -> None:
        self._folder.chmod(0o755)
        (self._folder / "data").mkdir()
        if self._user:
            shutil.chown(self._folder, self._user)
            shutil.chown(self._folder / "data", self._user)
        self._run("initdb", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} {_FAST}"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "data" / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`mode`: smart, fast or immediate (as if the machine had lost power)."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def kill_backend(self) -> None:
        """kill -9 of one connection's process: the whole cluster recovers from it as from a crash."""
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT pg_backend_pid()").fetchone()
            assert row is not None
            os.kill(int(row[0]), signal.SIGKILL)


class RedisServer:
    """A server that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        command = ["redis-server", *where, "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(redis.ConnectionError), self.client() as client:
                client.ping()
                return
            time.sleep(0.05)
        message = "redis-server did not start"
        raise RuntimeError(message)

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5)

    def signal(self, number: int) -> None:
        """SIGSTOP: accepts connections but stays silent; SIGCONT: goes on; SIGKILL: gone with all it held."""
        assert self._process is not None
        self._process.send_signal(number)
        if number == signal.SIGKILL:
            self._process.wait(10)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            self._process.wait(10)


@contextlib.contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """A folder that other users may enter (PostgreSQL's), gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"desk-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running_postgres(programs: Path) -> Iterator[PostgresServer]:
    with own_folder("pg") as folder:
        server = PostgresServer(programs, folder)
        server.create()
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                server.stop("immediate")


@contextlib.contextmanager
def running_redis() -> Iterator[RedisServer]:
    with own_folder("redis") as folder:
        server = RedisServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _missing(what: str) -> None:
    """Skip, or fail where services are required (CI)."""
    if os.environ.get("DESK_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test alone."""
    programs = postgres_programs()
    if programs is None:
        _missing("postgresql")
    else:
        with running_postgres(programs) as server:
            yield server


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis server of this test alone."""
    if shutil.which("redis-server") is None:
        _missing("redis-server")
    with running_redis() as server:
        yield server


def child_environment(**more: str) -> dict[str, str]:
    """The environment for a child process of a test that works on the test's own database and files."""
    from django.conf import settings
    from django.db import connection

    database = connection.settings_dict
    if connection.vendor == "postgresql":
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    else:
        url = f"sqlite:///{database['NAME']}"
    named = {"DATABASE_URL": url, "DESK_VAR_DIR": str(settings.VAR_DIR), "DJANGO_SETTINGS_MODULE": "busan_sns.settings"}
    return {**os.environ, **named, **more}


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL and REDIS_URL of fresh servers; its exit code, or 2 where they are missing."""
    programs = postgres_programs()
    if programs is None or shutil.which("redis-server") is None:
        sys.stderr.write("apt-get install postgresql redis-server\n")
        return 2
    with running_postgres(programs) as postgres, running_redis() as memory:
        environment = {**os.environ, "DATABASE_URL": postgres.url, "REDIS_URL": memory.url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(main(arguments[1:] if arguments[:1] == ["--"] else arguments))
