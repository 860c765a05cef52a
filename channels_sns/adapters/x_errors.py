"""How X refuses: what its error bodies say, and which of our errors that is."""

from __future__ import annotations

from typing import Any

from channels_sns.adapters.api import as_text
from channels_sns.adapters.contract import (
    AuthExpired,
    Duplicate,
    ErrorRule,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
    Transient,
)
from channels_sns.adapters.errors import Said, problem_path

RULES = (
    ErrorRule(QuotaExhausted, status=402),
    ErrorRule(QuotaExhausted, code="usage-capped"),
    ErrorRule(QuotaExhausted, text="spending limit"),
    ErrorRule(RateLimited, status=429),
    ErrorRule(RateLimited, code="88"),
    ErrorRule(AuthExpired, status=401),
    ErrorRule(PermissionDenied, code="unsupported-authentication"),
    ErrorRule(PermissionDenied, code="oauth1-permissions"),
    ErrorRule(PermissionDenied, code="client-forbidden"),
    ErrorRule(PermissionDenied, code="client-not-enrolled"),
    ErrorRule(PermissionDenied, code="not-authorized-for-resource"),
    ErrorRule(Duplicate, code="187"),
    ErrorRule(Duplicate, text="duplicate"),
    ErrorRule(ReplyNotAllowed, code="433"),
    ErrorRule(ReplyNotAllowed, text="mentioned"),
    ErrorRule(TargetGone, code="385"),
    ErrorRule(TargetGone, text="deleted or not visible"),
    ErrorRule(TargetGone, code="resource-not-found"),
    ErrorRule(TargetGone, status=404),
    ErrorRule(Rejected, status=403, note="not permitted: spam filter or limited account"),
    ErrorRule(Rejected, status=400),
)
TOKEN_RULES = (
    ErrorRule(AuthExpired, code="invalid_request"),
    ErrorRule(AuthExpired, code="invalid_grant"),
    ErrorRule(AuthExpired, code="invalid_client"),
    ErrorRule(AuthExpired, status=401),
    ErrorRule(Transient, status=429),
)


def said(body: Any) -> Said:
    """X's problem document; old v1.1 bodies carry numbers."""
    if not isinstance(body, dict):
        return Said()
    errors = [error for error in body.get("errors") or [] if isinstance(error, dict)]
    codes = [problem_path(as_text(body.get("type"))), as_text(body.get("reason")), as_text(body.get("title"))]
    codes += [as_text(error.get("code")) for error in errors]
    sentences = [as_text(body.get("detail"))] + [as_text(error.get("message")) for error in errors]
    return Said(tuple(filter(None, codes)), " ".join(filter(None, sentences)))


def said_by_token_server(body: Any) -> Said:
    if not isinstance(body, dict):
        return Said()
    return Said((as_text(body.get("error")),), as_text(body.get("error_description")))
