"""A photo that belongs to nothing is gone after two days; what anything names stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from channels_sns import media
from channels_sns.models import InboundMedia, OutboundPost, Picture
from complaints import leftover_photos, tasks
from complaints.models import ReplyPhoto
from tests.broadcasting import make_draft
from tests.make import NOON, make_account, make_complaint, make_person, make_post

pytestmark = pytest.mark.django_db

#: Noon in Seoul is three in the morning: the folders 03, 1b, 33, …
HERE = "03"


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def lay(number: int, *, days: float = 3, folder: str = HERE) -> UUID:
    """A photo and its thumbnail, painted so long ago."""
    name = UUID(f"{folder}{number:030x}")
    for path in (media.path_of(media.file_name(name)), media.path_of(media.file_name(name, small=True))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"jpeg")
        at = (NOON - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    return name


def there(name: UUID) -> bool:
    both = {media.path_of(media.file_name(name, small=small)).exists() for small in (False, True)}
    assert len(both) == 1
    return both.pop()


def test_what_belongs_to_nothing_goes_and_all_else_stays() -> None:
    lost, fresh, elsewhere = lay(1), lay(2, days=1.9), lay(3, folder="04")
    sent, received, shown, answered = lay(4), lay(5), lay(6), lay(7)
    account, complaint, person = make_account(), make_complaint(), make_person()
    going = [{"file": media.file_name(sent), "alt": "안내판"}]
    OutboundPost.objects.create(
        id=uuid4(), account=account, key="k", text="글", media=going, created_at=NOON, state="QUEUED"
    )
    Picture.objects.create(
        pk=shown, broadcast=make_draft([account]), position=0, alt="모래밭", **media.Painted(shown, 1, 1, "x").stored
    )
    InboundMedia.objects.create(
        pk=received, post=make_post(account), position=0, kind="photo", url="https://n.example/1"
    )
    stored = media.Painted(answered, 1, 1, "x").stored
    ReplyPhoto.objects.create(
        pk=answered, complaint=complaint, sha256="x", alt="", added_by=person, added_at=NOON, **stored
    )
    (media.path_of(f"photos/{HERE}") / "notes.txt").write_text("ours? no", encoding="utf-8")
    assert leftover_photos.tidy(now=NOON) == 2
    assert not there(lost)
    assert all(there(one) for one in (fresh, elsewhere, sent, received, shown, answered))
    assert leftover_photos.tidy(now=NOON) == 0


def test_every_folder_has_its_hour() -> None:
    names = [lay(1, folder=f"{number:02x}") for number in range(256)]
    assert sum(leftover_photos.tidy(now=NOON + timedelta(hours=hour)) for hour in range(24)) == 2 * len(names)


def test_nothing_is_there_yet() -> None:
    assert leftover_photos.tidy(now=timezone.now()) == 0
    tasks.tidy_photos()
