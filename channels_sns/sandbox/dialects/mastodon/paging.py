"""min_id, since_id, max_id, limit and the Link header."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.db.models import QuerySet

from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.mastodon import ids
from channels_sns.sandbox.models import Post


def page(call: ApiCall, posts: QuerySet[Post], *, most: int, default: int, spell: Callable[[int], str]) -> list[Post]:
    """One page, newest first, with its Link header.

    min_id: the page that follows it at once; since_id: the newest page above it (what lies between is lost); max_id:
    older than it.
    """
    limit = _limit(call, most, default)
    if (older := _bound(call, "max_id")) is not None:
        posts = posts.filter(number__lt=older)
    if (newest_above := _bound(call, "since_id")) is not None:
        posts = posts.filter(number__gt=newest_above)
    if (next_above := _bound(call, "min_id")) is not None:
        shown = list(posts.filter(number__gt=next_above).order_by("number")[:limit])[::-1]
    else:
        shown = list(posts.order_by("-number")[:limit])
    if shown and call.setting("link_header", True):
        links = [_link(call, "prev", "min_id", spell(shown[0].number))]
        if len(shown) == limit:
            links.insert(0, _link(call, "next", "max_id", spell(shown[-1].number)))
        call.headers["Link"] = ", ".join(links)
    return shown


def _limit(call: ApiCall, most: int, default: int) -> int:
    text = call.query.get("limit", "")
    return max(1, min(int(text), most)) if text.isascii() and text.isdigit() else default


def _bound(call: ApiCall, name: str) -> int | None:
    """An id that we do not know bounds nothing, as one below all others."""
    text = call.query.get(name)
    return None if text is None else (ids.number_of(text) or 0)


def _link(call: ApiCall, relation: str, name: str, value: str) -> str:
    kept = [
        (key, item)
        for key, items in call.query.lists()
        if key not in ("min_id", "max_id", "since_id")
        for item in items
    ]
    return (
        f'<{call.request.build_absolute_uri(call.request.path)}?{urlencode([*kept, (name, value)])}>; rel="{relation}"'
    )
