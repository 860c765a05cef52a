"""What Facebook pushes about a Page: its feed, mentions of it, messages to it; in lots, out of order, more than once.

A change that does not name its author, or whose content is not told, is no post: the next poll reads the whole of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import BadItem, IncomingAuthor, IncomingMedia, IncomingPost
from channels_sns.adapters.facebook_ids import letter_id, node_id, node_id_or_none
from channels_sns.adapters.facebook_messages import chat
from channels_sns.adapters.facebook_posts import permalink
from channels_sns.adapters.http import NotJson, strict_json
from channels_sns.adapters.push import Pushed

POSTS = {"post", "status", "photo", "video", "share", "album"}
WRITTEN = {"add", "edit", "edited"}
#: What moderation does: the text is the same, but whether it is shown a poll must see.
MODERATED = {"hide", "unhide", "block", "unblock"}


def answer(query: Mapping[str, str], verify_token: str) -> str | None:
    """The challenge itself, if whoever asks knows the token that was agreed; None: he does not, or asks nothing."""
    asked = query.get("hub.verify_token", "")
    agreed = bool(verify_token) and hmac.compare_digest(asked.encode(), verify_token.encode())
    return query.get("hub.challenge") if agreed and query.get("hub.mode") == "subscribe" else None


def read(body: bytes, *, page_id: str) -> Pushed:
    """What a delivery says to the Page `page_id`. Raises ValueError for a body that is none of Facebook's."""
    pushed = Pushed()
    for entry in _entries(body):
        if as_text(entry.get("id")) != page_id:
            continue
        for change in _dicts(entry.get("changes")):
            pushed = _plus(pushed, _guarded(change, lambda one: _change(one, page_id)))
        for event in _dicts(entry.get("messaging")):
            pushed = _plus(pushed, _guarded(event, lambda one: _message(one, page_id)))
    return pushed


def _entries(body: bytes) -> Iterator[dict[str, Any]]:
    try:
        whole = strict_json(body)
    except NotJson as error:
        raise ValueError(f"no JSON: {error}") from error
    if not isinstance(whole, dict) or whole.get("object") != "page" or not isinstance(whole.get("entry"), list):
        raise ValueError("no delivery about a Page")
    yield from _dicts(whole["entry"])


def _guarded(item: dict[str, Any], read_one: Callable[[dict[str, Any]], Pushed]) -> Pushed:
    """One item that cannot be read costs only itself."""
    try:
        return read_one(item)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raw = as_raw(item).encode("utf-8", "surrogatepass")
        return Pushed(bad=(BadItem(raw, f"{type(error).__name__}: {error}"),), stale=True)


def _plus(one: Pushed, other: Pushed) -> Pushed:
    return Pushed(
        posts=one.posts + other.posts,
        bad=one.bad + other.bad,
        gone=one.gone + other.gone,
        stale=one.stale or other.stale,
    )


def _change(change: Mapping[str, Any], page_id: str) -> Pushed:
    field, value = change.get("field"), change.get("value")
    if field == "mention":
        return Pushed(stale=True)
    if field != "feed":
        return Pushed()
    if not isinstance(value, dict):
        raise TypeError("a change without a value")
    item, verb = value.get("item"), value.get("verb")
    if item != "comment" and item not in POSTS:
        return Pushed()
    if verb == "remove":
        return Pushed(gone=(_id(value, str(item)),))
    if verb in MODERATED:
        return Pushed(stale=True)
    if verb not in WRITTEN:
        return Pushed()
    post = _comment(value, page_id) if item == "comment" else _post(value, page_id)
    return Pushed(posts=(post,)) if post is not None else Pushed(stale=True)


def _id(value: Mapping[str, Any], item: str) -> str:
    return node_id(value["comment_id" if item == "comment" else "post_id"])


def _post(value: Mapping[str, Any], page_id: str) -> IncomingPost | None:
    """None where the author or the photo is not told, and for what is not published yet."""
    external_id, author, media = _id(value, "post"), _author(value), _photos(value)
    told = bool(value.get("message")) or bool(media)
    if author is None or not told or value.get("published") == 0:
        return None
    kind = "wall" if external_id.startswith(f"{page_id}_") else "mention"
    return IncomingPost(
        kind=kind,  # type: ignore[arg-type]  # one of two literals
        root_id=external_id,
        media=media,
        **_shared(value, external_id, author, page_id),
    )


def _comment(value: Mapping[str, Any], page_id: str) -> IncomingPost | None:
    external_id, author, media = _id(value, "comment"), _author(value), _photos(value)
    if author is None or not (value.get("message") or media):
        return None
    root, parent = node_id_or_none(value.get("post_id")), node_id_or_none(value.get("parent_id"))
    root = root or f"{page_id}_{external_id.partition('_')[0]}"
    return IncomingPost(
        kind="reply" if parent and parent != root else "comment",
        root_id=root,
        parent_id=parent or root,
        media=media,
        **_shared(value, external_id, author, page_id),
    )


def _shared(value: Mapping[str, Any], external_id: str, author: IncomingAuthor, page_id: str) -> dict[str, Any]:
    shown = value.get("post")
    link = as_text(shown.get("permalink_url")) if isinstance(shown, dict) and value.get("item") != "comment" else ""
    return {
        "external_id": external_id,
        "text": as_text(value.get("message")),
        "posted_at": datetime.fromtimestamp(int(value["created_time"]), UTC),
        "raw": as_raw(value),
        "author": author,
        "permalink": link or permalink(external_id),
        "is_own": author.external_id == page_id,
    }


def _author(value: Mapping[str, Any]) -> IncomingAuthor | None:
    """`from`, or the old sender_id and sender_name."""
    sender = value.get("from")
    if not isinstance(sender, dict):
        sender = {"id": value.get("sender_id"), "name": value.get("sender_name")}
    external_id = node_id_or_none(sender.get("id"))
    return IncomingAuthor(external_id, name=as_text(sender.get("name"))) if external_id else None


def _photos(value: Mapping[str, Any]) -> tuple[IncomingMedia, ...]:
    """Several stand in `photos`, one in `photo` (comments) or, where the item is a photo, in `link`."""
    several = value.get("photos")
    urls = [as_text(one) for one in several] if isinstance(several, list) else []
    alone = as_text(value.get("photo")) or (as_text(value.get("link")) if value.get("item") == "photo" else "")
    return tuple(IncomingMedia(url) for url in filter(None, urls or [alone]))


def _message(event: Mapping[str, Any], page_id: str) -> Pushed:
    """A message to the Page, or ours coming back; receipts of delivery and reading say nothing."""
    message = event.get("message")
    if not isinstance(message, dict):
        return Pushed()
    sender, recipient = node_id(event["sender"]["id"]), node_id(event["recipient"]["id"])
    mid, own = letter_id(message["mid"]), sender == page_id
    post = IncomingPost(
        external_id=mid,
        kind="message",
        text=as_text(message.get("text")),
        posted_at=datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC),
        raw=as_raw(event),
        author=IncomingAuthor(sender),
        root_id=chat(recipient if own else sender),
        visibility="private",
        media=tuple(_attached(message)),
        is_own=own,
    )
    return Pushed(gone=(mid,)) if message.get("is_deleted") is True else Pushed(posts=(post,))


def _attached(message: Mapping[str, Any]) -> Iterator[IncomingMedia]:
    for one in _dicts(message.get("attachments")):
        url = as_text((one.get("payload") or {}).get("url"))
        if url and one.get("type") in ("image", "video"):
            yield IncomingMedia(url, "photo" if one["type"] == "image" else "video")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
