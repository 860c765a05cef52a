"""How a page of posts is laid on the inbox's shelf; called by channels_sns.inbox inside its transaction."""

from __future__ import annotations

import logging
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import DatabaseError, OperationalError, transaction

from channels_sns import dead_letters
from channels_sns.adapters.contract import BadItem, IncomingAuthor, IncomingPost
from channels_sns.evidence import believable_time, clean_name, clean_raw, clean_text
from channels_sns.models import Account, Author, Evidence, InboundMedia, InboundPost, OutboundPost, PostVersion

logger = logging.getLogger(__name__)

ID_MAX = 128
AUTHOR_ID_MAX = 64
_UNSTORABLE = (DatabaseError, ValueError, TypeError, ArithmeticError)
_UNFIT = re.compile(r"[\x00-\x1f\ud800-\udfff]")


@dataclass(slots=True)
class Counts:
    new: int = 0
    known: int = 0
    changed: int = 0
    dead: int = 0

    def add(self, other: Counts) -> None:
        self.new += other.new
        self.known += other.known
        self.changed += other.changed
        self.dead += other.dead


def put(account: Account, posts: Sequence[IncomingPost], *, now: datetime) -> Counts:
    """Store the new ones of `posts`, note edits of the known ones. One bad post costs only itself."""
    counts = Counts()
    for post in posts:
        if not _ids_fit(post):
            _bury(account, post, "an identifier is empty, too long or not text", now)
            counts.dead += 1
    unique = {post.external_id: post for post in posts if _ids_fit(post)}
    known = _known(account, unique.values())
    fresh = {
        post.external_id: post
        for post in unique.values()
        if post.external_id not in known and not _is_edit(post, known) and not _is_edit(post, unique)
    }
    counts.add(_insert(account, list(fresh.values()), now))
    counts.add(_note_edits(account, [post for post in unique.values() if post.external_id not in fresh], known, now))
    return counts


def _note_edits(account: Account, posts: list[IncomingPost], known: dict[str, InboundPost], now: datetime) -> Counts:
    """Posts that are held already or are a later version of one, earlier versions first."""
    counts, orphans = Counts(), []
    if any(not _is_held(post, known) for post in posts):
        known = {**known, **_known(account, posts)}
    for post in sorted(posts, key=lambda post: len(post.earlier_ids)):
        held = known.get(post.external_id) or next((known[i] for i in post.earlier_ids if i in known), None)
        if held is None:  # its first version was no good
            orphans.append(post)
            continue
        changed = _note_edit(account, held, post, now)
        counts.changed += changed
        counts.known += not changed
    counts.add(_insert(account, orphans, now))
    return counts


def _known(account: Account, posts: Iterable[IncomingPost]) -> dict[str, InboundPost]:
    """Posts already held, by every id they are known under."""
    ids = [external_id for post in posts for external_id in (post.external_id, *post.earlier_ids)]
    held = {post.external_id: post for post in InboundPost.objects.filter(account=account, external_id__in=ids)}
    missing = [external_id for external_id in ids if external_id not in held]
    if missing:
        versions = PostVersion.objects.filter(account=account, external_id__in=missing).select_related("post")
        held.update({version.external_id: version.post for version in versions})
    return held


def _is_edit(post: IncomingPost, known: Container[str]) -> bool:
    return any(earlier in known for earlier in post.earlier_ids)


def _is_held(post: IncomingPost, known: Container[str]) -> bool:
    return post.external_id in known or _is_edit(post, known)


def mark_gone(post: InboundPost, *, now: datetime) -> None:
    """The source no longer shows the post; what was written stays."""
    InboundPost.objects.filter(pk=post.pk, gone_at=None).update(gone_at=now)


def note_look(post: InboundPost, seen: IncomingPost | None, *, now: datetime) -> bool:
    """The source was looked at: keep a new text as a version; was there one?"""
    InboundPost.objects.filter(pk=post.pk).update(checked_at=now)
    return seen is not None and _note_edit(post.account, post, seen, now)


def _note_edit(account: Account, held: InboundPost, post: IncomingPost, now: datetime) -> bool:
    """Keep the new text as a version and show it; the first text stays as the first version.

    A version older than the newest one held, served again or late, changes nothing.
    """
    text = clean_text(post.text)
    if text == held.text:
        return False
    newest = held.versions.order_by("id").last()
    newest_id = newest.external_id if newest else held.external_id
    if post.external_id != newest_id and newest_id not in post.earlier_ids:
        return False
    if newest is None:
        PostVersion.objects.create(
            post=held, account=account, external_id=held.external_id, text=held.text, seen_at=held.arrived_at
        )
    PostVersion.objects.create(post=held, account=account, external_id=post.external_id, text=text, seen_at=now)
    InboundPost.objects.filter(pk=held.pk).update(text=text, edited_at=post.edited_at or now)
    held.text = text
    return True


