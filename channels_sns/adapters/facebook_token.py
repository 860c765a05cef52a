"""What Facebook says of a token: until when it works, until when it may read, what it may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from channels_sns.adapters.api import as_text
from channels_sns.adapters.contract import AuthExpired, TokenState, Transient

#: What the desk needs; messages need pages_messaging besides.
SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_posts",
    "pages_manage_metadata",
)


def read_state(body: Any) -> TokenState:
    """The answer of /debug_token. Raises AuthExpired for a token that is none any more."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise Transient("the answer tells nothing of the token")
    if data.get("is_valid") is False:
        error = data.get("error")
        raise AuthExpired(as_text(error.get("message")) if isinstance(error, dict) else "the token is not valid")
    scopes = data.get("scopes")
    return TokenState(
        _moment(data.get("expires_at")),
        _moment(data.get("data_access_expires_at")),
        tuple(filter(None, map(as_text, scopes))) if isinstance(scopes, list) else (),
    )


def _moment(value: Any) -> datetime | None:
    """An epoch; 0 stands for never."""
    known = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 37
    return datetime.fromtimestamp(value, UTC) if known else None
