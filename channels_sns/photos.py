"""Photos that go out with a post: our own repainted files, made as small as the network wants them."""

from __future__ import annotations

import io
from pathlib import Path

from django.conf import settings
from PIL import Image

from channels_sns.adapters.contract import Capabilities, OutgoingMedia
from channels_sns.models import OutboundPost

#: Tried one after the other until the file is small enough: (longest side, quality).
SIZES = ((2048, 80), (1600, 75), (1280, 70), (960, 60), (640, 50))


def of(row: OutboundPost, can: Capabilities) -> tuple[OutgoingMedia, ...]:
    """The photos of a post, as many as its network takes. Raises OSError for a file that is not there."""
    return tuple(_load(one["file"], one["alt"], can.image_bytes_max) for one in row.media[: can.images_max])


def _load(name: str, alt: str, limit: int) -> OutgoingMedia:
    path = Path(settings.MEDIA_ROOT) / name
    return OutgoingMedia(fitted(path.read_bytes(), limit), "image/jpeg", alt, path.name)


def fitted(content: bytes, limit: int) -> bytes:
    """The JPEG itself if it is small enough, else a smaller one."""
    for longest, quality in SIZES:
        if len(content) <= limit:
            break
        with Image.open(io.BytesIO(content)) as opened:
            opened.thumbnail((longest, longest))
            smaller = io.BytesIO()
            opened.save(smaller, "JPEG", quality=quality)
        content = smaller.getvalue()
    return content
