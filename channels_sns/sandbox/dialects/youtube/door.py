"""Access tokens that live an hour, an API key for reading, and the day's quota in units."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from channels_sns.sandbox import limits
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.youtube import refusals
from channels_sns.sandbox.limits import Limit

TOKEN_SECONDS = 3600
SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
DAILY_UNITS = 10_000
READ_UNITS, WRITE_UNITS = 1, 50
#: The quota's day ends at midnight there.
PACIFIC = ZoneInfo("America/Los_Angeles")
TOKEN = re.compile(r"ya29\.([\w-]+)\.(\d+)\.(\d+)")


def secrets(world: str) -> dict[str, str]:
    return {
        "client_id": f"toktok-{world}.apps.googleusercontent.com",
        "client_secret": f"GOCSPX-{world}",
        "refresh_token": f"1//{world}",
    }


def api_key(world: str) -> str:
    return f"AIza{world}"


def refresh(call: ApiCall) -> HttpResponse:
    """POST /token grant_type=refresh_token: an access token for an hour. The refresh token stays the same."""
    form, known = call.form(), secrets(call.world.name)
    check_client(call)
    if form.get("grant_type") != "refresh_token":
        raise ApiError(400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type."})
    if form.get("refresh_token") != known["refresh_token"] or call.setting("refresh_dead", False):
        raise ApiError(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
    return call.reply(access_token(call))


def check_client(call: ApiCall) -> None:
    """Raises 401 for a program that is not registered."""
    form, known = call.form(), secrets(call.world.name)
    if any(form.get(name) != known[name] for name in ("client_id", "client_secret")):
        raise ApiError(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})


def access_token(call: ApiCall) -> dict[str, object]:
    """A token for an hour."""
    seconds = int(call.setting("token_seconds", TOKEN_SECONDS))
    ends = int(call.now.timestamp()) + seconds
    token = f"ya29.{call.world.name}.{_generation(call)}.{ends}"
    return {"access_token": token, "expires_in": seconds - 1, "scope": SCOPE, "token_type": "Bearer"}


def _generation(call: ApiCall) -> int:
    """Setting `expire`: raise it, and every token given out before is dead."""
    return int(call.setting("expire", 0))


def check(call: ApiCall) -> None:
    """Raises 401 for a bad or expired token, 403 where there is neither token nor key, 400 for a bad key."""
    header = call.request.headers.get("Authorization", "")
    if header or call.method != "GET":
        if not _stands(call, header):
            raise refusals.unauthorized()
        return
    key = call.query.get("key")
    if key is None:
        raise refusals.refused(403, "forbidden", "The request is missing a valid API key.", domain="global")
    if key != api_key(call.world.name):
        raise refusals.bad_key()
    if "mine" in call.query:
        raise refusals.unauthorized()


def _stands(call: ApiCall, header: str) -> bool:
    match = TOKEN.fullmatch(header.removeprefix("Bearer "))
    if not match or match[1] != call.world.name or int(match[2]) != _generation(call):
        return False
    return call.now < datetime.fromtimestamp(int(match[3]), UTC)


def owns(call: ApiCall) -> bool:
    """Does the city itself ask? A key alone is anybody's."""
    return bool(call.request.headers.get("Authorization"))


def count(call: ApiCall) -> None:
    """Take the call's units from the day's; calls that are refused later cost as much. Raises quotaExceeded."""
    units = READ_UNITS if call.method == "GET" else WRITE_UNITS
    day = call.now.astimezone(PACIFIC).date()
    limit = Limit(f"units of {day}", int(call.setting("daily_units", DAILY_UNITS)), 86_400)
    if limits.take(call.world.name, "youtube", limit, now=call.now, cost=units).exceeded:
        raise refusals.out_of_quota()
