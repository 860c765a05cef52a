"""How Bluesky writes posts and refusals: views, records and notifications read item by item; facets in UTF-8 bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import (
    AuthExpired,
    BadItem,
    ErrorRule,
    IncomingAuthor,
    IncomingMedia,
    IncomingPost,
    PermissionDenied,
    PostKind,
    RateLimited,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
    Transient,
)
from channels_sns.adapters.errors import Said

RULES = (
    ErrorRule(RateLimited, status=429),
    ErrorRule(RateLimited, code="RateLimitExceeded"),
    ErrorRule(AuthExpired, code="ExpiredToken"),
    ErrorRule(PermissionDenied, code="InvalidToken", text="scope"),
    ErrorRule(AuthExpired, code="InvalidToken"),
    ErrorRule(AuthExpired, code="AuthMissing"),
    ErrorRule(AuthExpired, code="AuthenticationRequired"),
    ErrorRule(AuthExpired, code="AccountTakedown"),
    ErrorRule(AuthExpired, status=401),
    ErrorRule(PermissionDenied, status=403),
    ErrorRule(ReplyNotAllowed, code="ReplyNotAllowed"),
    ErrorRule(TargetGone, code="RecordNotFound"),
    ErrorRule(TargetGone, text="could not locate record"),
    ErrorRule(TargetGone, code="NotFound"),
    ErrorRule(Transient, code="UpstreamFailure"),
    ErrorRule(Rejected, status=413),
    ErrorRule(Rejected, status=400),
)

COLLECTION = "app.bsky.feed.post"
_TID = "234567abcdefghijklmnopqrstuvwxyz"
_URI = re.compile(r"at://did:[a-z]+:[A-Za-z0-9._:%-]{1,200}/[A-Za-z0-9.-]{1,100}/[A-Za-z0-9._~:-]{1,100}")
_LINK = re.compile(r"https?://[^\s<>\"'()（）「」]+[^\s<>\"'()（）「」.,;:!?…]")
_TAG = re.compile(r"(?<![\w#])#(\w{1,64})")


def said(body: Any) -> Said:
    """{"error": "ExpiredToken", "message": "…"}"""
    if not isinstance(body, dict):
        return Said()
    return Said(tuple(filter(None, (as_text(body.get("error")),))), as_text(body.get("message")))


def record_key(key: str, created_at: datetime) -> str:
    """The key under which an outgoing post is put, however often: a TID made of its row's time and id.

    13 signs for 64 bits: a zero, 53 bits of microseconds, 10 bits more. Posts of one moment (the parts of a reply, a
    hundred answers at once) must not take each other's key, for the later one would stand in the place of the earlier:
    30 bits of the id tell them apart, 20 of them as a part of the second behind.
    """
    bits = int(key.replace("-", "")[:8] or "0", 16) % (1 << 30)
    number = (int(created_at.timestamp() * 1_000_000) << 10) + bits
    return "".join(_TID[(number >> shift) & 31] for shift in range(60, -1, -5))


def facets(text: str) -> list[dict[str, Any]]:
    """Links and tags with their places counted in bytes of UTF-8."""
    found = [
        (match.span(), {"$type": "app.bsky.richtext.facet#link", "uri": match.group()})
        for match in _LINK.finditer(text)
    ]
    found += [(m.span(), {"$type": "app.bsky.richtext.facet#tag", "tag": m.group(1)}) for m in _TAG.finditer(text)]
    return [
        {"index": _bytes(text, *span), "features": [feature]} for span, feature in sorted(found, key=lambda one: one[0])
    ]


def _bytes(text: str, start: int, end: int) -> dict[str, int]:
    before = len(text[:start].encode())
    return {"byteStart": before, "byteEnd": before + len(text[start:end].encode())}


# --- posts ----------------------------------------------------------------------------------------------------------


def read(items: Iterable[tuple[Any, PostKind]], *, own_id: str) -> tuple[list[IncomingPost], list[BadItem]]:
    """Every view as a post of its kind, or as a bad item with the reason."""
    posts: list[IncomingPost] = []
    bad: list[BadItem] = []
    for item, kind in items:
        try:
            posts.append(post(item, kind=kind, own_id=own_id))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            bad.append(_bad(item, error))
    return posts, bad


def _bad(item: Any, error: Exception) -> BadItem:
    uri = as_text(item.get("uri")) if isinstance(item, dict) else ""
    return BadItem(as_raw(item).encode("utf-8", "surrogatepass"), f"{type(error).__name__}: {error}", uri)


def notes(items: Iterable[Any]) -> tuple[list[dict[str, Any]], list[BadItem]]:
    """Notifications with a reason and a time, and what stood among them and is none."""
    good: list[dict[str, Any]] = []
    bad: list[BadItem] = []
    for item in items:
        try:
            at = _time(item["indexedAt"]).astimezone(UTC).isoformat()
            good.append({**item, "uri": _uri(item["uri"]), "indexedAt": at, "reason": str(item["reason"])})
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            bad.append(_bad(item, error))
    return good, bad


def post(view: Mapping[str, Any], *, kind: PostKind, own_id: str) -> IncomingPost:
    """A post view, or a notification, which has the same record but no shown pictures."""
    uri, record = _uri(view["uri"]), view["record"]
    author = _author(view["author"])
    reply = record.get("reply") or {}
    langs = record.get("langs") or []
    blocked = (view.get("viewer") or {}).get("blockedBy") or (view.get("viewer") or {}).get("replyDisabled")
    return IncomingPost(
        external_id=uri,
        kind=kind,
        text=str(record.get("text") or ""),
        posted_at=_time(record.get("createdAt") or view["indexedAt"]),
        raw=as_raw(view),
        author=author,
        root_id=_uri((reply.get("root") or {}).get("uri") or uri),
        parent_id=_uri(reply["parent"]["uri"]) if reply.get("parent") else "",
        permalink=f"https://bsky.app/profile/{author.handle or author.external_id}/post/{uri.rpartition('/')[2]}",
        media=tuple(_images(view.get("embed"))),
        is_own=author.external_id == own_id,
        can_reply=False if blocked else None,
        language=as_text(langs[0]) if langs else "",
    )


def _uri(value: Any) -> str:
    """Raises ValueError for what names no record: a call that asks for one such is refused whole."""
    uri = as_text(value)
    if not _URI.fullmatch(uri):
        raise ValueError(f"no at-uri: {uri[:80]!r}")
    return uri


def _author(author: Mapping[str, Any]) -> IncomingAuthor:
    """Handles change; the DID is the person."""
    did, handle = as_text(author["did"]), as_text(author.get("handle"))
    if not did:
        raise ValueError("no did")
    url = f"https://bsky.app/profile/{handle or did}"
    return IncomingAuthor(did, handle, as_text(author.get("displayName")), url, as_text(author.get("avatar")))


def _images(embed: Any) -> Iterable[IncomingMedia]:
    """The pictures of a view; a quoted post's stand beside it."""
    if not isinstance(embed, dict):
        return
    for image in embed.get("images") or (embed.get("media") or {}).get("images") or []:
        url = as_text(image.get("fullsize")) or as_text(image.get("thumb"))
        if url:
            yield IncomingMedia(url, "photo", as_text(image.get("alt")))
    video = embed if as_text(embed.get("playlist")) else (embed.get("media") or {})
    if as_text(video.get("playlist")):
        yield IncomingMedia(
            as_text(video.get("thumbnail")) or as_text(video["playlist"]), "video", as_text(video.get("alt"))
        )


def replies_below(thread: Any) -> Iterable[dict[str, Any]]:
    """The views of a thread below its first post, however deep they were served."""
    stack = list((thread or {}).get("replies") or []) if isinstance(thread, dict) else []
    while stack:
        node = stack.pop()
        if isinstance(node, dict) and isinstance(node.get("post"), dict):
            yield node["post"]
            stack += list(node.get("replies") or [])


def _time(text: Any) -> datetime:
    time = datetime.fromisoformat(str(text))
    return time if time.tzinfo else time.replace(tzinfo=UTC)
