"""XRPC's refusals: a name and a sentence. What is wrong with a token is a 400."""

from __future__ import annotations

from channels_sns.sandbox.calls import ApiCall, ApiError

NAMES = {
    400: "InvalidRequest",
    401: "AuthenticationRequired",
    403: "Forbidden",
    404: "NotFound",
    413: "PayloadTooLarge",
    429: "RateLimitExceeded",
    500: "InternalServerError",
    501: "MethodNotImplemented",
    502: "UpstreamFailure",
    503: "NotEnoughResources",
    504: "UpstreamTimeout",
}


def refused(status: int, message: str, name: str = "") -> ApiError:
    return ApiError(status, {"error": name or NAMES.get(status, "InvalidRequest"), "message": message})


def invalid(message: str) -> ApiError:
    return refused(400, message)


def expired() -> ApiError:
    return refused(400, "Token has expired", "ExpiredToken")


def bad_token(message: str = "Token could not be verified") -> ApiError:
    return refused(400, message, "InvalidToken")


def bad_scope() -> ApiError:
    return bad_token("Bad token scope")


def no_token() -> ApiError:
    return refused(401, "Authentication Required", "AuthMissing")


def bad_password() -> ApiError:
    return refused(401, "Invalid identifier or password")


def record_not_found(uri: str) -> ApiError:
    return refused(400, f"Could not locate record: {uri}", "RecordNotFound")


def post_not_found(uri: str) -> ApiError:
    return refused(400, f"Post not found: {uri}", "NotFound")


def in_record(message: str) -> ApiError:
    return invalid(f"Invalid app.bsky.feed.post record: {message}")


def rate_limited(call: ApiCall) -> ApiError:
    """Only newer servers say when to come again in Retry-After."""
    headers = {} if call.setting("old_server", False) else {"Retry-After": call.headers.get("Retry-After", "253")}
    error = refused(429, "Rate Limit Exceeded")
    error.headers |= headers
    return error


def named(name: str, call: ApiCall) -> ApiError:
    """The refusal that a fault asks for."""
    if name == "rate_limited":
        return rate_limited(call)
    others = {
        "unauthorized": expired(),
        "target_gone": record_not_found("at://did:plc:nobody/app.bsky.feed.post/3kaaaaaaaaaaa"),
        # The living server takes every reply: a gate hides it afterwards.
        "not_summoned": refused(400, "Reply is not allowed", "ReplyNotAllowed"),
    }
    return others.get(name) or refused(500, "Internal Server Error")
