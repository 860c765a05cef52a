"""What the city says to everybody, as people write, change, approve and cancel it. Only writer of Broadcast and its
kin, with channels_sns.releases (the clock).

It knows posts and accounts, no complaints. Whoever asks for something in it has the right to (the pages ask before).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from channels_sns import media, releases
from channels_sns.accounts import capabilities_of
from channels_sns.adapters.text import nfc
from channels_sns.composition import compose
from channels_sns.models import Account, Broadcast, Picture, Variant
from channels_sns.models.broadcast import Kind
from channels_sns.releases import note

State = Broadcast.State

PICTURES_MAX = 4
ALT_MAX = 1000
#: What somebody may say anew about a draft.
WRITABLE = frozenset({"kind", "title", "text", "text_en", "link", "publish_at", "grace_minutes"})


class NotPossible(Exception):
    """Nothing was changed; the text says why, for the person who tried."""


class Conflict(Exception):
    """Somebody else changed it meanwhile."""


def draft(
    *,
    kind: Kind,
    title: str,
    by: User | None,
    now: datetime,
    accounts: Iterable[Account] = (),
    follows: Broadcast | None = None,
    under: bool = False,
    collects: bool | None = None,
    **values: Any,
) -> Broadcast:
    """A new draft on these accounts. `values`: WRITABLE. A talk and an emergency collect what is written under them.

    `follows`: what it goes on from; `under`: it is posted under that, on every account where that stands.
    """
    collects = kind in (Kind.TALK, Kind.EMERGENCY) and not under if collects is None else collects
    with transaction.atomic():
        made = Broadcast(follows=follows, under=under, collects=collects, written_by=by, created_at=now)
        _put(made, {"kind": kind, "title": title, **values}, now)
        made.save(force_insert=True)
        address(made, accounts)
        note(made, "draft", by=by, now=now)
    return made


def change(broadcast: Broadcast, *, version: int, by: User, now: datetime, **values: Any) -> None:
    """Say a draft anew; `version` is the one that was read. Raises NotPossible, Conflict."""
    with transaction.atomic():
        _take(broadcast, version, State.DRAFT)
        _put(broadcast, values, now)
        broadcast.written_by = by
        broadcast.save()


def address(broadcast: Broadcast, accounts: Iterable[Account]) -> None:
    """It goes to exactly these accounts; what was said for one that stays is kept."""
    chosen = {account.pk: account for account in accounts}
    broadcast.variants.exclude(account__in=chosen).delete()
    there = set(broadcast.variants.values_list("account_id", flat=True))
    Variant.objects.bulk_create([Variant(broadcast=broadcast, account=chosen[pk]) for pk in chosen if pk not in there])


def vary(broadcast: Broadcast, account_id: int, values: Mapping[str, Any]) -> None:
    """Say it otherwise on one account: language, text, text_en, links; what is empty is as everywhere."""
    said = {name: values[name] for name in ("language", "text", "text_en", "links") if name in values}
    said |= {name: nfc(said[name].strip()) for name in ("text", "text_en") if name in said}
    broadcast.variants.filter(account_id=account_id).update(**said)


def _put(broadcast: Broadcast, values: Mapping[str, Any], now: datetime) -> None:
    if not values.keys() <= WRITABLE:
        raise TypeError(f"no such field: {', '.join(sorted(values.keys() - WRITABLE))}")
    for name, value in values.items():
        setattr(broadcast, name, nfc(value.strip()) if isinstance(value, str) else value)
    if not broadcast.title:
        raise NotPossible(_("Please give it a title: by it your colleagues find it."))
    if broadcast.publish_at is not None and broadcast.publish_at <= now and "publish_at" in values:
        raise NotPossible(_("This time is over already."))


def _take(broadcast: Broadcast, version: int, *states: str) -> None:
    """Count a change, in the caller's transaction. Raises Conflict if somebody was faster, NotPossible in its state."""
    mine = Broadcast.objects.filter(pk=broadcast.pk, version=version, state__in=states)
    taken = mine.update(version=F("version") + 1)
    broadcast.refresh_from_db()
    if not taken and broadcast.version != version:
        raise Conflict
    if not taken:
        raise NotPossible(_("This is not possible now: %(state)s.") % {"state": State(broadcast.state).label})


# --- photos -----------------------------------------------------------------------------------------------------------


def add_picture(broadcast: Broadcast, content: bytes, *, alt: str, version: int) -> Picture:
    """Put a photo to a draft, repainted without EXIF. Raises NotPossible, Conflict."""
    alt = checked_words(alt)
    try:
        painted = media.paint(content)
    except media.NoPhoto as error:
        raise NotPossible(str(error)) from error
    return _add(broadcast, version, Picture(id=painted.id, alt=alt, **painted.stored))


