"""Servers of others, each started on a free port in a folder of its own, and stopped at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.peers.install import BLUESKY, PEERS_DIR, PRISM

REQUIRED = os.environ.get("DESK_REQUIRE_PEERS") == "1"
START_SECONDS = 60


def named(program: Path) -> str:
    """A peer as its place among the peers: "clients/bin/python" says more than "python"."""
    return str(program.relative_to(PEERS_DIR)) if program.is_relative_to(PEERS_DIR) else program.name


def required(program: Path) -> Path:
    """`program`, if it was installed (python -m tests.peers.install); the test skips otherwise, or fails if it must."""
    missing = "" if program.exists() else f"{named(program)} is not here: python -m tests.peers.install"
    if not missing and program in (PRISM, BLUESKY) and shutil.which("node") is None:
        missing = "node is not installed"
    if missing and REQUIRED:
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return program


@contextlib.contextmanager
def running(
    command: list[str],
    *,
    ready: str,
    folder: Path,
    user: str | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[None]:
    """The server until the block ends; `ready` is an address that it answers with anything at all."""
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            user=user,
            env=environment,
            start_new_session=True,
        )
    try:
        _wait(server, ready, log)
        yield
    finally:
        _stop(server)


def _wait(server: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            requests.get(ready, timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"did not start ({server.poll()}): {log.read_text(errors='replace')[-1000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """With whatever it has started: a session of its own can be signalled as one."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, number)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            continue
        return
