"""Broadcasts for tests: drafts, photos, and what becomes of them in the outbox."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from PIL import Image

from channels_sns import broadcasts
from channels_sns.models import Account, Broadcast, OutboundPost
from channels_sns.models.broadcast import Kind
from departments.models import Role
from tests.make import NOON, make_account, make_person

TEXT = "이번 주말 다대포에서 가족 영화제가 열립니다."
TEXT_EN = "A family film festival opens at Dadaepo this weekend."


def photo(size: tuple[int, int] = (80, 60), **values: Any) -> bytes:
    """A JPEG that remembers where it was taken."""
    picture = Image.new("RGB", size, "#a9c6e8")
    exif = Image.Exif()
    exif[0x010E] = "집 앞에서"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif.tobytes(), **values)
    return buffer.getvalue()


def make_draft(
    accounts: Iterable[Account] = (), *, by: User | None = None, now: datetime = NOON, **values: Any
) -> Broadcast:
    """A draft on these accounts, else on one."""
    known = {"kind": Kind.EVENT, "title": "다대포 영화제", "text": TEXT, "text_en": TEXT_EN, **values}
    chosen = list(accounts) or [make_account()]
    return broadcasts.draft(by=by or make_person(Role.OFFICER), now=now, accounts=chosen, **known)


def approve(broadcast: Broadcast, *, by: User | None = None, now: datetime = NOON) -> Broadcast:
    broadcasts.approve(broadcast, by=by or make_person(Role.OFFICER), version=broadcast.version, now=now)
    return broadcast


def posts(broadcast: Broadcast) -> list[OutboundPost]:
    """Its posts in the outbox."""
    found = OutboundPost.objects.filter(key__startswith=f"broadcast:{broadcast.pk}:")
    return list(found.order_by("account_id", "part"))
