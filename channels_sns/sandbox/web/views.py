"""The feed of a network and its threads, for a person who is a citizen."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels_sns.sandbox import store
from channels_sns.sandbox.dialects import DIALECTS
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.models import Post, World
from channels_sns.sandbox.web import people
from channels_sns.sandbox.web.faults import panel
from channels_sns.sandbox.web.forms import Writing

THREADS_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest, world: str, network: str) -> HttpResponseBase:
    """The newest threads, and a place to write."""
    place, dialect = store.world_named(world), DIALECTS[network]
    form = _form(request, place, dialect)
    if request.method == "POST" and (post := _written(request, place, form)):
        target = (
            redirect("feed", world, network) if dialect.chat else redirect("thread", world, network, post.external_id)
        )
        return _remembered(target, form)
    template = "sandbox/chat.html" if dialect.chat else "sandbox/feed.html"
    return _page(request, template, place, dialect, form, shown=_shown(request, place, dialect))


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, world: str, network: str, post_id: str) -> HttpResponseBase:
    """One thread, and a place to answer: the post ?to= names, else the city's last word, else the first post."""
    place, dialect = store.world_named(world), DIALECTS[network]
    posts = _thread_with(place, dialect, post_id)
    target = _answered(posts, request.GET.get("to", ""))
    form = _form(request, place, dialect, target)
    if request.method == "POST" and _written(request, place, form):
        return _remembered(redirect("thread", world, network, posts[0].external_id), form)
    return _page(request, "sandbox/thread.html", place, dialect, form, shown=[_seen_or_404(request, dialect, posts)])


@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: HttpRequest, world: str, network: str) -> HttpResponseBase:
    """What this citizen and the city write to each other alone."""
    place, dialect = store.world_named(world), DIALECTS[network]
    if not dialect.messages:
        raise Http404(network)
    form = _form(request, place, dialect)
    if request.method == "POST" and _written(request, place, form, kind="message"):
        return _remembered(redirect("messages", world, network), form)
    return _page(request, "sandbox/chat.html", place, dialect, form, shown=[letters(request, place, dialect)])


@require_safe
def letters_fragment(request: HttpRequest, world: str, network: str) -> HttpResponse:
    place, dialect = store.world_named(world), DIALECTS[network]
    return _fragment(request, "sandbox/_chat.html", place, dialect, [letters(request, place, dialect)], whole=False)


@require_safe
def fragment(request: HttpRequest, world: str, network: str, post_id: str = "") -> HttpResponse:
    """The posts alone, for the page that refreshes itself; X-Stamp changes with what is to be seen."""
    place, dialect = store.world_named(world), DIALECTS[network]
    thread = _seen_or_404(request, dialect, _thread_with(place, dialect, post_id)) if post_id else []
    shown = [thread] if post_id else _shown(request, place, dialect)
    template = "sandbox/_chat.html" if dialect.chat else "sandbox/_threads.html"
    return _fragment(request, template, place, dialect, shown, whole=bool(post_id))


def _fragment(
    request: HttpRequest, template: str, world: World, dialect: Dialect, shown: list[list[Post]], *, whole: bool
) -> HttpResponse:
    context = _context(request, world, dialect, shown, whole=whole)
    response = HttpResponse(render_to_string(template, context, request))
    response["X-Stamp"] = context["stamp"]
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def delete(request: HttpRequest, world: str, network: str, post_id: str) -> HttpResponse:
    """A citizen takes down what this citizen wrote."""
    place, dialect = store.world_named(world), DIALECTS[network]
    post = _standing(place, dialect, post_id)
    if post.author and post.author.handle == people.handle_of(people.name_in(request)):
        store.delete_post(post, dialect=dialect, now=timezone.now())
    root = post.root if post.root and post.root.deleted_at is None else None
    return redirect("thread", world, network, root.external_id) if root else redirect("feed", world, network)


@require_safe
def permalink(
    request: HttpRequest, world: str, network: str, post_id: str = "", handle: str = "", **date: int
) -> HttpResponse:
    """The network's own address of a post; some put the day in, some the id behind the question mark."""
    dialect = DIALECTS[network]
    named = post_id or request.GET.get(dialect.permalink_query, "")
    return (
        redirect("thread", world, network, dialect.id_at(handle, named)) if named else redirect("feed", world, network)
    )


def threads(world: World, dialect: Dialect) -> list[list[Post]]:
    """The newest threads by their first post, each with all its answers, oldest first."""
    posts = store.standing(world, dialect.kind).filter(replaced=False, raw=None)
    roots = list(
        posts.filter(root=None).select_related("author").prefetch_related("uploads").order_by("-number")[:THREADS_SHOWN]
    )
    grouped = {root.pk: [root] for root in roots}
    answers = (
        posts.filter(root__in=roots)
        .select_related("author", "parent__author")
        .prefetch_related("uploads")
        .order_by("number")
    )
    for answer in answers:
        grouped[answer.root_id or 0].append(answer)
    return list(grouped.values())


