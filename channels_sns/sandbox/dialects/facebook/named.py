"""Things by their id. Raises Graph's 100/33 for what is not there."""

from __future__ import annotations

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook.refusals import gone
from channels_sns.sandbox.models import Post, Upload


def find_post(call: ApiCall, node: str) -> Post | None:
    posts = store.standing(call.world, "facebook").filter(external_id=node, raw=None).exclude(kind="message")
    found = posts.select_related("author", "parent__author", "parent__parent", "root__author")
    return found.prefetch_related("uploads").first()


def post(call: ApiCall, node: str) -> Post:
    found = find_post(call, node)
    if not found or (found.root and found.root.deleted_at is not None):
        raise gone(call.method, node)
    return found


def find_photo(call: ApiCall, node: str) -> Upload | None:
    return Upload.objects.filter(world=call.world, network="facebook", external_id=node).select_related("post").first()


def page(call: ApiCall, node: str) -> None:
    """`node` must be the city's page, by id, by name or as `me`."""
    if node not in ("me", call.dialect.city_id, call.dialect.city_handle):
        raise gone(call.method, node)
