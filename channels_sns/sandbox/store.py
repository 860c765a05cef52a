"""Every write of the sandbox and the queries that all dialects share."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from PIL import Image, UnidentifiedImageError

from channels_sns.sandbox.models import Fault, Person, Post, Upload, World
from channels_sns.sandbox.numbers import next_numbers, number_within

if TYPE_CHECKING:
    from channels_sns.sandbox.dialects.base import Dialect

EXTENSIONS = {
    "JPEG": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "GIF": ("gif", "image/gif"),
    "WEBP": ("webp", "image/webp"),
}


class NotAPhoto(ValueError):
    """The bytes are no JPEG, PNG, GIF or WebP."""


def world_named(name: str) -> World:
    return World.objects.get_or_create(name=name)[0]


def city(world: World, dialect: Dialect) -> Person:
    """The city's own account; it exists as soon as somebody asks."""
    return Person.objects.get_or_create(
        world=world,
        network=dialect.kind,
        external_id=dialect.city_id,
        defaults={"handle": dialect.city_handle, "name": dialect.city_name, "is_city": True},
    )[0]


def citizen(world: World, dialect: Dialect, *, handle: str, name: str = "") -> Person:
    """The citizen with this handle. The city's own handle gives the city."""
    found = Person.objects.filter(world=world, network=dialect.kind, handle=handle).first()
    if found:
        return found
    if handle == dialect.city_handle:
        return city(world, dialect)
    (number,) = next_numbers(_now())
    external_id = dialect.person_id(number, handle)
    try:
        with transaction.atomic():
            return Person.objects.create(
                world=world, network=dialect.kind, external_id=external_id, handle=handle, name=name or handle
            )
    except IntegrityError:
        return Person.objects.get(world=world, network=dialect.kind, handle=handle)


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def feed(world: World, network: str, *, now: datetime | None = None) -> QuerySet[Post]:
    """Posts that a reader of lists sees, newest first: not deleted, not replaced by an edit, indexed by now."""
    posts = standing(world, network).filter(replaced=False, visible_at__lte=now or _now())
    return posts.select_related("author", "parent__author", "root").prefetch_related("uploads").order_by("-number")


def standing(world: World, network: str) -> QuerySet[Post]:
    """Posts that a look-up by id finds, however young."""
    return Post.objects.filter(world=world, network=network, deleted_at=None)


def add_post(  # noqa: PLR0913 - a post has that many sides
    *,
    world: World,
    dialect: Dialect,
    author: Person,
    text: str,
    now: datetime,
    parent: Post | None = None,
    uploads: Sequence[Upload] = (),
    kind: str = "",
    extra: Mapping[str, Any] | None = None,
    backdated: bool = False,
) -> Post:
    """Write one post. Its root is the root of `parent`; only the city's own posts are subject to readback_lag."""
    parent = dialect.parent_for(parent) if parent else None
    number = number_within(now) if backdated else next_numbers(now)[0]
    post = Post(
        world=world,
        network=dialect.kind,
        number=number,
        author=author,
        text=text,
        parent=parent,
        created_at=now,
        root=(parent.root or parent) if parent else None,
        extra=dict(extra or {}),
    )
    post.visible_at = now + lag(world, dialect.kind) if author.is_city else now
    post.kind = kind or dialect.kind_of(post)
    dialect.complete(post)
    post.external_id = dialect.new_id(number, post)
    post.for_city = not author.is_city and dialect.concerns_city(post)
    with transaction.atomic():
        post.save(force_insert=True)
        Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).update(post=post)
    transaction.on_commit(lambda: dialect.announce(post, "add"))
    return post


def lag(world: World, network: str) -> timedelta:
    fault = Fault.objects.filter(world=world, network=network, name="readback_lag").last()
    return timedelta(seconds=float(fault.params.get("seconds", 10))) if fault else timedelta()


def add_burst(
    *, world: World, dialect: Dialect, authors: Sequence[Person], texts: Iterable[str], now: datetime
) -> list[str]:
    """Many top-level posts of citizens at once; their ids in the order written."""
    lines = list(texts)
    posts = [
        Post(
            world=world,
            network=dialect.kind,
            number=number,
            author=authors[index % len(authors)],
            text=text,
            created_at=now,
            visible_at=now,
        )
        for index, (number, text) in enumerate(zip(next_numbers(now, len(lines)), lines, strict=True))
    ]
    for post in posts:
        post.kind, post.external_id, post.for_city = dialect.kind_of(post), dialect.new_id(post.number, post), True
    with transaction.atomic():
        Post.objects.bulk_create(posts, batch_size=500)
    return [post.external_id for post in posts]


