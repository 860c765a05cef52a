"""Facebook's inbox: what citizens write to the Page alone, each conversation a thread of its own; our answers.

Needs the right pages_messaging. An answer may only follow within a day of the citizen's message; to a comment the Page
may write once, and only where the comment says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from channels_sns.adapters.api import as_raw, as_text
from channels_sns.adapters.contract import (
    BadItem,
    IncomingMedia,
    IncomingPost,
    OutgoingPost,
    ReadBack,
    Receipt,
    Rejected,
    ReplyNotAllowed,
)
from channels_sns.adapters.facebook_graph import Graph
from channels_sns.adapters.facebook_ids import letter_id, node_id_or_none
from channels_sns.adapters.facebook_posts import Readings, author_of, each, moment, named_moment

SCOPE = "pages_messaging"
FIELDS = "id,message,from,created_time,attachments{mime_type,image_data,video_data,file_url}"
LENGTH_MAX = 2_000
COMMENTS = ("comment", "reply")


def chat(person: str) -> str:
    """The thread of one person's messages."""
    return f"chat:{person}"


def is_message(external_id: str) -> bool:
    return external_id.startswith("m_")


class Read(NamedTuple):
    """One page of a conversation."""

    posts: tuple[IncomingPost, ...]
    bad: tuple[BadItem, ...]


class Talk(NamedTuple):
    """One conversation, and who writes to the Page in it."""

    external_id: str
    partner: str


class Inbox:
    """The messages of one Page."""

    def __init__(self, graph: Graph, page_id: str) -> None:
        self.graph, self.page_id = graph, page_id

    def since(self, bound: datetime, *, person: str = "") -> Iterator[Read]:
        """Every message that was written since `bound`, conversation by conversation, newest first."""
        for talks, bad in self._talks(bound):
            yield Read((), bad)
            for talk in talks:
                if person in ("", talk.partner):
                    yield from self._said_in(talk, bound)

    def _said_in(self, talk: Talk, bound: datetime) -> Iterator[Read]:
        for step in self.graph.pages(talk.external_id, "messages", {"fields": FIELDS}):
            posts, bad = self.read(step.items, talk.partner)
            yield Read(tuple(post for post in posts if post.posted_at >= bound), bad)
            if any(post.posted_at < bound for post in posts):
                return

    def one(self, external_id: str) -> Readings:
        return self.read([self.graph.read(external_id, FIELDS)])

    def read(self, items: Iterable[Any], partner: str = "") -> Readings:
        return each(items, lambda item: self._message(item, partner))

    def _talks(self, bound: datetime) -> Iterator[tuple[tuple[Talk, ...], tuple[BadItem, ...]]]:
        """Those that changed since `bound`; the last changed come first."""
        asked = {"platform": "MESSENGER", "fields": "id,updated_time,participants"}
        for step in self.graph.pages(self.page_id, "conversations", asked):
            young = [item for item in step.items if (named_moment(item, "updated_time") or bound) >= bound]
            yield each(young, lambda item: Talk(letter_id(item["id"]), self._partner(item)))
            if len(young) < len(step.items):
                return

    def _partner(self, item: Mapping[str, Any]) -> str:
        people = (item.get("participants") or {}).get("data") or []
        ids = [node_id_or_none(one.get("id")) for one in people if isinstance(one, dict)]
        return next((one for one in ids if one not in ("", self.page_id)), "")

    def _message(self, item: Mapping[str, Any], partner: str) -> IncomingPost:
        author = author_of(item.get("from"))
        own = author is not None and author.external_id == self.page_id
        writer = author.external_id if author is not None and not own else ""
        return IncomingPost(
            external_id=letter_id(item["id"]),
            kind="message",
            text=as_text(item.get("message")),
            posted_at=moment(item["created_time"]),
            raw=as_raw(item),
            author=author,
            root_id=chat(partner or writer),
            visibility="private",
            media=tuple(_attached(item)),
            is_own=own,
        )

    # --- out ----------------------------------------------------------------------------------------------------------

    def form(self, post: OutgoingPost) -> dict[str, str]:
        """The message as the network wants it. Raises Rejected, ReplyNotAllowed."""
        if len(post.text) > LENGTH_MAX:
            raise Rejected(f"{len(post.text)} of {LENGTH_MAX}", code="too-long")
        if post.media:
            raise Rejected("a message carries no photo here", code="too-many-photos")
        recipient = json.dumps(self._recipient(post))
        return {"recipient": recipient, "messaging_type": "RESPONSE", "message": json.dumps({"text": post.text})}

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        """Among our own messages: of one person's where we know whom we answered, else of everybody's."""
        target, unread = post.target, False
        person = target.author_id if target is not None and target.kind == "message" else ""
        for posts, bad in self.since(since, person=person):
            for own in posts:
                if own.is_own and (post.tag in own.text if post.tag else own.text == post.text):
                    return ReadBack(Receipt(own.external_id), complete=True)
            unread = unread or bool(bad) or any(one.author is None for one in posts)
        return ReadBack(None, complete=not unread)

    def _recipient(self, post: OutgoingPost) -> dict[str, str]:
        target = post.target
        if target is None:
            raise Rejected("a private answer to nobody", code="no-target")
        if target.kind == "message":
            return {"id": target.author_id}
        if target.kind not in COMMENTS:
            return {"post_id": target.external_id}
        if self.graph.read(target.external_id, "can_reply_privately").get("can_reply_privately") is False:
            raise ReplyNotAllowed("this comment cannot be answered privately", code="not-privately")
        return {"comment_id": target.external_id}


def is_private(post: OutgoingPost) -> bool:
    """Does this answer go to the author alone?"""
    return post.private or (post.target is not None and post.target.kind == "message")


def _attached(item: Mapping[str, Any]) -> Iterator[IncomingMedia]:
    for one in (item.get("attachments") or {}).get("data") or []:
        photo, film = as_text((one.get("image_data") or {}).get("url")), one.get("video_data") or {}
        if photo:
            yield IncomingMedia(photo)
        elif url := as_text(film.get("preview_url") or film.get("url")):
            yield IncomingMedia(url, "video")
