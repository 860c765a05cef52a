"""How X writes posts: both vocabularies, read item by item."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import (
    BadItem,
    IncomingAuthor,
    IncomingMedia,
    IncomingPost,
    PostKind,
)
from channels_sns.adapters.errors import problem_path

#: The first millisecond of X's ids (snowflakes).
EPOCH_MS = 1_288_834_974_657

_WORDS = {
    "tweet": "attachments,author_id,conversation_id,created_at,edit_controls,edit_history_tweet_ids,entities,id,"
    "in_reply_to_user_id,lang,note_tweet,referenced_tweets,text",
    "post": "attachments,conversation_id,created_at,edit_controls,edit_history_post_ids,entities,id,lang,note_post,"
    "text",
}
_EXPANSIONS = {
    "tweet": "attachments.media_keys,author_id,referenced_tweets.id",
    "post": "attachments.media_keys,author_id,in_reply_to_user_id,referenced_posts",
}
_ESCAPED = re.compile(r"&(?:amp|lt|gt);")
_LEADING_MENTIONS = re.compile(r"^(?:\s*@\w+)*\s*")


def _before(external_id: str, history: Sequence[Any]) -> tuple[str, ...]:
    """The ids of earlier versions; an old version is served with its successors' ids too."""
    ids = [as_text(one) for one in history]
    known = ids[: ids.index(external_id)] if external_id in ids else ids
    return tuple(filter(is_id, known))


def fields(vocabulary: str) -> dict[str, str]:
    """The request's field lists in one of the two vocabularies."""
    return {
        f"{vocabulary}.fields": _WORDS[vocabulary],
        "expansions": _EXPANSIONS[vocabulary],
        "user.fields": "name,profile_image_url,protected,username",
        "media.fields": "alt_text,preview_image_url,type,url",
    }


# --- ids ------------------------------------------------------------------------------------------------------------


def snowflake(at: datetime) -> str:
    """The smallest id of a moment."""
    return str(max(1, (int(at.timestamp() * 1000) - EPOCH_MS) << 22))


def snowflake_back(post_id: str, span: timedelta) -> str:
    """An id `span` before `post_id`."""
    return str(max(1, _number(post_id) - (int(span.total_seconds() * 1000) << 22)))


def moment_of(post_id: str) -> datetime:
    """When a post with that id was written."""
    return datetime.fromtimestamp(((_number(post_id) >> 22) + EPOCH_MS) / 1000, UTC)


def is_id(word: str) -> bool:
    """Is it a number of 63 bits? Whatever else is asked for, the network refuses it and all that is asked with it."""
    return 0 < len(word) <= 19 and word.isascii() and word.isdigit() and int(word) < 1 << 63


def later(*ids: str) -> str:
    """The largest, compared as numbers."""
    return max(ids, key=_number)


def earlier(*ids: str) -> str:
    return min(ids, key=_number, default="")


def _number(post_id: str) -> int:
    return int(post_id) if post_id.isascii() and post_id.isdigit() else 0


def rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- posts ----------------------------------------------------------------------------------------------------------


def read_page(
    body: Mapping[str, Any], *, own_id: str, own_handle: str
) -> tuple[tuple[IncomingPost, ...], tuple[BadItem, ...]]:
    """Every item of a page as a post, or as a bad item with the reason."""
    data = body.get("data")
    items = data if isinstance(data, list) else [data] if data else []
    includes = body.get("includes") if isinstance(body.get("includes"), dict) else {}
    posts: list[IncomingPost] = []
    bad: list[BadItem] = []
    for item in items:
        try:
            posts.append(_Reader(includes or {}, own_id, own_handle).post(item))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raw = as_raw(item).encode("utf-8", "surrogatepass")
            bad.append(
                BadItem(
                    raw, f"{type(error).__name__}: {error}", as_text(item.get("id")) if isinstance(item, dict) else ""
                )
            )
    return tuple(posts), tuple(bad)


def missing(body: Mapping[str, Any]) -> dict[str, bool]:
    """Ids that a lookup did not find → surely gone (not merely hidden from us)."""
    gone: dict[str, bool] = {}
    for error in body.get("errors") or []:
        if isinstance(error, dict):
            one = as_text(error.get("resource_id") or error.get("value"))
            gone[one] = problem_path(as_text(error.get("type"))) == "resource-not-found"
    return gone


def chains(body: Mapping[str, Any]) -> dict[str, str]:
    """Every id of the posts of a page, those of their other versions too → the id of the newest version."""
    newest: dict[str, str] = {}
    data = body.get("data")
    for item in _dicts(data if isinstance(data, list) else [data]):
        ids = [as_text(one) for one in _history(item)] or [as_text(item.get("id"))]
        newest |= {one: later(*ids) for one in (*ids, as_text(item.get("id")))}
    return newest


