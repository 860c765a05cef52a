"""A Graph API that answers from a list: for what no sandbox can be brought to say, and to see what is really sent."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from channels_sns.adapters.contract import PostKind, ReplyTarget

PAGE = "1090"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TOKEN, SECRET = "EAA-canary-token", "canary-app-secret"
PROOF = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
GONE = {"error": {"message": "Object with ID '1' does not exist", "code": 100, "error_subcode": 33}}


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


class Answer(NamedTuple):
    body: Any
    status: int = 200
    headers: Mapping[str, str] = {}


class GraphStub:
    """`answers`: path below the version (with its method before it, unless GET) → answers in turn, the last for ever.

    What is not listed is an empty page.
    """

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self.url = ""

    def say(self, path: str, *bodies: Any) -> None:
        self.answers[path] = [body if isinstance(body, Answer) else Answer(body) for body in bodies]

    def calls(self, path: str) -> list[Asked]:
        return [call for call in self.asked if call.path.endswith(path)]

    def answer(self, call: Asked) -> Answer:
        self.asked.append(call)
        name = call.path.split("/", 2)[2]
        waiting = self.answers.get(name if call.method == "GET" else f"{call.method} {name}", [Answer({"data": []})])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


@contextmanager
def running_stub() -> Iterator[GraphStub]:
    stub = GraphStub()

    class Handler(BaseHTTPRequestHandler):
        def serve(self) -> None:
            address = urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(address.query))
            answer = stub.answer(Asked(self.command, address.path, query, dict(self.headers), content))
            body = answer.body.encode() if isinstance(answer.body, str) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = serve  # noqa: N815

        def log_message(self, *_words: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def wall(number: int, *, minutes: float = 1, author: str = "7", **more: Any) -> dict[str, Any]:
    """A visitor's post, `minutes` before NOW."""
    time = (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    post = {"id": f"{PAGE}_{number}", "message": f"민원 {number}", "created_time": time, "updated_time": time}
    return {**post, "from": {"id": author, "name": "홍길동"}, **more}


def comment(number: int, *, post: int = 1, parent: str = "", **more: Any) -> dict[str, Any]:
    item = {key: value for key, value in wall(number, **more).items() if key != "updated_time"}
    return {**item, "id": f"{post}_{number}", **({"parent": {"id": parent}} if parent else {})}


def target(kind: PostKind, external_id: str, **more: str) -> ReplyTarget:
    return ReplyTarget(external_id, kind=kind, **more)
