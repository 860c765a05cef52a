"""Profiles, records, posts, threads and notifications as the lexicons have them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.bluesky import ids, texts
from channels_sns.sandbox.models import Person, Post, Upload

#: So many posts above an answer, whoever wrote one of them hears of it.
HEARD_ABOVE = 5


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def profile(call: ApiCall, person: Person) -> dict[str, Any]:
    blocked = {"blockedBy": True} if person.handle in call.setting("blocked_by", []) else {}
    return {
        "did": person.external_id,
        "handle": ids.handle_of(person.handle),
        "displayName": person.name,
        "avatar": call.request.build_absolute_uri("/static/sandbox/person.png"),
        "viewer": {"muted": False, "blockedBy": False, **blocked},
        "labels": [],
        "createdAt": "2024-02-06T00:00:00.000Z",
    }


def blob(upload: Upload) -> dict[str, Any]:
    ref = {"$link": upload.external_id}
    return {"$type": "blob", "ref": ref, "mimeType": upload.mime_type, "size": len(bytes(upload.content))}


def record(post: Post) -> dict[str, Any]:
    """What stands in the author's repository: as it was written there, or as the network's own app would write it."""
    if "record" in post.extra:
        return {**post.extra["record"], "text": post.text}
    found: dict[str, Any] = {"$type": ids.COLLECTION, "text": post.text, "langs": ["ko"]}
    found["createdAt"] = moment(post.created_at)
    if (marked := texts.facets(post.text)) and post.extra.get("facets", True):
        found["facets"] = marked
    if post.parent:
        found["reply"] = {"root": ref(post.root or post.parent), "parent": ref(post.parent)}
    if images := [_image(upload) for upload in _uploads(post)]:
        found["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    return found


def _uploads(post: Post) -> list[Upload]:
    return list(post.uploads.all()) if post.pk else []


def _image(upload: Upload) -> dict[str, Any]:
    ratio = {"width": upload.width, "height": upload.height}
    return {"image": blob(upload), "alt": upload.alt, "aspectRatio": ratio}


def ref(post: Post) -> dict[str, str]:
    return {"uri": post.external_id, "cid": cid(post)}


def cid(post: Post) -> str:
    """Of the text and the time only, so that an answer need not know the whole thread above."""
    return ids.cid_of({"uri": post.external_id, "text": post.text, "at": moment(post.created_at)})


def view(call: ApiCall, post: Post) -> dict[str, Any]:
    """app.bsky.feed.defs#postView."""
    images = [_shown(call, post, upload) for upload in post.uploads.all()]
    embed = {"embed": {"$type": "app.bsky.embed.images#view", "images": images}} if images else {}
    return {
        **ref(post),
        "author": profile(call, store.author_of(post)),
        "record": record(post),
        **embed,
        "replyCount": 0,
        "repostCount": 0,
        "likeCount": 0,
        "quoteCount": 0,
        "indexedAt": moment(post.created_at),
        "viewer": {"threadMuted": False, "embeddingDisabled": False},
        "labels": [],
    }


def _shown(call: ApiCall, post: Post, upload: Upload) -> dict[str, Any]:
    name = f"plain/{store.author_of(post).external_id}/{upload.external_id}@jpeg"
    address = f"{call.base_url}/img"
    ratio = {"width": upload.width, "height": upload.height}
    shown = {"thumb": f"{address}/feed_thumbnail/{name}", "fullsize": f"{address}/feed_fullsize/{name}"}
    return {**shown, "alt": upload.alt, "aspectRatio": ratio}


def reason(post: Post) -> str:
    """Why the city hears of it: a marked mention comes before an answer. Empty: it does not hear."""
    if ids.CITY_DID in texts.mentioned(record(post).get("facets", [])):
        return "mention"
    return "reply" if _below_the_city(post) else ""


def _below_the_city(post: Post) -> bool:
    above = post.parent
    for _ in range(HEARD_ABOVE):
        if above is None:
            return False
        if above.author and above.author.is_city:
            return True
        above = above.parent
    return False


def notification(call: ApiCall, post: Post) -> dict[str, Any]:
    subject = {"reasonSubject": post.parent.external_id} if post.kind == "reply" and post.parent else {}
    return {
        **ref(post),
        "author": profile(call, store.author_of(post)),
        "reason": post.kind,
        **subject,
        "record": record(post),
        "isRead": False,
        "indexedAt": moment(post.created_at),
        "labels": [],
    }
