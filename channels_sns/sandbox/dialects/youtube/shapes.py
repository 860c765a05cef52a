"""Channels, comments and threads as YouTube's JSON."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.html import escape

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, Verbatim
from channels_sns.sandbox.dialects.youtube import door
from channels_sns.sandbox.models import Person, Post

#: A thread carries so many of its replies; the rest is to be asked for.
EMBEDDED = 5
PUBLISHED = "published"


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def etag(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:27]


def answer(kind: str, items: list[Any], *, per_page: int, next_page: str = "", total: bool = True) -> dict[str, Any]:
    counted = {"totalResults": len(items)} if total else {}
    more = {"nextPageToken": next_page} if next_page else {}
    page = {"pageInfo": {**counted, "resultsPerPage": per_page}}
    return {"kind": f"youtube#{kind}ListResponse", "etag": etag(kind, next_page), **more, **page, "items": items}


def moderation(post: Post) -> str:
    return str(post.extra.get("moderation", PUBLISHED))


def replies(call: ApiCall, thread: Post, *, status: str = PUBLISHED) -> QuerySet[Post]:
    """What stands below a thread's first comment, newest first."""
    posts = store.feed(call.world, "youtube", now=call.now).filter(parent=thread)
    held = posts.filter(extra__moderation=status)
    return held if status != PUBLISHED else posts.exclude(extra__has_key="moderation")


def video_of(call: ApiCall, post: Post) -> str:
    above = post.root or post
    return str(above.extra.get("place") or next(iter(call.dialect.places(call.world)), ""))


def comment(call: ApiCall, post: Post) -> dict[str, Any]:
    return {
        "kind": "youtube#comment",
        "etag": etag(post.external_id, post.text, post.edited_at),
        "id": post.external_id,
        "snippet": _snippet(call, post),
    }


def _snippet(call: ApiCall, post: Post) -> dict[str, Any]:
    author = store.author_of(post)
    own = author.is_city and door.owns(call)
    held = {"moderationStatus": moderation(post)} if "moderation" in post.extra and door.owns(call) else {}
    return {
        "channelId": call.dialect.city_id,
        "videoId": video_of(call, post),
        "textDisplay": _shown(call, post.text),
        **({"textOriginal": post.text} if own else {}),
        **({"parentId": post.parent.external_id} if post.parent else {}),
        **_author(call, author),
        "canRate": True,
        "viewerRating": "none",
        "likeCount": 0,
        **held,
        "publishedAt": moment(post.created_at),
        "updatedAt": moment(post.edited_at or post.created_at),
    }


def _shown(call: ApiCall, text: str) -> str:
    """HTML, unless plain text is asked for."""
    return text if call.query.get("textFormat") == "plainText" else str(escape(text)).replace("\n", "<br>")


def _author(call: ApiCall, author: Person) -> dict[str, Any]:
    picture = call.request.build_absolute_uri("/static/sandbox/person.png")
    shown = {"authorDisplayName": f"@{author.handle}", "authorProfileImageUrl": picture}
    if not author.is_city and not call.setting("author_ids", True):
        return {**shown, "authorChannelUrl": ""}
    channel = {"value": author.external_id}
    return {**shown, "authorChannelUrl": f"{call.base_url}/channel/{author.external_id}", "authorChannelId": channel}


def thread(call: ApiCall, post: Post, parts: set[str]) -> Any:
    """One item of commentThreads; a poison item as it is."""
    if post.raw is not None:
        return Verbatim(bytes(post.raw))
    below = replies(call, post)
    count = below.count()
    whole: dict[str, Any] = {
        "snippet": {
            "channelId": call.dialect.city_id,
            "videoId": video_of(call, post),
            "topLevelComment": comment(call, post),
            "canReply": bool(post.extra.get("can_reply", call.setting("can_reply", True))) and door.owns(call),
            "totalReplyCount": count,
            "isPublic": True,
        }
    }
    if count:
        whole["replies"] = {"comments": [comment(call, item) for item in below[:EMBEDDED]]}
    head = {"kind": "youtube#commentThread", "etag": etag(post.external_id, count), "id": post.external_id}
    return {**head, **{name: value for name, value in whole.items() if name in parts}}


def channel(call: ApiCall, parts: set[str]) -> dict[str, Any]:
    """The city's channel. Subscribers are rounded to three digits, or hidden."""
    city = call.dialect.city_of(call)
    hidden, followers = bool(call.setting("hidden_subscribers", False)), int(call.setting("followers", 5_123))
    statistics: dict[str, Any] = {"viewCount": "123456", "hiddenSubscriberCount": hidden, "videoCount": "2"}
    if not hidden:
        statistics["subscriberCount"] = str(_three_digits(followers))
    snippet = {"title": city.name, "description": "", "customUrl": f"@{city.handle}"}
    published = {"publishedAt": "2012-03-05T00:00:00Z", "thumbnails": {}, "localized": {"title": city.name}}
    whole = {"snippet": {**snippet, **published}, "statistics": statistics}
    head = {"kind": "youtube#channel", "etag": etag(city.external_id), "id": city.external_id}
    return {**head, **{name: value for name, value in whole.items() if name in parts}}


def _three_digits(number: int) -> int:
    unit: int = 10 ** max(len(str(number)) - 3, 0)
    return number // unit * unit
