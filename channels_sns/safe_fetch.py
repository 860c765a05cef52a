"""Fetching a photo from an address that a stranger's post named, without being sent anywhere else (R13).

Host allowlist of the network → https on port 443 without user info → every resolved address public → connect to that
very address (the name is not resolved twice) → at most three redirects, each checked again → 15 s, 10 MB, as served.
An address on the account's own base origin is fetched as it is: the operator typed that origin (the sandbox, a city's
own server). Only the exact scheme, host and port count.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3

SECONDS = 15.0
BYTES_MAX = 10_000_000
REDIRECTS_MAX = 3

#: Ranges that `ipaddress` calls global although they lead elsewhere: transition and translation blocks.
_TRANSITION = tuple(
    ipaddress.ip_network(block)
    for block in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "fec0::/10",
        "192.88.99.0/24",
    )
)

Resolve = Callable[[str, int], list[str]]


class Refused(Exception):
    """The address is not one we fetch from; final."""


class FetchFailed(Exception):
    """The other side did not deliver; worth another try."""


@dataclass(frozen=True, slots=True)
class Origin:
    scheme: str
    host: str
    port: int


def fetch(url: str, *, allowed_hosts: frozenset[str], own_origin: str = "", resolve: Resolve | None = None) -> bytes:
    """The bytes behind `url`. Raises Refused or FetchFailed; ends within SECONDS whatever the other side does."""
    trusted = origin_of(_split(own_origin)) if own_origin else None
    stop = _Stop()
    timer = threading.Timer(SECONDS, stop.now)
    timer.daemon = True
    timer.start()
    try:
        for _hop in range(REDIRECTS_MAX + 1):
            target, address = _check(url, allowed_hosts, trusted, resolve or _resolve)
            body, location = _ask(target, address, stop)
            if location is None:
                return body
            url = urljoin(url, location)
        raise Refused("too many redirects")
    finally:
        timer.cancel()


def post(
    url: str, body: bytes, *, headers: dict[str, str], inside: bool = False, resolve: Resolve | None = None
) -> None:
    """Give `body` to the address that the operator set; no redirect is followed, of the answer only the status counts.

    By the same rules; `inside`: the very origin of the address may be the city's own network. Raises Refused,
    FetchFailed; ends within SECONDS."""
    parts = _split(url)
    stop = _Stop()
    timer = threading.Timer(SECONDS, stop.now)
    timer.daemon = True
    timer.start()
    try:
        trusted, host = origin_of(parts) if inside else None, (parts.hostname or "").lower()
        target, address = _check(url, frozenset({host}), trusted, resolve or _resolve)
        _ask(target, address, stop, method="POST", body=body, headers=headers)
    finally:
        timer.cancel()


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        raise Refused(f"not an address: {error}") from error
    return parts


def origin_of(parts: SplitResult) -> Origin:
    """Scheme, host and port, with the scheme's usual port filled in."""
    return Origin(
        parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or {"http": 80}.get(parts.scheme.lower(), 443)
    )


def _check(
    url: str, allowed_hosts: frozenset[str], trusted: Origin | None, resolve: Resolve
) -> tuple[SplitResult, str]:
    """The address taken apart and the one IP address to connect to. Raises Refused."""
    if any(ord(char) <= 32 or ord(char) == 127 or char == "\\" for char in url):
        raise Refused("the address holds spaces, controls or a backslash")
    parts = _split(url)
    origin = origin_of(parts)
    if parts.username is not None or parts.password is not None:
        raise Refused("the address holds a user name")
    if origin == trusted:
        return parts, resolve(origin.host, origin.port)[0]
    if origin.scheme != "https" or origin.port != 443:
        raise Refused("only https on port 443")
    if not _host_allowed(origin.host, allowed_hosts):
        raise Refused("not a host of this network")
    addresses = resolve(origin.host, origin.port)
    for address in addresses:
        if not is_public(address):
            raise Refused("the host leads to an address that is not public")
    return parts, addresses[0]


def _host_allowed(host: str, allowed: frozenset[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in allowed)


def is_public(address: str) -> bool:
    """A global unicast address outside every transition block."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip in block for block in _TRANSITION if block.version == ip.version)


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"the host is not found: {error}") from error
    return [str(entry[4][0]) for entry in found]


class _Stop:
    """Ends whatever connection is open when the time is over."""

    def __init__(self) -> None:
        self.over = False
        self.sock: socket.socket | None = None

    def now(self) -> None:
        self.over = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # already closed: that is what was wanted
                return

    def watch(self, sock: socket.socket) -> None:
        self.sock = sock
        if self.over:
            self.now()


def _ask(
    parts: SplitResult,
    address: str,
    stop: _Stop,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[bytes, str | None]:
    """(body, None) or (b"", Location); of a POST nothing but whether it was taken."""
    connection = _connection(origin_of(parts), address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        stop.watch(connection.sock)
        connection.request(
            method,
            path,
            body=body,
            headers={"Host": parts.netloc, "Accept-Encoding": "identity", "Connection": "close", **(headers or {})},
            preload_content=False,
        )
        response = connection.getresponse()
        answer = _read(response) if method == "GET" else _taken(response)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise FetchFailed("took too long" if stop.over else f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if stop.over:  # headers cut short by the clock look like headers that ended
        raise FetchFailed("took too long")
    return answer


def _connection(origin: Origin, address: str) -> urllib3.connection.HTTPConnection:
    if origin.scheme == "https":
        return urllib3.connection.HTTPSConnection(
            address,
            origin.port,
            timeout=5,
            server_hostname=origin.host,
            assert_hostname=origin.host,
            cert_reqs="CERT_REQUIRED",
        )
    return urllib3.connection.HTTPConnection(address, origin.port, timeout=5)


def _taken(response: urllib3.HTTPResponse) -> tuple[bytes, None]:
    if not 200 <= response.status < 300:
        raise FetchFailed(f"HTTP {response.status}")
    return b"", None


def _read(response: urllib3.HTTPResponse) -> tuple[bytes, str | None]:
    if response.status in {301, 302, 303, 307, 308}:
        return b"", response.headers.get("Location", "")
    if response.status in {404, 410, 403}:
        raise Refused(f"HTTP {response.status}")
    if response.status != 200:
        raise FetchFailed(f"HTTP {response.status}")
    body = bytearray()
    while chunk := response.read(65_536, decode_content=False):
        body += chunk
        if len(body) > BYTES_MAX:
            raise Refused("larger than 10 MB")
    expected = response.headers.get("Content-Length")
    if expected is not None and expected.isdigit() and int(expected) != len(body):
        raise FetchFailed("cut short")
    return bytes(body), None