def take_picture(broadcast: Broadcast, stored: Mapping[str, Any], *, alt: str, version: int) -> Picture:
    """Use a photo that lies repainted with us already: `stored` has file, thumbnail, width and height of it."""
    alt = checked_words(alt)
    return _add(broadcast, version, Picture(id=uuid4(), alt=alt, **stored))


def _add(broadcast: Broadcast, version: int, picture: Picture) -> Picture:
    with transaction.atomic():
        _take(broadcast, version, State.DRAFT)
        held = list(broadcast.pictures.values_list("position", flat=True))
        if len(held) >= PICTURES_MAX:
            raise NotPossible(_("There are %(most)d photos already.") % {"most": PICTURES_MAX})
        picture.broadcast, picture.position = broadcast, max(held, default=-1) + 1
        picture.save(force_insert=True)
    return picture


def drop_picture(broadcast: Broadcast, picture_id: UUID, *, version: int) -> None:
    """Take a photo out of a draft. Raises NotPossible, Conflict."""
    with transaction.atomic():
        _take(broadcast, version, State.DRAFT)
        broadcast.pictures.filter(pk=picture_id).delete()


def checked_words(alt: str) -> str:
    """Words for those who cannot see the photo; a file's name says nothing. Raises NotPossible."""
    alt = nfc(" ".join(alt.split()))
    if len(alt) < 2 or (" " not in alt and alt.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp"))):
        raise NotPossible(_("Say in words what the photo shows: some people hear it read aloud."))
    if len(alt) > ALT_MAX:
        raise NotPossible(_("The words for the photo are too long: %(most)d signs at most.") % {"most": ALT_MAX})
    return alt


# --- decisions --------------------------------------------------------------------------------------------------------


def approve(broadcast: Broadcast, *, by: User, version: int, now: datetime) -> None:
    """Let it go out at its time, or at once; what each account will post is fixed now. Raises NotPossible, Conflict."""
    with transaction.atomic():
        _take(broadcast, version, State.DRAFT)
        if settings.FOUR_EYES and broadcast.written_by_id == by.pk and broadcast.kind != Kind.EMERGENCY:
            raise NotPossible(_("Somebody else must approve what you wrote."))
        if broadcast.publish_at is not None and broadcast.publish_at <= now:
            raise NotPossible(_("This time is over already."))
        _fix(broadcast)
        broadcast.state, broadcast.approved_by, broadcast.approved_at = State.APPROVED, by, now
        at_once, broadcast.publish_at = broadcast.publish_at is None, broadcast.publish_at or now
        broadcast.save()
        note(broadcast, "approve", by=by, now=now)
        if at_once and not releases.is_held(broadcast):
            releases.release(broadcast, now=now)


def _fix(broadcast: Broadcast) -> None:
    """Keep the posts of every account as they are now. Raises NotPossible, naming the accounts that cannot take it."""
    variants = list(broadcast.variants.select_related("account__voice__brand"))
    if not variants:
        raise NotPossible(_("Choose at least one account."))
    for variant in variants:
        composed = compose(broadcast, variant)
        if not composed.parts:
            raise NotPossible(_problem(variant.account, too_long=composed.too_long))
        variant.parts = list(composed.parts)
    Variant.objects.bulk_update(variants, ["parts"])


def _problem(account: Account, *, too_long: bool) -> str:
    if too_long:
        return _("%(account)s: the text is too long for this network.") % {"account": account}
    return _("%(account)s: there is no text in the language of this account.") % {"account": account}


def fits_pictures(account: Account, number: int) -> int:
    """How many of so many photos go out on this account."""
    return min(number, capabilities_of(account).images_max)


def take_back(broadcast: Broadcast, *, by: User, version: int, now: datetime) -> None:
    """An approved one that still waits becomes a draft again. Raises NotPossible, Conflict."""
    with transaction.atomic():
        _take(broadcast, version, State.APPROVED)
        broadcast.state, broadcast.approved_by, broadcast.approved_at = State.DRAFT, None, None
        broadcast.save()
        note(broadcast, "take back", by=by, now=now)


def stop_collecting(broadcast: Broadcast, *, by: User | None, now: datetime) -> None:
    """From now on what is written under it opens complaints like any other post."""
    if Broadcast.objects.filter(pk=broadcast.pk, collects=True).update(collects=False):
        note(broadcast, "stop collecting", by=by, now=now)
        broadcast.collects = False


def cancel(broadcast: Broadcast, *, by: User, version: int, now: datetime, reason: str = "") -> None:
    """It does not go out. Raises NotPossible, Conflict."""
    with transaction.atomic():
        _take(broadcast, version, State.DRAFT, State.APPROVED)
        broadcast.state, broadcast.reason = State.CANCELLED, nfc(reason.strip())[:300]
        broadcast.save()
        note(broadcast, "cancel", by=by, now=now, words=broadcast.reason)
