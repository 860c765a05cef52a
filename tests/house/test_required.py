"""Where services are required, what needs them cannot hide behind a skip."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest

SKIPPED = ("test_it.py", 1, "Skipped: is not installed")


def judged(monkeypatch: pytest.MonkeyPatch, marker: str, required: str, why: object = SKIPPED, **more: Any) -> Any:
    """What becomes of the report of a skipped test."""
    monkeypatch.setenv("DESK_REQUIRE_SERVICES", required)
    item: Any = SimpleNamespace(get_closest_marker=lambda name: name == marker)
    report: Any = SimpleNamespace(outcome="skipped", skipped=True, longrepr=why, **more)
    hook = conftest.pytest_runtest_makereport(item)
    next(hook)
    with pytest.raises(StopIteration) as ended:
        hook.send(report)
    return ended.value.value


@pytest.mark.parametrize("marker", ["needs_pg", "needs_redis", "browser", "peers"])
def test_a_skip_is_a_failure_where_services_are_required(monkeypatch: pytest.MonkeyPatch, marker: str) -> None:
    report = judged(monkeypatch, marker, "1")
    assert report.outcome == "failed"
    assert marker in report.longrepr
    assert "is not installed" in report.longrepr


def test_a_skip_is_a_skip_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, "browser", "").outcome == "skipped"
    assert judged(monkeypatch, "slow", "1").outcome == "skipped"


def test_material_from_outside_may_be_absent_and_a_known_fault_may_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    away = ("test_it.py", 1, "Skipped: ../shared/fixtures is not here")
    assert judged(monkeypatch, "peers", "1", away).outcome == "skipped"
    assert judged(monkeypatch, "peers", "1", "a reason", wasxfail="known").outcome == "skipped"
