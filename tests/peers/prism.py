"""prism between an adapter and the sandbox: it holds both to a description that neither of them wrote."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from channels_sns.adapters import api
from channels_sns.adapters.http import Response
from tests.peers.install import PRISM
from tests.peers.running import required, running
from tests.sandbox import World, free_port


@contextmanager
def described(spec: dict[str, Any], *, sandbox: str, network: str, folder: Path) -> Iterator[tuple[World, str]]:
    """A fresh world of the sandbox, and the address of a prism in front of its network."""
    program, file, port = required(PRISM), folder / "openapi.json", free_port()
    world = World(sandbox, f"w{uuid.uuid4().hex[:12]}")
    file.write_text(json.dumps(spec))
    command = [str(program), "proxy", "-h", "127.0.0.1", "-p", str(port), str(file), world.base_url(network)]
    with running(command, ready=f"http://127.0.0.1:{port}/", folder=folder):
        yield world, f"http://127.0.0.1:{port}"
    world.close()


def watched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What prism finds fault with, answer by answer."""
    found: list[Any] = []
    original = api.Api._data

    def watching(self: api.Api, response: Response, *, writing: bool) -> Any:
        found.extend(json.loads(response.headers.get("sl-violations", "[]")))
        return original(self, response, writing=writing)

    monkeypatch.setattr(api.Api, "_data", watching)
    return found
