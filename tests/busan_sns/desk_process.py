"""`manage.py desk` as a child of a test: on free ports, in a folder of its own, without the machine's settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from busan_sns.first_start import port_is_free
from tests.sandbox import free_port

FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DESK_", "DJANGO_")


class Desk:
    """A running desk without demo data; `more` goes into its environment."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        environment.update(more, DESK_VAR_DIR=str(folder))
        ports = ["--port", str(self.port), "--sandbox-port", str(self.sandbox_port)]
        command = [sys.executable, "manage.py", "desk", *ports, "--no-demo", *arguments]
        self.log = folder.parent / "desk.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

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

    def ports_are_free(self) -> bool:
        return all(port_is_free("127.0.0.1", port) for port in (self.port, self.sandbox_port))


@contextmanager
def running(folder: Path, *arguments: str, **more: str) -> Iterator[Desk]:
    folder.mkdir(exist_ok=True)
    desk = Desk(folder, *arguments, **more)
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
