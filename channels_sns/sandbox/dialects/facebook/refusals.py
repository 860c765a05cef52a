"""Graph's refusals: one envelope, told apart by code and subcode and hardly by the status."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from channels_sns.sandbox.calls import ApiCall, ApiError

GRAPH = "GraphMethodException"
DOCS = "https://developers.facebook.com/docs/graph-api"
#: What error_subcode says of a token that is no longer good.
TOKEN_STATES = {
    458: "The user has not authorized application 1234567890.",
    459: "You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
    460: "The session has been invalidated because the user changed their password or Facebook has changed the "
    "session for security reasons.",
    463: "Session has expired on Friday, 20-Nov-26 09:00:00 PST. The current time is Sunday, 22-Nov-26 00:00:00 PST.",
}
#: Who is throttled: application, person, page with a person's token, the day's posts, a custom limit, page.
THROTTLES = {
    4: "Application request limit reached",
    17: "User request limit reached",
    32: "Page request limit reached",
    341: "Feed action request limit reached",
    613: "Calls to this api have exceeded the rate limit.",
    80001: "There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer "
    f"to {DOCS}/overview/rate-limiting.",
}


def refused(
    code: int, message: str, *, status: int = 400, headers: Mapping[str, str] | None = None, **more: object
) -> ApiError:
    """The envelope; `more`: type, error_subcode, is_transient."""
    body = {"message": message, "type": "OAuthException", "code": code, **more, "fbtrace_id": trace_id()}
    return ApiError(status, {"error": body}, headers)


def trace_id() -> str:
    return f"A{secrets.token_urlsafe(16)}"


def invalid(message: str) -> ApiError:
    return refused(100, f"(#100) {message}")


def token_state(subcode: int) -> ApiError:
    words = TOKEN_STATES.get(subcode, TOKEN_STATES[463])
    return refused(190, f"Error validating access token: {words}", error_subcode=subcode)


def gone(method: str, node: str) -> ApiError:
    """Deleted, or never seen by this token: Graph says the same of both."""
    message = (
        f"Unsupported {method.lower()} request. Object with ID '{node}' does not exist, cannot be loaded due to "
        f"missing permissions, or does not support this operation. Please read the Graph API documentation at {DOCS}"
    )
    return refused(100, message, type=GRAPH, error_subcode=33)


def not_permitted() -> ApiError:
    return refused(200, "(#200) Permissions error", status=403)


def duplicate() -> ApiError:
    return refused(506, "(#506) Duplicate status message")


def bad_image() -> ApiError:
    return refused(324, "(#324) Missing or invalid image file")


def too_many(code: int, headers: Mapping[str, str]) -> ApiError:
    """The throttle's words: 80001 is the page token's."""
    more = {"is_transient": True} if code == 4 else {}
    return refused(code, f"(#{code}) {THROTTLES[code]}", headers=headers, **more)


def broken(status: int) -> ApiError:
    """Graph's own failure: on a POST it may have posted all the same."""
    message = "An unexpected error has occurred. Please retry your request later."
    return refused(2, message, status=status, is_transient=True)


def unknown_path(call: ApiCall) -> ApiError:
    path = call.request.path.removeprefix(f"/{call.world.name}/{call.dialect.kind}")
    return refused(2500, f"Unknown path components: {path}")
