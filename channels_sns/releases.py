"""The hour has come: approved broadcasts go into the outbox, or not at all if it is too late.

One transaction for all accounts of a broadcast; the outbox's keys see to it that no account gets it twice.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_sns import freezes, outbox
from channels_sns.adapters.contract import ReplyTarget
from channels_sns.composition import language_of, tags_of
from channels_sns.models import Broadcast, BroadcastEvent, OutboundPost, Variant
from channels_sns.models.broadcast import Kind
from channels_sns.nudge import after_commit

logger = logging.getLogger(__name__)

State = Broadcast.State
Sent = OutboundPost.State


@dataclass(frozen=True, slots=True)
class Delivery:
    """A broadcast on one account. `state`: of all its posts together, as one word of the outbox; "" for none yet."""

    variant: Variant
    posts: tuple[OutboundPost, ...]

    @property
    def state(self) -> str:
        """The worst of its posts' states; SENT only if all stand."""
        states = {post.state for post in self.posts}
        order = (Sent.FAILED, Sent.BLOCKED, Sent.UNSURE, Sent.CANCELLED, Sent.SENDING, Sent.QUEUED, Sent.SENT)
        return next((state for state in order if state in states), "")

    @property
    def url(self) -> str:
        return self.posts[0].url if self.posts else ""


def note(broadcast: Broadcast, what: str, *, by: User | None, now: datetime, words: str = "") -> None:
    """Write an event."""
    BroadcastEvent.objects.create(broadcast=broadcast, what=what, at=now, by=by, note=words)


def release_due(*, now: datetime) -> int:
    """Send out what is due, refuse what is too late; how many were sent."""
    due = Broadcast.objects.filter(state=State.APPROVED, publish_at__lte=now).order_by("publish_at")
    return sum(_release_alone(pk, now) for pk in due.values_list("pk", flat=True))


def _release_alone(pk: int, now: datetime) -> bool:
    """`_release_one`, so that one that breaks our code does not hold up those behind it."""
    try:
        return _release_one(pk, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("broadcast %s could not be sent out", pk)
        return False


def _release_one(pk: int, now: datetime) -> bool:
    """One of them in a transaction of its own; False if somebody was faster or it is too late."""
    with transaction.atomic():
        mine = Broadcast.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.APPROVED)
        broadcast = mine.first()
        if broadcast is None:
            return False
        if broadcast.latest is not None and now > broadcast.latest:
            _miss(broadcast, now)
            return False
        if is_held(broadcast):
            return False
        release(broadcast, now=now)
    return True


def is_held(broadcast: Broadcast) -> bool:
    """Does an emergency have the floor?"""
    return broadcast.kind != Kind.EMERGENCY and freezes.current() is not None


def _miss(broadcast: Broadcast, now: datetime) -> None:
    """Late words of the morning in the afternoon make the city look asleep: not sent, and said why."""
    minutes = int((now - (broadcast.publish_at or now)).total_seconds() // 60)
    late = ngettext("%(n)d minute late", "%(n)d minutes late", minutes) % {"n": minutes}
    broadcast.state, broadcast.version = State.MISSED, broadcast.version + 1
    if freezes.overlapped(broadcast.publish_at or now, now):
        broadcast.reason = _("An emergency had the floor at its time (%(late)s), so it was not sent.") % {"late": late}
    else:
        broadcast.reason = _("The desk came to it too late (%(late)s), so it was not sent.") % {"late": late}
    broadcast.save()
    note(broadcast, "missed", by=None, now=now, words=broadcast.reason)


def release(broadcast: Broadcast, *, now: datetime) -> None:
    """Into the outbox on every account, in the caller's transaction."""
    pictures = [{"file": one.file, "alt": one.alt} for one in broadcast.pictures.all()]
    lane = outbox.Lane.EMERGENCY if broadcast.kind == Kind.EMERGENCY else outbox.Lane.BROADCAST
    nowhere: list[str] = []
    for variant in broadcast.variants.select_related("account__voice__brand"):
        target = _target(broadcast, variant)
        if broadcast.under and target is None:
            nowhere.append(str(variant.account))
            continue
        outbox.enqueue(
            account=variant.account,
            key=variant.key,
            parts=variant.parts,
            tags=tags_of(variant.parts),
            target=target,
            language="en" if language_of(variant) == "en" else "ko",
            now=now,
            terms=outbox.Terms(lane=lane, media=[] if broadcast.under else pictures, not_after=broadcast.latest),
        )
        after_commit("complaints.tasks.deliver", variant.account_id)
    broadcast.state, broadcast.released_at, broadcast.version = State.RELEASED, now, broadcast.version + 1
    broadcast.save()
    words = _("Not on: %(accounts)s (nothing to post under).") % {"accounts": ", ".join(nowhere)} if nowhere else ""
    note(broadcast, "release", by=None, now=now, words=words)


def _target(broadcast: Broadcast, variant: Variant) -> ReplyTarget | None:
    """Our own post to hang it under, where it stands; None for what stands by itself."""
    if not broadcast.under or broadcast.follows_id is None:
        return None
    key = f"broadcast:{broadcast.follows_id}:{variant.account_id}:1"
    post = OutboundPost.objects.filter(key=key, state=Sent.SENT).exclude(external_id="").first()
    return ReplyTarget(post.external_id, root_id=post.external_id) if post else None


def deliveries(broadcast: Broadcast) -> list[Delivery]:
    """What became of it on each account; two queries."""
    variants = list(broadcast.variants.select_related("account"))
    keys = {key: variant.pk for variant in variants for key in variant.keys}
    posts: dict[int, list[OutboundPost]] = {variant.pk: [] for variant in variants}
    for post in OutboundPost.objects.filter(key__in=keys).select_related("account").order_by("part"):
        posts[keys[post.key]].append(post)
    return [Delivery(variant, tuple(posts[variant.pk])) for variant in variants]


def held_up(begin: datetime, end: datetime | None) -> list[Broadcast]:
    """What a freeze from `begin` to `end` (None: it lasts) stopped, in the order of its times: what waited for its time
    then, and of what something lay in the outbox."""
    waited = Q(publish_at__gte=begin) & (Q(released_at=None) | Q(released_at__gte=begin))
    if end is not None:
        waited &= Q(approved_at__lte=end)
    lying = OutboundPost.objects.filter(lane=outbox.Lane.BROADCAST, created_at__lte=begin)
    keys = lying.filter(Q(state=Sent.QUEUED) | Q(sent_at__gt=begin)).values_list("key", flat=True)
    found = Broadcast.objects.filter(waited, approved_at__isnull=False) | Broadcast.objects.filter(
        pk__in={int(key.split(":")[1]) for key in keys}
    )
    return list(found.exclude(kind=Kind.EMERGENCY).order_by("publish_at", "id"))


def posts_of(broadcasts: Sequence[Broadcast]) -> list[OutboundPost]:
    """Every post of these broadcasts that ever was in the outbox."""
    keys = [key for variant in Variant.objects.filter(broadcast__in=broadcasts) for key in variant.keys]
    return list(OutboundPost.objects.filter(key__in=keys).select_related("account").order_by("account_id", "part"))
