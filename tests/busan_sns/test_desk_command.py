"""`manage.py desk` as a person runs it: starts, heals, stops, says no clearly, leaves nobody behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.sandbox import free_port

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class Desk:
    """A running desk without demo data in a folder of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DESK_", "DJANGO_"))
        }
        environment["DESK_VAR_DIR"] = str(folder)
        ports = ["--port", str(self.port), "--sandbox-port", str(self.sandbox_port)]
        command = [sys.executable, "manage.py", "desk", *ports, "--no-demo", *arguments]
        with (folder.parent / "desk.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.log = folder.parent / "desk.log"

    def ready(self) -> dict[str, Any]:
        """The body of /readyz; {} while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                return dict(json.load(error))
        except OSError:
            return {}

    def child(self, word: str) -> int:
        """The process whose command line contains `word`, 0 if there is none."""
        for pid in children(self.process.pid):
            if word in command_line(pid):
                return pid
        return 0

    def open(self) -> bool:
        """Everything has been started: the last line of the welcome is out."""
        return "Ctrl+C" in self.log.read_text(encoding="utf-8")


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Desk]:
    folder.mkdir(exist_ok=True)
    desk = Desk(folder, *arguments)
    try:
        wait(desk.open, seconds=60)
        yield desk
    finally:
        if desk.process.poll() is None:
            desk.process.terminate()
        desk.process.wait(20)


def wait(condition: Callable[[], Any], *, seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)
    return result


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def tree(pid: int) -> list[int]:
    return [pid, *(found for child in children(pid) for found in tree(child))]


def living(pids: list[int]) -> list[str]:
    return [line for pid in pids if (line := command_line(pid))]


@LINUX
def test_the_desk_opens_heals_and_stops(tmp_path: Path) -> None:
    with running(tmp_path / "var") as desk:
        wait(lambda: desk.ready().get("ready"))
        worker = wait(lambda: desk.child("celery"))
        os.kill(worker, signal.SIGKILL)
        wait(lambda: desk.child("celery") not in (0, worker))
        assert desk.ready()["ready"], "one death of the worker is no emergency"
        everyone = tree(desk.process.pid)
        assert len(everyone) >= 5
        desk.process.send_signal(signal.SIGINT)
        assert desk.process.wait(20) == 0
        assert living(everyone) == []
    text = desk.log.read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{desk.port}/" in text
    assert f"http://127.0.0.1:{desk.sandbox_port}/" in text
    assert stat.S_IMODE((tmp_path / "var" / "secret.env").stat().st_mode) == 0o600


@LINUX
def test_nobody_outlives_a_killed_desk(tmp_path: Path) -> None:
    with running(tmp_path / "var") as desk:
        everyone = tree(desk.process.pid)
        desk.process.kill()
        desk.process.wait(10)
        wait(lambda: living(everyone) == [], seconds=20)


def test_the_secrets_stay_the_same_at_the_second_start(tmp_path: Path) -> None:
    with running(tmp_path / "var", "--no-sandbox"):
        first = (tmp_path / "var" / "secret.env").read_text()
    (tmp_path / "desk.log").unlink()
    begun = time.monotonic()
    with running(tmp_path / "var", "--no-sandbox"):
        assert time.monotonic() - begun < 10
        assert (tmp_path / "var" / "secret.env").read_text() == first


def test_a_taken_port_is_said_in_both_languages(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [sys.executable, "manage.py", "desk", "--port", port, "--sandbox-port", str(free_port())],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DESK_VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "busan_sns.settings"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert result.returncode == 1
    assert f"포트 {port}" in result.stderr
    assert f"Port {port} is taken" in result.stderr
    assert f"PORT={int(port) + 10}" in result.stderr
    assert not (tmp_path / "secret.env").exists()
