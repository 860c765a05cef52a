"""The page's lists: its feed, what tags it, what visitors wrote."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, Verbatim
from channels_sns.sandbox.dialects.facebook import comments, door, fields, named, paging, params
from channels_sns.sandbox.dialects.facebook.fields import Node
from channels_sns.sandbox.models import Post


def feed(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """GET /{page}/feed: the page's own posts, visitors' posts and public posts that tag the page."""
    return _listed(call, node, Q())


def tagged(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """GET /{page}/tagged: public posts elsewhere that tag the page, with the time of it."""
    return _listed(call, node, Q(kind="tagged"), as_node=_as_tagged)


def _as_tagged(call: ApiCall, post: Post) -> Node:
    plain = comments.as_node(call, post)
    return Node("TaggedPost", {**plain.values, "tagged_time": plain.values["created_time"]})


def visitor_posts(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """GET /{page}/visitor_posts; setting visitor_posts=False: as on pages that have lost it, always empty."""
    return _listed(call, node, Q(kind="visitor") if call.setting("visitor_posts", True) else Q(pk=None))


def _listed(
    call: ApiCall, node: str, which: Q, *, as_node: Callable[[ApiCall, Post], Node] = comments.as_node
) -> HttpResponse:
    if door.is_users(call):
        return call.reply({"data": []})
    named.page(call, node)
    wanted, size = fields.parse(call.query.get("fields", "")), params.limit(call)
    posts = _within(
        call, store.feed(call.world, "facebook", now=call.now).filter(which, parent=None).exclude(kind="message")
    )
    if any(field.name == "updated_time" for field in wanted):
        posts = _with_stir(posts)

    def serve(post: Post) -> object:
        return Verbatim(bytes(post.raw)) if post.raw is not None else fields.pick(as_node(call, post), wanted)

    return call.reply(paging.page(call, posts, serve, size=size, newest_first=True))


def _within(call: ApiCall, posts: QuerySet[Post]) -> QuerySet[Post]:
    """since and until; setting feed_deep: only so many of the newest can be reached at all."""
    if since := params.moment(call, "since"):
        posts = posts.filter(created_at__gte=since)
    if until := params.moment(call, "until"):
        posts = posts.filter(created_at__lt=until)
    if deep := call.setting("feed_deep"):
        oldest = list(posts.order_by("-number").values_list("number", flat=True)[int(deep) - 1 : int(deep)])
        posts = posts.filter(number__gte=oldest[0]) if oldest else posts
    return posts


def _with_stir(posts: QuerySet[Post]) -> QuerySet[Post]:
    comments = Post.objects.filter(root=OuterRef("pk"), deleted_at=None).order_by("-number")
    return posts.annotate(stirred_at=Subquery(comments.values("created_at")[:1]))
