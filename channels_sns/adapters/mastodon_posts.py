"""How Mastodon and its kin write statuses and refusals: HTML made plain, opaque ids, their errors as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import (
    AuthExpired,
    BadItem,
    Duplicate,
    ErrorRule,
    IncomingAuthor,
    IncomingMedia,
    IncomingPost,
    MediaKind,
    PermissionDenied,
    PostKind,
    RateLimited,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
)
from channels_sns.adapters.errors import Said
from channels_sns.adapters.text import graphemes, nfc, plain_text

RULES = (
    ErrorRule(RateLimited, status=429),
    ErrorRule(AuthExpired, status=401),
    ErrorRule(AuthExpired, status=400, text="invalid bearer token", note="Takahē"),
    ErrorRule(PermissionDenied, text="outside the authorized scopes"),
    ErrorRule(ReplyNotAllowed, text="action is not allowed", note="the author or the server shuts us out"),
    ErrorRule(PermissionDenied, status=403, note="login disabled, e-mail not confirmed, account limited"),
    ErrorRule(TargetGone, status=404),
    ErrorRule(TargetGone, status=410),
    ErrorRule(Duplicate, text="duplicate record"),
    ErrorRule(Rejected, status=422),
    ErrorRule(Rejected, status=400, note="GoToSocial and Takahē refuse content with 400"),
)

#: From the most to the least open.
VISIBILITIES = ("public", "unlisted", "private", "direct")
URL_LENGTH = 23
#: The largest number that is an id.
ID_MAX = (1 << 63) - 1

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,127}")
_USERNAME = r"[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*"
_MENTION = re.compile(rf"(?<![=/\w])@({_USERNAME})(?:@\w+(?:[.-]+\w+)*)?", re.IGNORECASE)
_URL = re.compile(r"https?://[\w.:-]+(?:[/?#][!-;=?-~]*)?", re.IGNORECASE)
_AFTER_URL = ".,:;!?)'\""
_KINDS: Mapping[str, MediaKind] = {"image": "photo", "video": "video", "gifv": "gif"}


def said(body: Any) -> Said:
    """{"error": sentence, "error_description": sentence}, or the bare sentence (Takahē); there are no codes."""
    if not isinstance(body, dict):
        return Said(text=as_text(body))
    return Said(text=" ".join(filter(None, (as_text(body.get("error")), as_text(body.get("error_description"))))))


def length(text: str) -> int:
    """Characters as a reader sees them; every link is 23, a mention only its local part."""
    local = _MENTION.sub(lambda match: f"@{match[1]}", nfc(text))
    return len(graphemes(_URL.sub(_as_counted, local)))


def _as_counted(match: re.Match[str]) -> str:
    """23 signs in place of a link; the punctuation that ends a sentence after it is none of it."""
    return "x" * URL_LENGTH + match[0][len(match[0].rstrip(_AFTER_URL)) :]


def mention(text: str, handle: str) -> str:
    """`text` with the mention by which `handle` hears of it, unless it is there already."""
    named = re.compile(rf"(?<![=/\w])@{re.escape(handle)}(?![\w@]|[.-]\w)", re.IGNORECASE)
    return text if not handle or named.search(text) else f"@{handle} {text}"


def not_more_open(*visibilities: str) -> str:
    """The strictest of `visibilities`; a word that we do not know, and none at all, count as "direct"."""
    places = [VISIBILITIES.index(one) if one in VISIBILITIES else 3 for one in visibilities if one]
    return VISIBILITIES[max(places, default=3)]


# --- pages ----------------------------------------------------------------------------------------------------------


def is_id(value: Any) -> bool:
    """Is it an id as these servers make them: a number of 64 bits, a ULID, a hash? Such a word may stand in a path."""
    return isinstance(value, str) and bool(_ID.fullmatch(value)) and not (value.isdigit() and int(value) > ID_MAX)


def ids(items: Iterable[Any]) -> list[str]:
    """The well-formed ids of a page's items, in its order."""
    return [item["id"] for item in items if isinstance(item, dict) and is_id(item.get("id"))]


