"""A stranger's post sends us nowhere (R13)."""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from channels_sns import safe_fetch
from channels_sns.safe_fetch import FetchFailed, Refused, fetch, is_public
from tests.shared_material import shared

HOSTS = frozenset({"photos.example"})
Answer = Callable[[socket.socket], None]


class RawServer:
    """Answers every connection with bytes of its own making; counts the connections."""

    def __init__(self) -> None:
        self.answer: Answer = lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(peer,), daemon=True).start()

    def _one(self, peer: socket.socket) -> None:
        with peer:
            try:
                self.requests.append(peer.recv(65_536))
                self.answer(peer)
            except OSError:
                return

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def server() -> Iterator[RawServer]:
    running = RawServer()
    yield running
    running.listener.close()


def get(server: RawServer, path: str = "/a.jpg?x=1") -> bytes:
    return fetch(server.origin + path, allowed_hosts=HOSTS, own_origin=server.origin + "/main/x")


def test_the_accounts_own_origin_is_fetched(server: RawServer) -> None:
    assert get(server) == b"abc"
    request = server.requests[0].decode().lower()
    assert request.startswith("get /a.jpg?x=1 http/1.1")
    assert f"host: 127.0.0.1:{server.port}" in request
    assert "accept-encoding: identity" in request
    assert "cookie" not in request


@pytest.mark.parametrize(
    "url",
    [
        "http://photos.example/a.jpg",
        "https://photos.example:8443/a.jpg",
        "https://user@photos.example/a.jpg",
        "https://user:pw@photos.example/a.jpg",
        "https://photos.example.evil.test/a.jpg",
        "https://evilphotos.example/a.jpg",
        "https://photos.example\\@127.0.0.1/a.jpg",
        "https://photos.example /a.jpg",
        "https://[::1/a.jpg",
        "https://photos.example:x/a.jpg",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_of_the_wrong_shape_is_refused_unresolved(url: str) -> None:
    def nobody_asks(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(Refused):
        fetch(url, allowed_hosts=HOSTS, resolve=nobody_asks)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "192.0.2.1",
        "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.88.99.1", "240.0.0.1", "::", "::1", "::ffff:127.0.0.1",
        "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
        "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "ff02::1", "2001:db8::1", "no address",
    ],
)  # fmt: skip
def test_no_address_inside_counts_as_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(Refused, match="not public"):
        fetch(
            "https://photos.example/a.jpg", allowed_hosts=HOSTS, resolve=lambda host, port: ["93.184.216.34", address]
        )


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


def test_the_list_of_hostile_addresses_reaches_nobody(server: RawServer) -> None:
    """Every entry, as it is and as https on an allowed host name; a listener on loopback counts what arrives."""
    entries = json.loads(shared("corpora", "own", "ssrf-urls.json").read_text(encoding="utf-8"))
    refused = 0
    for entry in entries:
        for url in (entry["url"], entry["url"].replace("http://", "https://", 1)):
            host = _host(url)
            with pytest.raises(Refused):
                fetch(url, allowed_hosts=frozenset({host} if host else ()), own_origin=server.origin, resolve=_literal)
            refused += 1
    assert refused == 2 * len(entries) > 100
    assert server.requests == []


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _literal(host: str, port: int) -> list[str]:
    """Numeric hosts as the system reads them; every name leads to loopback, as a hostile resolver would have it."""
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)]
    except (OSError, UnicodeError):
        return ["127.0.0.1"]


def test_a_name_is_resolved_once_and_that_address_is_dialled(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    dialled: list[str] = []

    def note(parts: object, address: str, stop: object) -> tuple[bytes, None]:
        dialled.append(address)
        return b"x", None

    monkeypatch.setattr(safe_fetch, "_ask", note)
    fetch("https://photos.example/a.jpg", allowed_hosts=HOSTS, resolve=lambda host, port: next(answers))
    assert dialled == ["93.184.216.34"]


def redirecting(location: str) -> Answer:
    return lambda peer: peer.sendall(
        f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    )


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/latest", "file:///etc/passwd", "https://elsewhere.example/"]
)
def test_a_redirect_is_checked_like_the_first_address(server: RawServer, location: str) -> None:
    server.answer = redirecting(location)
    with pytest.raises(Refused):
        get(server)
    assert len(server.requests) == 1


