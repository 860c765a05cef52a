"""The citizens' side: the control page of a running sandbox, spoken to over HTTP like any other server."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests

SECONDS = 20


class TownClosed(Exception):
    """The sandbox does not answer, or not as a sandbox does."""


class Town:
    """One world of the sandbox at `address`."""

    def __init__(self, address: str, world: str = "demo", *, session: requests.Session | None = None) -> None:
        self._address, self._world = address.rstrip("/"), world
        self._session = session or requests.Session()
        self._session.trust_env = False

    def networks(self) -> list[str]:
        """The kinds of network that it speaks."""
        return [str(kind) for kind in self._ask("GET", "ready")["networks"]]

    def beside(self, world: str) -> Town:
        """Another world of the same sandbox: further accounts of the same city."""
        return Town(self._address, f"{self._world}-{world}", session=self._session)

    def begin(self) -> None:
        """Forget an earlier demo."""
        self._ask("POST", f"{self._world}/reset")

    def base_url(self, network: str) -> str:
        return f"{self._address}/{self._world}/{network}"

    def credentials(self, network: str) -> dict[str, str]:
        return dict(self._ask("GET", f"{self._world}/{network}/credentials"))

    def city_handle(self, network: str) -> str:
        return str(self._ask("GET", f"{self._world}/{network}/city")["handle"])

    def name_city(self, network: str, name: str) -> None:
        """What the city's account is called there."""
        self._ask("POST", f"{self._world}/{network}/city", {"name": name})

    def post(self, network: str, fields: Mapping[str, str], *, at: datetime, image: bytes = b"") -> str:
        """A citizen wrote at that time; the post's id."""
        body: dict[str, Any] = {**fields, "posted_at": at.isoformat()}
        if image:
            body["image_base64"] = base64.b64encode(image).decode()
        return str(self._ask("POST", f"{self._world}/{network}/citizen-post", body)["id"])

    def redate(self, network: str, post_id: str, *, at: datetime) -> None:
        """The city's reply, posted a moment ago, was posted at that time."""
        self._ask("POST", f"{self._world}/{network}/redate", {"id": post_id, "posted_at": at.isoformat()})

    def delete(self, network: str, post_id: str) -> None:
        self._ask("POST", f"{self._world}/{network}/delete", {"id": post_id})

    def push_to(self, network: str, url: str) -> None:
        """From now on the network sends there what citizens write."""
        self._ask("POST", f"{self._world}/{network}/settings", {"webhook_url": url})

    def close(self) -> None:
        self._session.close()

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            answer = self._session.request(method, f"{self._address}/control/{path}", json=body, timeout=SECONDS)
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            raise TownClosed(f"{self._address}: {error}") from error
