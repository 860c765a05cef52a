"""How me2day wrote posts, comments and refusals: HTML bodies, three spellings of time, success shaped as an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import (
    AuthExpired,
    BadItem,
    ChannelError,
    ErrorRule,
    IncomingAuthor,
    IncomingMedia,
    IncomingPost,
    PermissionDenied,
    RateLimited,
    ReplyNotAllowed,
    TargetGone,
    Transient,
)
from channels_sns.adapters.errors import Said, classify
from channels_sns.adapters.http import Response
from channels_sns.adapters.text import nfc, plain_text

RULES = (
    ErrorRule(RateLimited, status=429),
    ErrorRule(AuthExpired, status=401, note="whatever code stands in the body"),
    ErrorRule(TargetGone, status=404),
    ErrorRule(PermissionDenied, code="1001", note="권한이 없습니다"),
    ErrorRule(Transient, code="1027", note="요청 에러가 발생하였습니다: Connection reset"),
    ErrorRule(PermissionDenied, status=403),
)
#: To a comment, the same words say that this one post is closed to us.
REPLY_RULES = (
    *RULES[:3],
    ErrorRule(ReplyNotAllowed, code="1001"),
    ErrorRule(ReplyNotAllowed, status=403),
    *RULES[3:],
)

_ID = re.compile(r"[pc][A-Za-z0-9_-]{1,100}")
KST = timezone(timedelta(hours=9))
_LINK_MARKUP = re.compile(r"\"([^\"\n]+)\":https?://\S+")


def said(body: Any) -> Said:
    """{"code", "message", "description"}, bare or inside {"error": …}; codes are numbers or text."""
    if not isinstance(body, dict):
        return Said()
    inner = body["error"] if isinstance(body.get("error"), dict) else body
    words = (as_text(inner.get("message")), as_text(inner.get("description")))
    return Said(tuple(filter(None, (as_text(inner.get("code")),))), " ".join(filter(None, words)))


def accepted(body: Any) -> bool:
    """Success has the shape of an error, with code 0."""
    return said(body).codes == ("0",)


def refusal(body: Any, *, writing: bool, rules: Sequence[ErrorRule] = RULES) -> ChannelError:
    """The error of a body that came with HTTP 200 and is not what was asked for."""
    return classify(rules, Response(200, {}, as_raw(body).encode("utf-8", "replace")), said(body), writing=writing)


def length(text: str) -> int:
    """Characters once "글자":http://… has become 글자."""
    return len(_LINK_MARKUP.sub(r"\1", nfc(text)))


def post_of(external_id: str) -> str:
    """The post that an id belongs to: c6x8lvj-yw8u0a-_1t5g is a comment on pyw8u0a-_1t5g."""
    return f"p{external_id.partition('-')[2]}" if is_comment(external_id) else external_id


def is_comment(external_id: str) -> bool:
    return external_id.startswith("c")


def is_id(word: str) -> bool:
    """Is it the id of a post (pyw8u0a-_1t5g) or of a comment?"""
    return bool(_ID.fullmatch(word))


def name(item: Any) -> str:
    """What tells an item of a list from the others, readable or not."""
    inner = item.get("comment") if isinstance(item, dict) and "comment" in item else item
    found = as_text(inner.get("commentId") or inner.get("post_id")) if isinstance(inner, dict) else ""
    return found or as_raw(item)


def wrote(item: Any) -> str:
    """The id of a comment's author, as far as it can be read."""
    author = item.get("author") if isinstance(item, dict) else None
    return as_text(author.get("id")) if isinstance(author, dict) else ""