def read_mentions(items: Sequence[Any], *, own_id: str) -> tuple[tuple[IncomingPost, ...], tuple[BadItem, ...]]:
    """The posts of a page of notifications, newest first as served; an item that is no notification is a bad one."""
    shown = [item for item in items if not _is_hollow(item)]
    odd = tuple(_bad(item, "no id that a notification could have") for item in shown if _is_odd(item))
    statuses = [item["status"] if _is_notification(item) else item for item in shown if not _is_odd(item)]
    posts, bad = read_statuses(statuses, own_id=own_id)
    return posts, odd + bad


def _is_notification(item: Any) -> bool:
    return isinstance(item, dict) and "type" in item and "status" in item


def _is_hollow(item: Any) -> bool:
    """Other types than mentions, and mentions whose post is deleted (some servers keep them, with status null)."""
    return _is_notification(item) and (item["type"] != "mention" or item["status"] is None)


def _is_odd(item: Any) -> bool:
    """A notification that nobody can ask for again, and that could lead a walk astray."""
    return _is_notification(item) and not is_id(item.get("id"))


def _bad(item: Any, reason: str) -> BadItem:
    external_id = as_text(item.get("id")) if isinstance(item, dict) else ""
    return BadItem(as_raw(item).encode("utf-8", "surrogatepass"), reason, external_id)


def read_statuses(items: Iterable[Any], *, own_id: str) -> tuple[tuple[IncomingPost, ...], tuple[BadItem, ...]]:
    """Every status as a post, or as a bad item with the reason."""
    posts: list[IncomingPost] = []
    bad: list[BadItem] = []
    for item in items:
        try:
            posts.append(read_status(item, own_id=own_id))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            bad.append(_bad(item, f"{type(error).__name__}: {error}"))
    return tuple(posts), tuple(bad)


# --- one status -----------------------------------------------------------------------------------------------------


def read_status(item: Any, *, own_id: str) -> IncomingPost:
    """Raises KeyError, TypeError, ValueError, AttributeError, OverflowError if it is no status."""
    external_id, author = item["id"], _author(item["account"])
    parent, visibility = as_text(item.get("in_reply_to_id")), as_text(item.get("visibility"))
    if not is_id(external_id) or not is_id(parent or external_id):
        raise ValueError("no id")
    kind: PostKind = "message" if visibility == "direct" else "reply" if parent else "mention"
    return IncomingPost(
        external_id=external_id,
        kind=kind,
        text=_text(item),
        posted_at=moment(item["created_at"]),
        raw=as_raw(item),
        author=author,
        root_id="" if parent else external_id,
        parent_id=parent,
        permalink=as_text(item.get("url")) or as_text(item.get("uri")),
        media=tuple(_media(item.get("media_attachments") or [])),
        is_own=bool(author) and author.external_id == own_id,
        visibility=visibility,
        language=as_text(item.get("language")),
        edited_at=moment(item["edited_at"]) if item.get("edited_at") else None,
    )


def _author(account: Mapping[str, Any]) -> IncomingAuthor:
    external_id = as_text(account["id"])
    if not is_id(external_id):
        raise ValueError("no author")
    return IncomingAuthor(
        external_id,
        as_text(account.get("acct")),
        as_text(account.get("display_name")),
        as_text(account.get("url")),
        as_text(account.get("avatar_static")) or as_text(account.get("avatar")),
    )


def _text(item: Mapping[str, Any]) -> str:
    """What the author wrote, below the warning that it hides behind (if any)."""
    content = item["content"]
    if not isinstance(content, str):
        raise TypeError(f"content is {type(content).__name__}")
    return "\n\n".join(filter(None, (as_text(item.get("spoiler_text")), plain_text(content))))


def _media(attachments: Iterable[Mapping[str, Any]]) -> Iterator[IncomingMedia]:
    """Photos, films and moving pictures; a remote one that the server did not copy stands at its own address."""
    for one in attachments:
        kind = _KINDS.get(as_text(one.get("type")))
        url = as_text(one.get("url")) or as_text(one.get("remote_url")) or as_text(one.get("preview_url"))
        if kind and url:
            yield IncomingMedia(url, kind, as_text(one.get("description")))


def moment(value: Any) -> datetime:
    """Raises ValueError, TypeError."""
    time = datetime.fromisoformat(value)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
