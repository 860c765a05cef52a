"""What stands below a post or a comment."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import door, fields, named, paging, params, shapes
from channels_sns.sandbox.dialects.facebook.fields import Field, Node
from channels_sns.sandbox.dialects.facebook.refusals import invalid
from channels_sns.sandbox.models import Post

FILTERS = ("toplevel", "stream")
ORDERS = ("ranked", "chronological", "reverse_chronological")


def below(call: ApiCall, post: Post, *, stream: bool = False) -> QuerySet[Post]:
    """Direct answers; with `stream` all of them, flat."""
    posts = store.feed(call.world, "facebook", now=call.now).select_related("parent__parent", "root__author")
    return posts.filter(Q(root=post) | Q(parent=post) if stream else Q(parent=post))


def as_node(call: ApiCall, post: Post) -> Node:
    """`post` as a node, with what stands below it."""
    plain = shapes.node(call, post)
    edges = {
        "comments": lambda field: expanded(call, post, field),
        "comment_count": lambda field: below(call, post).count(),
    }
    return Node(plain.type, {**plain.values, **edges})


def listed(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """GET /{post or comment}/comments. Without filter=stream the list is ranked, and filtered."""
    post = named.post(call, node)
    if door.is_users(call):
        return call.reply({"data": []})
    chosen, order = params.one_of(call, "filter", FILTERS), params.one_of(call, "order", ORDERS)
    posts = below(call, post, stream=chosen == "stream")
    if chosen == "toplevel":
        posts = posts.exclude(extra__has_key="low_quality")
    if since := params.moment(call, "since"):
        posts = posts.filter(created_at__gte=since)
    if until := params.moment(call, "until"):
        posts = posts.filter(created_at__lt=until)
    _refuse_deep(call, posts)
    wanted = fields.parse(call.query.get("fields", ""))
    newest_first = order != "chronological"
    answer = paging.page(
        call,
        posts,
        lambda item: fields.pick(as_node(call, item), wanted),
        size=params.limit(call),
        newest_first=newest_first,
    )
    if call.query.get("summary", "") in ("true", "1", "total_count"):
        answer["summary"] = _summary(order, posts)
    return call.reply(answer)


def _summary(order: str, posts: QuerySet[Post]) -> dict[str, Any]:
    return {"order": order, "total_count": posts.count(), "can_comment": True}


def _refuse_deep(call: ApiCall, posts: QuerySet[Post]) -> None:
    """Setting comments_deep: so many can be paged through, then the cursor is refused."""
    deep = call.setting("comments_deep")
    if deep and "after" in call.query and posts.count() > int(deep):
        raise invalid("The After Cursor specified exceeds the max limit supported by this endpoint")


def expanded(call: ApiCall, post: Post, field: Field) -> dict[str, Any] | None:
    """`comments` as a field of another node: comments.limit(5).filter(stream).order(chronological){…}."""
    size = int(field.modifiers.get("limit", "25"))
    order = field.modifiers.get("order", ORDERS[0]).lower()
    posts = below(call, post, stream=field.modifiers.get("filter", "").lower() == "stream")
    rows = list(posts.order_by("number" if order == "chronological" else "-number")[: size + 1])
    shown = rows[:size]
    if not shown:
        return None
    answer: dict[str, Any] = {"data": [fields.pick(as_node(call, item), field.inner) for item in shown]}
    answer["paging"] = {"cursors": {"before": paging.cursor(shown[0].number), "after": paging.cursor(shown[-1].number)}}
    if len(rows) > size:
        version = call.request.path.removeprefix(f"/{call.world.name}/facebook/").split("/")[0]
        edge = f"{call.base_url}/{version}/{post.external_id}/comments"
        answer["paging"]["next"] = f"{edge}?limit={size}&order={order}&after={paging.cursor(shown[-1].number)}"
    return answer
