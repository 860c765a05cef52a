"""Own posts written anew where they stand, on the networks whose API can do that; the photos stay.

Facebook: POST /{post} message= (developers.facebook.com, Page Post). Mastodon: PUT /api/v1/statuses/:id, which drops
every photo that is not named again. X lets only its own apps edit, Bluesky and me2day nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from channels_sns.adapters.api import as_text
from channels_sns.adapters.contract import Adapter, OutcomeUnknown, Rejected, TargetGone
from channels_sns.adapters.facebook import FacebookAdapter
from channels_sns.adapters.mastodon import MastodonAdapter

#: Write `text` in place of what stands under an id. Raises TargetGone, or what the network answers.
Edit = Callable[[Adapter, str, str], None]


def can_edit(kind: str) -> bool:
    """Can the city's own posts be changed there?"""
    return kind in EDITS


def edit(adapter: Adapter, external_id: str, text: str) -> None:
    """Let our post say `text`. Doing it again changes nothing. Raises ChannelErrors."""
    can = adapter.capabilities
    if not can_edit(can.kind):
        raise Rejected("posts cannot be changed here", code="no-edit")
    if adapter.measure(text) > can.max_length:
        raise Rejected(f"{adapter.measure(text)} of {can.max_length}", code="too-long")
    EDITS[can.kind](adapter, external_id, text)


def _facebook(adapter: Adapter, external_id: str, text: str) -> None:
    if not cast("FacebookAdapter", adapter).graph.rewrite(external_id, text):
        raise OutcomeUnknown("the answer does not say whether it was changed")


def _mastodon(adapter: Adapter, external_id: str, text: str) -> None:
    api = cast("MastodonAdapter", adapter).api
    status: Any = api.get(f"/api/v1/statuses/{external_id}")
    if not isinstance(status, dict):
        raise TargetGone("the answer is no status")
    photos = [as_text(one.get("id")) for one in status.get("media_attachments") or [] if isinstance(one, dict)]
    body = {"status": text, "media_ids": photos, "language": as_text(status.get("language")) or "ko"}
    api.upload(f"/api/v1/statuses/{external_id}", method="PUT", json=body)


EDITS: Mapping[str, Edit] = {"facebook": _facebook, "mastodon": _mastodon}
