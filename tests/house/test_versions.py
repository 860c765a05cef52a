"""Known holes stay closed: the locks never go below these versions, fit pyproject.toml and name no registry."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.house.source import ROOT

#: Package → the first version without the holes that matter here, and the line it must stay on.
FLOORS = {
    "django": (">=5.2.17,<5.3", "CVE-2026-15920 and older"),
    "pillow": (">=12.3.0", "image parsers"),
    "djangorestframework": (">=3.15.2", "browsable API"),
    "celery": (">=5.6", "worker shutdown"),
    "kombu": (">=5.7", "options of the sweep of unacknowledged messages"),
}
LOCKS = ("run.lock", "dev.lock")


def locked(name: str) -> dict[str, str]:
    """Package → version of a lock file."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("package", FLOORS)
def test_floor(package: str) -> None:
    line, why = FLOORS[package]
    requirement = Requirement(f"{package}{line}")
    for found in (version(package), *(locked(lock)[package] for lock in LOCKS)):
        assert requirement.specifier.contains(Version(found)), f"{package} {found}: {why}"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_fits_the_project(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    if lock == "dev.lock":
        wanted += project["dependency-groups"]["dev"]
    versions = locked(lock)
    for line in wanted:
        requirement = Requirement(line)
        assert requirement.specifier.contains(versions[requirement.name.lower()]), line


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_both_locks_agree() -> None:
    run, dev = (locked(lock) for lock in LOCKS)
    assert {name: (number, dev.get(name)) for name, number in run.items() if dev.get(name) != number} == {}
