"""The conversation as it stands on the network: the citizen's posts and the city's replies, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from channels_sns.models import Author, InboundMedia, InboundPost
from complaints import abuse, privacy
from complaints.models import Complaint, Reply, ReplyPhoto
from complaints.pages import words
from complaints.pages.event_words import event_words
from complaints.pages.linkify import Piece, pieces, safe_url
from complaints.pages.people import person_name


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored photo, or the words why there is none."""

    alt: str
    small: str = ""
    large: str = ""
    width: int = 0
    height: int = 0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What a post said before it was edited."""

    stamp: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of the conversation; `state` only for the city's replies. `private`: nobody else sees it there.

    `sha256`: of the post as it was served; for who must be able to prove it.
    """

    at: datetime
    author: str
    handle: str
    when: str
    stamp: str
    pieces: list[Piece]
    address: str = ""
    from_city: bool = False
    state: str = ""
    state_label: str = ""
    kind_label: str = ""
    problem: str = ""
    signed: str = ""
    edited: str = ""
    gone: str = ""
    private: bool = False
    abusive: bool = False
    photos: list[Photo] = field(default_factory=list)
    earlier: list[Version] = field(default_factory=list)
    sha256: str = ""


def thread_of(complaint: Complaint, *, masked: bool, hashes: bool, now: datetime, private: bool = True) -> list[Entry]:
    """Everything said so far, oldest first; drafts are not said yet. `hashes`: with those of the evidence.

    Without `private` only what everybody can read, and the post that began it all.
    """
    posts = (
        InboundPost.objects.filter(complaint_link__complaint=complaint)
        .exclude(state=InboundPost.State.OWN)
        .select_related("author", "evidence")
        .defer("evidence__raw")
        .prefetch_related("media", "versions")
    )
    replies = complaint.replies.exclude(state=Reply.State.DRAFT).prefetch_related("drafted_by", "approved_by", "photos")
    if not private:
        posts = posts.exclude(kind="message", complaint_link__opened=False)
        replies = replies.public()
    entries = [_post(post, masked=masked, hashes=hashes, now=now) for post in posts]
    entries += [_reply(reply, complaint, now=now) for reply in replies]
    return sorted(entries, key=lambda entry: entry.at)


def _post(post: InboundPost, *, masked: bool, hashes: bool, now: datetime) -> Entry:
    author = post.author
    evidence = getattr(post, "evidence", None)
    return Entry(
        at=post.posted_at,
        author=privacy.author_label(author, masked=masked),
        handle="" if masked else _other_name(author),
        when=words.ago(post.posted_at, now=now),
        stamp=words.stamp(post.posted_at),
        pieces=pieces(privacy.mask_text(post.text) if masked else post.text),
        address="" if masked else safe_url(post.permalink),
        edited=_edited(post),
        gone=_("The citizen deleted this post on %(when)s.") % {"when": words.stamp(post.gone_at)}
        if post.gone_at
        else "",
        private=post.kind == "message",
        abusive=bool(abuse.abusive_words(post.text)),
        photos=[_photo(media) for media in post.media.all()],
        earlier=_earlier(post, masked=masked),
        sha256=evidence.sha256 if hashes and evidence else "",
    )


def _other_name(author: Author | None) -> str:
    """Under which name the network knows who wrote, where it is not what already stands there."""
    return author.name if author and author.handle and author.name != author.handle else ""


def _earlier(post: InboundPost, *, masked: bool) -> list[Version]:
    """The texts that the post had before, oldest first."""
    texts = [(version.seen_at, version.text) for version in post.versions.all() if version.text != post.text]
    return [Version(words.stamp(at), privacy.mask_text(text) if masked else text) for at, text in texts]


def _edited(post: InboundPost) -> str:
    earlier = len(post.versions.all())
    if not post.edited_at and not earlier:
        return ""
    when = words.stamp(post.edited_at) if post.edited_at else ""
    return _("edited %(when)s") % {"when": when}


def _reply(reply: Reply, complaint: Complaint, *, now: datetime) -> Entry:
    at = reply.settled_at or reply.approved_at or reply.drafted_at
    return Entry(
        at=at,
        author=str(complaint.account),
        handle="",
        when=words.ago(at, now=now),
        stamp=words.stamp(at),
        pieces=pieces(reply.text),
        address=safe_url(reply.url),
        from_city=True,
        state=reply.state,
        state_label=_state_of(reply, now=now),
        kind_label="" if reply.kind == Reply.Kind.ANSWER else str(Reply.Kind(reply.kind).label),
        problem=reply.problem,
        private=reply.private,
        photos=[photo_of(photo) for photo in reply.photos.all()],
        signed=_signed(reply),
    )


def _state_of(reply: Reply, *, now: datetime) -> str:
    """In words; of one that waits for its hour, which hour that is."""
    if reply.state == Reply.State.APPROVED and reply.post_at is not None and reply.post_at > now:
        return _("to be posted %(when)s") % {"when": words.moment(reply.post_at, now=now)}
    return str(Reply.State(reply.state).label)


def _signed(reply: Reply) -> str:
    names = {"writer": person_name(reply.drafted_by), "approver": person_name(reply.approved_by)}
    if reply.approved_by is None:
        return _("written by %(writer)s") % names
    return _("written by %(writer)s, approved by %(approver)s") % names


def photo_of(photo: ReplyPhoto) -> Photo:
    """A photo of the city's own answer."""
    small, large = (reverse("photo", args=[photo.pk, size]) for size in ("small", "large"))
    alt = photo.alt or _("photo without a description")
    return Photo(alt=alt, small=small, large=large, width=photo.width, height=photo.height)


def _photo(media: InboundMedia) -> Photo:
    alt = media.alt or _("photo of the citizen, without a description")
    if media.state == InboundMedia.State.STORED:
        return Photo(
            alt=alt,
            small=reverse("photo", args=[media.pk, "small"]),
            large=reverse("photo", args=[media.pk, "large"]),
            width=media.width or 0,
            height=media.height or 0,
        )
    if media.kind != "photo":
        return Photo(alt=alt, missing=_("A video: please watch it on the network."))
    said = {
        InboundMedia.State.WAITING: _("The photo is still being fetched."),
        InboundMedia.State.REFUSED: _("The photo was refused for safety; please look at it on the network."),
    }
    return Photo(alt=alt, missing=said.get(InboundMedia.State(media.state), _("The photo could not be fetched.")))


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the timeline: who did what."""

    stamp: str
    who: str
    what: str
    department: str
    note: str


def timeline_of(events: Iterable[Any], *, masked: bool, notes: bool = True) -> list[Step]:
    """The events of a complaint, newest last; without `notes`, what colleagues wrote to each other stays with them."""
    return [
        Step(
            stamp=words.stamp(event.at),
            who=person_name(event.by),
            what=event_words(event.move),
            department=event.department.name if event.department else "",
            note=privacy.mask_text(note) if masked else note,
        )
        for event in events
        if notes or event.move != "note"
        for note in (event.note if notes else "",)
    ]
