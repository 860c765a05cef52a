"""Dockerfile, docker-compose.yml and .dockerignore, read as text: pinned, unprivileged, closed to the outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.compose import COMPOSE, OURS, SERVICES
from tests.house.source import ROOT

PINNED = re.compile(r"^[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)*$")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def settings_names() -> set[str]:
    """Every variable that the product reads from its environment."""
    found = set()
    for path in [*(ROOT / "busan_sns").rglob("*.py"), ROOT / "channels_sns" / "sandbox" / "settings.py"]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"(?:env\.\w+|environ\.get)\(\s*\"([A-Z_]+)\"", text))
        for name in re.findall(r"secret\(\"([A-Z_]+)\"", text):
            found |= {name, f"{name}_FILE"}
    return found


def test_no_top_level_name() -> None:
    assert set(COMPOSE) - {"services", "volumes", "secrets"} <= {"x-desk"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name: str) -> None:
    assert PINNED.match(SERVICES[name]["image"]), SERVICES[name]["image"]


def test_the_base_image_is_pinned() -> None:
    base = re.search(r"^ARG BASE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert base
    assert PINNED.match(base[1])
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${BASE}", "${BASE}"]


def test_the_image_runs_as_a_number_without_rights() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE
    for service in OURS.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
        assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_health_is_checked_and_ports_stay_on_the_machine(name: str) -> None:
    service = SERVICES[name]
    check = service["healthcheck"]
    assert check.get("disable") is True if name == "migrate" else check["test"][0] in {"CMD", "CMD-SHELL"}
    assert [port for port in service.get("ports", []) if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_and_secrets_are_declared(name: str) -> None:
    service = SERVICES[name]
    assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert set(service.get("depends_on", {})) <= set(SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_the_product_knows_every_variable(name: str) -> None:
    assert set(OURS[name]["environment"]) - settings_names() == set()


def test_no_secret_stands_in_a_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert re.findall(r"^\s*\w*(?:PASSWORD|SECRET|KEYS?|URL):\s*[^$\s/]\S*", text, re.MULTILINE) == []
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "secrets/" in ignored
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").startswith("*\n!")


def test_the_image_copies_every_room() -> None:
    copied = set(re.findall(r"^COPY (\S+) \./", DOCKERFILE, re.MULTILINE))
    assert {"busan_sns", "complaints", "channels_sns", "departments", "locale", "static", "templates"} <= copied
    allowed = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied <= allowed


def test_django_finds_nothing_to_warn_of_in_production(tmp_path: Path) -> None:
    """`check --deploy` with secrets by file, as the containers have them; warnings fail."""
    for name in ("secret_key", "field_keys"):
        (tmp_path / name).write_text(f"{name}-made-up-for-a-check-and-much-longer-than-fifty-characters-0123456789\n")
    environment = {
        "PATH": os.environ["PATH"],
        "DESK_PRODUCTION": "1",
        "DESK_VAR_DIR": str(tmp_path),
        "DESK_ALLOWED_HOSTS": "desk.example.org",
        "DESK_PUBLIC_URL": "https://desk.example.org",
        "SECRET_KEY_FILE": str(tmp_path / "secret_key"),
        "DESK_FIELD_KEYS_FILE": str(tmp_path / "field_keys"),
    }
    command = [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_production_refuses_made_up_secrets(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DESK_PRODUCTION": "1", "DESK_VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "SECRET_KEY and DESK_FIELD_KEYS are needed" in result.stderr
