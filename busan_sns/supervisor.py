"""Keeps a few child processes alive: starts them, restarts what dies with growing pauses, stops them all in seconds.

Plain Python, knows nothing of the desk. On Linux no child outlives a supervisor that was itself killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
#: A child that lived this long died by accident, not by its start.
HEALTHY_SECONDS = 60.0
STOP_SECONDS = 8.0
LOG_BYTES = 5_000_000

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Linux: the kernel sends this process SIGTERM when its parent is gone, however it went. Elsewhere: nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One program to keep running. Its output goes to `log`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    deaths: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        with _open_log(self.log) as log:
            # A session of its own: Ctrl+C reaches the supervisor alone, which then stops its children in order.
            self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                list(self.command),
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has one thread only
            )
        self.started, self.restart_at = time.monotonic(), 0.0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def schedule_restart(self, now: float) -> float:
        """Note the death; seconds until the next start."""
        self.deaths = 1 if now - self.started > HEALTHY_SECONDS else self.deaths + 1
        pause = PAUSES[min(self.deaths, len(PAUSES)) - 1]
        self.restart_at = now + pause
        return pause

    def signal(self, number: int) -> None:
        """Send a signal to the child and everything it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


def _open_log(path: Path) -> IO[bytes]:
    """Append to `path`; an overlong log steps aside first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")


class Supervisor:
    """Children in the order they were started; stopped in the opposite one."""

    def __init__(self, report: Callable[[Child, int, float], None]) -> None:
        """`report(child, exit code, seconds until restart)` is called for each death."""
        self.children: list[Child] = []
        self.stopping = False
        self._report = report

    def add(self, child: Child) -> Child:
        child.start()
        self.children.append(child)
        return child

    def stop_on_signals(self) -> None:
        """SIGINT, SIGTERM and a closed terminal end `watch`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def watch(self, *, every: float = 0.3) -> None:
        """Keep the children alive until asked to stop."""
        while not self.stopping:
            self.look()
            time.sleep(every)

    def look(self) -> None:
        """One look at every child: report the dead, start again whose pause is over."""
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                continue
            if child.restart_at == 0.0 and child.process is not None:
                self._report(child, child.process.returncode, child.schedule_restart(now))
            elif now >= child.restart_at:
                child.signal(signal.SIGKILL)  # what a dead parent may have left in its session
                child.start()

    def stop(self) -> None:
        """Ask all to end, wait a little, then end them."""
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.alive for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait(5)
