"""Who calls, with what proof, and how much of the hour's calls is used up."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from channels_sns.sandbox import limits
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import refusals
from channels_sns.sandbox.dialects.facebook.params import given
from channels_sns.sandbox.limits import Limit, Window

CALLS_PER_HOUR = 4800
APP_ID = "4011402005"


def page_token(world: str) -> str:
    return f"EAAsandboxPage{world}"


def user_token(world: str) -> str:
    """The token of a person who works for the page: Graph lists nothing for it."""
    return f"EAAsandboxUser{world}"


def app_secret(world: str) -> str:
    return hashlib.sha256(f"facebook app of {world}".encode()).hexdigest()[:32]


def token_of(call: ApiCall) -> str:
    header = call.request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else given(call).get("access_token", "")


def is_users(call: ApiCall) -> bool:
    return token_of(call) == user_token(call.world.name)


def is_app(call: ApiCall) -> bool:
    return token_of(call) == f"{APP_ID}|{app_secret(call.world.name)}"


def check(call: ApiCall) -> None:
    """Raises 104 without a token, 190 for a bad one, 100 for a missing or wrong proof."""
    token, world = token_of(call), call.world.name
    if not token:
        raise refusals.refused(104, "An access token is required to request this resource.")
    if is_app(call):
        return
    if subcode := call.setting("token_subcode"):
        raise refusals.token_state(int(subcode))
    if token not in (page_token(world), user_token(world)):
        raise refusals.refused(190, "Invalid OAuth access token - Cannot parse access token")
    proof = given(call).get("appsecret_proof")
    if proof is None and call.setting("require_proof", True):
        message = "API calls from the server require an appsecret_proof argument"
        raise refusals.refused(100, message, type=refusals.GRAPH)
    wanted = hmac.new(app_secret(world).encode(), token.encode(), hashlib.sha256).hexdigest()
    if proof is not None and not hmac.compare_digest(proof.encode(), wanted.encode()):
        raise refusals.refused(100, "Invalid appsecret_proof provided in the API argument", type=refusals.GRAPH)


def count(call: ApiCall) -> None:
    """Count the call (?ids= counts each id). Raises 80001."""
    chosen = call.setting("limits", {})
    if chosen is False:
        return
    limit = Limit("page", *chosen["page"]) if "page" in chosen else Limit("page", CALLS_PER_HOUR, 3600)
    for _ in call.query.get("ids", "").split(","):
        window = limits.take(call.world.name, "facebook", limit, now=call.now)
    percent = 100 if window.exceeded else 100 * (window.limit - window.remaining) // window.limit
    call.headers |= usage(call, percent, _minutes(window, call.now) if window.exceeded else 0)
    if window.exceeded:
        raise refusals.too_many(throttle(call), {})


def throttle(call: ApiCall) -> int:
    return int(call.setting("throttle_code", 80001))


def usage(call: ApiCall, percent: int, minutes: int) -> dict[str, str]:
    """The two usage headers; near nothing there are none."""
    if (odd := call.setting("usage_header")) is not None:
        return {"X-Business-Use-Case-Usage": str(odd)}
    if not percent:
        return {}
    used = {"call_count": percent, "total_cputime": percent // 4, "total_time": percent // 4}
    page = {"type": "pages", **used, "estimated_time_to_regain_access": minutes}
    return {
        "X-App-Usage": json.dumps({**used, "call_count": percent // 2}),
        "X-Business-Use-Case-Usage": json.dumps({call.dialect.city_id: [page]}),
    }


def _minutes(window: Window, now: datetime) -> int:
    return max(1, -int(-(window.resets_at - now).total_seconds() // 60))