def test_a_redirect_within_the_same_origin_is_followed_three_times_at_most(server: RawServer) -> None:
    server.answer = redirecting("/again")
    with pytest.raises(Refused, match="too many redirects"):
        get(server)
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_is_not_there_is_final(server: RawServer, status: int) -> None:
    server.answer = lambda peer: peer.sendall(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(Refused):
        get(server)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_a_broken_answer_is_worth_another_try(server: RawServer, answer: bytes) -> None:
    server.answer = lambda peer: peer.sendall(answer)
    with pytest.raises(FetchFailed):
        get(server)


def test_a_refused_connection_is_worth_another_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(FetchFailed):
        fetch(f"{origin}/a.jpg", allowed_hosts=HOSTS, own_origin=origin)


def test_an_unknown_name_is_worth_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchFailed):
        fetch("https://photos.example/a.jpg", allowed_hosts=HOSTS)


def endless(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        peer.sendall(b"x" * 1_000_000)


def test_ten_megabytes_are_enough(server: RawServer) -> None:
    server.answer = endless
    with pytest.raises(Refused, match="10 MB"):
        get(server)


def dripped_body(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _byte in range(100):
        peer.sendall(b"x")
        time.sleep(0.1)


def dripped_headers(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        peer.sendall(f"X-{number}: y\r\n".encode())
        time.sleep(0.1)


@pytest.mark.parametrize("answer", [dripped_body, dripped_headers, lambda peer: time.sleep(3)])
def test_the_clock_runs_from_the_first_byte_to_the_last(
    server: RawServer, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr(safe_fetch, "SECONDS", 0.5)
    server.answer = answer
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="took too long"):
        get(server)
    assert time.monotonic() - began < 2


def test_time_that_runs_out_before_the_connection_stands_still_ends_it(server: RawServer) -> None:
    server.answer = lambda peer: None
    stop = safe_fetch._Stop()
    stop.now()
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        stop.watch(sock)
        sock.settimeout(1)
        assert sock.recv(1) == b""


def test_https_checks_the_name_although_it_dials_the_address() -> None:
    origin = safe_fetch.origin_of(urlsplit("https://photos.example/a"))
    connection = safe_fetch._connection(origin, "93.184.216.34")
    assert (connection.host, connection.port) == ("93.184.216.34", 443)
    assert getattr(connection, "server_hostname", "") == getattr(connection, "assert_hostname", "") == "photos.example"


def test_the_transition_blocks_hold_for_every_address_in_them() -> None:
    for block in safe_fetch._TRANSITION:
        assert not is_public(str(ipaddress.ip_network(block)[1]))


# --- posting an alarm -------------------------------------------------------------------------------------------------


def test_a_post_goes_to_the_operators_own_address_only_if_he_said_that_it_is_inside(server: RawServer) -> None:
    safe_fetch.post(f"{server.origin}/hook?a=1", b"body", headers={"X-Key": "1"}, inside=True)
    (request,) = server.requests
    assert request.startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert b"X-Key: 1\r\n" in request
    for url in (
        f"{server.origin}/hook",
        "http://busan.example/",
        "https://busan.example:8443/",
        "https://u:p@x.example/",
    ):
        with pytest.raises(Refused):
            safe_fetch.post(url, b"body", headers={})
    with pytest.raises(Refused):
        safe_fetch.post("https://busan.example/", b"", headers={}, resolve=lambda _host, _port: ["10.0.0.1"])
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["302 Found\r\nLocation: http://127.0.0.1:1/", "500 Oops", "404 Gone"])
def test_a_post_follows_no_redirect_and_takes_no_refusal_for_done(server: RawServer, status: str) -> None:
    server.answer = lambda peer: peer.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(FetchFailed):
        safe_fetch.post(f"{server.origin}/hook", b"body", headers={}, inside=True)
    assert len(server.requests) == 1
