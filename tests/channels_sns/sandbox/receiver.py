"""A small web server of the test: it keeps what networks send it and answers as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

WAIT_SECONDS = 10


@dataclass(frozen=True)
class Request:
    """One request as it came; header names in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


Answer = tuple[int, bytes]


@dataclass
class Receiver:
    """`answers` gives the answer to a request; `requests` is what came so far."""

    url: str
    answers: Callable[[Request], Answer]
    requests: list[Request] = field(default_factory=list)

    def waited(self, count: int) -> list[Request]:
        """The posted requests, as soon as there are `count` of them."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.posted()) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.posted()) >= count, f"{len(self.posted())} of {count} deliveries came"
        return self.posted()

    def posted(self) -> list[Request]:
        return [request for request in self.requests if request.method == "POST"]


@contextmanager
def receiving(answers: Callable[[Request], Answer]) -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
            receiver.requests.append(request)
            status, content = receiver.answers(request)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _handle  # noqa: N815 - the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook", answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
