"""From a network's refusal to one of our errors, by data tables: the HTTP status alone classifies nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from channels_sns.adapters.contract import (
    AuthExpired,
    ChannelError,
    ErrorRule,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from channels_sns.adapters.http import Response

#: A time further away is a network's mistake.
FAR = timedelta(days=31)
_SECRETS = re.compile(r"(?i)(access_token|appsecret_proof|token|secret|ukey|akey)(\"?\s*[=:]\s*\"?)[^\s&\",}]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What a network's error body says: its codes (number, subcode, type, title …), its sentence, its trace id."""

    codes: tuple[str, ...] = ()
    text: str = ""
    trace: str = ""


def classify(
    rules: Sequence[ErrorRule], response: Response, said: Said, *, writing: bool, now: datetime | None = None
) -> ChannelError:
    """The error to raise for `response`: the first matching rule, else by status.

    A write answered with 5xx, or with anything that is not understood, may have been carried out: OutcomeUnknown.
    """
    error = next((rule.error for rule in rules if _matches(rule, response, said)), None) or _by_status(response.status)
    if writing and issubclass(error, Transient):
        error = OutcomeUnknown
    return error(
        redacted(said.text or response.excerpt()) or f"HTTP {response.status}",
        status=response.status,
        code=said.codes[0] if said.codes else "",
        trace=said.trace,
        retry_at=retry_at(response.headers, now=now or datetime.now(UTC)),
    )


def _matches(rule: ErrorRule, response: Response, said: Said) -> bool:
    return (
        rule.status in (None, response.status)
        and (not rule.code or rule.code in said.codes)
        and (not rule.text or rule.text in said.text.lower())
    )


def _by_status(status: int) -> type[ChannelError]:
    if status == 401:
        return AuthExpired
    if 400 <= status < 500 and status not in (408, 425):
        return Rejected
    return Transient


def redacted(text: str) -> str:
    """`text` without the values of secrets."""
    return _SECRETS.sub(r"\1\2…", text)


def problem_path(kind: str) -> str:
    """The path of a problem type: X writes it with two host names."""
    return urlsplit(kind).path.removeprefix("/2/problems/")


def retry_at(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """When the network says we may call again: Retry-After, or the reset of the windows that are used up.

    Seconds, HTTP dates, epochs and ISO times are read; nonsense, the past and the far future are not believed.
    """
    times = [_retry_after(headers.get("retry-after", ""), now)]
    for name, value in headers.items():
        if name.endswith("-remaining") and value.strip() == "0":
            times.append(_moment(headers.get(f"{name.removesuffix('-remaining')}-reset", "")))
    believable = [time for time in times if time is not None and now <= time <= now + FAR]
    return max(believable, default=None)


def _retry_after(value: str, now: datetime) -> datetime | None:
    if value.strip().isdigit() and len(value) < 10:
        return now + timedelta(seconds=int(value))
    try:
        return _aware(parsedate_to_datetime(value))
    except ValueError:
        return None


def _moment(value: str) -> datetime | None:
    """An epoch in seconds, or an ISO time."""
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        return _aware(datetime.fromisoformat(value))
    except ValueError:
        return None


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
