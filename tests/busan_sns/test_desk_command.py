"""`manage.py desk` as a person runs it: starts, heals, stops, says no clearly, leaves nobody behind."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.busan_sns.desk_process import Desk, living, running, tree, wait
from tests.sandbox import free_port

# One group: the first start takes its time, and what it leaves is copied for those who start once more.
pytestmark = [pytest.mark.embedded, pytest.mark.xdist_group("desk command")]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@contextmanager
def spent() -> Iterator[list[float]]:
    """Seconds of processor, in user mode, of the children that ended inside."""
    seconds: list[float] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    yield seconds
    seconds.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)


@dataclass(frozen=True)
class FirstStart:
    """`folder` as the desk left it when it was stopped; `seconds` of processor until then."""

    folder: Path
    seconds: float

    def copy(self, into: Path) -> Path:
        return shutil.copytree(self.folder, into / "var")


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    folder = tmp_path_factory.mktemp("first") / "var"
    with spent() as seconds, running(folder, "--no-sandbox"):
        assert stat.S_IMODE((folder / "secret.env").stat().st_mode) == 0o600
    return FirstStart(folder, seconds[0])


@LINUX
def test_the_desk_opens_heals_and_stops(tmp_path: Path, first_start: FirstStart) -> None:
    with running(first_start.copy(tmp_path)) as desk:
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
        assert desk.ports_are_free()
    text = desk.log.read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{desk.port}/" in text
    assert f"http://127.0.0.1:{desk.sandbox_port}/" in text


@LINUX
def test_nobody_outlives_a_desk_that_is_killed(tmp_path: Path, first_start: FirstStart) -> None:
    with running(first_start.copy(tmp_path)) as desk:
        everyone = tree(desk.process.pid)
        desk.process.kill()
        assert desk.process.wait(20) == -signal.SIGKILL
        wait(lambda: living(everyone) == [] and desk.ports_are_free(), seconds=20)


@LINUX
def test_a_desk_that_has_not_opened_yet_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    desk = Desk(tmp_path / "var")
    wait(lambda: desk.child("channels_sns.sandbox"), seconds=60)
    everyone = tree(desk.process.pid)
    desk.process.terminate()
    assert desk.process.wait(30) == 0
    assert living(everyone) == []
    assert desk.ports_are_free()


def test_the_second_start_is_light_and_keeps_the_secrets(tmp_path: Path, first_start: FirstStart) -> None:
    """Processor seconds beside those of the first start: no busy machine's clock (that one: python -m bench start)."""
    with spent() as second, running(first_start.copy(tmp_path), "--no-sandbox"):
        assert (tmp_path / "var" / "secret.env").read_text() == (first_start.folder / "secret.env").read_text()
    print(f"\nstarts: {first_start.seconds:.1f} s, then {second[0]:.1f} s of processor")
    assert second[0] < 0.8 * first_start.seconds


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
