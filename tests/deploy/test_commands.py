"""Every command and health check of docker-compose.yml is started for real, against a real PostgreSQL and Redis.

Not with a Docker engine: the commands run in the tests' own environment, with addresses and folders put in their place.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.deploy.compose import OURS, SERVICES
from tests.house.source import ROOT
from tests.sandbox import free_port
from tests.services import PostgresServer, RedisServer

pytestmark = [
    pytest.mark.needs_pg,
    pytest.mark.needs_redis,
    pytest.mark.unmeasured,
    pytest.mark.xdist_group("deploy"),
]


class Stack:
    """The compose file's commands on this machine."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.folder, self.web, self.sandbox = folder, free_port(), free_port()
        (folder / "files").mkdir()
        self.secrets = {
            "secret_key": "made-up-for-a-test-and-much-longer-than-fifty-characters-0123456789",
            "field_keys": Fernet.generate_key().decode(),
            "database_url": database,
            "redis_url": broker,
        }
        for name, value in self.secrets.items():
            (folder / name).write_text(f"{value}\n")

    def here(self, text: str) -> str:
        """A word of the compose file with this machine's folders and ports."""
        places = {
            "/run/secrets/": f"{self.folder}/",
            "/var/lib/desk": f"{self.folder}/files",
            "0.0.0.0:8400": f"127.0.0.1:{self.web}",
            "127.0.0.1:8401": f"127.0.0.1:{self.sandbox}",
            "$$": "$",
        }
        for old, new in places.items():
            text = text.replace(old, new)
        return {"8401": str(self.sandbox), "0.0.0.0": "127.0.0.1"}.get(text, text)

    def environment(self, name: str) -> dict[str, str]:
        """What the service would see: the compose file's variables with their defaults, nothing of the tests' own."""
        named = {key: self.here(default_of(str(value))) for key, value in OURS[name]["environment"].items()}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        image = {"DESK_VAR_DIR": f"{self.folder}/files", "DESK_STATIC_DIR": f"{self.folder}/files/static"}
        return {"PATH": path, "HOME": str(self.folder), "DESK_BIND": f"127.0.0.1:{self.web}", **image, **named}

    def command(self, name: str) -> list[str]:
        return [self.here(word) for word in OURS[name]["command"]]

    def check(self, name: str) -> int:
        """Run the service's health check once; its exit code."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        command = ["sh", "-c", self.here(words[0])] if kind == "CMD-SHELL" else [self.here(word) for word in words]
        return run(command, self.environment(name)).returncode

    @contextmanager
    def running(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(name), cwd=ROOT, env=self.environment(name), stdout=log, stderr=subprocess.STDOUT
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) in (0, -signal.SIGTERM), (self.folder / f"{name}.log").read_text()


def default_of(text: str) -> str:
    """`${NAME:-value}` → value."""
    return text[2:-1].partition(":-")[2] if text.startswith("${") else text


def run(command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, timeout=120, check=False
    )


def wait(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.5)


@pytest.fixture
def stack(tmp_path: Path, postgres_server: PostgresServer, redis_server: RedisServer) -> Stack:
    """Migrated by the compose file's own command, static files collected as the image does."""
    made = Stack(tmp_path, postgres_server.url, redis_server.url)
    done = run(made.command("migrate"), made.environment("migrate"))
    assert done.returncode == 0, done.stderr
    collected = run([sys.executable, "manage.py", "collectstatic", "--noinput"], made.environment("migrate"))
    assert collected.returncode == 0, collected.stderr
    return made


def test_web_worker_and_clock_work_together(stack: Stack) -> None:
    assert stack.check("web") != 0
    assert stack.check("beat") != 0
    with stack.running("web"), stack.running("worker"), stack.running("beat"):
        wait(lambda: stack.check("web") == 0)
        wait(lambda: stack.check("worker") == 0)
        wait(lambda: stack.check("beat") == 0)
    assert "Traceback" not in "".join(path.read_text() for path in stack.folder.glob("*.log"))


def test_the_sandbox_starts(stack: Stack) -> None:
    assert stack.check("sandbox") != 0
    with stack.running("sandbox"):
        wait(lambda: stack.check("sandbox") == 0)


def test_the_image_is_told_what_compose_runs() -> None:
    words = OURS["web"]["command"]
    assert all(f'"{word}"' in (ROOT / "Dockerfile").read_text(encoding="utf-8") for word in words)
