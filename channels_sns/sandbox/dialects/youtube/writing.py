"""Comments: write, change, delete. Whoever sends the same twice has it twice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.youtube import params, refusals, shapes
from channels_sns.sandbox.models import Post

LONGEST = 10_000


def reply(call: ApiCall) -> HttpResponse:
    """POST /comments {"snippet": {"parentId", "textOriginal"}}: only below a thread's first comment."""
    params.parts(call, "snippet")
    snippet = _snippet(call.json())
    parent_id = snippet.get("parentId")
    if not parent_id:
        raise refusals.refused(400, "parentIdMissing", "The comment must specify a snippet.parentId property.")
    text = _text(snippet)
    parent = _named(call, str(parent_id))
    if parent is None:
        raise refusals.parent_not_found()
    if parent.parent_id or not parent.extra.get("can_reply", call.setting("can_reply", True)):
        raise refusals.cannot_reply()
    _refuse_disabled(call, shapes.video_of(call, parent))
    return call.reply(shapes.comment(call, _write(call, text, parent=parent)))


def begin(call: ApiCall) -> HttpResponse:
    """POST /commentThreads: a comment of the city's own under a video."""
    parts = params.parts(call, "snippet", "replies")
    snippet = _snippet(call.json())
    video, top = str(snippet.get("videoId")), snippet.get("topLevelComment")
    if video not in call.dialect.places(call.world):
        raise refusals.refused(404, "videoNotFound", "The specified video cannot be found.")
    text = _text(_snippet(top if isinstance(top, dict) else {}))
    _refuse_disabled(call, video)
    return call.reply(shapes.thread(call, _write(call, text, extra={"place": video}), parts))


def change(call: ApiCall) -> HttpResponse:
    """PUT /comments {"id", "snippet": {"textOriginal"}}: only the city's own."""
    params.parts(call, "snippet")
    body = call.json()
    post = _own(call, str(body.get("id") or ""))
    edited = store.edit_post(post, dialect=call.dialect, text=_text(_snippet(body)), now=timezone.now())
    return call.reply(shapes.comment(call, edited))


def delete(call: ApiCall) -> HttpResponse:
    """DELETE /comments?id=: 204 and nothing else."""
    store.delete_post(_own(call, call.query.get("id", "")), dialect=call.dialect, now=call.now)
    return HttpResponse(status=204)


def _snippet(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("snippet")
    return found if isinstance(found, dict) else {}


def _text(snippet: dict[str, Any]) -> str:
    text = snippet.get("textOriginal")
    if not isinstance(text, str) or not text.strip():
        raise refusals.refused(400, "commentTextRequired", refusals.NO_TEXT)
    if len(text) > LONGEST:
        raise refusals.refused(400, "commentTextTooLong", refusals.TOO_LONG)
    return text


def _named(call: ApiCall, comment_id: str) -> Post | None:
    posts = store.standing(call.world, "youtube").filter(external_id=comment_id, raw=None)
    return posts.select_related("author", "parent", "root").first()


def _own(call: ApiCall, comment_id: str) -> Post:
    post = _named(call, comment_id)
    if post is None:
        raise refusals.comment_not_found()
    if not store.author_of(post).is_city:
        raise refusals.refused(403, "forbidden", refusals.FORBIDDEN)
    return post


def _refuse_disabled(call: ApiCall, video: str) -> None:
    if video in call.setting("comments_disabled", []):
        raise refusals.comments_disabled()


def _write(call: ApiCall, text: str, *, parent: Post | None = None, extra: dict[str, Any] | None = None) -> Post:
    """Setting `hold`: the spam filter takes it without a word."""
    held = {"moderation": "heldForReview"} if call.setting("hold", False) else {}
    return store.add_post(
        world=call.world,
        dialect=call.dialect,
        author=call.dialect.city_of(call),
        text=text,
        parent=parent,
        now=call.now,
        extra={**(extra or {}), **held},
    )
