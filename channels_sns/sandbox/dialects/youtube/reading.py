"""Channels, threads and comments: the lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.youtube import door, ids, params, refusals, shapes
from channels_sns.sandbox.models import Post

THREAD_FILTERS = ("allThreadsRelatedToChannelId", "videoId", "id")
STATUSES = (shapes.PUBLISHED, "heldForReview", "likelySpam")


def channels(call: ApiCall) -> HttpResponse:
    """GET /channels: mine=true, or id."""
    parts = params.parts(call, "snippet", "statistics", "contentDetails", "status", "brandingSettings")
    name, value = params.one_filter(call, "mine", "id", "forHandle")
    city = call.dialect.city_of(call)
    known = {"mine": {"true"}, "id": {city.external_id}, "forHandle": {city.handle, f"@{city.handle}"}}[name]
    found = [shapes.channel(call, parts)] if known & set(value.split(",")) else []
    return call.reply(shapes.answer("channel", found, per_page=len(found) or 5))


def threads(call: ApiCall) -> HttpResponse:
    """GET /commentThreads: newest first by their first comment, whatever was answered since."""
    parts = params.parts(call, "snippet", "replies")
    name, value = params.one_filter(call, *THREAD_FILTERS)
    params.one_of(call, "order", "time", "relevance")
    status = params.one_of(call, "moderationStatus", *STATUSES)
    if status != shapes.PUBLISHED and not door.owns(call):
        raise refusals.refused(403, "forbidden", refusals.FORBIDDEN, domain="youtube.commentThread")
    posts = _threads(call, status).filter(_meant(call, name, value))
    shown, size, next_page = _page(call, posts)
    items = [shapes.thread(call, post, parts) for post in shown]
    return call.reply(shapes.answer("commentThread", items, per_page=size, next_page=next_page))


def _threads(call: ApiCall, status: str) -> QuerySet[Post]:
    posts = store.feed(call.world, "youtube", now=call.now).filter(parent=None, root=None)
    if status != shapes.PUBLISHED:
        return posts.filter(extra__moderation=status)
    return posts.exclude(extra__has_key="moderation")


def _meant(call: ApiCall, name: str, value: str) -> Q:
    places = call.dialect.places(call.world)
    if name == "id":
        return Q(external_id__in=value.split(","))
    if name == "allThreadsRelatedToChannelId":
        if value != call.dialect.city_id:
            raise refusals.refused(
                404, "channelNotFound", "The specified channel cannot be found.", domain="youtube.commentThread"
            )
        return Q()
    if value not in places:
        raise refusals.refused(
            404, "videoNotFound", "The specified video cannot be found.", domain="youtube.commentThread"
        )
    if value in call.setting("comments_disabled", []):
        raise refusals.comments_disabled()
    here = Q(extra__place=value)
    return here | ~Q(extra__has_key="place") if value == next(iter(places)) else here


def _page(call: ApiCall, posts: QuerySet[Post]) -> tuple[list[Post], int, str]:
    """The page's posts, how many one holds, and the next one's token."""
    size, below = params.max_results(call), params.page_below(call)
    rows = list((posts if below is None else posts.filter(number__lt=below))[: size + 1])
    shown = rows[:size]
    return shown, size, ids.page_token(shown[-1].number) if len(rows) > size else ""


def comments(call: ApiCall) -> HttpResponse:
    """GET /comments: several by id (the others are just absent), or a thread's replies, newest first."""
    params.parts(call, "snippet")
    name, value = params.one_filter(call, "id", "parentId")
    if name == "id":
        items = _several(call, value.split(","))
        return call.reply(shapes.answer("comment", items, per_page=len(items), total=False))
    thread = store.standing(call.world, "youtube").filter(external_id=value, parent=None, raw=None).first()
    if not thread:
        raise refusals.comment_not_found()
    shown, size, next_page = _page(call, shapes.replies(call, thread))
    items = [shapes.comment(call, post) for post in shown]
    return call.reply(shapes.answer("comment", items, per_page=size, next_page=next_page, total=False))


def _several(call: ApiCall, wanted: list[str]) -> list[dict[str, Any]]:
    posts = store.feed(call.world, "youtube", now=call.now).filter(external_id__in=wanted, raw=None)
    if not door.owns(call):
        posts = posts.exclude(extra__has_key="moderation")
    standing = posts.filter(Q(parent=None) | Q(parent__deleted_at=None))
    return [shapes.comment(call, post) for post in standing]
