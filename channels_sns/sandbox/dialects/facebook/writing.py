"""Comments, posts and photos of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import comments, fields, named, params, photos, refusals
from channels_sns.sandbox.models import Post, Upload

LONGEST_COMMENT = 8000
#: How long the page's last words are refused again.
DUPLICATE_WINDOW = timedelta(hours=1)
SCHEDULE = (timedelta(minutes=10), timedelta(days=75))


def comment(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """POST /{post or comment}/comments → {"id"}, and what ?fields= asks for."""
    target, values = named.post(call, node), params.given(call)
    text = values.get("message", "")
    uploads = photos.attached(call)
    if not text.strip() and not uploads:
        raise refusals.invalid("Missing message or attachment")
    if len(text) > LONGEST_COMMENT:
        raise refusals.invalid(f"Param message must be at most {LONGEST_COMMENT} characters long")
    if not target.extra.get("can_comment", True):
        raise refusals.not_permitted()
    if call.setting("duplicate_comments", False):
        _refuse_duplicate(call, text, call.dialect.parent_for(target))
    return _answer(call, _write(call, text, uploads, parent=target))


def publish(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """POST /{page}/feed: message, link, attached_media, published, scheduled_publish_time."""
    named.page(call, node)
    values = params.given(call)
    text, uploads = values.get("message", ""), photos.unused(call, params.attached_media(call))
    if not text.strip() and not uploads and not values.get("link"):
        raise refusals.invalid("Requires one of the params: message, link, attached_media")
    extra = _schedule(call)
    if not uploads:
        _refuse_duplicate(call, text, None)
    return _answer(call, _write(call, text, uploads, extra={**extra, **_link(values)}))


def photo(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """POST /{page}/photos: published → {"id", "post_id"}, else {"id"} for attached_media."""
    named.page(call, node)
    upload, values = photos.taken(call), params.given(call)
    if not params.flag(call, "published", True):
        return call.reply({"id": upload.external_id})
    post = _write(call, values.get("caption", values.get("message", "")), [upload])
    return call.reply({"id": upload.external_id, "post_id": post.external_id})


def _link(values: dict[str, str]) -> dict[str, str]:
    return {"link": values["link"]} if values.get("link") else {}


def _schedule(call: ApiCall) -> dict[str, Any]:
    if params.flag(call, "published", True):
        return {}
    text = params.given(call).get("scheduled_publish_time", "")
    if not text:
        return {"published": False}
    at = datetime.fromtimestamp(int(text), UTC) if text.isascii() and text.isdigit() and len(text) < 12 else None
    if at is None or not SCHEDULE[0] <= at - call.now <= SCHEDULE[1]:
        raise refusals.invalid("The specified scheduled publish time is invalid.")
    return {"published": False, "scheduled": int(text)}


def _refuse_duplicate(call: ApiCall, text: str, parent: Post | None) -> None:
    twins = store.standing(call.world, "facebook").filter(author__is_city=True, text=text, parent=parent)
    if twins.filter(created_at__gt=call.now - DUPLICATE_WINDOW).exists():
        raise refusals.duplicate()


def _write(call: ApiCall, text: str, uploads: Sequence[Upload], **more: Any) -> Post:
    city = call.dialect.city_of(call)
    return store.add_post(
        world=call.world, dialect=call.dialect, author=city, text=text, uploads=uploads, now=call.now, **more
    )


def _answer(call: ApiCall, post: Post) -> HttpResponse:
    wanted = fields.parse(params.given(call).get("fields", "id"))
    return call.reply(fields.pick(comments.as_node(call, named.post(call, post.external_id)), wanted))
