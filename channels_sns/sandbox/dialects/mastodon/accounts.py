"""Accounts and what the instance says of itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.mastodon import door, ids, paging, shapes
from channels_sns.sandbox.models import Person

VERSION = "4.4.8"
PHOTO_BYTES = 16 * 1024 * 1024
PHOTO_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"]


def verify(call: ApiCall) -> HttpResponse:
    source = {
        "privacy": "public",
        "sensitive": False,
        "language": "ko",
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
    }
    return call.reply({**shapes.account(call, call.dialect.city_of(call)), "source": source})


def one(call: ApiCall, *, account_id: str) -> HttpResponse:
    return call.reply(shapes.account(call, _person(call, account_id)))


def _person(call: ApiCall, account_id: str) -> Person:
    if account_id == call.dialect.city_id:
        return call.dialect.city_of(call)
    found = Person.objects.filter(world=call.world, network="mastodon", external_id=account_id).first()
    if not found:
        raise ApiError(404, door.NOT_FOUND)
    return found


def statuses(call: ApiCall, *, account_id: str) -> HttpResponse:
    """GET /api/v1/accounts/{id}/statuses, newest first."""
    posts = store.feed(call.world, "mastodon", now=call.now).filter(author=_person(call, account_id))
    if call.query.get("exclude_replies") == "true":
        posts = posts.filter(parent=None)
    if call.query.get("only_media") == "true":
        posts = posts.filter(uploads__isnull=False).distinct()
    return call.reply(
        [shapes.status(call, post) for post in paging.page(call, posts, most=40, default=20, spell=ids.status_id)]
    )


def _configuration(call: ApiCall) -> dict[str, Any]:
    most = int(call.setting("max_characters", 500))
    return {
        "statuses": {"max_characters": most, "max_media_attachments": 4, "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": PHOTO_TYPES,
            "image_size_limit": PHOTO_BYTES,
            "image_matrix_limit": 33_177_600,
        },
    }


def instance_v2(call: ApiCall) -> HttpResponse:
    if not call.setting("instance_v2", True):
        raise ApiError(404, door.NOT_FOUND)
    return call.reply(
        {
            "domain": call.request.get_host(),
            "title": "Sandbox",
            "version": VERSION,
            "source_url": "",
            "description": "",
            "languages": ["ko"],
            "configuration": _configuration(call),
            "registrations": {"enabled": False},
            "contact": {"email": ""},
            "rules": [],
            "api_versions": {"mastodon": 6},
        }
    )


def instance_v1(call: ApiCall) -> HttpResponse:
    return call.reply(
        {
            "uri": call.request.get_host(),
            "title": "Sandbox",
            "version": VERSION,
            "languages": ["ko"],
            "configuration": _configuration(call),
        }
    )
