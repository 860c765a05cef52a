"""Photos: upload, wait until they are processed, describe."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse, QueryDict

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.mastodon import door, shapes
from channels_sns.sandbox.models import Upload

BAD_FILE = {"error": "Validation failed: File content type is invalid, File is invalid"}


def upload(call: ApiCall) -> HttpResponse:
    """POST /api/v2/media: 200, or 202 without an address while it is processed."""
    file = call.request.FILES.get("file")
    if file is None:
        raise ApiError(422, {"error": "Validation failed: File can't be blank"})
    try:
        stored = store.add_upload(
            world=call.world,
            dialect=call.dialect,
            content=file.read(),
            now=call.now,
            alt=call.form().get("description", ""),
        )
    except store.NotAPhoto as error:
        raise ApiError(422, BAD_FILE) from error
    ready = _ready(call, stored)
    return call.reply(shapes.attachment(call, stored, ready=ready), status=200 if ready else 202)


def _ready(call: ApiCall, stored: Upload) -> bool:
    return stored.created_at + timedelta(seconds=float(call.setting("media_seconds", 0))) <= call.now


def state(call: ApiCall, *, media_id: str) -> HttpResponse:
    """GET /api/v1/media/{id}: 206 while it is processed."""
    stored = _named(call, media_id)
    ready = _ready(call, stored)
    return call.reply(shapes.attachment(call, stored, ready=ready), status=200 if ready else 206)


def describe(call: ApiCall, *, media_id: str) -> HttpResponse:
    """PUT /api/v1/media/{id} description=…"""
    stored = _named(call, media_id)
    json = call.request.content_type == "application/json"
    stored.alt = (
        str(call.json().get("description") or "") if json else QueryDict(call.request.body).get("description") or ""
    )
    stored.save(update_fields=["alt"])
    return call.reply(shapes.attachment(call, stored))


def _named(call: ApiCall, media_id: str) -> Upload:
    found = Upload.objects.filter(world=call.world, network="mastodon", external_id=media_id, post=None).first()
    if not found:
        raise ApiError(404, door.NOT_FOUND)
    return found
