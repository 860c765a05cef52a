"""Statuses: write, read, thread, delete."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.mastodon import door, shapes, texts
from channels_sns.sandbox.models import Post, Upload

VISIBILITIES = ("public", "unlisted", "private", "direct")
KEY_LIVES = timedelta(hours=1)
MEDIA_MAX = 4


def create(call: ApiCall) -> HttpResponse:
    """POST /api/v1/statuses. The same Idempotency-Key within an hour gives the first status again, whatever is new."""
    key = call.request.headers.get("Idempotency-Key", "") if call.setting("idempotency", True) else ""
    with transaction.atomic():
        post = _first_with(call, key) if key else None
        post = post or _write(call, _body(call), key)
    return call.reply(shapes.status(call, _named(call, post.external_id)))


def _first_with(call: ApiCall, key: str) -> Post | None:
    recent = store.standing(call.world, "mastodon").filter(author__is_city=True, created_at__gt=call.now - KEY_LIVES)
    return recent.filter(extra__idempotency_key=key).first()


def _body(call: ApiCall) -> dict[str, Any]:
    if call.request.content_type == "application/json":
        return call.json()
    form = call.form()
    return {**form.dict(), "media_ids": form.getlist("media_ids[]")}


def _write(call: ApiCall, body: dict[str, Any], key: str) -> Post:
    text, uploads = str(body.get("status") or ""), _media(call, body)
    _check(call, text, uploads, body)
    extra = {name: body[name] for name in ("visibility", "language", "spoiler_text") if body.get(name)}
    return store.add_post(
        world=call.world,
        dialect=call.dialect,
        author=call.dialect.city_of(call),
        text=text,
        parent=_target(call, body),
        uploads=uploads,
        now=call.now,
        extra={**extra, "idempotency_key": key},
    )


def _check(call: ApiCall, text: str, uploads: list[Upload], body: dict[str, Any]) -> None:
    most = int(call.setting("max_characters", 500))
    if not text.strip() and not uploads:
        raise ApiError(422, {"error": "Validation failed: Text can't be blank"})
    if texts.length(text) + texts.length(str(body.get("spoiler_text") or "")) > most:
        raise ApiError(422, {"error": f"Validation failed: Text character limit of {most} exceeded"})
    if body.get("visibility") and body["visibility"] not in VISIBILITIES:
        raise ApiError(422, {"error": "Validation failed: Visibility is not included in the list"})


def _media(call: ApiCall, body: dict[str, Any]) -> list[Upload]:
    wanted = [str(media_id) for media_id in body.get("media_ids") or []]
    if len(wanted) > MEDIA_MAX:
        raise ApiError(422, {"error": "Validation failed: Cannot attach more than 4 files"})
    found = {
        upload.external_id: upload
        for upload in Upload.objects.filter(world=call.world, network="mastodon", external_id__in=wanted, post=None)
    }
    if len(found) != len(wanted):
        raise ApiError(422, {"error": "Validation failed: Media was not found or already attached to another post"})
    return [found[media_id] for media_id in wanted]


def _target(call: ApiCall, body: dict[str, Any]) -> Post | None:
    wanted = body.get("in_reply_to_id")
    if not wanted:
        return None
    found = (
        store.standing(call.world, "mastodon")
        .filter(external_id=str(wanted), raw=None)
        .select_related("author", "root")
        .first()
    )
    if not found:
        raise ApiError(404, door.REPLY_NOT_FOUND)
    return found


def _named(call: ApiCall, status_id: str) -> Post:
    posts = store.standing(call.world, "mastodon").filter(external_id=status_id, raw=None)
    found = posts.select_related("author", "parent__author", "root").prefetch_related("uploads").first()
    if not found:
        raise ApiError(404, door.NOT_FOUND)
    return found


def one(call: ApiCall, *, status_id: str) -> HttpResponse:
    return call.reply(shapes.status(call, _named(call, status_id)))


def several(call: ApiCall) -> HttpResponse:
    """GET /api/v1/statuses?id[]=: those that stand, the others are just absent."""
    posts = store.standing(call.world, "mastodon").filter(external_id__in=call.query.getlist("id[]")[:20], raw=None)
    found = posts.select_related("author", "parent__author", "root").prefetch_related("uploads")
    return call.reply([shapes.status(call, post) for post in found])


def context(call: ApiCall, *, status_id: str) -> HttpResponse:
    """GET …/context: what stands above, and all that was answered below (own answers may show up late)."""
    post = _named(call, status_id)
    ancestors: list[Post] = []
    above = post.parent
    while above:
        if above.deleted_at is None:
            ancestors.insert(0, above)
        above = above.parent
    inside, descendants = {post.pk}, list[Post]()
    for answer in store.thread_of(post).filter(visible_at__lte=call.now):
        if answer.parent_id in inside:
            inside.add(answer.pk)
            descendants.append(answer)
    lists = {"ancestors": ancestors, "descendants": descendants}
    return call.reply({name: [shapes.status(call, item) for item in items] for name, items in lists.items()})


def edit(call: ApiCall, *, status_id: str) -> HttpResponse:
    """PUT: own ones; a photo that is not named again is dropped."""
    post, body = _named(call, status_id), _body(call)
    if not post.author or not post.author.is_city:
        raise ApiError(404, door.NOT_FOUND)
    kept = post.uploads.filter(external_id__in=[str(media_id) for media_id in body.get("media_ids") or []])
    _check(call, str(body.get("status") or ""), list(kept), body)
    post.uploads.exclude(pk__in=kept).update(post=None)
    store.edit_post(post, dialect=call.dialect, text=str(body["status"]), now=call.now)
    return call.reply(shapes.status(call, _named(call, status_id)))


def delete(call: ApiCall, *, status_id: str) -> HttpResponse:
    """DELETE: only own ones; the answer holds the source text for writing it anew."""
    post = _named(call, status_id)
    if not post.author or not post.author.is_city:
        raise ApiError(404, door.NOT_FOUND)
    answer = {**shapes.status(call, post), "text": post.text}
    store.delete_post(post, dialect=call.dialect, now=call.now)
    return call.reply(answer)
