"""How YouTube writes comments and refusals: threads read item by item, its errors by their reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from statistics import median_low
from typing import Any

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import (
    AuthExpired,
    BadItem,
    ErrorRule,
    IncomingAuthor,
    IncomingPost,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
)
from channels_sns.adapters.errors import Said

RULES = (
    ErrorRule(QuotaExhausted, code="quotaExceeded"),
    ErrorRule(QuotaExhausted, code="dailyLimitExceeded"),
    ErrorRule(RateLimited, code="rateLimitExceeded"),
    ErrorRule(RateLimited, code="userRateLimitExceeded"),
    ErrorRule(RateLimited, status=429),
    ErrorRule(ReplyNotAllowed, code="commentsDisabled"),
    ErrorRule(ReplyNotAllowed, code="operationNotSupported"),
    ErrorRule(ReplyNotAllowed, code="parentCommentIsPrivate"),
    ErrorRule(AuthExpired, code="authError"),
    ErrorRule(AuthExpired, code="invalid_grant"),
    ErrorRule(AuthExpired, status=401),
    ErrorRule(PermissionDenied, code="forbidden"),
    ErrorRule(PermissionDenied, code="insufficientPermissions"),
    ErrorRule(PermissionDenied, code="ineligibleAccount"),
    ErrorRule(PermissionDenied, code="keyInvalid"),
    ErrorRule(PermissionDenied, code="PERMISSION_DENIED"),
    ErrorRule(TargetGone, status=404),
    ErrorRule(Rejected, status=400),
)
_ID = re.compile(r"[A-Za-z0-9_.=-]{1,128}")
#: The refusal says nothing about what happened: mostly refused for good, now and then posted all the same.
UNSURE_REASONS = frozenset({"processingFailure"})


def said(body: Any) -> Said:
    """Google's error envelope: every reason, then the status word; the token server's own short form too."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, str):
        return Said((error,), as_text(body.get("error_description")))
    if not isinstance(error, dict):
        return Said()
    reasons = [as_text(one.get("reason")) for one in error.get("errors") or [] if isinstance(one, dict)]
    return Said(tuple(filter(None, [*reasons, as_text(error.get("status"))])), as_text(error.get("message")))


def is_id(word: str) -> bool:
    """May it be asked for? One that is none spoils the call for all that are asked for with it."""
    return bool(_ID.fullmatch(word))


def read_threads(
    items: list[Any], *, own_id: str
) -> tuple[list[IncomingPost], list[BadItem], dict[str, tuple[int, int]]]:
    """(posts, bad items, thread id → (replies shown, replies there are)). Some replies stand beside their comment; one
    that cannot be read costs only itself."""
    posts: list[IncomingPost] = []
    bad: list[BadItem] = []
    replies: dict[str, tuple[int, int]] = {}
    for item in items:
        try:
            top = comment(item["snippet"]["topLevelComment"], thread=item, own_id=own_id)
            shown = list((item.get("replies") or {}).get("comments") or [])
            there = int(item["snippet"].get("totalReplyCount") or 0)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            bad.append(_bad(item, error))
            continue
        below, unread = _each(shown, thread=item, own_id=own_id)
        posts, bad = [*posts, top, *below], bad + unread
        replies[top.external_id] = (len(shown), there)
    return posts, bad, replies


def read_comments(items: list[Any], *, video_id: str, own_id: str) -> tuple[list[IncomingPost], list[BadItem]]:
    """Comments without their thread around them (comments.list)."""
    return _each(items, thread={"snippet": {"videoId": video_id}}, own_id=own_id)


def _each(items: list[Any], *, thread: Mapping[str, Any], own_id: str) -> tuple[list[IncomingPost], list[BadItem]]:
    posts: list[IncomingPost] = []
    bad: list[BadItem] = []
    for item in items:
        try:
            posts.append(comment(item, thread=thread, own_id=own_id))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            bad.append(_bad(item, error))
    return posts, bad


def comment(item: Mapping[str, Any], *, thread: Mapping[str, Any], own_id: str) -> IncomingPost:
    """One comment. Whatever it answers, an answer goes under the top-level comment: that is its root."""
    external_id, snippet, around = as_text(item["id"]), item["snippet"], thread["snippet"]
    parent = as_text(snippet.get("parentId"))
    if not is_id(external_id) or not is_id(parent or external_id):
        raise ValueError(f"no id: {external_id[:80]!r}")
    video = as_text(snippet.get("videoId") or around.get("videoId"))
    posted_at, updated_at = _time(snippet["publishedAt"]), _time(snippet.get("updatedAt") or snippet["publishedAt"])
    can_reply = around.get("canReply")
    author = _author(snippet)
    return IncomingPost(
        external_id=external_id,
        kind="reply" if parent else "comment",
        text=str(snippet.get("textOriginal") or snippet.get("textDisplay") or ""),
        posted_at=posted_at,
        raw=as_raw(item),
        author=author,
        root_id=parent or external_id,
        parent_id=parent,
        permalink=f"https://www.youtube.com/watch?v={video}&lc={external_id}" if video else "",
        is_own=author is not None and author.external_id == own_id,
        can_reply=can_reply if isinstance(can_reply, bool) else None,
        edited_at=updated_at if updated_at != posted_at else None,
    )


def _author(snippet: Mapping[str, Any]) -> IncomingAuthor | None:
    """A deleted channel has a name and no id: then nobody is the author."""
    channel = as_text((snippet.get("authorChannelId") or {}).get("value"))
    if not channel:
        return None
    name = as_text(snippet.get("authorDisplayName"))
    handle = name.removeprefix("@") if name.startswith("@") else ""
    url, avatar = as_text(snippet.get("authorChannelUrl")), as_text(snippet.get("authorProfileImageUrl"))
    return IncomingAuthor(channel, handle, name, url, avatar)


def _bad(item: Any, error: Exception) -> BadItem:
    external_id = as_text(item.get("id")) if isinstance(item, dict) else ""
    return BadItem(as_raw(item).encode("utf-8", "surrogatepass"), f"{type(error).__name__}: {error}", external_id)


def _time(text: Any) -> datetime:
    time = datetime.fromisoformat(str(text))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def newest(posts: list[IncomingPost]) -> datetime | None:
    """When the newest top-level comment was written: the order of the list."""
    return max((post.posted_at for post in _top(posts)), default=None)


def middle(posts: list[IncomingPost]) -> datetime | None:
    """Older than half of the top-level comments: one time that is wrong does not move it far."""
    times = [post.posted_at for post in _top(posts)]
    return median_low(times) if times else None


def _top(posts: list[IncomingPost]) -> Iterator[IncomingPost]:
    return (post for post in posts if not post.parent_id)
