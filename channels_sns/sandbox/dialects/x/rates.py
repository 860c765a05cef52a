"""X's rate windows per user, as documented in August 2026, and their headers."""

from __future__ import annotations

from channels_sns.sandbox import limits
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.x.refusals import problem
from channels_sns.sandbox.limits import Limit

#: (method, address) → calls in 15 minutes.
CALLS = {
    ("GET", "2/users/<str:user_id>/mentions"): 300,
    ("GET", "2/users/<str:user_id>/tweets"): 900,
    ("GET", "2/users/me"): 75,
    ("GET", "2/tweets"): 5000,
    ("GET", "2/tweets/<str:post_id>"): 900,
    ("GET", "2/tweets/search/recent"): 300,
    ("POST", "2/tweets"): 100,
    ("DELETE", "2/tweets/<str:post_id>"): 50,
    ("POST", "2/media/upload"): 500,
}
DAY_POSTS = 10_000


def count(call: ApiCall) -> None:
    """Count this call and put the windows into the headers. Raises 429 when one is used up.

    Setting `limits`: false switches them off, {"POST 2/tweets": [3, 60]} gives 3 calls in 60 seconds.
    """
    chosen = call.setting("limits", {})
    key = f"{call.method} {call.pattern}"
    if chosen is False or (call.method, call.pattern) not in CALLS:
        return
    number, seconds = chosen.get(key, (CALLS[call.method, call.pattern], 900))
    exceeded = _window(call, Limit(key, number, seconds), "x-rate-limit")
    if key == "POST 2/tweets":
        number, seconds = chosen.get("24h", (DAY_POSTS, 86_400))
        exceeded = _window(call, Limit("24h", number, seconds), "x-user-limit-24hour") or exceeded
    if exceeded:
        raise problem(429, "Too Many Requests")


def _window(call: ApiCall, limit: Limit, prefix: str) -> bool:
    window = limits.take(call.world.name, "x", limit, now=call.now)
    # Rounded up: a client that waits until the second of the header must find the window open.
    reset = int(window.resets_at.timestamp()) + 1
    call.headers |= {
        f"{prefix}-limit": str(window.limit),
        f"{prefix}-remaining": str(window.remaining),
        f"{prefix}-reset": str(reset),
    }
    return window.exceeded