class _Reader:
    """Reads the posts of one page, whose people and photos stand beside them in `includes`."""

    def __init__(self, includes: Mapping[str, Any], own_id: str, own_handle: str) -> None:
        self.users = {user["id"]: user for user in _dicts(includes.get("users")) if "id" in user}
        self.media = {media["media_key"]: media for media in _dicts(includes.get("media")) if "media_key" in media}
        self.posts = {
            post["id"]: post for key in ("tweets", "posts") for post in _dicts(includes.get(key)) if "id" in post
        }
        self.own_id, self.own_handle = own_id, own_handle

    def post(self, item: Mapping[str, Any]) -> IncomingPost:
        external_id, author_id = _id(item["id"]), _id(item.get("author_id") or "", needed=False)
        note = item.get("note_tweet") or item.get("note_post") or {}
        text = _unescaped(str(note.get("text") or item.get("text") or ""))
        quoted = _reference(item, "quoted")
        answered = item.get("in_reply_to_tweet_id") or item.get("in_reply_to_post_id")
        parent = _reference(item, "replied_to") or as_text(answered)
        kind: PostKind = "reply" if parent else "quote" if quoted else "mention"
        handle = as_text(self.users.get(author_id, {}).get("username")) or "i"
        return IncomingPost(
            external_id=external_id,
            kind=kind,
            text=text,
            posted_at=_time(item.get("created_at"), external_id),
            raw=as_raw(item),
            author=self._author(author_id),
            root_id=_id(item.get("conversation_id") or external_id),
            parent_id=_id(parent, needed=False),
            permalink=f"https://x.com/{handle}/status/{external_id}",
            media=tuple(self._media(item)),
            is_own=bool(author_id) and author_id == self.own_id,
            can_reply=self._summoned(text, parent, quoted),
            language=as_text(item.get("lang")),
            earlier_ids=_before(external_id, _history(item)),
        )

    def _author(self, author_id: str) -> IncomingAuthor | None:
        if not author_id:
            return None
        user = self.users.get(author_id, {})
        handle = as_text(user.get("username"))
        url = f"https://x.com/{handle}" if handle else ""
        return IncomingAuthor(author_id, handle, as_text(user.get("name")), url, as_text(user.get("profile_image_url")))

    def _media(self, item: Mapping[str, Any]) -> Iterable[IncomingMedia]:
        for key in (item.get("attachments") or {}).get("media_keys") or []:
            media = self.media.get(key, {})
            url, kind = as_text(media.get("url")), media.get("type")
            if kind == "photo" and url:
                yield IncomingMedia(url, "photo", as_text(media.get("alt_text")))
            elif kind in ("video", "animated_gif"):
                url = as_text(media.get("preview_image_url") or url)
                yield IncomingMedia(url, "gif" if kind == "animated_gif" else "video", as_text(media.get("alt_text")))

    def _summoned(self, text: str, parent: str, quoted: str) -> bool | None:
        """May we answer (rule since 2026-02-23)? An explicit mention or a quote of ours; None where it cannot be seen.

        The mentions that open a reply may be inherited from its thread, and those do not summon.
        """
        if quoted and as_text(self.posts.get(quoted, {}).get("author_id")) == self.own_id:
            return True
        mention = re.compile(rf"@{re.escape(self.own_handle)}(?!\w)", re.IGNORECASE)
        if not parent:
            return bool(mention.search(text))
        return True if mention.search(_LEADING_MENTIONS.sub("", text)) else None


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _id(value: Any, *, needed: bool = True) -> str:
    """Raises ValueError for what is no id, and for nothing where one is needed."""
    word = as_text(value)
    if not is_id(word) and (needed or value != ""):
        raise ValueError(f"no id: {word[:80]!r}" if word else "no id")
    return word


def _reference(item: Mapping[str, Any], kind: str) -> str:
    for reference in _dicts(item.get("referenced_tweets") or item.get("referenced_posts")):
        if reference.get("type") == kind:
            return as_text(reference.get("id"))
    return ""


def _history(item: Mapping[str, Any]) -> Sequence[Any]:
    history = item.get("edit_history_tweet_ids") or item.get("edit_history_post_ids")
    return history if isinstance(history, list) else []


def _unescaped(text: str) -> str:
    """X escapes &, < and > once."""
    return _ESCAPED.sub(lambda match: html.unescape(match.group()), text)


def _time(created_at: Any, external_id: str) -> datetime:
    """The post's time; old answers without the field carry it in the id."""
    if created_at is None:
        return moment_of(external_id)
    time = datetime.fromisoformat(str(created_at))
    return time if time.tzinfo else time.replace(tzinfo=UTC)
