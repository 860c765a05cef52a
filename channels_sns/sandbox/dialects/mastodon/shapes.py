"""Accounts, statuses, attachments and notifications as Mastodon's JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.mastodon import ids, texts
from channels_sns.sandbox.models import Person, Post, Upload


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def account(call: ApiCall, person: Person) -> dict[str, Any]:
    username = person.handle.split("@")[0]
    url, picture = f"{call.base_url}/@{username}", call.request.build_absolute_uri("/static/sandbox/person.png")
    return {
        "id": person.external_id,
        "username": username,
        "acct": person.handle,
        "display_name": person.name,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "group": False,
        "created_at": "2023-04-05T00:00:00.000Z",
        "note": "",
        "url": url,
        "uri": f"{call.base_url}/users/{username}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": int(call.setting("followers", 5_000)) if person.is_city else 12,
        "following_count": 3,
        "statuses_count": 1,
        "last_status_at": None,
        "emojis": [],
        "fields": [],
    }


def status(call: ApiCall, post: Post) -> dict[str, Any]:
    author = store.author_of(post)
    username = author.handle.split("@")[0]
    mentioned = _mentioned(call, post)
    profiles = {person.handle: f"{call.base_url}/@{person.handle.split('@')[0]}" for person in mentioned}
    return {
        "id": post.external_id,
        "created_at": moment(post.created_at),
        "edited_at": moment(post.edited_at) if post.edited_at else None,
        "in_reply_to_id": post.parent.external_id if post.parent else None,
        "in_reply_to_account_id": post.parent.author.external_id if post.parent and post.parent.author else None,
        "sensitive": False,
        "spoiler_text": post.extra.get("spoiler_text", ""),
        "visibility": post.extra.get("visibility", "public"),
        "language": post.extra.get("language", "ko"),
        "uri": f"{call.base_url}/users/{username}/statuses/{post.external_id}",
        "url": f"{call.base_url}/@{username}/{post.external_id}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "content": texts.html(post.text, profiles),
        "reblog": None,
        "application": {"name": "Sandbox", "website": None},
        "account": account(call, author),
        "media_attachments": [attachment(call, upload) for upload in post.uploads.all()],
        "mentions": [_mention(call, person) for person in mentioned],
        "tags": [{"name": tag, "url": f"{call.base_url}/tags/{tag}"} for tag in texts.HASHTAG.findall(post.text)],
        "emojis": [],
        "card": None,
        "poll": None,
        "filtered": [],
    }


def _mentioned(call: ApiCall, post: Post) -> list[Person]:
    handles = texts.handles_in(post.text)
    if handles == [call.dialect.city_handle]:
        return [_city(call)]
    return list(Person.objects.filter(world=call.world, network="mastodon", handle__in=handles)) if handles else []


def _city(call: ApiCall) -> Person:
    dialect = call.dialect
    return Person(external_id=dialect.city_id, handle=dialect.city_handle, name=dialect.city_name, is_city=True)


def _mention(call: ApiCall, person: Person) -> dict[str, str]:
    username = person.handle.split("@")[0]
    return {
        "id": person.external_id,
        "username": username,
        "acct": person.handle,
        "url": f"{call.base_url}/@{username}",
    }


def attachment(call: ApiCall, upload: Upload, *, ready: bool = True) -> dict[str, Any]:
    url = f"{call.base_url}/media/{upload.name}" if ready else None
    size = {"width": upload.width, "height": upload.height, "size": f"{upload.width}x{upload.height}"}
    return {
        "id": upload.external_id,
        "type": "image",
        "url": url,
        "preview_url": url,
        "remote_url": None,
        "text_url": None,
        "meta": {"original": size, "small": size} if ready else {},
        "description": upload.alt or None,
        "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
    }


def notification(call: ApiCall, post: Post) -> dict[str, Any]:
    author = store.author_of(post)
    return {
        "id": ids.notification_id(post.number),
        "type": "mention",
        "created_at": moment(post.created_at),
        "group_key": f"ungrouped-{post.pk}",
        "account": account(call, author),
        "status": status(call, post),
    }