def _shown(request: HttpRequest, world: World, dialect: Dialect) -> list[list[Post]]:
    if dialect.chat:
        return [chat(request, world, dialect)]
    seen = [_seen(request, dialect, posts) for posts in threads(world, dialect)]
    return [posts for posts in seen if posts]


def _seen(request: HttpRequest, dialect: Dialect, posts: list[Post]) -> list[Post]:
    """What this citizen may see of a thread."""
    me = people.handle_of(people.name_in(request))
    return [post for post in posts if dialect.shown_to(post, me)]


def _seen_or_404(request: HttpRequest, dialect: Dialect, posts: list[Post]) -> list[Post]:
    if seen := _seen(request, dialect, posts):
        return seen
    raise Http404


def letters(request: HttpRequest, world: World, dialect: Dialect) -> list[Post]:
    """The messages between this citizen and the city, oldest first."""
    me = store.citizen(world, dialect, handle=people.handle_of(people.name_in(request)), name=people.name_in(request))
    posts = store.feed(world, dialect.kind).filter(raw=None, kind="message", extra__with=me.external_id)
    return list(posts.order_by("number"))


def chat(request: HttpRequest, world: World, dialect: Dialect) -> list[Post]:
    """What this citizen and the city said to each other, oldest first; what is still on its way is not there."""
    me = people.handle_of(people.name_in(request))
    posts = store.feed(world, dialect.kind).filter(raw=None)
    return list(posts.filter(Q(author__handle=me) | Q(parent__author__handle=me)).order_by("number"))


def _standing(world: World, dialect: Dialect, post_id: str) -> Post:
    posts = store.standing(world, dialect.kind).filter(external_id=post_id, raw=None)
    found = posts.select_related("author", "root").first()
    if not found:
        raise Http404(post_id)
    return found


def _thread_with(world: World, dialect: Dialect, post_id: str) -> list[Post]:
    posts = list(store.thread_of(_standing(world, dialect, post_id)))
    if not posts:
        raise Http404(post_id)
    return posts


def _answered(posts: list[Post], wanted: str) -> Post:
    named = [post for post in posts if post.external_id == wanted]
    return [posts[0], *(post for post in posts if post.author and post.author.is_city), *named][-1]


def _form(request: HttpRequest, world: World, dialect: Dialect, parent: Post | None = None) -> Writing:
    if request.method == "POST":
        return Writing(request.POST, request.FILES, dialect=dialect, world=world, parent=parent)
    initial = {"name": people.name_in(request), "place": request.GET.get("v", "")}
    return Writing(dialect=dialect, world=world, parent=parent, initial=initial)


def _written(request: HttpRequest, world: World, form: Writing, *, kind: str = "") -> Post | None:
    """The post that a valid form makes; otherwise the form says what is wrong."""
    if not form.is_valid():
        return None
    values, dialect, now = form.cleaned_data, form.dialect, timezone.now()
    photo, uploads = values["photo"], []
    try:
        if photo:
            uploads.append(
                store.add_upload(world=world, dialect=dialect, content=photo.read(), now=now, alt=values["alt"])
            )
    except store.NotAPhoto:
        form.add_error("photo", _("This is not a photo."))
        return None
    author = store.citizen(world, dialect, handle=people.handle_of(values["name"]), name=values["name"])
    return store.add_post(
        world=world,
        dialect=dialect,
        author=author,
        text=values["text"],
        parent=form.parent,
        uploads=uploads,
        now=now,
        kind=kind,
        extra={"place": values["place"]} if values["place"] else {},
    )


def _remembered(response: HttpResponse, form: Writing) -> HttpResponse:
    people.remember(response, form.cleaned_data["name"])
    return response


def _page(
    request: HttpRequest,
    template: str,
    world: World,
    dialect: Dialect,
    form: Writing,
    *,
    shown: list[list[Post]],
) -> HttpResponse:
    context = _context(request, world, dialect, shown, whole=template.endswith("thread.html"))
    context |= {"form": form, "target": form.parent, "faults": panel(world, dialect), "neighbours": people.NEIGHBOURS}
    return render(request, template, context, status=400 if form.is_bound else 200)


def _context(
    request: HttpRequest, world: World, dialect: Dialect, shown: list[list[Post]], *, whole: bool
) -> dict[str, Any]:
    name = people.name_in(request)
    city = store.city(world, dialect)
    return {
        "world": world.name,
        "dialect": dialect,
        "network": dialect.kind,
        "networks": DIALECTS.values(),
        "places": dialect.places(world),
        "threads": shown,
        "whole": whole,
        "city": city,
        "me": people.handle_of(name),
        "my_name": name,
        "stamp": _stamp(shown),
        "fragment": "feed-fragment" if dialect.chat else "messages-fragment",
    }


def _stamp(shown: list[list[Post]]) -> str:
    seen = [(post.pk, post.text, str(post.edited_at)) for posts in shown for post in posts]
    return hashlib.sha256(repr(seen).encode("utf-8", "surrogatepass")).hexdigest()[:16]
