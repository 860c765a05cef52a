"""A Bluesky of its own, of the network's published services, and the hands of its two people on it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from tests.peers.install import BLUESKY
from tests.peers.mastodon_journey import wait_for
from tests.peers.running import required, running
from tests.sandbox import free_port
from tests.services import own_folder, postgres_programs, running_postgres, running_redis

NETWORK = Path(__file__).with_name("bluesky_network.cjs")
COLLECTION = "app.bsky.feed.post"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a session at the network's own server (PDS)."""

    address: str
    did: str
    token: str

    def call(self, method: str, name: str, **parts: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(method, f"{self.address}/xrpc/{name}", headers=headers, timeout=20, **parts)

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        answer = self.call("GET", name, params=params)
        assert answer.ok, f"{name}: {answer.status_code} {answer.text[:300]}"
        return dict(answer.json())

    def put(self, text: str, **more: Any) -> requests.Response:
        """A post as it is, without any help of ours."""
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": COLLECTION, "text": text, "createdAt": stamp, "langs": ["ko"], **more}
        body = {"repo": self.did, "collection": COLLECTION, "record": record}
        return self.call("POST", "com.atproto.repo.createRecord", json=body)

    def writes(self, text: str, *, mentions: str = "", under: dict[str, Any] | None = None) -> dict[str, str]:
        """A post; with `mentions`, a DID, its first word is a mention with a facet. Its uri and cid."""
        more: dict[str, Any] = {"reply": {"root": under, "parent": under}} if under else {}
        if mentions:
            place = {"byteStart": 0, "byteEnd": len(text.split(maxsplit=1)[0].encode())}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mentions}
            more["facets"] = [{"index": place, "features": [feature]}]
        answer = self.put(text, **more)
        assert answer.ok, answer.text[:300]
        return {"uri": answer.json()["uri"], "cid": answer.json()["cid"]}

    def deletes(self, uri: str) -> None:
        key = {"repo": self.did, "collection": COLLECTION, "rkey": uri.rpartition("/")[2]}
        assert self.call("POST", "com.atproto.repo.deleteRecord", json=key).ok


@dataclass(frozen=True, slots=True)
class Bluesky:
    """A running network. `app_password`: the city's, as it would be typed on the desk."""

    port: int
    city: Person
    citizen: Person
    app_password: str

    def answers(self, uri: str) -> list[dict[str, Any]]:
        """The city's posts right under a post, as the citizen sees them."""
        thread = self.citizen.ask("app.bsky.feed.getPostThread", uri=uri, depth=2)["thread"]
        below = [node["post"] for node in thread.get("replies", [])]
        return [post for post in below if post["author"]["did"] == self.city.did]


@contextlib.contextmanager
def running_bluesky() -> Iterator[Bluesky]:
    """PostgreSQL, Redis, then the network's services: about a quarter of a minute until it stands."""
    required(BLUESKY)
    programs = postgres_programs()
    assert programs is not None, "apt-get install postgresql"
    with running_postgres(programs) as postgres, running_redis() as memory, own_folder("bluesky") as folder:
        ports = {f"{name}_PORT": str(free_port()) for name in ("PLC", "PDS", "APPVIEW", "OZONE")}
        ready, address = folder / "ready", f"http://127.0.0.1:{ports['PDS_PORT']}"
        more = {
            "DB_POSTGRES_URL": postgres.url,
            "REDIS_HOST": f"127.0.0.1:{memory.port}",
            "HOME_OF_PACKAGES": str(BLUESKY.parents[3]),
            "READY": str(ready),
            "LOG_ENABLED": "false",
            "NODE_ENV": "test",
        }
        command = [shutil.which("node") or "node", "--dns-result-order=ipv4first", str(NETWORK)]
        environment = {**os.environ, **ports, **more}
        with running(command, ready=f"{address}/xrpc/_health", folder=folder, environment=environment):
            wait_for(ready.exists, seconds=60)
            yield _opened(address)


def _opened(address: str) -> Bluesky:
    city, citizen = (_person(address, name) for name in ("city", "citizen"))
    made = city.call("POST", "com.atproto.server.createAppPassword", json={"name": "desk"})
    return Bluesky(int(address.rpartition(":")[2]), city, citizen, made.json()["password"])


def _person(address: str, name: str) -> Person:
    who = {"identifier": f"{name}.test", "password": f"{name}-pass"}
    answer = requests.post(f"{address}/xrpc/com.atproto.server.createSession", json=who, timeout=20).json()
    return Person(address, answer["did"], answer["accessJwt"])
