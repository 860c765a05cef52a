"""One thing: read it, several by ?ids=, change it, delete it; and what a token is worth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import comments, door, fields, messages, named, params, refusals, shapes
from channels_sns.sandbox.dialects.facebook.fields import Node
from channels_sns.sandbox.models import Post

IDS_MAX = 50


def one(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    return call.reply(fields.pick(_node(call, node), fields.parse(call.query.get("fields", ""))))


def several(call: ApiCall, **version: str) -> HttpResponse:
    """GET /?ids=a,b: one that is not there refuses them all."""
    ids = list(dict.fromkeys(filter(None, call.query.get("ids", "").split(","))))
    if not ids:
        raise refusals.invalid("Param ids must be a list of object ids")
    if len(ids) > IDS_MAX:
        raise refusals.invalid(f"Too many IDs. Maximum: {IDS_MAX}. Provided: {len(ids)}")
    wanted = fields.parse(call.query.get("fields", ""))
    return call.reply({node: fields.pick(_node(call, node), wanted) for node in ids})


def _node(call: ApiCall, node: str) -> Node:
    if node == "me" and door.is_users(call):
        return Node("User", {"id": "10007001", "name": "톡톡부산 담당자"})
    if node in ("me", call.dialect.city_id, call.dialect.city_handle):
        return shapes.page(call)
    if upload := named.find_photo(call, node):
        return shapes.photo(call, upload)
    if letter := messages.find(call, node):
        return messages.as_node(call, letter)
    return comments.as_node(call, named.post(call, node))


def change(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """POST /{id}: message (own ones), is_hidden (other people's comments below the page's posts)."""
    post, values = named.post(call, node), params.given(call)
    if "is_hidden" in values:
        _hide(post, hidden=params.flag(call, "is_hidden", False))
    if "message" in values:
        _rewrite(call, post, values)
    return call.reply({"success": True})


def _hide(post: Post, *, hidden: bool) -> None:
    if not shapes.hideable(post):
        raise refusals.not_permitted()
    Post.objects.filter(pk=post.pk).update(extra={**post.extra, "hidden": hidden})


def _rewrite(call: ApiCall, post: Post, values: dict[str, str]) -> None:
    """A comment's photo is lost unless it is sent again."""
    if not store.author_of(post).is_city:
        raise refusals.not_permitted()
    store.edit_post(post, dialect=call.dialect, text=values["message"], now=call.now)
    if post.parent_id and not {"attachment_id", "attachment_url"} & set(values):
        post.uploads.update(post=None)


def delete(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """DELETE /{id}: own ones, and what others wrote on the page; not a post on somebody's own timeline.

    A photo stays in its album when the post that shows it goes, and is deleted by its own id.
    """
    if upload := named.find_photo(call, node):
        upload.delete()
        return call.reply({"success": True})
    post = named.post(call, node)
    root = post.root or post
    if not store.author_of(post).is_city and root.kind == "tagged":
        raise refusals.not_permitted()
    store.delete_post(post, dialect=call.dialect, now=call.now)
    return call.reply({"success": True})


def debug_token(call: ApiCall, **version: str) -> HttpResponse:
    """GET /debug_token?input_token=: a page's token has no end, but the access to data has (setting data_days)."""
    token, world = call.query.get("input_token", ""), call.world.name
    if token not in (door.page_token(world), door.user_token(world)):
        wrong = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return call.reply({"data": {"error": wrong, "is_valid": False, "scopes": []}})
    until = call.now + timedelta(days=float(call.setting("data_days", 90)))
    kind = "PAGE" if token == door.page_token(world) else "USER"
    data: dict[str, Any] = {
        "app_id": door.APP_ID,
        "type": kind,
        "application": "톡톡부산 민원데스크",
        "data_access_expires_at": int(until.timestamp()),
        "expires_at": 0,
        "is_valid": True,
        "issued_at": int(call.now.timestamp()) - 86_400,
        "scopes": call.setting("scopes", messages.SCOPES),
        "user_id": "10007001",
    }
    if kind == "PAGE":
        data["profile_id"] = call.dialect.city_id
    return call.reply({"data": data})
