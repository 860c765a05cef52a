"""What the networks send by themselves: to loopback addresses only, with a bounded wait, and kept to be looked at.

A log of what was sent lives in this one process, as the rate windows do.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECONDS = 5.0
#: How much of an answer is kept.
SHOWN_BYTES = 100_000


class NotLoopback(ValueError):
    """The sandbox calls nobody outside this machine."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery and what came of it; status 0: no answer in time, or nobody there."""

    url: str
    body: str
    status: int
    answer: str


_lock = threading.Lock()
_log: dict[tuple[str, str], list[Sent]] = {}
_waiting: dict[tuple[str, str], list[Any]] = {}


def checked(url: str) -> str:
    """`url`, if it leads to this machine."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname not in LOOPBACK:
        raise NotLoopback(f"not an address on this machine: {url}")
    return url


def ask(url: str, params: Mapping[str, str]) -> tuple[int, str]:
    """GET, as networks do when a webhook is registered."""
    return _request("GET", url, params=params)


def send(key: tuple[str, str], url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Sent:
    """POST and wait for the answer. `key` is world and network."""
    status, answer = _request("POST", url, data=body, headers=headers, seconds=seconds)
    sent = Sent(url, body.decode("utf-8", "replace"), status, answer)
    with _lock:
        _log.setdefault(key, []).append(sent)
    return sent


def deliver(key: tuple[str, str], url: str, body: bytes, headers: Mapping[str, str], *, times: int = 1) -> None:
    """POST in a thread of its own, `times` over with the very same bytes."""

    def run() -> None:
        for _turn in range(times):
            send(key, url, body, headers)

    threading.Thread(target=run, daemon=True, name=f"push {key[1]}").start()


def collect(key: tuple[str, str], item: Any, size: int) -> list[Any]:
    """Hold `item` until there are `size` of them; then all of them."""
    with _lock:
        waiting = _waiting.setdefault(key, [])
        waiting.append(item)
        return _waiting.pop(key) if len(waiting) >= size else []


def sent(key: tuple[str, str]) -> list[dict[str, Any]]:
    with _lock:
        return [asdict(item) for item in _log.get(key, [])]


def forget(world: str) -> None:
    with _lock:
        for kept in (_log, _waiting):
            for key in [key for key in kept if key[0] == world]:
                kept.pop(key)


def _request(
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> tuple[int, str]:
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.request(
                method,
                checked(url),
                params=params,
                data=data,
                headers=headers,
                timeout=(1, seconds),
                allow_redirects=False,
            )
        except (NotLoopback, requests.RequestException) as error:
            return 0, str(error)
        return answer.status_code, answer.content[:SHOWN_BYTES].decode("utf-8", "replace")
