"""What X pushes (Activity API, webhooks v2, as documented in August 2026): one event in a delivery.

Numbers may come with a twin in text (`id`, `id_str`): the twin counts. People beside an event stand bare in some
events and wrapped in {"data": …} in others. The id of an event may be negative.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from channels_sns.adapters import x_posts
from channels_sns.adapters.api import as_text
from channels_sns.adapters.http import NotJson, strict_json
from channels_sns.adapters.push import Pushed, base64_of, signed

#: Somebody named us, answered us, or quoted us.
ADDRESSED = ("post.mention.create", "post.reply.create", "post.quote.create")
#: These are sent only if the author called us himself, so we may answer (see `reply_rule`).
SUMMONING = ("post.mention.create", "post.quote.create")
DELETED, REVOKED = "post.delete", "oauth.revoke"


def crc(token: str, consumer_secret: str) -> str:
    """The answer that proves that the address belongs to the application."""
    return json.dumps({"response_token": f"sha256={base64_of(signed(consumer_secret, token.encode()))}"})


def event_id(body: bytes) -> str:
    """What makes an event the same one again, however often it is sent; "" where it has no name of its own."""
    try:
        (event,) = _events(body)
    except ValueError:
        return ""
    uuid = as_text(event.get("event_uuid"))
    return f"{event['event_type']} {uuid}" if uuid else ""


def read(body: bytes, *, own_id: str, own_handle: str) -> Pushed:
    """What a delivery says to the account `own_id`; an event of a kind that does not concern the desk says nothing."""
    pushed = Pushed()
    for event in _events(body):
        one = _read(event, own_id, own_handle)
        pushed = Pushed(
            posts=pushed.posts + one.posts,
            bad=pushed.bad + one.bad,
            gone=pushed.gone + one.gone,
            revoked=pushed.revoked or one.revoked,
        )
    return pushed


def _events(body: bytes) -> Iterator[dict[str, Any]]:
    """Raises ValueError for a body that holds none."""
    try:
        whole = strict_json(body)
    except NotJson as error:
        raise ValueError(f"no JSON: {error}") from error
    data: Any = whole.get("data") if isinstance(whole, dict) else None
    events: list[Any] = data if isinstance(data, list) else [data]
    if not all(map(_is_event, events)):
        raise ValueError("no event of the Activity API")
    yield from events


def _is_event(event: Any) -> bool:
    return (
        isinstance(event, dict) and isinstance(event.get("event_type"), str) and isinstance(event.get("payload"), dict)
    )


def _read(event: Mapping[str, Any], own_id: str, own_handle: str) -> Pushed:
    kind, payload = event["event_type"], _twins_count(event["payload"])
    if kind == DELETED:
        return Pushed(gone=tuple(filter(None, (as_text(payload.get("id")),))))
    if kind == REVOKED:
        return Pushed(revoked=as_text(payload.get("user_id")) == own_id)
    if kind not in ADDRESSED or _subscriber(event) not in ("", own_id):
        return Pushed()
    page = {"data": [payload], "includes": _unwrapped(event.get("includes"))}
    posts, bad = x_posts.read_page(page, own_id=own_id, own_handle=own_handle)
    if kind in SUMMONING:
        posts = tuple(replace(post, can_reply=True) for post in posts)
    return Pushed(posts, bad)


def _subscriber(event: Mapping[str, Any]) -> str:
    """Whose subscription fired: the application may serve several accounts at one address."""
    chosen = event.get("filter")
    return as_text(chosen.get("user_id")) if isinstance(chosen, dict) else ""


def _unwrapped(includes: Any) -> dict[str, Any]:
    found = _twins_count(includes)
    if not isinstance(found, dict):
        return {}
    return {name: [_bare(one) for one in items] for name, items in found.items() if isinstance(items, list)}


def _bare(one: Any) -> Any:
    return one["data"] if isinstance(one, dict) and isinstance(one.get("data"), dict) else one


def _twins_count(value: Any) -> Any:
    """`value` with every number that has a twin in text replaced by it."""
    if isinstance(value, list):
        return [_twins_count(one) for one in value]
    if not isinstance(value, dict):
        return value
    twins = {name.removesuffix("_str"): text for name, text in value.items() if name.endswith("_str")}
    plain = {name: _twins_count(one) for name, one in value.items() if not name.endswith("_str")}
    return {**plain, **twins}
