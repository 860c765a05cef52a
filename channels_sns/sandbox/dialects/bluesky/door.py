"""Sessions, their tokens, and the rate windows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from django.http import HttpResponse

from channels_sns.sandbox import limits
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.bluesky import ids, refusals
from channels_sns.sandbox.limits import Limit, Window

ACCESS_SECONDS, REFRESH_SECONDS = 7200, 90 * 86_400
SESSIONS = (Limit("sessions", 30, 300), Limit("sessions of a day", 300, 86_400))
WRITES = (Limit("writes", 5000, 3600), Limit("writes of a day", 35_000, 86_400))
CALLS, BLOBS = Limit("calls", 3000, 300), Limit("blobs", 1000, 86_400)
POINTS = {"createRecord": 3, "putRecord": 2, "deleteRecord": 1}
#: Setting that kills the tokens given out before, per kind of token.
SWITCHES = {"access": "expire", "refresh": "expire_refresh"}


def app_password(world: str) -> str:
    letters = hashlib.sha256(f"bluesky {world}".encode()).hexdigest()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8, 12))


def create_session(call: ApiCall) -> HttpResponse:
    """POST com.atproto.server.createSession {identifier, password}."""
    body = call.json()
    identifier, password = str(body.get("identifier", "")), str(body.get("password", ""))
    if not identifier or not password:
        raise refusals.invalid('Input must have the property "identifier"')
    known = identifier.lower() in (ids.CITY_HANDLE, ids.CITY_DID)
    if not known or password != app_password(call.world.name) or call.setting("password_revoked", False):
        raise refusals.bad_password()
    return call.reply({**_session(call), "email": "busan@example.test", "emailConfirmed": True, **_tokens(call)})


def refresh_session(call: ApiCall) -> HttpResponse:
    """POST com.atproto.server.refreshSession with the refresh token; the old one stays good for a while."""
    check(call, "refresh")
    return call.reply({**_session(call), **_tokens(call)})


def get_session(call: ApiCall) -> HttpResponse:
    return call.reply(_session(call))


def create_app_password(call: ApiCall) -> HttpResponse:
    """An app password makes no app passwords."""
    raise refusals.bad_scope()


def _session(call: ApiCall) -> dict[str, Any]:
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": call.base_url}
    document = {"id": ids.CITY_DID, "alsoKnownAs": [f"at://{ids.CITY_HANDLE}"], "service": [service]}
    return {"did": ids.CITY_DID, "handle": ids.CITY_HANDLE, "didDoc": document, "active": True}


def _tokens(call: ApiCall) -> dict[str, str]:
    seconds = int(call.setting("token_seconds", ACCESS_SECONDS))
    return {
        "accessJwt": _token(call, "access", seconds),
        "refreshJwt": _token(call, "refresh", REFRESH_SECONDS),
    }


def _token(call: ApiCall, kind: str, seconds: int) -> str:
    issued = int(call.now.timestamp())
    claims = {
        "scope": "com.atproto.appPass" if kind == "access" else "com.atproto.refresh",
        "sub": ids.CITY_DID,
        "iat": issued,
        "exp": issued + seconds,
        "generation": int(call.setting(SWITCHES[kind], 0)),
    }
    head = {"typ": "at+jwt" if kind == "access" else "refresh+jwt", "alg": "HS256"}
    content = f"{_encoded(json.dumps(head).encode())}.{_encoded(json.dumps(claims).encode())}"
    return f"{content}.{_signature(call, content)}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _signature(call: ApiCall, content: str) -> str:
    key = f"bluesky server of {call.world.name}".encode()
    return _encoded(hmac.new(key, content.encode(), hashlib.sha256).digest())


def check(call: ApiCall, kind: str = "access") -> None:
    """Raises 401 without a token, 400 for one that is not ours, of the other kind, or over."""
    token = call.request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token:
        raise refusals.no_token()
    content, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(call, content).encode()):
        raise refusals.bad_token()
    middle = content.partition(".")[2]
    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    if (claims["scope"] == "com.atproto.refresh") != (kind == "refresh"):
        raise refusals.bad_scope()
    if claims["exp"] <= call.now.timestamp() or claims["generation"] != int(call.setting(SWITCHES[kind], 0)):
        raise refusals.expired()


def count(call: ApiCall) -> None:
    """Count the call in each window that it belongs to; the headers tell of the fullest. Raises 429."""
    chosen = call.setting("limits", {})
    if chosen is False:
        return
    taken = [_taken(call, limit, cost, chosen) for limit, cost in _limits(call)]
    limit, fullest = min(taken, key=lambda pair: (not pair[1].exceeded, pair[1].remaining))
    call.headers |= {
        "RateLimit-Limit": str(fullest.limit),
        "RateLimit-Remaining": str(fullest.remaining),
        "RateLimit-Reset": str(int(fullest.resets_at.timestamp())),
        "RateLimit-Policy": f"{fullest.limit};w={limit.seconds}",
    }
    if fullest.exceeded:
        wait = max(1, int((fullest.resets_at - call.now).total_seconds()))
        call.headers |= {} if call.setting("old_server", False) else {"Retry-After": str(wait)}
        raise refusals.rate_limited(call)


def _limits(call: ApiCall) -> list[tuple[Limit, int]]:
    method = call.pattern.rpartition(".")[2]
    found = [(CALLS, 1)]
    if method in POINTS:
        found += [(limit, POINTS[method]) for limit in WRITES]
    if method == "createSession":
        found += [(limit, 1) for limit in SESSIONS]
    if method == "uploadBlob":
        found.append((BLOBS, 1))
    return found


def _taken(call: ApiCall, limit: Limit, cost: int, chosen: dict[str, list[int]]) -> tuple[Limit, Window]:
    changed = Limit(limit.name, *chosen[limit.name]) if limit.name in chosen else limit
    return changed, limits.take(call.world.name, "bluesky", changed, now=call.now, cost=cost)
