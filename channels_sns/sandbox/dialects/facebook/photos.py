"""Photos that come with a request: as bytes (source), by address (url, attachment_url) or by id."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import params
from channels_sns.sandbox.dialects.facebook.refusals import bad_image, invalid
from channels_sns.sandbox.models import Upload

BYTES_MAX = 10_000_000
#: The sandbox fetches from this machine only: nothing of it leads outside.
HOSTS = ("127.0.0.1", "localhost", "::1")
FETCH_SECONDS = 5


def taken(call: ApiCall) -> Upload:
    """The photo of POST /{page}/photos."""
    return _stored(call, _sent(call) or _fetched(params.given(call).get("url", "")))


def attached(call: ApiCall) -> list[Upload]:
    """The photo of a comment, if there is one."""
    values = params.given(call)
    if wanted := values.get("attachment_id"):
        return unused(call, [wanted])
    content = _sent(call)
    if content is None and values.get("attachment_url"):
        content = _fetched(values["attachment_url"])
    return [] if content is None else [_stored(call, content)]


def unused(call: ApiCall, ids: list[str]) -> list[Upload]:
    """Photos that were uploaded with published=false, in the order of `ids`."""
    found = {
        upload.external_id: upload
        for upload in Upload.objects.filter(world=call.world, network="facebook", external_id__in=ids, post=None)
    }
    if lost := [key for key in ids if key not in found]:
        raise invalid(f"Photo {lost[0]} does not exist or was already published")
    return [found[key] for key in ids]


def _sent(call: ApiCall) -> bytes | None:
    file = call.request.FILES.get("source")
    return file.read() if file else None


def _stored(call: ApiCall, content: bytes) -> Upload:
    alt = params.given(call).get("alt_text_custom", "")
    if len(content) > BYTES_MAX:
        raise bad_image()
    try:
        return store.add_upload(world=call.world, dialect=call.dialect, content=content, now=call.now, alt=alt)
    except store.NotAPhoto as error:
        raise bad_image() from error


def _fetched(address: str) -> bytes:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or parts.hostname not in HOSTS:
        raise bad_image()
    try:
        answer = requests.get(address, timeout=FETCH_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise bad_image() from error
    return answer.content if answer.ok else b""
