"""Photos: taken as raw bytes, served by an image host."""

from __future__ import annotations

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.bluesky import refusals, shapes
from channels_sns.sandbox.models import Upload

BLOB_BYTES = 5_242_880


def upload(call: ApiCall) -> HttpResponse:
    """POST com.atproto.repo.uploadBlob."""
    content = call.request.body
    if len(content) > int(call.setting("blob_bytes", BLOB_BYTES)):
        raise refusals.refused(413, "request entity too large")
    try:
        stored = store.add_upload(world=call.world, dialect=call.dialect, content=content, now=call.now)
    except store.NotAPhoto as error:
        raise refusals.refused(400, "Could not determine the type of the blob", "InvalidMimeType") from error
    return call.reply({"blob": shapes.blob(stored)})


def get(call: ApiCall) -> HttpResponse:
    """GET com.atproto.sync.getBlob?did&cid, without a token."""
    return _served(call, call.query.get("cid", ""))


def image(call: ApiCall, *, preset: str, did: str, cid: str) -> HttpResponse:
    """GET /img/{preset}/plain/{did}/{cid}@jpeg."""
    return _served(call, cid)


def _served(call: ApiCall, cid: str) -> HttpResponse:
    found = Upload.objects.filter(world=call.world, network="bluesky", external_id=cid).first()
    if found is None:
        raise refusals.refused(400, "Blob not found", "BlobNotFound")
    return HttpResponse(bytes(found.content), content_type=found.mime_type)
