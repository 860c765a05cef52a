"""Photos: simple upload (JSON base64 or multipart), its state, and the text for those who cannot see it."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.x import refusals, shapes
from channels_sns.sandbox.models import Upload

BYTES_MAX = 5 * 1024 * 1024
EXPIRES = 86_400


def upload(call: ApiCall) -> HttpResponse:
    """POST /2/media/upload."""
    content, category = _multipart(call) if str(call.request.content_type).startswith("multipart/") else _json(call)
    if category not in ("tweet_image", "dm_image", "subtitles"):
        raise refusals.invalid(
            "media_category", category, f"The `media_category` value [{category}] is not one of [tweet_image,dm_image]"
        )
    if len(content) > BYTES_MAX:
        raise refusals.invalid("media", "", f"File size exceeds {BYTES_MAX} bytes.")
    try:
        stored = store.add_upload(world=call.world, dialect=call.dialect, content=content, now=call.now)
    except store.NotAPhoto as error:
        raise refusals.invalid("media", "", "media type unrecognized.") from error
    return call.reply({"data": _data(stored), "meta": {}})


def _json(call: ApiCall) -> tuple[bytes, str]:
    body = call.json()
    for name in set(body) - {"media", "media_category", "media_type", "additional_owners", "shared"}:
        raise refusals.invalid(f"$.{name}", str(body[name]), f"$.{name}: is not defined in the schema")
    try:
        return base64.b64decode(str(body.get("media", "")), validate=True), str(body.get("media_category", ""))
    except binascii.Error as error:
        raise refusals.invalid("media", "", "media is not valid base64.") from error


def _multipart(call: ApiCall) -> tuple[bytes, str]:
    file, form = call.request.FILES.get("media"), call.form()
    if file is None:
        raise refusals.invalid("media", "", "media is required.")
    return file.read(), form.get("media_category", "")


def _data(stored: Upload) -> dict[str, str | int]:
    size = len(stored.content)
    return {
        "id": stored.external_id,
        "media_key": shapes.media_key(stored),
        "size": size,
        "expires_after_secs": EXPIRES,
    }


def status(call: ApiCall) -> HttpResponse:
    """GET /2/media/upload?command=STATUS&media_id=: photos are ready at once."""
    return call.reply({"data": _data(_named(call, call.query.get("media_id", ""))), "meta": {}})


def describe(call: ApiCall) -> HttpResponse:
    """POST /2/media/metadata {"id", "metadata": {"alt_text": {"text"}}}."""
    body = call.json()
    stored = _named(call, str(body.get("id", "")))
    alt = str(body.get("metadata", {}).get("alt_text", {}).get("text", ""))
    if len(alt) > 1000:
        raise refusals.invalid("metadata.alt_text.text", alt, "alt_text is longer than 1000 characters.")
    Upload.objects.filter(pk=stored.pk).update(alt=alt)
    return call.reply({"data": {"id": stored.external_id, "associated_metadata": {"alt_text": {"text": alt}}}})


def _named(call: ApiCall, media_id: str) -> Upload:
    found = Upload.objects.filter(world=call.world, network="x", external_id=media_id).first()
    if not found:
        raise refusals.invalid("media_id", media_id, f"Could not find media with id: [{media_id}].")
    return found
