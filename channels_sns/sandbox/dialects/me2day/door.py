"""Who calls: the application's key, and a person by uid and ukey, in the address or in a Basic header."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.me2day import answers

NONCE = 8


def application_key(world: str) -> str:
    return hashlib.md5(f"me2day application {world}".encode(), usedforsecurity=False).hexdigest()


def user_key(world: str) -> str:
    return f"{hashlib.md5(f'me2day user {world}'.encode(), usedforsecurity=False).hexdigest()[:8]}"


def full_auth_token(world: str) -> str:
    return hashlib.md5(f"me2day full {world}".encode(), usedforsecurity=False).hexdigest()


def check_application(call: ApiCall) -> None:
    """Raises 401 unless the application is known."""
    key = call.query.get("akey") or call.request.META.get("HTTP_ME2_APPLICATION_KEY", "")
    if key != application_key(call.world.name) or call.setting("revoked", False):
        raise answers.refused(call, 401, answers.NOT_PERMITTED)


def check_user(call: ApiCall) -> None:
    """Raises 401 unless the city itself calls."""
    user, key = _given(call)
    if user != call.dialect.city_id or not _fits(call, key):
        raise answers.refused(call, 401, answers.NOT_PERMITTED)


def _given(call: ApiCall) -> tuple[str, str]:
    scheme, _, pair = call.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return call.query.get("uid", ""), call.query.get("ukey", "")
    try:
        user, _, key = base64.b64decode(pair, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        return "", ""
    return user, key


def _fits(call: ApiCall, key: str) -> bool:
    """nonce + md5(nonce + user key), or the token that a person's consent on the web gave."""
    world = call.world.name
    if key.startswith("full_auth_token "):
        return hmac.compare_digest(key.partition(" ")[2].encode(), full_auth_token(world).encode())
    nonce, digest = key[:NONCE], key[NONCE:]
    wanted = hashlib.md5(f"{nonce}{user_key(world)}".encode(), usedforsecurity=False).hexdigest()
    return len(nonce) == NONCE and hmac.compare_digest(digest.encode(), wanted.encode())
