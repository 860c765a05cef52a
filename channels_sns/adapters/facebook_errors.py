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
from channels_sns.adapters.metering import Window

#: 80001 is the throttle of a Page token; the others are of users, applications and single features.
THROTTLES = (4, 17, 32, 341, 613, *range(80001, 80015))

RULES = (
    ErrorRule(RateLimited, status=429),
    *(ErrorRule(RateLimited, code=str(code)) for code in THROTTLES),
    ErrorRule(AuthExpired, code="190"),
    ErrorRule(AuthExpired, code="102"),
    ErrorRule(AuthExpired, code="104"),
    ErrorRule(Rejected, code="2500", text="unknown path components", note="our own mistake"),
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
#: Messages: the day after the citizen's last one is over, he takes none, this comment was answered privately before.
MESSAGE_RULES = (
    ErrorRule(ReplyNotAllowed, code="10/2018278"),
    ErrorRule(ReplyNotAllowed, code="551"),
    ErrorRule(Duplicate, code="10900"),
    ErrorRule(TargetGone, code="100/2018001"),
    *RULES,
)

#: Usage headers, and what the window is called that they tell of, if they do not say it themselves.
_USAGE = {"x-business-use-case-usage": "pages", "x-app-usage": "app", "x-page-usage": "page"}
_COUNTS = ("call_count", "total_cputime", "total_time")
#: What is used up comes back within an hour.
_ROLLING = timedelta(hours=1)


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
    waits = [_wait(entry) for name in _USAGE for entry in _entries(headers.get(name, ""))]
    return now + max(waits) if any(waits) else None


def windows(headers: Mapping[str, str], *, now: datetime) -> Iterator[Window]:
    """How much is left of every use case, in percent."""
    for header, usual in _USAGE.items():
        for entry in _entries(headers.get(header, "")):
            used = [count for count in (_number(entry.get(name)) for name in _COUNTS) if count is not None]
            if used:
                name, wait = as_text(entry.get("type")) or usual, _wait(entry) or _ROLLING
                yield Window(name, "percent", max(0.0, 100.0 - max(used)), 100.0, now + wait)


def _entries(header: str) -> Iterator[dict[str, Any]]:
    """Every use case in a header: {"<page id>": [{…}, …]}, or one flat {…}."""
    try:
        usage = strict_json(header.encode())
    except NotJson:
        return
    lists = [value for value in usage.values() if isinstance(value, list)] if isinstance(usage, dict) else []
    yield from (
        entry for entry in [usage, *(entry for entries in lists for entry in entries)] if isinstance(entry, dict)
    )


def _wait(entry: Mapping[str, Any]) -> timedelta:
    """The estimated minutes until access is regained; none where there are none, or too many to be believed."""
    minutes = _number(entry.get("estimated_time_to_regain_access")) or 0.0
    return timedelta(minutes=minutes) if 0 < minutes < FAR.total_seconds() / 60 else timedelta()


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
