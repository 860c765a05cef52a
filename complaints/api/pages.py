"""Page by page from the newest receipt backwards: each page costs the same, and what comes meanwhile shifts nothing."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from complaints.api.shapes import ID_MAX
from complaints.models import Complaint
from complaints.models.complaint import ComplaintQuerySet


def page_of(rows: ComplaintQuerySet, *, cursor: str, size: int) -> tuple[list[Complaint], str]:
    """The page behind the cursor ("": the first), and the cursor of the next ("": there is none).

    Raises ValidationError for a cursor that no page gave."""
    found = list(_behind(rows, cursor).order_by("-received_at", "-id")[: size + 1])
    page = found[:size]
    return page, _cursor(page[-1]) if len(found) > size else ""


def _behind(rows: ComplaintQuerySet, cursor: str) -> ComplaintQuerySet:
    """The first condition is all of the second, said so that the index of the list is used."""
    if not cursor:
        return rows
    at, pk = _read(cursor)
    return rows.filter(Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(pk__lt=pk)))


def _cursor(row: Complaint) -> str:
    return urlsafe_b64encode(f"{row.received_at.isoformat()} {row.pk}".encode()).decode()


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        stamp, _space, typed = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        at, pk = parse_datetime(stamp), int(typed)
    except ValueError as error:  # no base64, no text, no such day, no number
        raise ValidationError({"cursor": "?"}) from error
    if at is None or timezone.is_naive(at) or not 0 < pk <= ID_MAX:
        raise ValidationError({"cursor": "?"})
    return at, pk


def address_of_next(request: Request, cursor: str) -> str | None:
    """The same question, one page on."""
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor) if cursor else None
