"""One careful HTTP client for every adapter.

The clock runs over the whole call, header phase and dripped bodies included; bodies are capped; no redirect is
followed, no proxy or password file of the environment is used, no connection is kept (a reused one may be reset: the
post on it would be unsure without need). What went wrong is told apart by what can have happened: nothing left
(Transient), or the request may have been carried out (OutcomeUnknown, for writes).
"""

from __future__ import annotations

import json
import math
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from channels_sns.adapters.contract import ChannelError, OutcomeUnknown, Transient

SECONDS = 15.0
BODY_MAX = 5_000_000
EXCERPT = 2_000

_current = threading.local()


class NotJson(ValueError):
    """The body is not the JSON it should be."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: `headers` with lower-case names, `body` at most BODY_MAX bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as strict JSON (UTF-8, no NaN); ids too long for other languages stay exact. Raises NotJson."""
        return strict_json(self.body)

    def excerpt(self) -> str:
        """The beginning of the body for people and logs."""
        return self.body[:EXCERPT].decode("utf-8", "replace").replace("\x00", "")


def strict_json(body: bytes) -> Any:
    """`body` decoded once. Raises NotJson, also for NaN, nesting without end and numbers without end."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotJson(f"{type(error).__name__}: {error}"[:200]) from error


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("a number without end")
    return value


class _Deadline:
    """Shuts down the call's connection when its time is over, whatever phase it is in."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self.connected = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def watch(self, sock: socket.socket) -> None:
        self.connected, self._socket = True, sock
        if self.over:
            self._end()

    def _end(self) -> None:
        self.over = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:  # closed meanwhile: that is what was wanted
                return

    @contextmanager
    def running(self) -> Iterator[_Deadline]:
        _current.deadline = self
        self._timer.start()
        try:
            yield self
        finally:
            self._timer.cancel()
            _current.deadline = None


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _current.deadline.watch(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _current.deadline.watch(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Transport(HTTPAdapter):
    """requests' transport on connections that the deadline knows."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Http:
    """The client. `seconds`: for one call in all."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self.seconds = seconds

    def get(self, url: str, *, auth: AuthBase | None = None, **parts: Any) -> Response:
        """A read. Raises Transient if no complete answer came."""
        return self._call("GET", url, auth=auth, writing=False, **parts)

    def write(self, method: str, url: str, *, auth: AuthBase | None = None, **parts: Any) -> Response:
        """A write. Raises Transient if surely nothing left, OutcomeUnknown if it may have been carried out."""
        return self._call(method, url, auth=auth, writing=True, **parts)

    def _call(self, method: str, url: str, *, auth: AuthBase | None, writing: bool, **parts: Any) -> Response:
        headers = {"Accept": "application/json", "Connection": "close", **parts.pop("headers", {})}
        with requests.Session() as session, _Deadline(self.seconds).running() as deadline:
            session.trust_env = False
            session.mount("http://", _Transport())
            session.mount("https://", _Transport())
            try:
                answer = session.request(
                    method,
                    url,
                    auth=auth,
                    headers=headers,
                    timeout=self.seconds,
                    allow_redirects=False,
                    stream=True,
                    **parts,
                )
                response = Response(answer.status_code, _lower(answer.headers), _read(answer))
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise _failure(error, deadline, writing=writing) from None
            if deadline.over:
                raise _failure(TimeoutError(), deadline, writing=writing)
            return response


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _read(answer: requests.Response) -> bytes:
    """The body, decompressed, up to BODY_MAX; a longer one counts as broken."""
    body = bytearray()
    for chunk in answer.iter_content(65_536):
        body += chunk
        if len(body) > BODY_MAX:
            raise requests.exceptions.ContentDecodingError("the body is larger than 5 MB")
    return bytes(body)


def _failure(error: Exception, deadline: _Deadline, *, writing: bool) -> ChannelError:
    """Without the address: tokens may stand in it."""
    words = "took too long" if deadline.over else type(error).__name__
    if writing and deadline.connected:
        return OutcomeUnknown(words)
    return Transient(words)
