"""X's ways to say no, with recorded wording where there is one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from channels_sns.sandbox.calls import ApiCall, ApiError

PROBLEM_TYPE = "application/problem+json"
PROBLEMS = "https://api.twitter.com/2/problems/"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)


def problem(status: int, detail: str, title: str = "", **more: Any) -> ApiError:
    """A problem without a type of its own."""
    body = {
        "title": title or HTTPStatus(status).phrase,
        "detail": detail,
        "type": "about:blank",
        "status": status,
        **more,
    }
    return ApiError(status, body, content_type=PROBLEM_TYPE)


def invalid(parameter: str, value: str, message: str) -> ApiError:
    """400 with the parameter that is wrong."""
    return ApiError(
        400,
        {
            "errors": [{"parameters": {parameter: [value]}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{PROBLEMS}invalid-request",
        },
        content_type=PROBLEM_TYPE,
    )


def unauthorized() -> ApiError:
    return problem(401, "Unauthorized")


def app_only() -> ApiError:
    return ApiError(
        403,
        {
            "title": "Unsupported Authentication",
            "detail": "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  "
            "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].",
            "type": f"{PROBLEMS}unsupported-authentication",
            "status": 403,
        },
        content_type=PROBLEM_TYPE,
    )


def missing(parameter: str, post_id: str) -> dict[str, Any]:
    """An entry of errors[] in a 200: the post is deleted, or was never there."""
    return {
        "value": post_id,
        "detail": f"Could not find tweet with {parameter}: [{post_id}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": post_id,
        "type": "https://api.x.com/2/problems/resource-not-found",
    }


def named(name: str, call: ApiCall) -> ApiError:
    """The refusal that a fault asks for."""
    if name == "rate_limited":
        reset = str(int(call.now.timestamp()) + 900)
        headers = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
        error = problem(429, "Too Many Requests")
        return ApiError(429, error.payload, headers, PROBLEM_TYPE)
    if name == "unauthorized":
        return unauthorized()
    details = {"duplicate_refusal": DUPLICATE, "target_gone": GONE, "not_summoned": NOT_SUMMONED}
    return problem(403, details.get(name, "You are not permitted to perform this action."))