class Reader:
    """Reads what one account sees. `kst_as_z`: this server writes Korean time and calls it Z, as in 2007."""

    def __init__(self, me: str, *, tags: Iterable[str] = (), kst_as_z: bool = False) -> None:
        self.me, self.kst_as_z = me, kst_as_z
        self._link = re.compile(rf"href=['\"][^'\"]*/{re.escape(me)}/?['\"]")
        self._tags = {me, *tags}

    def page(self, items: Iterable[Any]) -> tuple[tuple[IncomingPost, ...], tuple[BadItem, ...]]:
        """Every item as a post, or as a bad item with the reason."""
        posts: list[IncomingPost] = []
        bad: list[BadItem] = []
        for item in items:
            try:
                posts.append(self.read(item))
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                found = name(item)
                raw = as_raw(item).encode("utf-8", "surrogatepass")
                bad.append(BadItem(raw, f"{type(error).__name__}: {error}", found if found != as_raw(item) else ""))
        return tuple(posts), tuple(bad)

    def read(self, item: Mapping[str, Any]) -> IncomingPost:
        """A post, a comment, or a pair {post, comment} of track_comments."""
        if "comment" in item:
            return self._comment(item["comment"], item.get("post") or {}, as_raw(item))
        if "commentId" in item:
            return self._comment(item, {}, as_raw(item))
        return self._post(item)

    def _post(self, item: Mapping[str, Any]) -> IncomingPost:
        external_id, author = _required(item["post_id"], "p"), _author(item["author"])
        closed, photo = item.get("commentClosed"), as_text((item.get("media") or {}).get("photoUrl"))
        return IncomingPost(
            external_id=external_id,
            kind="mention",
            text=plain_text(_body(item)),
            posted_at=self.moment(item["pubDate"]),
            raw=as_raw(item),
            author=author,
            root_id=external_id,
            permalink=as_text(item.get("plink")) or as_text(item.get("permalink")),
            media=(IncomingMedia(photo),) if photo else (),
            is_own=author.external_id == self.me,
            can_reply=None if closed is None else not closed,
        )

    def _comment(self, item: Mapping[str, Any], post: Mapping[str, Any], raw: str) -> IncomingPost:
        external_id, author = _required(item["commentId"], "c"), _author(item["author"])
        root = _required(item.get("postId") or post.get("post_id") or post_of(external_id), "p")
        photo = as_text(item.get("imageUrl"))
        return IncomingPost(
            external_id=external_id,
            kind="comment",
            text=plain_text(_body(item)),
            posted_at=self.moment(item["pubDate"]),
            raw=raw,
            author=author,
            root_id=root,
            parent_id=root,
            permalink=as_text(post.get("plink")) or as_text(post.get("permalink")),
            media=(IncomingMedia(photo),) if photo else (),
            is_own=author.external_id == self.me,
        )

    def concerns_us(self, item: Any) -> bool:
        """A comment on our post, or a post that names us. What cannot be read might."""
        return (isinstance(item, dict) and "comment" in item) or self.names_us(item)

    def names_us(self, item: Any) -> bool:
        """Does the body link to our page (a summons), or does a tag carry our name? What cannot be read might."""
        if not isinstance(item, dict) or not isinstance(item.get("body"), str):
            return True
        tags = {as_text(tag.get("name")) for tag in item.get("tags") or [] if isinstance(tag, dict)}
        return bool(self._link.search(item["body"]) or tags & self._tags)

    def reaches(self, items: Iterable[Any], bound: datetime) -> bool:
        """Does a page, newest first, end below `bound`?"""
        return any(post.posted_at < bound for post in self.page(items)[0][-1:])

    def moment(self, value: Any) -> datetime:
        """Raises TypeError, ValueError. A time without a zone is Korean."""
        time = datetime.fromisoformat(value)
        if time.tzinfo is None or (self.kst_as_z and value.endswith("Z")):
            time = time.replace(tzinfo=KST)
        return time.astimezone(UTC)


def _required(value: Any, first: str) -> str:
    external_id = as_text(value)
    if not external_id.startswith(first) or not is_id(external_id):
        raise ValueError(f"no id that begins with {first}")
    return external_id


def _body(item: Mapping[str, Any]) -> str:
    body = item["body"]
    if not isinstance(body, str):
        raise TypeError(f"body is {type(body).__name__}")
    return body


def _author(author: Mapping[str, Any]) -> IncomingAuthor:
    external_id = as_text(author["id"])
    if not external_id:
        raise ValueError("no author")
    return IncomingAuthor(
        external_id,
        external_id,
        as_text(author.get("nickname")),
        as_text(author.get("me2dayHome")),
        as_text(author.get("face")),
    )
