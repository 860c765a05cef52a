"""How Facebook refuses: what its error bodies say, which of our errors that is, and when it lets us in again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from channels_sns.adapters.api import as_text
from channels_sns.adapters.contract import (
    AuthExpired,
    Duplicate,
    ErrorRule,
    PermissionDenied,
    RateLimited,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
    Transient,
)
from channels_sns.adapters.errors import FAR, Said
from channels_sns.adapters.http import NotJson, strict_json

#: 80001 is the throttle of a Page token; the others are of users, applications and single features.
THROTTLES = (4, 17, 32, 341, 613, *range(80001, 80015))

RULES = (
    ErrorRule(RateLimited, status=429),
    *(ErrorRule(RateLimited, code=str(code)) for code in THROTTLES),
    ErrorRule(AuthExpired, code="190"),
    ErrorRule(AuthExpired, code="102"),
    ErrorRule(AuthExpired, code="104"),
    ErrorRule(AuthExpired, code="2500"),
    ErrorRule(PermissionDenied, code="100", text="appsecret_proof"),
    ErrorRule(PermissionDenied, code="100", text="app secret proof"),
    *(ErrorRule(PermissionDenied, code=str(code)) for code in (3, 10, *range(200, 300))),
    ErrorRule(TargetGone, code="100/33", note="gone, or not shown to us"),
    ErrorRule(TargetGone, code="1705"),
    ErrorRule(Duplicate, code="506"),
    ErrorRule(Rejected, code="368", note="policy: abusive, or blocked for a while"),
    ErrorRule(Rejected, code="324", note="the photo"),
    ErrorRule(Rejected, code="100", note="our own mistake"),
    ErrorRule(Transient, code="1"),
    ErrorRule(Transient, code="2"),
    ErrorRule(Transient, code="transient"),
)
#: Under a comment, 200 says that this one conversation is closed to us, not that the token lacks a right.
REPLY_RULES = (ErrorRule(ReplyNotAllowed, code="200"), *RULES)

_USAGE = ("x-business-use-case-usage", "x-app-usage", "x-page-usage")


def said(body: Any) -> Said:
    """{"error": {"code", "error_subcode", "message", …}}; the subcode belongs to its code: “190/463”."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return Said()
    code, subcode = as_text(error.get("code")), as_text(error.get("error_subcode"))
    codes = [f"{code}/{subcode}" if code and subcode else "", code, as_text(error.get("type"))]
    codes += ["transient"] if error.get("is_transient") is True else []
    sentences = (as_text(error.get("message")), as_text(error.get("error_user_msg")))
    return Said(tuple(filter(None, codes)), " ".join(filter(None, sentences)), as_text(error.get("fbtrace_id")))


def regain_at(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """When the usage headers promise access again. They are absent near 0 % and not always well-formed."""
    waits = [wait for name in _USAGE for wait in _waits(headers.get(name, ""))]
    return now + max(waits) if waits else None


def _waits(header: str) -> Iterator[timedelta]:
    """The estimated minutes of every use case in a header: {"<page id>": [{…}, …]}, or one flat {…}."""
    try:
        usage = strict_json(header.encode())
    except NotJson:
        return
    lists = [value for value in usage.values() if isinstance(value, list)] if isinstance(usage, dict) else []
    for entry in [usage, *(entry for entries in lists for entry in entries)]:
        minutes = entry.get("estimated_time_to_regain_access") if isinstance(entry, dict) else None
        if (
            isinstance(minutes, int | float)
            and not isinstance(minutes, bool)
            and 0 < minutes < FAR.total_seconds() / 60
        ):
            yield timedelta(minutes=minutes)
