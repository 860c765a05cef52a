"""One API request from the door to the answer: faults, the dialect's handler, its refusals, the log."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import URLPattern, path, re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from channels_sns.sandbox import faults, store
from channels_sns.sandbox.models import Call, World

if TYPE_CHECKING:
    from channels_sns.sandbox.dialects.base import Dialect


class Handler(Protocol):
    def __call__(self, call: ApiCall, /, **arguments: str) -> HttpResponse: ...


class ApiError(Exception):
    """A refusal in the network's own words; `payload` is JSON, or text that is sent as it is."""

    def __init__(
        self, status: int, payload: Any, headers: Mapping[str, str] | None = None, content_type: str = ""
    ) -> None:
        super().__init__(status)
        self.status, self.payload, self.headers, self.content_type = status, payload, dict(headers or {}), content_type


class Verbatim:
    """Bytes that stand in a payload and are written into the JSON untouched, valid or not."""

    def __init__(self, raw: bytes) -> None:
        self.raw = bytes(raw)


def dump(payload: Any) -> bytes:
    """`payload` as JSON; each Verbatim in its place as it is."""
    raws: dict[str, bytes] = {}

    def mark(value: Any) -> str:
        if not isinstance(value, Verbatim):
            raise TypeError(type(value))
        token = secrets.token_hex(16)
        raws[token] = value.raw
        return token

    body = json.dumps(payload, ensure_ascii=False, default=mark).encode()
    for token, raw in raws.items():
        body = body.replace(f'"{token}"'.encode(), raw)
    return body


class ApiCall:
    """One request to a dialect. `publishes`: it would create a post; `headers` go out with the answer."""

    def __init__(self, request: HttpRequest, *, world: World, dialect: Dialect, publishes: bool, pattern: str) -> None:
        self.request, self.world, self.dialect, self.publishes, self.pattern = (
            request,
            world,
            dialect,
            publishes,
            pattern,
        )
        self.now: datetime = timezone.now()
        self.headers: dict[str, str] = {}

    @property
    def method(self) -> str:
        return self.request.method or "GET"

    @property
    def query(self) -> QueryDict:
        return self.request.GET

    @property
    def base_url(self) -> str:
        """Absolute address of this world's network, without a slash at the end."""
        return self.request.build_absolute_uri(f"/{self.world.name}/{self.dialect.kind}")

    def setting(self, name: str, default: Any = None) -> Any:
        return self.world.setting(self.dialect.kind, name, default)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises the dialect's 400 otherwise."""
        try:
            body = json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise self.dialect.error(400, "The request body is not valid JSON.") from error
        if not isinstance(body, dict):
            raise self.dialect.error(400, "The request body is not a JSON object.")
        return body

    def form(self) -> QueryDict:
        return self.request.POST

    def reply(
        self, payload: Any, *, status: int = 200, headers: Mapping[str, str] | None = None, content_type: str = ""
    ) -> HttpResponse:
        body = payload.encode() if isinstance(payload, str) else dump(payload)
        default = "text/html; charset=utf-8" if isinstance(payload, str) else self.dialect.content_type
        response = HttpResponse(body, status=status, content_type=content_type or default)
        for name, value in {**self.headers, **(headers or {})}.items():
            response[name] = value
        return response

    def refuse(self, error: ApiError) -> HttpResponse:
        return self.reply(error.payload, status=error.status, headers=error.headers, content_type=error.content_type)


def endpoint(
    dialect: Dialect,
    pattern: str,
    *,
    publishes: bool = False,
    regex: bool = False,
    **methods: Callable[..., HttpResponse],
) -> URLPattern:
    """One address of the dialect, a handler per method: endpoint(self, "2/tweets", GET=lookup, POST=create)."""

    @csrf_exempt
    def view(request: HttpRequest, world: str, **arguments: str) -> HttpResponseBase:
        method = request.method or "GET"
        place = store.world_named(world)
        call = ApiCall(request, world=place, dialect=dialect, publishes=False, pattern=pattern)
        call.publishes = publishes and method in ("POST", "PUT") and dialect.publishes(call)
        return answer(call, methods.get(method), arguments)

    return (re_path if regex else path)(pattern, view)


def answer(
    call: ApiCall, handler: Callable[..., HttpResponse] | None, arguments: Mapping[str, str]
) -> HttpResponseBase:
    """What goes back, through whatever fault is switched on."""

    def serve() -> HttpResponse:
        try:
            if handler is None:
                raise call.dialect.error(
                    405 if call.method != "GET" else 404, "Method Not Allowed" if call.method != "GET" else "Not Found"
                )
            call.dialect.admit(call)
            return handler(call, **arguments)
        except ApiError as error:
            return call.refuse(error)

    response, fault = faults.strike(call, serve)
    Call.objects.create(
        world=call.world,
        network=call.dialect.kind,
        method=call.method,
        path=call.request.get_full_path(),
        status=0 if isinstance(response, faults.Cut) else response.status_code,
        fault=fault,
        at=call.now,
    )
    return response
