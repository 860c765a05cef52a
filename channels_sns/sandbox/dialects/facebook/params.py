"""Parameters come in the query, in a form or in a JSON body alike."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook.refusals import invalid


def given(call: ApiCall) -> dict[str, str]:
    """All parameters; a form's win over the query's."""
    body: dict[str, Any] = dict(call.form().items())
    if call.request.content_type == "application/json" and call.method != "GET":
        body = call.json()
    return {
        **{name: _text(value) for name, value in call.query.items()},
        **{name: _text(value) for name, value in body.items()},
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def flag(call: ApiCall, name: str, default: bool) -> bool:
    text = given(call).get(name, str(default)).lower()
    if text not in ("true", "false", "1", "0"):
        raise invalid(f"Param {name} must be a boolean")
    return text in ("true", "1")


def limit(call: ApiCall, default: int = 25) -> int:
    """How many per page. Raises 100 outside of 1 to 100."""
    text = call.query.get("limit", str(default))
    if not (text.isascii() and text.isdigit()) or not int(text):
        raise invalid("Param limit must be a positive integer")
    if int(text) > 100:
        raise invalid("Param limit must not exceed 100")
    return int(text)


def moment(call: ApiCall, name: str) -> datetime | None:
    """`since` or `until`: seconds of the epoch or a date."""
    text = call.query.get(name, "")
    if not text:
        return None
    try:
        if text.isascii() and text.isdigit():
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as error:
        raise invalid(f"Param {name} must be a valid timestamp") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def one_of(call: ApiCall, name: str, choices: tuple[str, ...]) -> str:
    """The first choice is the default."""
    text = call.query.get(name, choices[0]).lower()
    if text not in choices:
        raise invalid(f'Param {name} must be one of {{{", ".join(choices).upper()}}} - got unexpected value: "{text}"')
    return text


def attached_media(call: ApiCall) -> list[str]:
    """attached_media[0]={"media_fbid":"…"}, or the whole list as JSON; the photos' ids in their order."""
    values = given(call)
    numbered = [(int(match[1]), text) for name, text in values.items() if (match := ATTACHED.fullmatch(name))]
    texts = [text for _, text in sorted(numbered)]
    try:
        items = [json.loads(text) for text in texts] or json.loads(values.get("attached_media", "[]"))
        return [str(item["media_fbid"]) for item in items]
    except (ValueError, TypeError, KeyError) as error:
        raise invalid("Param attached_media must be an array of objects with media_fbid") from error


ATTACHED = re.compile(r"attached_media\[(\d{1,3})\]")
