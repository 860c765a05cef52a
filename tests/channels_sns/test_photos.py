"""Photos that go out."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from channels_sns import broadcasts, photos
from channels_sns.accounts import capabilities_of
from tests.broadcasting import approve, make_draft, photo, posts
from tests.make import make_account

pytestmark = pytest.mark.django_db


def noise(side: int) -> bytes:
    """A picture that no compression makes small."""
    picture = Image.frombytes("RGB", (side, side), random.Random(7).randbytes(3 * side * side))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def test_a_small_photo_goes_as_it_is() -> None:
    content = photo()
    assert photos.fitted(content, len(content)) is content


def test_a_large_one_is_made_smaller_until_the_network_takes_it() -> None:
    content = noise(900)
    smaller = photos.fitted(content, 200_000)
    assert len(content) > 400_000
    assert len(smaller) <= 200_000
    with Image.open(io.BytesIO(smaller)) as opened:
        assert opened.size == (640, 640)


def test_no_more_photos_than_the_network_takes() -> None:
    account = make_account("me2day")
    broadcast = make_draft([account], text="영화제")
    for n in range(2):
        broadcasts.add_picture(broadcast, photo(), alt=f"사진 {n}", version=broadcast.version)
    (row,) = posts(approve(broadcast))
    (sent,) = photos.of(row, capabilities_of(account))
    assert (sent.alt, sent.mime_type, sent.content[:2]) == ("사진 0", "image/jpeg", b"\xff\xd8")
