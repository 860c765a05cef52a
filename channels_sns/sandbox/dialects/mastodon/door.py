"""Tokens, scopes and rate windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from channels_sns.sandbox import limits
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.limits import Limit

INVALID_TOKEN = {"error": "The access token is invalid"}
OUT_OF_SCOPE = {"error": "This action is outside the authorized scopes"}
NOT_FOUND = {"error": "Record not found"}
REPLY_NOT_FOUND = {"error": "The post you are trying to reply to does not appear to exist."}


def check_token(call: ApiCall) -> None:
    """Raises 401 without a right token, 403 where a reading token wants to write."""
    token = call.request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in (f"mastodon-token-{call.world.name}", f"mastodon-readonly-{call.world.name}"):
        raise ApiError(401, INVALID_TOKEN)
    if token.startswith("mastodon-readonly-") and call.method != "GET":
        raise ApiError(403, OUT_OF_SCOPE)


def count(call: ApiCall) -> None:
    """Count the call in each window that it belongs to; the headers tell of the fullest. Raises 429."""
    if call.setting("limits", True) is False:
        return
    chosen = call.setting("limits", {})
    windows = [
        limits.take(call.world.name, "mastodon", _changed(limit, chosen), now=call.now) for limit in _limits(call)
    ]
    fullest = min(windows, key=lambda window: window.remaining)
    call.headers |= {
        "X-RateLimit-Limit": str(fullest.limit),
        "X-RateLimit-Remaining": str(fullest.remaining),
        "X-RateLimit-Reset": iso(fullest.resets_at),
    }
    if any(window.exceeded for window in windows):
        raise ApiError(429, {"error": "Too many requests"})


def _limits(call: ApiCall) -> list[Limit]:
    found = [Limit("token", 300, 300)]
    if call.method == "GET" and any(name in call.query for name in ("min_id", "max_id", "since_id")):
        found.append(Limit("paging", 300, 900))
    if call.publishes:
        found.append(Limit("statuses", 300, 10_800))
    if call.pattern == "api/v2/media":
        found.append(Limit("media", 30, 1800))
    if call.method == "DELETE":
        found.append(Limit("deletes", 30, 1800))
    return found


def _changed(limit: Limit, chosen: object) -> Limit:
    calls = chosen.get(limit.name) if isinstance(chosen, dict) else None
    return Limit(limit.name, *calls) if calls else limit


def iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def named(name: str, call: ApiCall) -> ApiError:
    """The refusal that a fault asks for."""
    if name == "rate_limited":
        reset = iso(call.now + timedelta(seconds=300))
        return ApiError(
            429,
            {"error": "Too many requests"},
            {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset},
        )
    refusals = {
        "unauthorized": (401, INVALID_TOKEN),
        "target_gone": (404, REPLY_NOT_FOUND),
        "not_summoned": (403, {"error": "This action is not allowed"}),
    }
    status, body = refusals.get(name, (422, {"error": "Validation failed: Duplicate record"}))
    return ApiError(status, body)
