"""Single things: who am I, posts by id."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.x import params, shapes
from channels_sns.sandbox.dialects.x.refusals import invalid, missing
from channels_sns.sandbox.models import Post


def me(call: ApiCall) -> HttpResponse:
    """GET /2/users/me."""
    return call.reply({"data": shapes.user(call, call.dialect.city_of(call), params.wanted(call))})


def several(call: ApiCall) -> HttpResponse:
    """GET /2/tweets?ids=: missing ones come as errors[] in a 200."""
    wanted = params.wanted(call, "ids")
    ids = list(dict.fromkeys(call.query.get("ids", "").split(",")))
    if not 1 <= len(ids) <= 100:
        raise invalid(
            "ids",
            call.query.get("ids", ""),
            "The number of values in the `ids` query parameter list is not between 1 and 100",
        )
    found = _found(call, [params.post_id("ids", text) for text in ids])
    answer = shapes.page(call, [found[key] for key in ids if key in found], wanted)
    if lost := [missing("ids", key) for key in ids if key not in found]:
        answer["errors"] = lost
    return call.reply(answer)


def one(call: ApiCall, *, post_id: str) -> HttpResponse:
    """GET /2/tweets/{id}: a deleted post is a 200 with errors[] and no data."""
    wanted = params.wanted(call)
    post = _found(call, [params.post_id("id", post_id)]).get(post_id)
    if not post:
        return call.reply({"errors": [missing("id", post_id)]})
    answer: dict[str, Any] = {"data": shapes.tweet(call, post, wanted)}
    if extras := shapes.includes(call, [post], wanted):
        answer["includes"] = extras
    return call.reply(answer)


def _found(call: ApiCall, ids: list[str]) -> dict[str, Post]:
    """By the id that was asked for; an earlier version's id leads to the newest one."""
    posts = store.standing(call.world, "x").filter(raw=None)
    posts = posts.select_related("author", "parent__author", "root").prefetch_related("uploads")
    found = {post.external_id: post for post in posts.filter(external_id__in=ids)}
    for key in [key for key, post in found.items() if post.replaced]:
        first = next(iter(found[key].extra.get("edit_history", [])), key)
        newest = posts.filter(extra__edit_history__0=first, replaced=False).first()
        if newest is None:
            del found[key]
        else:
            found[key] = newest
    return found
