"""Lists of posts, newest first: mentions, own posts, search."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.x import params, shapes
from channels_sns.sandbox.dialects.x.refusals import invalid
from channels_sns.sandbox.models import Post

BOUNDS = ("since_id", "until_id", "start_time", "end_time", "max_results", "pagination_token")
MENTIONS_DEEP = 800
OWN_DEEP = 3200


def mentions(call: ApiCall, *, user_id: str) -> HttpResponse:
    """GET /2/users/{id}/mentions: only the last 800 can be reached."""
    posts = store.feed(call.world, "x", now=call.now).filter(for_city=user_id == call.dialect.city_id)
    return _page(call, user_id, posts, deep=MENTIONS_DEEP)


def own(call: ApiCall, *, user_id: str) -> HttpResponse:
    """GET /2/users/{id}/tweets."""
    posts = store.feed(call.world, "x", now=call.now).filter(
        author__external_id=user_id, author__world=call.world, author__network="x"
    )
    excluded = call.query.get("exclude", "")
    if "replies" in excluded:
        posts = posts.filter(parent=None)
    return _page(call, user_id, posts, "exclude", deep=OWN_DEEP)


def _page(call: ApiCall, user_id: str, posts: QuerySet[Post], *more: str, deep: int) -> HttpResponse:
    params.post_id("id", user_id)
    wanted = params.wanted(call, *BOUNDS, *more)
    size = params.whole(call, "max_results", low=5, high=100, default=10)
    oldest = list(posts.order_by("-number").values_list("number", flat=True)[deep - 1 : deep])
    if oldest:
        posts = posts.filter(number__gte=oldest[0])
    return call.reply(_listed(call, params.within(call, posts), wanted, size, "pagination_token"))


def _listed(call: ApiCall, posts: QuerySet[Post], wanted: params.Wanted, size: int, token_name: str) -> dict[str, Any]:
    """One page with its meta. The row after the page tells whether there is a next one."""
    turn = params.read_token(call, token_name)
    forward = turn is not None and turn[0] == "p"
    if turn:
        posts = posts.filter(number__gt=turn[1]) if forward else posts.filter(number__lt=turn[1])
    rows = list(posts.order_by("number" if forward else "-number")[: size + 1])
    shown, more = rows[:size], len(rows) > size
    if forward:
        shown.reverse()
    meta: dict[str, Any] = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0].external_id, "oldest_id": shown[-1].external_id}
        if more or forward:
            meta["next_token"] = params.token("n", shown[-1].number)
        if (turn and not forward) or (forward and more):
            meta["previous_token"] = params.token("p", shown[0].number)
    return {**shapes.page(call, shown, wanted), "meta": meta}


def search(call: ApiCall) -> HttpResponse:
    """GET /2/tweets/search/recent: conversation_id:, from:, to:, @handle and words, all required; -word excludes;
    (one OR another)."""
    query = call.query.get("query", "")
    if not 1 <= len(query) <= 512:
        raise invalid("query", query, f"The `query` query parameter value [{query}] length is not between 1 and 512")
    wanted = params.wanted(call, *BOUNDS, "query", "next_token", "sort_order")
    size = params.whole(call, "max_results", low=10, high=100, default=10)
    posts = store.feed(call.world, "x", now=call.now).filter(raw=None)
    for term in re.findall(r"\([^()]*\)|\S+", query):
        posts = posts.filter(_term(call, term))
    name = "next_token" if "next_token" in call.query else "pagination_token"
    return call.reply(_listed(call, params.within(call, posts), wanted, size, name))


def _term(call: ApiCall, term: str) -> Q:
    if term.startswith("("):
        return reduce(or_, (_term(call, one) for one in term[1:-1].split(" OR ")))
    if term.startswith("-"):
        return ~_term(call, term[1:])
    operator, _, value = term.partition(":")
    if operator == "conversation_id":
        conversation = Q(external_id=value) | Q(root__external_id=value)
        return conversation | Q(root__extra__edit_history__0=value) | Q(extra__edit_history__0=value, root=None)
    if operator in ("from", "to"):
        field = "author" if operator == "from" else "parent__author"
        return Q(**{f"{field}__handle__iexact": value.lstrip("@")}) | Q(**{f"{field}__external_id": value})
    if operator == "is" and value == "retweet":
        return Q(pk=None)
    if term.startswith("@"):
        handle = re.escape(term[1:])
        return Q(text__iregex=rf"@{handle}([^A-Za-z0-9_]|$)") | Q(extra__implicit__icontains=f'"{term[1:]}"')
    return Q(text__icontains=term.strip('"'))
