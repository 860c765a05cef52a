"""The catalogue of faults, and how each of them spoils one request.

`on` (a parameter of every fault) says which requests it strikes: publish (creates a post), write (any change), read,
any.
`path` (optional) narrows it to addresses that contain this text.
"""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox import store
from channels_sns.sandbox.models import Fault

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from channels_sns.sandbox.calls import ApiCall

Serve = Callable[[], HttpResponse]
On = Literal["publish", "write", "read", "any", "never"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One fault of the catalogue: `apply(call, params, serve)` gives the spoilt answer."""

    label: StrPromise
    on: On
    apply: Callable[[ApiCall, dict[str, Any], Serve], HttpResponseBase]
    defaults: dict[str, Any] = field(default_factory=dict)


class Cut(StreamingHttpResponse):
    """No answer: the connection is reset (RST), so the client never learns what happened."""

    def __init__(self, call: ApiCall) -> None:
        super().__init__(self._cut(call.request.META.get("gunicorn.socket")))

    @staticmethod
    def _cut(connection: socket.socket | None) -> Iterator[bytes]:
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        yield _reset()


def _reset() -> bytes:
    """For gunicorn: the client is gone, close and say nothing."""
    raise ConnectionResetError(errno.ECONNRESET, "cut by a fault")


def strike(call: ApiCall, serve: Serve) -> tuple[HttpResponseBase, str]:
    """Serve the request, spoilt by the first switched-on fault that meets it; and that fault's name."""
    for fault in Fault.objects.filter(world=call.world, network=call.dialect.kind).exclude(remaining=0).order_by("pk"):
        kind = CATALOGUE.get(fault.name)
        if kind and _meets(call, {"on": kind.on, **fault.params}) and store.use_up(fault):
            return kind.apply(call, {**kind.defaults, **fault.params}, serve), fault.name
    return serve(), ""


def _meets(call: ApiCall, params: dict[str, Any]) -> bool:
    reading = call.method in ("GET", "HEAD")
    wanted = {"publish": call.publishes, "write": not reading, "read": reading, "any": True}
    return wanted.get(str(params["on"]), False) and str(params.get("path", "")) in call.request.path


def _delay_after_store(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    response = serve()
    time.sleep(float(params["seconds"]))
    return response


def _blackhole(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    """The request is held and executed late, when the client has long given up."""
    time.sleep(float(params["seconds"]))
    return serve()


def _drop_after_store(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    serve()
    return Cut(call)


def _drop_before_store(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    return Cut(call)


def _status(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    """Any status. `after_store`: the work was done all the same. `body`: json (the network's), html, empty, a text."""
    if params["after_store"]:
        serve()
    code, body = int(params["code"]), params["body"]
    if body == "json":
        return call.refuse(call.dialect.error(code, "Service Unavailable" if code == 503 else "Something went wrong."))
    text = {"html": HTML, "empty": ""}.get(str(body), str(body))
    return HttpResponse(text, status=code, content_type="text/html; charset=utf-8")


def _refusal(name: str) -> Callable[[ApiCall, dict[str, Any], Serve], HttpResponseBase]:
    def apply(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
        if params.get("after_store"):
            serve()
        return call.refuse(call.dialect.refusal(name, call))

    return apply


def _rate_limited(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    """The network's own 429; `headers` are added or replace its headers (a Retry-After of any style)."""
    response = call.refuse(call.dialect.refusal("rate_limited", call))
    for name, value in params.get("headers", {}).items():
        response[name] = str(value)
    return response


def _html_200(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    serve()
    return HttpResponse(HTML)


def _truncated_json(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    response = serve()
    response.content = response.content[: len(response.content) // 2]
    return response


def _no_id_201(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    return HttpResponse(b"{}", status=min(serve().status_code, 201), content_type=call.dialect.content_type)


def _wrong_content_type(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    response = serve()
    response["Content-Type"] = params["type"]
    return response


def _big_body(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    """The answer, followed by white space up to `size` bytes."""
    response = serve()
    blank = b" " * 65536

    def body() -> Iterator[bytes]:
        yield response.content
        for _blank in range(int(params["size"]) // len(blank) + 1):
            yield blank

    return _streamed(response, body())


def _slow_drip(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    """The answer one byte at a time, `seconds` apart."""
    response = serve()

    def body() -> Iterator[bytes]:
        for byte in response.content:
            yield bytes([byte])
            time.sleep(float(params["seconds"]))

    return _streamed(response, body())


def _streamed(response: HttpResponse, body: Iterator[bytes]) -> StreamingHttpResponse:
    streamed = StreamingHttpResponse(body, status=response.status_code)
    for name, value in response.items():
        streamed[name] = value
    return streamed


def _nothing(call: ApiCall, params: dict[str, Any], serve: Serve) -> HttpResponseBase:
    return serve()


HTML = "<!doctype html><title>Over capacity</title><h1>Something is technically wrong.</h1>"

CATALOGUE: dict[str, Kind] = {
    "drop_after_store": Kind(_("Connection lost after the post was stored"), "publish", _drop_after_store),
    "drop_before_store": Kind(_("Connection lost before the post was stored"), "publish", _drop_before_store),
    "delay_after_store": Kind(_("Answer comes late"), "publish", _delay_after_store, {"seconds": 20}),
    "blackhole": Kind(_("Request is held and carried out late"), "publish", _blackhole, {"seconds": 20}),
    "status": Kind(_("Server error"), "any", _status, {"code": 503, "body": "json", "after_store": False}),
    "rate_limited": Kind(_("Too many requests"), "any", _rate_limited),
    "unauthorized": Kind(_("Token refused"), "any", _refusal("unauthorized")),
    "duplicate_refusal": Kind(_("Refused as a duplicate"), "publish", _refusal("duplicate_refusal")),
    "target_gone": Kind(_("Refused: the post is gone"), "publish", _refusal("target_gone")),
    "not_summoned": Kind(_("Refused: replies not allowed"), "publish", _refusal("not_summoned")),
    "readback_lag": Kind(_("Own posts show up late"), "never", _nothing, {"seconds": 10}),
    "html_200": Kind(_("A web page instead of data"), "any", _html_200),
    "truncated_json": Kind(_("Answer cut in half"), "any", _truncated_json),
    "no_id_201": Kind(_("Success without an id"), "publish", _no_id_201),
    "big_body": Kind(_("Endless answer"), "any", _big_body, {"size": 50_000_000}),
    "slow_drip": Kind(_("Answer byte by byte"), "any", _slow_drip, {"seconds": 0.5}),
    "wrong_content_type": Kind(_("Wrong content type"), "any", _wrong_content_type, {"type": "text/plain"}),
}
