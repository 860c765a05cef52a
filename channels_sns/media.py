"""Photos of the posts: fetched with care, repainted in a child process, kept under a name of our own.

Only writer of InboundMedia after it was put on the shelf. An attempt is counted before the work, so that a photo that
kills its worker is given up after three tries.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from channels_sns import repaint
from channels_sns.accounts import capabilities_of
from channels_sns.clock import Watch
from channels_sns.models import Account, InboundMedia
from channels_sns.safe_fetch import FetchFailed, Refused, fetch

logger = logging.getLogger(__name__)

TRIES_MAX = 3
RETRY = timedelta(minutes=1)
CHILD_SECONDS = 20
#: A photo that somebody of the city chose is at most so large.
CHOSEN_BYTES_MAX = 15_000_000
#: A new photo is begun within this time, so that the last one ends before the worker's own limit.
WORK_MAX = timedelta(seconds=60)
#: A name below a top-level domain, never such a domain alone.
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}")


class NoPhoto(Exception):
    """What was chosen cannot be used; the text says why, for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A photo that lies with us, repainted, and belongs to nothing yet."""

    id: UUID
    width: int
    height: int
    sha256: str

    @property
    def stored(self) -> dict[str, Any]:
        """As a row keeps it."""
        files = {"file": file_name(self.id), "thumbnail": file_name(self.id, small=True)}
        return {**files, "width": self.width, "height": self.height}


def is_due(*, now: datetime) -> bool:
    """Does a photo wait to be fetched, or to be given up?"""
    return InboundMedia.objects.filter(state=InboundMedia.State.WAITING, next_try_at__lte=now).exists()


def fetch_due(*, now: datetime, limit: int = 20) -> Counter[str]:
    """Fetch the photos that wait; how many ended in which state. A photo already in work elsewhere is left alone."""
    waiting = InboundMedia.objects.filter(state=InboundMedia.State.WAITING, next_try_at__lte=now, tries__lt=TRIES_MAX)
    done: Counter[str] = Counter()
    watch = Watch(now)
    for media in waiting.select_related("post__account").order_by("next_try_at")[:limit]:
        if watch.now() - now > WORK_MAX:
            break
        if _take(media, now):
            done[_fetch_one(media, now)] += 1
    return done


def _take(media: InboundMedia, now: datetime) -> bool:
    """Count the attempt before it begins; False if another worker was faster."""
    mine = InboundMedia.objects.filter(pk=media.pk, tries=media.tries, state=InboundMedia.State.WAITING)
    return bool(mine.update(tries=media.tries + 1, next_try_at=now + RETRY * (media.tries + 1)))


def _fetch_one(media: InboundMedia, now: datetime) -> str:
    if media.kind != "photo":
        return _end(media, InboundMedia.State.REFUSED, f"a {media.kind} is linked, not copied")
    account = media.post.account
    try:
        content = fetch(media.url, allowed_hosts=hosts_of(account), own_origin=account.base_url)
        size = keep(media.pk, content)
    except Refused as error:
        return _end(media, InboundMedia.State.REFUSED, str(error))
    except (FetchFailed, OSError) as error:
        logger.warning("photo %s: %s", media.pk, error)
        if media.tries + 1 >= TRIES_MAX:
            return _end(media, InboundMedia.State.FAILED, str(error))
        InboundMedia.objects.filter(pk=media.pk).update(failure=str(error)[:200])
        return str(InboundMedia.State.WAITING)
    InboundMedia.objects.filter(pk=media.pk).update(
        state=InboundMedia.State.STORED,
        failure="",
        file=file_name(media.pk),
        thumbnail=file_name(media.pk, small=True),
        sha256=hashlib.sha256(path_of(file_name(media.pk)).read_bytes()).hexdigest(),
        width=size[0],
        height=size[1],
    )
    return str(InboundMedia.State.STORED)


def hosts_of(account: Account) -> frozenset[str]:
    """Where photos of this account may be fetched: the network's own hosts, and those that the account's options name,
    e.g. {"media_hosts": ["files.mastodon.social"]} (many servers keep their photos elsewhere)."""
    named = account.options.get("media_hosts")
    hosts = {host.strip().lower() for host in named if isinstance(host, str)} if isinstance(named, list) else set()
    return capabilities_of(account).media_hosts | {host for host in hosts if _HOST.fullmatch(host)}


def _end(media: InboundMedia, state: InboundMedia.State, failure: str) -> str:
    InboundMedia.objects.filter(pk=media.pk).update(state=state, failure=failure[:200])
    return str(state)


def give_up_exhausted(*, now: datetime) -> int:
    """Photos whose worker died on them three times; they are shown as missing, the complaint lives on."""
    spent = InboundMedia.objects.filter(state=InboundMedia.State.WAITING, tries__gte=TRIES_MAX, next_try_at__lte=now)
    return spent.update(state=InboundMedia.State.FAILED, failure="gave up after three tries")


def file_name(media_id: UUID, *, small: bool = False) -> str:
    """Where a photo lies under MEDIA_ROOT."""
    return f"photos/{media_id.hex[:2]}/{media_id}{'-small' if small else ''}.jpg"


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def paint(content: bytes) -> Painted:
    """Keep our own copy of a photo that somebody of the city chose. Raises NoPhoto, whose text is for people."""
    if len(content) > CHOSEN_BYTES_MAX:
        raise NoPhoto(_("The photo is larger than 15 MB."))
    name = uuid4()
    try:
        width, height = keep(name, content)
    except Refused as error:
        raise NoPhoto(_("This file is no photo that can be read (JPEG, PNG, GIF, WebP).")) from error
    return Painted(name, width, height, hashlib.sha256(content).hexdigest())


def keep(media_id: UUID, content: bytes) -> tuple[int, int]:
    """Repaint `content` in a child and move both files to their names; (width, height). Raises Refused, OSError."""
    final, small = path_of(file_name(media_id)), path_of(file_name(media_id, small=True))
    final.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.TemporaryDirectory(dir=final.parent, prefix=".new-") as folder:
        out, thumbnail = Path(folder) / "photo.jpg", Path(folder) / "small.jpg"
        size = _run_child(content, out, thumbnail)
        for source, target in ((thumbnail, small), (out, final)):
            _settle(source, target)
    return size


def _run_child(content: bytes, out: Path, thumbnail: Path) -> tuple[int, int]:
    command = [sys.executable, "-I", repaint.__file__, str(out), str(thumbnail)]
    try:
        child = subprocess.run(command, input=content, capture_output=True, timeout=CHILD_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Refused("decoding took too long") from error
    said = child.stdout.decode(errors="replace").strip()
    if child.returncode != 0:
        raise Refused(said or f"decoding ended with {child.returncode}")
    width, height = said.split()
    return int(width), int(height)


def _settle(source: Path, target: Path) -> None:
    """On disk before it has its final name: no half file is ever served."""
    with source.open("rb") as handle:
        os.fsync(handle.fileno())
    source.chmod(0o640)
    source.replace(target)
