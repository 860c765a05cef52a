"""How Facebook writes posts and comments, read item by item."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import (
    BadItem,
    IncomingAuthor,
    IncomingMedia,
    IncomingPost,
    MediaKind,
    PostKind,
    ReplyTarget,
)
from channels_sns.adapters.facebook_ids import node_id, node_id_or_none

_ANY = "id,message,from,created_time,permalink_url,is_hidden"
POST = f"{_ANY},updated_time,is_published,attachments{{media,type,url,subattachments}}"
TAGGED = f"{POST},tagged_time"
COMMENT = f"{_ANY},parent{{id}},attachment,can_comment"

Item = TypeVar("Item")
Readings = tuple[tuple[IncomingPost, ...], tuple[BadItem, ...]]


class Reader:
    """Reads for one Page."""

    def __init__(self, page_id: str) -> None:
        self.page_id = page_id

    def posts(self, items: Iterable[Any]) -> Readings:
        """What is published of a feed's page; drafts and scheduled posts stand there too."""
        shown = [item for item in items if not (isinstance(item, dict) and item.get("is_published") is False)]
        return each(shown, self._post)

    def comments(self, items: Iterable[Any], *, root_id: str = "") -> Readings:
        """Comments under the post `root_id`; without it, the post is taken from the comment's id."""
        return each(items, lambda item: self._comment(item, root_id))

    def _post(self, item: Mapping[str, Any]) -> IncomingPost:
        external_id = node_id(item["id"])
        return IncomingPost(
            kind=self._kind(external_id),
            root_id=external_id,
            media=tuple(_media((item.get("attachments") or {}).get("data") or [])),
            **self._shared(item, external_id),
        )

    def _kind(self, external_id: str) -> PostKind:
        """On the Page's own wall, or elsewhere with the Page named in it? An id begins with whose wall it is."""
        return "wall" if external_id.startswith(f"{self.page_id}_") else "mention"

    def _comment(self, item: Mapping[str, Any], root_id: str) -> IncomingPost:
        external_id = node_id(item["id"])
        root = root_id or f"{self.page_id}_{external_id.partition('_')[0]}"
        parent = node_id_or_none((item.get("parent") or {}).get("id"))
        open_to_us = item.get("can_comment")
        return IncomingPost(
            kind="reply" if parent else "comment",
            root_id=root,
            parent_id=parent or root,
            media=tuple(_media([item["attachment"]] if item.get("attachment") else [])),
            # An answer to a reply goes under the comment above it, whatever the reply itself allows.
            can_reply=open_to_us if isinstance(open_to_us, bool) and not parent else None,
            **self._shared(item, external_id),
        )

    def _shared(self, item: Mapping[str, Any], external_id: str) -> dict[str, Any]:
        author = author_of(item.get("from"))
        message = item.get("message")
        if not isinstance(message, str | None):
            raise TypeError(f"message is {type(message).__name__}")
        return {
            "external_id": external_id,
            "text": message or "",
            "posted_at": moment(item.get("created_time") or item["tagged_time"]),
            "raw": as_raw(item),
            "author": author,
            "permalink": as_text(item.get("permalink_url")) or permalink(external_id),
            "is_own": author is not None and author.external_id == self.page_id,
        }


def attached(photos: Iterable[str]) -> dict[str, str]:
    """Uploaded photos as the fields of a post."""
    return {f"attached_media[{n}]": json.dumps({"media_fbid": photo}) for n, photo in enumerate(photos)}


def photos_of(form: Mapping[str, Any]) -> tuple[str, ...]:
    """The photos of a post, out of its fields: Facebook keeps them in an album beside it."""
    return tuple(json.loads(form[name])["media_fbid"] for name in form if name.startswith("attached_media["))


def permalink(external_id: str) -> str:
    return f"https://www.facebook.com/{external_id}"


def moment(value: Any) -> datetime:
    """“2021-08-10T18:45:03+0000” as UTC. Raises ValueError, TypeError."""
    time = datetime.fromisoformat(value)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def named_moment(item: Any, name: str) -> datetime | None:
    """A time of an item, if it has one that can be read."""
    try:
        return moment(item[name])
    except (KeyError, TypeError, ValueError):
        return None


def each(items: Iterable[Any], read: Callable[[Any], Item]) -> tuple[tuple[Item, ...], tuple[BadItem, ...]]:
    """Every item as `read` reads it, or as a bad item with the reason."""
    found: list[Item] = []
    bad: list[BadItem] = []
    for item in items:
        try:
            found.append(read(item))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            external_id = as_text(item.get("id")) if isinstance(item, dict) else ""
            raw = as_raw(item).encode("utf-8", "surrogatepass")
            bad.append(BadItem(raw, f"{type(error).__name__}: {error}", external_id))
    return tuple(found), tuple(bad)


def author_of(sender: Any) -> IncomingAuthor | None:
    """Nobody, where the network does not say who wrote. Ids are scoped to the Page; there are no handles.

    Raises ValueError for an id that is none.
    """
    external_id = node_id_or_none(sender.get("id")) if isinstance(sender, dict) else ""
    return IncomingAuthor(external_id, name=as_text(sender.get("name"))) if external_id else None


def _media(attachments: Iterable[Mapping[str, Any]]) -> Iterator[IncomingMedia]:
    """The photos and films that were put up; previews of shared links are none. An album's photos stand below it."""
    for one in attachments:
        below = (one.get("subattachments") or {}).get("data") or []
        if below:
            yield from _media(below)
            continue
        kind = _kind_of_media(as_text(one.get("type")))
        url = as_text(((one.get("media") or {}).get("image") or {}).get("src"))
        if kind and url:
            yield IncomingMedia(url, kind)


def _kind_of_media(word: str) -> MediaKind | None:
    if "animated_image" in word:
        return "gif"
    if "video" in word:
        return "video"
    return "photo" if "photo" in word or "album" in word or word == "sticker" else None


def count(value: Any) -> int | None:
    """A counter; None where the network tells none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def place(target: ReplyTarget) -> str:
    """Comments are two deep: whoever answers a reply stands beside it, under the comment above."""
    return target.parent_id if target.kind == "reply" and target.parent_id else target.external_id
