"""Who calls: OAuth 1.0a signatures (oauthlib's server half), OAuth 2 bearer tokens, refresh with rotation."""

from __future__ import annotations

import base64
import threading
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.x.refusals import app_only, unauthorized
from channels_sns.sandbox.models import World

TOKEN_SECONDS = 7200
_nonces: set[tuple[str, str]] = set()
_lock = threading.Lock()


def oauth1_secrets(world: str) -> dict[str, str]:
    return {
        "consumer_key": f"x-consumer-{world}",
        "consumer_secret": f"x-consumer-secret-{world}",
        "access_token": f"x-token-{world}",
        "access_token_secret": f"x-token-secret-{world}",
    }


def oauth2_secrets(world: World) -> dict[str, str]:
    """The tokens that are valid now: each refresh makes the next generation."""
    generation = int(world.setting("x", "oauth2_generation", 0))
    return {
        "client_id": f"x-client-{world.name}",
        "client_secret": f"x-client-secret-{world.name}",
        "access_token": f"x-bearer-{world.name}-{generation}",
        "refresh_token": f"x-refresh-{world.name}-{generation}",
    }


class _Validator(RequestValidator):  # type: ignore[misc,unused-ignore]
    """The one client and the one token of a world."""

    enforce_ssl = False
    client_key_length = access_token_length = (1, 100)
    nonce_length = (1, 100)
    dummy_client = dummy_access_token = "nobody"  # noqa: S105 - what oauthlib compares with instead of nothing
    safe_characters = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    def __init__(self, world: str) -> None:
        super().__init__()
        self.secrets = oauth1_secrets(world)

    def validate_timestamp_and_nonce(
        self,
        client_key: str,
        timestamp: Any,
        nonce: str,
        request: Any,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        with _lock:
            fresh = (client_key, nonce) not in _nonces
            _nonces.add((client_key, nonce))
        return fresh

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return client_key == self.secrets["consumer_key"]

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        return token == self.secrets["access_token"]

    def validate_realms(self, *args: Any, **more: Any) -> bool:
        return True

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return self.secrets["consumer_secret"]

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        return self.secrets["access_token_secret"]


def check(call: ApiCall) -> None:
    """Raises 401, or 403 for an application's own token."""
    header = call.request.headers.get("Authorization", "")
    if header.startswith("OAuth ") and _signed(call):
        return
    if is_app(call):
        raise app_only()
    expired = call.setting("oauth2_expired", False)
    if header == f"Bearer {oauth2_secrets(call.world)['access_token']}" and not expired:
        return
    raise unauthorized()


def is_app(call: ApiCall) -> bool:
    """Does the application itself call, for no user?"""
    return call.request.headers.get("Authorization", "") == f"Bearer x-app-only-{call.world.name}"


def _signed(call: ApiCall) -> bool:
    """Does the signature fit the address as the client wrote it?"""
    request = call.request
    uri = request.build_absolute_uri()
    through = call.setting("signed_base")
    if through:
        # A proxy stands between: the client signed the proxy's address.
        uri = through + uri.removeprefix(call.base_url)
    form = request.content_type == "application/x-www-form-urlencoded"
    headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
    endpoint = ResourceEndpoint(_Validator(call.world.name))
    try:
        valid, _ = endpoint.validate_protected_resource_request(
            uri, call.method, request.body.decode() if form else "", headers
        )
    except ValueError:
        return False
    return bool(valid)


def refresh(call: ApiCall) -> HttpResponse:
    """POST /2/oauth2/token: the old refresh token is dead from here on."""
    form = call.form()
    with transaction.atomic():
        world = World.objects.get(pk=call.world.pk)
        secrets = oauth2_secrets(world)
        basic = base64.b64encode(f"{secrets['client_id']}:{secrets['client_secret']}".encode()).decode()
        if call.request.headers.get("Authorization") != f"Basic {basic}":
            raise ApiError(
                401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"}
            )
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != secrets["refresh_token"]:
            raise ApiError(
                400, {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
            )
        generation = int(world.setting("x", "oauth2_generation", 0)) + 1
        world.settings["x"] = {**world.settings.get("x", {}), "oauth2_generation": generation, "oauth2_expired": False}
        world.save(update_fields=["settings"])
    fresh = oauth2_secrets(world)
    scope = "tweet.read users.read tweet.write media.write offline.access"
    tokens = {name: fresh[name] for name in ("access_token", "refresh_token")}
    return call.reply({"token_type": "bearer", "expires_in": TOKEN_SECONDS, "scope": scope, **tokens})
