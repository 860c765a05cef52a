"""Google's refusals: one envelope; `reason` decides, and the status hardly."""

from __future__ import annotations

from channels_sns.sandbox.calls import ApiCall, ApiError

QUOTA = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)
DISABLED = (
    'The video identified by the <code><a href="/youtube/v3/docs/commentThreads/list#videoId">videoId</a></code> '
    "parameter has disabled comments."
)
CANNOT_REPLY = (
    "The API user is not able to insert a comment in reply to the top-level comment identified by the "
    "snippet.parentId property. In a commentThread resource, the snippet.canReply property indicates whether the "
    "current viewer can reply to the thread."
)
PARENT_NOT_FOUND = (
    "The specified parent comment could not be found. Verify the value of the <code>snippet.parentId</code> property "
    "in the request body."
)
TOO_LONG = (
    "The <code>comment</code> resource that is being inserted contains too many characters in the "
    "<code>snippet.textOriginal</code> property."
)
NO_TEXT = (
    "The <code>comment</code> resource that is being inserted must specify a value for the "
    "<code>snippet.textOriginal</code> property. Comments cannot be empty."
)
FORBIDDEN = (
    "The comment cannot be created due to insufficient permissions. The request might not be properly authorized."
)
PROCESSING = (
    "The API server failed to successfully process the request. While this can be a transient error, it usually "
    "indicates that the request's input is invalid."
)
NO_FILTER = "No filter selected. Expected one of: {}"


def refused(status: int, reason: str, message: str, *, domain: str = "youtube.comment", **more: str) -> ApiError:
    """The envelope; `more`: location and locationType."""
    detail = {"message": message, "domain": domain, "reason": reason, **more}
    return ApiError(status, {"error": {"code": status, "message": message, "errors": [detail]}})


def unauthorized() -> ApiError:
    return refused(
        401,
        "authError",
        "Invalid Credentials",
        domain="global",
        locationType="header",
        location="Authorization",
    )


def out_of_scope() -> ApiError:
    error = refused(403, "insufficientPermissions", "Request had insufficient authentication scopes.", domain="global")
    error.payload["error"]["status"] = "PERMISSION_DENIED"
    return error


def bad_key() -> ApiError:
    return refused(400, "keyInvalid", "Bad Request", domain="usageLimits")


def out_of_quota() -> ApiError:
    return refused(403, "quotaExceeded", QUOTA, domain="youtube.quota")


def too_fast() -> ApiError:
    return refused(403, "rateLimitExceeded", "Rate Limit Exceeded", domain="usageLimits")


def parameter(reason: str, message: str, name: str = "") -> ApiError:
    """missingRequiredParameter, incompatibleParameters, invalidValue …"""
    return refused(
        400, reason, message, domain="youtube.parameter", locationType="parameter", location=name or "parameters."
    )


def comments_disabled() -> ApiError:
    return refused(
        403,
        "commentsDisabled",
        DISABLED,
        domain="youtube.commentThread",
        locationType="parameter",
        location="videoId",
    )


def cannot_reply() -> ApiError:
    return refused(400, "operationNotSupported", CANNOT_REPLY)


def parent_not_found() -> ApiError:
    return refused(404, "parentCommentNotFound", PARENT_NOT_FOUND)


def comment_not_found() -> ApiError:
    return refused(404, "commentNotFound", "One or more of the specified comments cannot be found.")


def named(name: str, call: ApiCall) -> ApiError:
    """The refusal that a fault asks for. YouTube knows no duplicates: the nearest is its processingFailure."""
    refusals = {
        "unauthorized": unauthorized,
        "rate_limited": too_fast,
        "target_gone": parent_not_found,
        "not_summoned": cannot_reply,
    }
    return refusals[name]() if name in refusals else refused(400, "processingFailure", PROCESSING)


def by_status(status: int, detail: str) -> ApiError:
    """Anything else; Google's own failures are called backendError."""
    if status >= 500:
        return refused(
            status, "backendError", "The service is currently unavailable.", domain="youtube.CoreErrorDomain"
        )
    return refused(
        status, {404: "notFound", 429: "rateLimitExceeded"}.get(status, "badRequest"), detail, domain="global"
    )
