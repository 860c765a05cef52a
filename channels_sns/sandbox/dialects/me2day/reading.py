"""Posts, comments and people: count and offset are all there is, no "since this id"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, Verbatim
from channels_sns.sandbox.dialects.me2day import answers, door, shapes
from channels_sns.sandbox.models import Person, Post

MOST = 1000
LATEST = 3
TRACKED = 15
PER_PAGE = 100


def noop(call: ApiCall, **form: str) -> HttpResponse:
    door.check_user(call)
    return answers.success(call)


def posts(call: ApiCall, *, user: str = "", **form: str) -> HttpResponse:
    """GET get_posts[/user]: a bare array, newest first; scope=friend[all]: what the user's friends write."""
    shown = _roots(call)
    if wanted := call.query.get("post_id"):
        return _listed(call, shown.filter(external_id=wanted))
    owner = _person(call, user or call.query.get("uid", ""))
    if call.query.get("scope", "all").startswith("friend"):
        shown = shown.filter(_by_friends(call, owner))
    else:
        shown = shown.filter(author=owner)
    start, count = _whole(call, "offset", 0), min(_whole(call, "count", 20), MOST)
    return _listed(call, _between(call, shown)[start : start + count])


def latest(call: ApiCall, *, user: str, **form: str) -> HttpResponse:
    return _listed(call, _roots(call).filter(author=_person(call, user))[:LATEST])


def _roots(call: ApiCall) -> QuerySet[Post]:
    return store.feed(call.world, "me2day", now=call.now).filter(parent=None)


def _by_friends(call: ApiCall, owner: Person) -> Q:
    """Everybody is everybody's friend but those in the setting `strangers` (handles); poison items stand here."""
    return Q(author=None) | ~Q(author=owner) & ~Q(author__handle__in=call.setting("strangers", []))


def _between(call: ApiCall, shown: QuerySet[Post]) -> QuerySet[Post]:
    """from and to: Korean days, both included."""
    if first := _day(call, "from"):
        shown = shown.filter(created_at__gte=first)
    if last := _day(call, "to"):
        shown = shown.filter(created_at__lt=last + timedelta(days=1))
    return shown


def _day(call: ApiCall, name: str) -> datetime | None:
    text = call.query.get(name, "")
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=shapes.SEOUL) if text else None
    except ValueError as error:
        raise answers.unacceptable(call, "날짜 형식이 올바르지 않습니다.") from error


def _whole(call: ApiCall, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else default


def _listed(call: ApiCall, shown: QuerySet[Post]) -> HttpResponse:
    rows = list(shown)
    standing = Post.objects.filter(root__in=[post.pk for post in rows], deleted_at=None)
    counts = dict(standing.values("root").annotate(many=Count("pk")).values_list("root", "many"))
    return call.reply(
        [
            Verbatim(bytes(post.raw)) if post.raw is not None else shapes.post(call, post, counts.get(post.pk, 0))
            for post in rows
        ]
    )


def track(call: ApiCall, *, user: str, **form: str) -> HttpResponse:
    """GET track_comments/{user}?scope=to_me|by_me|all&count=: only one's own."""
    door.check_user(call)
    if user != call.dialect.city_id:
        raise answers.closed(call)
    city, count = call.dialect.city_of(call), min(_whole(call, "count", TRACKED), MOST)
    comments = store.feed(call.world, "me2day", now=call.now).filter(raw=None, root__deleted_at=None)
    comments = comments.exclude(root=None).select_related("author", "root__author")
    lists = {
        "by_me": comments.filter(author=city),
        "to_me": comments.filter(root__author=city).exclude(author=city),
    }
    scope = call.query.get("scope", "all")
    answer: dict[str, Any] = {"me": user}
    for name, found in lists.items():
        shown = found[:count] if scope in (name, "all") else []
        answer[f"comment_{name}s"] = [shapes.tracked(call, comment) for comment in shown]
    return call.reply(answer)


def comments(call: ApiCall, **form: str) -> HttpResponse:
    """GET get_comments?post_id=&items_per_page=&page=: oldest first."""
    post = root(call, call.query.get("post_id", ""))
    found = store.feed(call.world, "me2day", now=call.now).filter(root=post).order_by("number")
    size, page = max(1, min(_whole(call, "items_per_page", PER_PAGE), MOST)), max(1, _whole(call, "page", 1))
    total, author = found.count(), store.author_of(post)
    return call.reply(
        {
            "postPermalink": shapes.post(call, post, total)["permalink"],
            "page": page,
            "postAuthorId": author.external_id,
            "postAuthorNickname": author.name,
            "totalCount": total,
            "totalPage": -(-total // size),
            "itemsPerPage": size,
            "comments": [shapes.comment(call, item) for item in found[(page - 1) * size : page * size]],
            "post_id": post.external_id,
        }
    )


def root(call: ApiCall, post_id: str) -> Post:
    """The post with this id. Raises where it is gone, or is a comment."""
    found = store.standing(call.world, "me2day").filter(external_id=post_id, parent=None, raw=None)
    post = found.select_related("author").prefetch_related("uploads").first()
    if not post:
        raise answers.gone(call)
    return post


def person(call: ApiCall, *, user: str, **form: str) -> HttpResponse:
    return call.reply(shapes.person(call, _person(call, user)))


def friends(call: ApiCall, *, user: str, **form: str) -> HttpResponse:
    """GET get_friends/{user}: nobody kept its JSON; people in a list under their own name."""
    owner = _person(call, user)
    people = Person.objects.filter(world=call.world, network="me2day").exclude(pk=owner.pk).order_by("pk")
    people = people.exclude(handle__in=call.setting("strangers", []))
    return call.reply({"totalCount": len(people), "friends": [shapes.person(call, someone) for someone in people]})


def _person(call: ApiCall, user: str) -> Person:
    if user == call.dialect.city_id:
        return call.dialect.city_of(call)
    found = Person.objects.filter(world=call.world, network="me2day", external_id=user).first()
    if not found:
        raise answers.gone(call)
    return found
