"""Posts, comments, photos and the page as nodes of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import texts
from channels_sns.sandbox.dialects.facebook.fields import Node
from channels_sns.sandbox.models import Post, Upload


def moment(at: datetime) -> str:
    """Graph's time has no colon in its offset."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def permalink(call: ApiCall, post: Post) -> str:
    owner, _, number = (post.root or post).external_id.partition("_")
    page = f"{call.base_url}/{owner}/posts/{number}"
    if not post.parent:
        return page
    above = post.parent if post.parent.parent_id else None
    inner = f"&reply_comment_id={_own(post)}" if above else ""
    return f"{page}/?comment_id={_own(above or post)}{inner}"


def _own(post: Post) -> str:
    return post.external_id.rpartition("_")[2]


def person(call: ApiCall, post: Post) -> dict[str, str] | None:
    """`from`; without the citizen's consent Graph leaves it out."""
    author = store.author_of(post)
    known = author.is_city or (call.setting("consent", True) and post.extra.get("consent", True))
    return {"name": author.name, "id": author.external_id} if known else None


def node(call: ApiCall, post: Post) -> Node:
    return _comment(call, post) if post.parent_id else _post(call, post)


def _message(call: ApiCall, post: Post) -> tuple[str | None, list[dict[str, Any]] | None]:
    city = call.dialect
    text, tags = texts.message(post.text, handle=city.city_handle, name=city.city_name, page=city.city_id)
    return text or None, tags or None


def _post(call: ApiCall, post: Post) -> Node:
    message, tags = _message(call, post)
    uploads = list(post.uploads.all())
    author, page = store.author_of(post), {"name": call.dialect.city_of(call).name, "id": call.dialect.city_id}
    return Node(
        "PagePost",
        {
            "id": post.external_id,
            "message": message,
            "message_tags": tags,
            "from": person(call, post),
            "to": None if author.is_city else {"data": [page]},
            "created_time": moment(post.created_at),
            "updated_time": moment(max(post.created_at, post.edited_at or post.created_at, _stirred(post))),
            "permalink_url": permalink(call, post),
            "is_published": post.extra.get("published", True),
            "scheduled_publish_time": post.extra.get("scheduled"),
            "is_hidden": post.extra.get("hidden", False),
            "is_expired": False,
            "status_type": "added_photos" if uploads else "mobile_status_update" if author.is_city else "wall_post",
            "privacy": {"value": "EVERYONE", "description": "Public", "allow": "", "deny": "", "friends": ""},
            "full_picture": source(call, uploads[0]) if uploads else None,
            "attachments": {"data": [_attached(call, uploads)]} if uploads else None,
        },
    )


def _stirred(post: Post) -> datetime:
    """When somebody last commented, where the list asked for it."""
    return getattr(post, "stirred_at", None) or post.created_at


def _attached(call: ApiCall, uploads: Sequence[Upload]) -> dict[str, Any]:
    """One photo; or an album, its photos below it."""
    first = {**_photo_attachment(call, uploads[0]), "media_type": "photo"}
    if len(uploads) == 1:
        return first
    below = [{**_photo_attachment(call, upload), "media_type": "photo"} for upload in uploads]
    return {**first, "media_type": "album", "type": "album", "subattachments": {"data": below}}


def _photo_attachment(call: ApiCall, upload: Upload) -> dict[str, Any]:
    link = f"{call.base_url}/photo/{upload.external_id}"
    image = {"height": upload.height, "src": source(call, upload), "width": upload.width}
    return {"media": {"image": image}, "target": {"id": upload.external_id, "url": link}, "type": "photo", "url": link}


def source(call: ApiCall, upload: Upload) -> str:
    return f"{call.base_url}/media/{upload.name}"


def _comment(call: ApiCall, post: Post) -> Node:
    message, tags = _message(call, post)
    uploads, above = list(post.uploads.all()), post.parent if post.parent and post.parent.parent_id else None
    ours = store.author_of(post).is_city
    return Node(
        "Comment",
        {
            "id": post.external_id,
            "message": message or "",
            "message_tags": tags,
            "from": person(call, post),
            "parent": _parent(call, above) if above else None,
            "object": {"id": post.root.external_id} if post.root else None,
            "created_time": moment(post.created_at),
            "attachment": _photo_attachment(call, uploads[0]) if uploads else None,
            "can_comment": post.extra.get("can_comment", True),
            "can_hide": hideable(post),
            "can_remove": True,
            "can_like": True,
            "can_reply_privately": not ours,
            "is_hidden": post.extra.get("hidden", False),
            "is_private": False,
            "like_count": 0,
            "user_likes": False,
            "permalink_url": permalink(call, post),
        },
    )


def _parent(call: ApiCall, above: Post) -> dict[str, Any]:
    return {
        "created_time": moment(above.created_at),
        "from": person(call, above),
        "message": _message(call, above)[0] or "",
        "id": above.external_id,
    }


def hideable(post: Post) -> bool:
    """Only other people's comments below the page's own posts can be hidden."""
    root = post.root
    return bool(root and root.author and root.author.is_city and not store.author_of(post).is_city)


def photo(call: ApiCall, upload: Upload) -> Node:
    picture = {"height": upload.height, "source": source(call, upload), "width": upload.width}
    return Node(
        "Photo",
        {
            "id": upload.external_id,
            "name": upload.post.text or None if upload.post else None,
            "alt_text_custom": upload.alt or None,
            "alt_text": upload.alt or "May be an image of outdoors.",
            "created_time": moment(upload.created_at),
            "updated_time": moment(upload.created_at),
            "width": upload.width,
            "height": upload.height,
            "images": [picture],
            "picture": picture["source"],
            "source": picture["source"],
            "link": f"{call.base_url}/photo/{upload.external_id}",
            "page_story_id": upload.post.external_id if upload.post and not upload.post.parent_id else None,
        },
    )


def page(call: ApiCall) -> Node:
    city, followers = call.dialect, int(call.setting("followers", 5_000))
    picture = call.request.build_absolute_uri("/static/sandbox/person.png")
    return Node(
        "Page",
        {
            "id": city.city_id,
            "name": city.city_of(call).name,
            "username": city.city_handle,
            "category": "Government organization",
            "followers_count": followers,
            "fan_count": followers - followers // 10,
            "link": f"{call.base_url}/",
            "is_published": True,
            "has_transitioned_to_new_page_experience": True,
            "picture": {"data": {"height": 50, "is_silhouette": False, "url": picture, "width": 50}},
        },
    )
