"""What holds for every test: no socket leaves the machine, real services only where asked for, files vanish after."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest
from django.conf import settings
from django.core.cache import cache

from tests import emptying

pytest_plugins = ["tests.sandbox", "tests.services", "tests.browser", "tests.running_desk"]

#: What these need must be there where DESK_REQUIRE_SERVICES=1 (CI): a skip that nobody reads is a hole.
NEVER_SKIPPED = ("needs_pg", "needs_redis", "browser", "peers")
#: Rooms whose tests start processes: these meet the database and the broker behind the fixtures' back.
WITH_PROCESSES = ("busan_sns", "deploy", "faults", "journeys", "peers")
DATABASE = {"db", "transactional_db"}
#: Of a test with many cases the first ones tell what it walks; measuring makes each half as long again. Not so where
#: every branch counts: there all cases are measured.
CASES_MEASURED = 3
ALL_MEASURED = ("channels_sns",)  # the folder itself; what lies deeper walks the same for each network
ALL_MEASURED_FILES = ("test_workflow", "test_intake", "test_permissions", "test_moves")
ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.", "::1", "localhost")


class OutsideContactError(RuntimeError):
    """A test tried to reach something that is not this machine."""


def _refuse_outside(address: Any) -> None:
    """Raise unless `address` is a Unix socket's path or (loopback host, port, …)."""
    if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
        message = f"tests talk to this machine only, not to {address[0]}"
        raise OutsideContactError(message)


def pytest_configure() -> None:
    emptying.install()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """xdist's test process is measured twice already, as a child and as a session of its own; pytest-cov now begins the
    measuring that counts. Were the others left running below it, they would go on wherever it is paused.
    """
    while hasattr(session.config, "workerinput") and (began := coverage.Coverage.current()):
        began.stop()


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """connect() of every socket in the test process is watched; name look-ups of other hosts are refused with it."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, _original: Any = original) -> Any:
            _refuse_outside(address)
            return _original(self, address)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What an earlier test's page remembered for a minute (names of departments) is another database's."""
    cache.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what hangs on services. Skip what needs an absent one; with DESK_REQUIRE_SERVICES=1 it fails instead."""
    for item in items:
        _mark(item)
    _measure_first_cases(items)
    if os.environ.get("DESK_REQUIRE_SERVICES") == "1":
        return
    missing = {
        "needs_pg": ("DATABASE_URL", "postgres"),
        "needs_redis": ("REDIS_URL", "redis"),
    }
    for marker, (name, scheme) in missing.items():
        if os.environ.get(name, "").startswith(scheme):
            continue
        skip = pytest.mark.skip(reason=f"needs {name}={scheme}://…")
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(skip)


def _mark(item: pytest.Item) -> None:
    if _hangs_on_services(item):
        item.add_marker(pytest.mark.services)
    elif _room(item) == "house":
        item.add_marker(pytest.mark.rules)
    if _room(item) == "peers":  # another's server is started once for all tests of a file
        item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _measure_first_cases(items: list[pytest.Item]) -> None:
    seen: Counter[tuple[Path, str]] = Counter()
    for item in items:
        if item.path.parent.name in ALL_MEASURED or item.path.stem.startswith(ALL_MEASURED_FILES):
            continue
        test = (item.path, getattr(item, "originalname", item.name))
        seen[test] += 1
        if seen[test] > CASES_MEASURED:
            item.add_marker(pytest.mark.unmeasured)


def _hangs_on_services(item: pytest.Item) -> bool:
    """Could another database or broker change the outcome? In doubt, yes."""
    if item.get_closest_marker("embedded"):
        return False
    marked = any(item.get_closest_marker(name) for name in ("django_db", "needs_pg", "needs_redis"))
    return _room(item) in WITH_PROCESSES or marked or bool(DATABASE & set(getattr(item, "fixturenames", ())))


def _room(item: pytest.Item) -> str:
    return item.path.relative_to(ROOT / "tests").parts[0]


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage passes over what is marked unmeasured: its fixtures and the processes it starts as well."""
    plugin: Any = item.config.pluginmanager.getplugin("_cov")
    control = plugin.cov_controller if plugin and item.get_closest_marker("unmeasured") else None
    if control is None:
        return (yield)
    told = os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    control.pause()
    try:
        return (yield)
    finally:
        control.resume()
        if told is not None:
            os.environ["COVERAGE_PROCESS_CONFIG"] = told


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where services are required, a test that needs one and skips has failed; absent ../shared material excuses it."""
    report = yield
    needs = [marker for marker in NEVER_SKIPPED if item.get_closest_marker(marker)]
    if os.environ.get("DESK_REQUIRE_SERVICES") == "1" and needs and report.skipped and not hasattr(report, "wasxfail"):
        why = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if "../shared/" not in why:
            report.outcome, report.longrepr = "failed", f"{', '.join(needs)} must not be skipped here: {why}"
    return report


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