def add_raw(*, world: World, dialect: Dialect, items: Iterable[bytes], now: datetime) -> list[str]:
    """Poison items: they stand in the city's feed in order of arrival and are served byte for byte."""
    rows = list(items)
    posts = [
        Post(
            world=world,
            network=dialect.kind,
            number=number,
            external_id=str(number),
            kind="raw",
            for_city=True,
            created_at=now,
            visible_at=now,
            raw=raw,
        )
        for number, raw in zip(next_numbers(now, len(rows)), rows, strict=True)
    ]
    Post.objects.bulk_create(posts, batch_size=500)
    return [post.external_id for post in posts]


def author_of(post: Post) -> Person:
    """Who wrote it: everybody but a poison item has an author."""
    if post.author is None:
        raise Person.DoesNotExist
    return post.author


def edit_post(post: Post, *, dialect: Dialect, text: str, now: datetime) -> Post:
    """The post with a new text: the same row, or a new post in its place where the network gives edits new ids."""
    if dialect.edits == "same_id":
        Post.objects.filter(pk=post.pk).update(text=text, edited_at=now)
        post.refresh_from_db()
        transaction.on_commit(lambda: dialect.announce(post, "edit"))
        return post
    history = [*post.extra.get("edit_history", []), post.external_id]
    with transaction.atomic():
        Post.objects.filter(pk=post.pk).update(replaced=True)
        newer = add_post(
            world=post.world,
            dialect=dialect,
            author=author_of(post),
            text=text,
            now=now,
            parent=post.parent,
            kind=post.kind,
            uploads=list(post.uploads.all()),
            extra={**post.extra, "edit_history": history},
        )
        Post.objects.filter(root=post).update(root=newer)
    return newer


def delete_post(post: Post, *, dialect: Dialect, now: datetime) -> None:
    """Take the post down; what was answered to it stays."""
    Post.objects.filter(pk=post.pk).update(deleted_at=now)
    transaction.on_commit(lambda: dialect.announce(post, "remove"))


def redate_post(post: Post, *, at: datetime) -> None:
    """Let it stand where it would stand had it been written at `at`."""
    Post.objects.filter(pk=post.pk).update(number=number_within(at), created_at=at, visible_at=at)


def add_upload(
    *, world: World, dialect: Dialect, content: bytes, now: datetime, alt: str = "", mime_type: str = ""
) -> Upload:
    """Store a photo. Raises NotAPhoto unless Pillow reads its header."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            (suffix, mime), size = EXTENSIONS[image.format or ""], image.size
    except (UnidentifiedImageError, KeyError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPhoto(str(error)) from error
    (number,) = next_numbers(now)
    return Upload.objects.create(
        world=world,
        network=dialect.kind,
        external_id=dialect.upload_id(number),
        name=f"{secrets.token_urlsafe(12)}.{suffix}",
        mime_type=mime_type or mime,
        content=content,
        alt=alt,
        width=size[0],
        height=size[1],
        created_at=now,
    )


def thread_of(post: Post) -> QuerySet[Post]:
    """The whole conversation of `post`, oldest first, as it stands now."""
    root = post.root_id or post.pk
    posts = Post.objects.filter(Q(pk=root) | Q(root_id=root), deleted_at=None, replaced=False, raw=None)
    return posts.select_related("author", "parent__author").prefetch_related("uploads").order_by("number")


def switch_on(world: World, network: str, *, name: str, params: Mapping[str, Any], times: int | None) -> Fault:
    return Fault.objects.create(world=world, network=network, name=name, params=dict(params), remaining=times)


def use_up(fault: Fault) -> bool:
    """Take one of the strikes that remain. False if another request took the last one."""
    if fault.remaining is None:
        return True
    taken = Fault.objects.filter(pk=fault.pk, remaining__gt=0).update(remaining=F("remaining") - 1)
    return bool(taken)
