"""POST and DELETE /2/tweets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.x import params, refusals, texts
from channels_sns.sandbox.dialects.x.words import BODY, PARTS
from channels_sns.sandbox.models import Person, Post, Upload

#: How long the same text is refused again.
DUPLICATE_WINDOW = timedelta(hours=24)


def create(call: ApiCall) -> HttpResponse:
    """POST /2/tweets → 201 {"data": {"id", "text"}}."""
    body = call.json()
    _check_members(body)
    city = call.dialect.city_of(call)
    text, uploads, parent = str(body.get("text") or ""), _media(call, body), _target(call, body)
    if not text.strip() and not uploads:
        raise refusals.invalid("text", text, "Your Tweet text cannot be empty.")
    if text and not texts.fits(text):
        raise refusals.problem(
            403, "Your Tweet text is too long. For more information, see: https://help.twitter.com/using-twitter"
        )
    if parent and call.setting("summon_rule", True) and not summoned(parent, city):
        raise refusals.problem(403, refusals.NOT_SUMMONED)
    _refuse_duplicate(call, city, text, parent, uploads)
    post = store.add_post(
        world=call.world,
        dialect=call.dialect,
        author=city,
        text=text,
        parent=parent,
        uploads=uploads,
        now=call.now,
        extra=_extra(body),
    )
    return call.reply(
        {"data": {"edit_history_tweet_ids": [post.external_id], "id": post.external_id, "text": text}}, status=201
    )


def _check_members(body: dict[str, Any]) -> None:
    for name, members, known in [
        ("$", body, BODY),
        *((name, body[name], parts) for name, parts in PARTS.items() if name in body),
    ]:
        if not isinstance(members, dict):
            raise refusals.invalid(f"$.{name}", str(members), f"$.{name}: object expected")
        for member in set(members) - known:
            message = f"$.{member}: is not defined in the schema and the schema does not allow additional properties"
            raise refusals.invalid(f"$.{member}", str(members[member]), message)
    if not isinstance(body.get("text", ""), str):
        raise refusals.invalid(
            "$.text", str(body["text"]), f"$.text: {type(body['text']).__name__} found, string expected"
        )
    exclusive = [name for name in ("media", "poll", "quote_tweet_id") if name in body]
    if len(exclusive) > 1:
        raise refusals.invalid("$", ",".join(exclusive), f"{' and '.join(exclusive)} exclude one another")


def _extra(body: dict[str, Any]) -> dict[str, Any]:
    return {"quotes": str(body["quote_tweet_id"])} if "quote_tweet_id" in body else {}


def _media(call: ApiCall, body: dict[str, Any]) -> list[Upload]:
    """The photos in the order asked for. Raises 400 unless each is ours and not yet used."""
    if "media" not in body:
        return []
    ids = body["media"].get("media_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 4:
        raise refusals.invalid("$.media.media_ids", str(ids), "$.media.media_ids: there must be 1 to 4 items")
    found = {
        upload.external_id: upload
        for upload in Upload.objects.filter(world=call.world, network="x", external_id__in=ids, post=None)
    }
    if len(found) != len(ids):
        raise refusals.invalid("media.media_ids", ",".join(map(str, ids)), "Your media IDs are invalid.")
    return [found[key] for key in ids]


def _target(call: ApiCall, body: dict[str, Any]) -> Post | None:
    """The post to answer. Raises 403 where it is gone."""
    if "reply" not in body:
        return None
    wanted = str(body["reply"].get("in_reply_to_tweet_id", ""))
    if not params.ID.fullmatch(wanted):
        raise refusals.invalid(
            "$.reply.in_reply_to_tweet_id", wanted, "$.reply.in_reply_to_tweet_id: does not match ^[0-9]{1,19}$"
        )
    posts = store.standing(call.world, "x").filter(external_id=wanted, raw=None)
    found = posts.select_related("author", "parent__author", "root__author").first()
    if not found:
        raise refusals.problem(403, refusals.GONE)
    return found


def summoned(target: Post, city: Person) -> bool:
    """May we answer by API? Its author is ourselves, or mentions us in so many words, or quotes us.

    A mention that the thread inherits is not enough.
    """
    if target.author_id == city.pk or city.handle.lower() in texts.handles_in(target.text):
        return True
    quoted = target.extra.get("quotes")
    return (
        bool(quoted) and Post.objects.filter(world=target.world, network="x", external_id=quoted, author=city).exists()
    )


def _refuse_duplicate(call: ApiCall, city: Person, text: str, parent: Post | None, uploads: list[Upload]) -> None:
    """The same words to the same place within a day."""
    if uploads and not text:
        return
    twins = store.standing(call.world, "x").filter(
        author=city, text=text, parent=parent, created_at__gt=call.now - DUPLICATE_WINDOW
    )
    if twins.exists():
        raise refusals.problem(403, refusals.DUPLICATE)


def delete(call: ApiCall, *, post_id: str) -> HttpResponse:
    """DELETE /2/tweets/{id}: with it goes its whole chain of edits."""
    city = call.dialect.city_of(call)
    post = store.standing(call.world, "x").filter(external_id=params.post_id("id", post_id), raw=None).first()
    if post and post.author_id != city.pk:
        raise refusals.problem(403, "You are not authorized to delete this Tweet.")
    if not post:
        return call.reply({"data": {"deleted": False}})
    chain = [*post.extra.get("edit_history", []), post.external_id]
    for version in store.standing(call.world, "x").filter(external_id__in=chain):
        store.delete_post(version, dialect=call.dialect, now=call.now)
    return call.reply({"data": {"deleted": True}})
