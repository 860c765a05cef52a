"""Complaints as rows and people at the desk, for the tests of the admin pages."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_sns import media
from channels_sns.models import Account, Author, InboundMedia, InboundPost
from complaints import searchdocs
from complaints.models import Complaint, ComplaintPost
from departments.models import Department, Role
from tests.make import make_person

_serial = count(1)
LIST = "/admin/complaints/complaint/"
JPEG = b"\xff\xd8\xff\xe0 our own repainted copy"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def client_as(role: Role | None, department: Department | None = None, **values: Any) -> Client:
    return client_of(make_person(role, department, **values))


def page_of(complaint: Complaint, name: str = "change", *more: str) -> str:
    return reverse(f"admin:complaints_complaint_{name}", args=[complaint.pk, *more])


def make_row(
    text: str = "가로등이 꺼졌습니다",
    *,
    handle: str = "haeundae",
    permalink: str = "https://x.example/1",
    author_name: str = "김시민",
    **fields: Any,
) -> Complaint:
    """A complaint with its first post; `fields` go to the complaint."""
    serial, now = next(_serial), timezone.now()
    account, _new = Account.objects.get_or_create(
        kind="x", base_url="https://x.example", handle="busan", defaults={"name": "부산시 X", "connected_at": now}
    )
    author = Author.objects.create(account=account, external_id=str(serial), handle=handle, name=author_name)
    values = {
        "number": f"B26-{serial:06d}",
        "received_at": now - timedelta(minutes=serial),
        "due_at": now + timedelta(hours=3),
        **fields,
    }
    if values.get("status") in ("COMPLETED", "TRANSFERRED", "DISMISSED"):
        values.setdefault("closed_at", now)
    complaint = Complaint.objects.create(account=account, author=author, text=text, **values)
    post = InboundPost.objects.create(
        account=account,
        external_id=str(serial),
        kind="mention",
        state="REGISTERED",
        author=author,
        text=text,
        permalink=permalink,
        posted_at=now,
        arrived_at=now,
    )
    ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=now, opened=True)
    searchdocs.refresh([complaint.pk], now=now)
    return complaint


def make_photo(complaint: Complaint, *, alt: str = "", position: int = 0) -> UUID:
    """A stored photo of the complaint's first post, its files on disk."""
    photo = uuid4()
    for small in (False, True):
        path = media.path_of(media.file_name(photo, small=small))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)
    InboundMedia.objects.create(
        id=photo,
        post=complaint.thread.get(opened=True).post,
        position=position,
        url="https://photos.example/1",
        kind="photo",
        alt=alt,
        state="STORED",
        file=media.file_name(photo),
        thumbnail=media.file_name(photo, small=True),
        sha256="0" * 64,
        width=20,
        height=10,
    )
    Complaint.objects.filter(pk=complaint.pk).update(has_photo=True)
    return photo
