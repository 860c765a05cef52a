"""GET /api/v1/notifications: mentions of the city."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError, Verbatim
from channels_sns.sandbox.dialects.mastodon import door, ids, paging, shapes
from channels_sns.sandbox.models import Post


def listed(call: ApiCall) -> HttpResponse:
    shown = paging.page(call, _wanted(call), most=80, default=40, spell=ids.notification_id)
    return call.reply(
        [Verbatim(bytes(post.raw)) if post.raw is not None else shapes.notification(call, post) for post in shown]
    )


def _wanted(call: ApiCall) -> QuerySet[Post]:
    posts = store.feed(call.world, "mastodon", now=call.now).filter(for_city=True)
    types = call.query.getlist("types[]")
    hidden = call.setting("filtered", False) and call.query.get("include_filtered") not in ("true", "1")
    if (types and "mention" not in types) or "mention" in call.query.getlist("exclude_types[]") or hidden:
        return posts.none()
    return posts


def one(call: ApiCall, *, notification_id: str) -> HttpResponse:
    number = ids.number_of(notification_id)
    post = store.feed(call.world, "mastodon", now=call.now).filter(for_city=True, raw=None, number=number or 0).first()
    if not post:
        raise ApiError(404, door.NOT_FOUND)
    return call.reply(shapes.notification(call, post))
