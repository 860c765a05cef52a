"""docker-compose.yml as the tests read it."""

from __future__ import annotations

from typing import Any

import yaml

from tests.house.source import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
#: The services that run this project's image.
OURS = {name: service for name, service in SERVICES.items() if "toktok-busan-desk" in service["image"]}
