"""Photos that belong to nothing: painted for a form that was refused, or taken out of a draft again.

What is not needed any more is destroyed without delay (개인정보 보호법 제21조), and a photo of people is personal data.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from channels_sns.models import InboundMedia, OutboundPost, Picture
from complaints.models import ReplyPhoto

logger = logging.getLogger(__name__)

#: Longer than any form is filled in, and than a photo lies between its painting and its row.
AGE = timedelta(days=2)
#: photos/3f/3f…-small.jpg: a folder for each beginning of a name.
FOLDERS, HOURS = 256, 24
_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-small)?\.jpg")
_UNSENT = (OutboundPost.State.QUEUED, OutboundPost.State.SENDING, OutboundPost.State.UNSURE)


def tidy(*, now: datetime) -> int:
    """Remove what lies two days in the folders of this hour and belongs to nothing; how many files. Every folder has
    its hour of the day."""
    root = Path(settings.MEDIA_ROOT) / "photos"
    return sum(_tidy_folder(root / f"{number:02x}", now) for number in range(now.hour, FOLDERS, HOURS))


def _tidy_folder(folder: Path, now: datetime) -> int:
    old: defaultdict[UUID, list[Path]] = defaultdict(list)
    for path in sorted(folder.glob("*.jpg")):
        named = _NAME.fullmatch(path.name)
        if named and path.stat().st_mtime < (now - AGE).timestamp():
            old[UUID(named[1])].append(path)
    gone = [path for name in old.keys() - _kept(old.keys()) for path in old[name]] if old else []
    for path in gone:
        path.unlink(missing_ok=True)
    if gone:
        logger.info("%d photos of nothing removed from %s", len(gone), folder.name)
    return len(gone)


def _kept(names: Collection[UUID]) -> set[UUID]:
    """Of these, what a row still names."""
    found: set[UUID] = set()
    for model in (InboundMedia, Picture, ReplyPhoto):
        found.update(model.objects.filter(pk__in=names).values_list("pk", flat=True))
    for media in OutboundPost.objects.filter(state__in=_UNSENT).exclude(media=[]).values_list("media", flat=True):
        found.update(UUID(named[1]) for one in media if (named := _NAME.search(one["file"])))
    return found
