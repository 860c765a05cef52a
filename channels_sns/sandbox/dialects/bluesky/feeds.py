"""app.bsky: what the network's index shows of profiles, posts, threads, searches and notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, Verbatim
from channels_sns.sandbox.dialects.bluesky import ids, refusals, shapes, texts
from channels_sns.sandbox.models import Person, Post

DEFS = "app.bsky.feed.defs"
URIS = 25
DEPTH = 6


def _indexed(call: ApiCall) -> QuerySet[Post]:
    """What the index has: nothing of those who block the city."""
    posts = store.feed(call.world, "bluesky", now=call.now)
    return posts.exclude(author__handle__in=call.setting("blocked_by", []))


def get_profile(call: ApiCall) -> HttpResponse:
    """GET app.bsky.actor.getProfile?actor=: a handle or a DID."""
    actor = call.query.get("actor", "")
    person = _person(call, actor)
    if person is None:
        raise refusals.invalid("Profile not found")
    followers = int(call.setting("followers", 5_000)) if person.is_city else 12
    counts = {"followersCount": followers, "followsCount": 3, "postsCount": 1}
    return call.reply({**shapes.profile(call, person), **counts, "indexedAt": "2024-02-06T00:00:00.000Z"})


def resolve_handle(call: ApiCall) -> HttpResponse:
    person = _person(call, call.query.get("handle", ""))
    if person is None:
        raise refusals.invalid("Unable to resolve handle")
    return call.reply({"did": person.external_id})


def _person(call: ApiCall, actor: str) -> Person | None:
    did = actor if actor.startswith("did:") else ids.did_of(actor.lower())
    if did == ids.CITY_DID:
        return call.dialect.city_of(call)
    return Person.objects.filter(world=call.world, network="bluesky", external_id=did).first()


def notifications(call: ApiCall) -> HttpResponse:
    """GET listNotifications: newest first; the cursor leads to older ones."""
    reasons = call.query.getlist("reasons")
    posts, size = _indexed(call).filter(for_city=True), _limit(call, 50)
    if reasons:
        posts = posts.filter(kind__in=[*reasons, "raw"])
    found = list(_older(call, posts)[: size + 1])
    shown = found[:size]
    items = [_notified(call, post) for post in shown]
    more = len(found) > size or (bool(shown) and call.setting("old_server", False))
    cursor = {"cursor": ids.tid(shown[-1].number)} if more else {}
    return call.reply({"notifications": items, **cursor, "priority": False, "seenAt": shapes.moment(call.now)})


def _notified(call: ApiCall, post: Post) -> Any:
    return Verbatim(bytes(post.raw)) if post.raw is not None else shapes.notification(call, post)


def _limit(call: ApiCall, default: int, most: int = 100) -> int:
    text = call.query.get("limit", str(default))
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise refusals.invalid("Error: limit must be an integer")
    if int(text) > most:
        raise refusals.invalid(f"Error: limit can not be greater than {most}")
    return int(text)


def _older(call: ApiCall, posts: QuerySet[Post]) -> QuerySet[Post]:
    """Below the cursor. One that we did not give is refused."""
    cursor = call.query.get("cursor", "")
    if not cursor:
        return posts
    if len(cursor) != 13 or set(cursor) - set(ids.ALPHABET):
        raise refusals.invalid("Malformed cursor")
    number = 0
    for digit in cursor:
        number = number * 32 + ids.ALPHABET.index(digit)
    return posts.filter(number__lt=number)


def get_posts(call: ApiCall) -> HttpResponse:
    """GET getPosts?uris=: those that stand; the others are just absent."""
    uris = call.query.getlist("uris")
    if not 1 <= len(uris) <= URIS:
        raise refusals.invalid(f"Error: uris must not have more than {URIS} elements")
    found = {post.external_id: post for post in _indexed(call).filter(external_id__in=uris, raw=None)}
    return call.reply({"posts": [shapes.view(call, found[uri]) for uri in uris if uri in found]})


def search(call: ApiCall) -> HttpResponse:
    """GET searchPosts?q=: posts with all the words; `mentions` looks at marked mentions only."""
    words = call.query.get("q", "").split()
    if not words:
        raise refusals.invalid('Error: Params must have the property "q"')
    posts = _indexed(call).filter(raw=None)
    for word in words:
        posts = posts.filter(text__icontains=word.strip('"'))
    if author := call.query.get("author", ""):
        posts = posts.filter(author=_person(call, author))
    for name in ("since", "until"):
        if text := call.query.get(name, ""):
            posts = posts.filter(**{"created_at__gte" if name == "since" else "created_at__lt": _moment(text)})
    size, mentions = _limit(call, 25), call.query.get("mentions", "")
    found = [post for post in _older(call, posts) if not mentions or _mentions(call, post, mentions)][: size + 1]
    cursor = {"cursor": ids.tid(found[size - 1].number)} if len(found) > size else {}
    return call.reply({"posts": [shapes.view(call, post) for post in found[:size]], **cursor})


def _mentions(call: ApiCall, post: Post, actor: str) -> bool:
    person = _person(call, actor)
    return person is not None and person.external_id in texts.mentioned(shapes.record(post).get("facets", []))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise refusals.invalid("Error: since must be a valid datetime") from error


def get_thread(call: ApiCall) -> HttpResponse:
    """GET getPostThread?uri&depth&parentHeight."""
    uri = call.query.get("uri", "")
    posts = store.feed(call.world, "bluesky", now=call.now).filter(external_id=uri, raw=None)
    post = posts.first()
    if post is None:
        raise refusals.post_not_found(uri)
    depth, height = (_number(call, name, default) for name, default in (("depth", DEPTH), ("parentHeight", 80)))
    below: dict[int, list[Post]] = {}
    for answer in store.thread_of(post).filter(visible_at__lte=call.now):
        below.setdefault(answer.parent_id or 0, []).append(answer)
    node = _below(call, post, below, depth)
    above = _above(call, post, height)
    return call.reply({"thread": {**node, **({"parent": above} if above else {})}})


def _number(call: ApiCall, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) <= 1000):
        raise refusals.invalid(f"Error: {name} can not be greater than 1000")
    return int(text)


def _below(call: ApiCall, post: Post, below: dict[int, list[Post]], depth: int) -> dict[str, Any]:
    author = store.author_of(post)
    if author.handle in call.setting("blocked_by", []):
        viewer = {"did": author.external_id, "viewer": {"blockedBy": True}}
        return {"$type": f"{DEFS}#blockedPost", "uri": post.external_id, "blocked": True, "author": viewer}
    node: dict[str, Any] = {"$type": f"{DEFS}#threadViewPost", "post": shapes.view(call, post)}
    if depth:
        node["replies"] = [_below(call, answer, below, depth - 1) for answer in below.get(post.pk, [])]
    return node


def _above(call: ApiCall, post: Post, height: int) -> dict[str, Any] | None:
    """The post above, and above it; one that was deleted leaves its place marked."""
    wanted = shapes.record(post).get("reply", {}).get("parent", {}).get("uri")
    if not wanted or not height:
        return None
    parent = store.feed(call.world, "bluesky", now=call.now).filter(external_id=wanted, raw=None).first()
    if parent is None:
        return {"$type": f"{DEFS}#notFoundPost", "uri": wanted, "notFound": True}
    node = _below(call, parent, {}, 0)
    above = _above(call, parent, height - 1)
    return {**node, **({"parent": above} if above else {})}