def _insert(account: Account, posts: list[IncomingPost], now: datetime) -> Counts:
    """All at once; if the database refuses the lot, one by one so that only the culprit is buried."""
    if not posts:
        return Counts()
    try:
        with transaction.atomic():
            return Counts(new=_insert_all(account, posts, now))
    except OperationalError:  # the database's trouble, not the posts': the whole page comes again
        raise
    except _UNSTORABLE as error:
        logger.warning("account %s: page refused, storing item by item: %s", account.pk, error)
    counts = Counts()
    for post in posts:
        counts.add(_insert_alone(account, post, now))
    return counts


def _insert_alone(account: Account, post: IncomingPost, now: datetime) -> Counts:
    try:
        with transaction.atomic():
            return Counts(new=_insert_all(account, [post], now))
    except OperationalError:
        raise
    except _UNSTORABLE as error:
        if InboundPost.objects.filter(account=account, external_id=post.external_id).exists():
            return Counts(known=1)  # pushed to us at the very moment it was polled
        _bury(account, post, f"{type(error).__name__}: {error}", now)
        return Counts(dead=1)


def _bury(account: Account, post: IncomingPost, error: str, now: datetime) -> None:
    raw = post.raw.encode("utf-8", "surrogatepass")
    dead_letters.bury(account, BadItem(raw=raw, error=error, external_id=post.external_id), now=now)


def _ids_fit(post: IncomingPost) -> bool:
    """Can every identifier be a key in the database: short enough, no NUL, no lone surrogate?"""
    author = post.author.external_id if post.author else ""
    ids = (post.external_id, post.root_id, post.parent_id, *post.earlier_ids)
    return (
        bool(post.external_id)
        and max(map(len, ids)) <= ID_MAX
        and len(author) <= AUTHOR_ID_MAX
        and not _UNFIT.search("".join((*ids, author)))
    )


def _insert_all(account: Account, posts: list[IncomingPost], now: datetime) -> int:
    authors = _authors(account, [post.author for post in posts if post.author is not None])
    ours = _own_rows(account, posts)
    rows = InboundPost.objects.bulk_create([_row(account, post, authors, ours, now) for post in posts])
    Evidence.objects.bulk_create([_evidence(row, post) for row, post in zip(rows, posts, strict=True)])
    InboundMedia.objects.bulk_create(
        [
            InboundMedia(
                id=uuid4(),
                post=row,
                position=n,
                url=media.url,
                kind=media.kind,
                alt=clean_text(media.alt)[:2000],
                next_try_at=now,
            )
            for row, post in zip(rows, posts, strict=True)
            if not post.is_own
            for n, media in enumerate(post.media)
        ]
    )
    return len(rows)


def _row(
    account: Account, post: IncomingPost, authors: dict[str, Author], ours: dict[str, OutboundPost], now: datetime
) -> InboundPost:
    posted_at, doubtful = believable_time(post.posted_at, now=now)
    return InboundPost(
        account=account,
        external_id=post.external_id,
        kind=post.kind,
        state=InboundPost.State.OWN if post.is_own else InboundPost.State.WAITING,
        author=authors.get(post.author.external_id) if post.author else None,
        root_id=post.root_id,
        parent_id=post.parent_id,
        text=clean_text(post.text),
        language=post.language[:10],
        visibility=post.visibility[:20],
        can_reply=post.can_reply,
        permalink=clean_name(post.permalink, 500),
        posted_at=posted_at,
        posted_at_doubtful=doubtful,
        arrived_at=now,
        edited_at=post.edited_at,
        outbound=ours.get(post.external_id),
    )


def _evidence(row: InboundPost, post: IncomingPost) -> Evidence:
    raw, digest = clean_raw(post.raw)
    return Evidence(post=row, raw=raw, sha256=digest)


def _own_rows(account: Account, posts: list[IncomingPost]) -> dict[str, OutboundPost]:
    """Our outbox rows that come back in the feed, by their id on the network (R9)."""
    ids = [post.external_id for post in posts if post.is_own]
    return (
        {row.external_id: row for row in OutboundPost.objects.filter(account=account, external_id__in=ids)}
        if ids
        else {}
    )


def _authors(account: Account, incoming: list[IncomingAuthor]) -> dict[str, Author]:
    """The authors' rows by their id on the network; new ones are added, changed names are kept up to date."""
    wanted = {author.external_id: author for author in incoming}
    rows = {row.external_id: row for row in Author.objects.filter(account=account, external_id__in=wanted)}
    fresh = [_author(account, author) for author in wanted.values() if author.external_id not in rows]
    changed = [row for row in rows.values() if _rename(row, wanted[row.external_id])]
    if changed:
        Author.objects.bulk_update(changed, ["handle", "name", "url"])
    if fresh:
        Author.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = {row.external_id: row for row in Author.objects.filter(account=account, external_id__in=wanted)}
    return rows


def _author(account: Account, author: IncomingAuthor) -> Author:
    row = Author(account=account, external_id=author.external_id)
    _rename(row, author)
    return row


def _rename(row: Author, author: IncomingAuthor) -> bool:
    before = (row.handle, row.name, row.url)
    row.handle, row.name, row.url = (
        clean_name(author.handle, 200),
        clean_name(author.name, 200),
        clean_name(author.url, 500),
    )
    return before != (row.handle, row.name, row.url)
