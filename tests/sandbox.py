"""The sandbox as a fixture: one real server per run, and a fresh world per test.

def test_something(world: World) -> None:
    post_id = world.citizen_post("x", "가로등이 꺼졌어요")
    adapter = XAdapter(base_url=world.base_url("x"), secrets=world.credentials("x"))
"""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

PROJECT_DIR = Path(__file__).resolve().parent.parent
START_SECONDS = 40


class World:
    """The test's hand in one world; `address` is the server's, e.g. http://127.0.0.1:40123."""

    def __init__(self, address: str, name: str) -> None:
        self.address, self.name = address, name
        self._session = requests.Session()

    def base_url(self, network: str) -> str:
        """What goes into Account.base_url."""
        return f"{self.address}/{self.name}/{network}"

    def page_url(self, network: str) -> str:
        """The citizens' page."""
        return f"{self.base_url(network)}/"

    def credentials(self, network: str) -> dict[str, str]:
        return dict(self.ask(network, "credentials"))

    def oauth2_credentials(self) -> dict[str, str]:
        """X's other way to log in: client_id, client_secret, access_token, refresh_token."""
        return dict(self.ask("x", "credentials?set=oauth2"))

    def city(self, network: str) -> dict[str, str]:
        """The city's own account: id, handle, name."""
        return dict(self.ask(network, "city"))

    def citizen_post(
        self,
        network: str,
        text: str,
        *,
        handle: str = "citizen",
        name: str = "",
        in_reply_to: str = "",
        image: bytes = b"",
        **more: Any,
    ) -> str:
        """A citizen writes (the mention is put in as the page does it, unless mention=False); the new post's id."""
        body = {"text": text, "handle": handle, "name": name, "in_reply_to": in_reply_to, **more}
        if image:
            body["image_base64"] = base64.b64encode(image).decode()
        return str(self.tell(network, "citizen-post", **body)["id"])

    def city_post(self, network: str, text: str, *, in_reply_to: str = "") -> str:
        """The city writes by hand, past the API."""
        return str(self.tell(network, "city-post", text=text, in_reply_to=in_reply_to)["id"])

    def edit(self, network: str, post_id: str, text: str) -> str:
        return str(self.tell(network, "edit", id=post_id, text=text)["id"])

    def delete(self, network: str, post_id: str) -> None:
        self.tell(network, "delete", id=post_id)

    def burst(self, network: str, count: int, text: str = "{n}번째 민원입니다") -> list[str]:
        """Many posts of many citizens at once; their ids, oldest first."""
        return list(self.tell(network, "burst", count=count, text=text)["ids"])

    def raw(self, network: str, items: Sequence[str | bytes]) -> list[str]:
        """Poison items, served byte for byte among the others."""
        encoded = [
            base64.b64encode(item.encode("utf-8", "surrogatepass") if isinstance(item, str) else item).decode()
            for item in items
        ]
        return list(self.tell(network, "raw", items_base64=encoded)["ids"])

    def posts(self, network: str) -> list[dict[str, Any]]:
        """Everything that was ever stored, oldest first: id, author, is_city, text, parent, deleted …"""
        return list(self.ask(network, "posts"))

    def replies(self, network: str, post_id: str) -> list[dict[str, Any]]:
        """The city's standing answers to one post."""
        return [
            post
            for post in self.posts(network)
            if post["is_city"] and post["parent"] == post_id and not post["deleted"]
        ]

    def fault(self, network: str, name: str, *, times: int | None = 1, **params: Any) -> None:
        """Switch a fault on; times=None: until `no_faults`. Parameters: see channels_sns/sandbox/faults.py."""
        self.tell(network, "faults", name=name, times=None if name == "readback_lag" else times, **params)

    def no_faults(self, network: str) -> None:
        self._control("DELETE", f"{network}/faults")

    def settings(self, network: str, **values: Any) -> None:
        """E.g. summon_rule=False, idempotency=False, limits={"POST tweets": [3, 60]}."""
        self.tell(network, "settings", **values)

    def calls(self, network: str = "") -> list[dict[str, Any]]:
        """Every API request so far: method, path, status (0: cut), fault."""
        rows: list[dict[str, Any]] = self._control("GET", "calls")
        return [row for row in rows if network in ("", row["network"])]

    def ask(self, network: str, action: str) -> Any:
        return self._control("GET", f"{network}/{action}")

    def tell(self, network: str, action: str, **body: Any) -> Any:
        return self._control("POST", f"{network}/{action}", body)

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._session.request(method, f"{self.address}/control/{self.name}/{path}", json=body, timeout=60)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def close(self) -> None:
        self._session.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{address}/control/ready", timeout=2).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise RuntimeError(f"the sandbox did not start ({process.poll()})")


@contextmanager
def running_sandbox(data: Path) -> Iterator[str]:
    """A sandbox of its own, its database in `data`; the address."""
    port = free_port()
    command = [sys.executable, "-m", "channels_sns.sandbox", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, cwd=PROJECT_DIR)
    try:
        _wait(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running sandbox."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as address:
        yield address


@pytest.fixture
def world(sandbox: str) -> Iterator[World]:
    """A world of this test alone."""
    fresh = World(sandbox, f"w{uuid.uuid4().hex[:12]}")
    yield fresh
    fresh.close()
