"""Writes and checks the access record (접속기록): append only, each row chained to the one before.

개인정보의 안전성 확보조치 기준 제8조: who, when, from where, whose data, what for. A changed, missing or inserted row
breaks the chain from there on, and `first_broken` names it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from ipaddress import ip_address

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from complaints.models import AccessLog

START = "0" * 64
#: Two at once draw the same predecessor and one of them tries again; more than that many in a row is no coincidence.
TRIES = 20


def record(
    *, user: User, action: str, subject: str, request: HttpRequest, now: datetime, reason: str = ""
) -> AccessLog:
    """One access. What was typed into a search is kept as a keyed hash: it may be a citizen's name."""
    row = AccessLog(
        at=now,
        user=user,
        username=user.get_username(),
        address=_address(request),
        action=action[:40],
        subject=_hashed(subject) if action == "search" else subject[:80],
        reason=reason[:200],
    )
    for _try in range(TRIES):
        if _append(row):
            return row
    raise RuntimeError(f"the access record is busy: {action} of {user.pk} was not written")


def _address(request: HttpRequest) -> str | None:
    """Where the request came from, in the one way of writing an address that the database keeps."""
    try:
        return str(ip_address(get_client_ip_address(request) or ""))
    except ValueError:
        return None


def _append(row: AccessLog) -> bool:
    """Chain the row to the last one; False if another row was faster."""
    row.previous_hash = AccessLog.objects.order_by("-id").values_list("hash", flat=True).first() or START
    row.hash = _hash_of(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def first_broken() -> int | None:
    """Id of the first row that does not follow from the one before it; None: the record is whole."""
    previous = START
    for row in AccessLog.objects.order_by("id").iterator(chunk_size=2000):
        if row.previous_hash != previous or row.hash != _hash_of(row):
            return row.pk
        previous = row.hash
    return None


def _hash_of(row: AccessLog) -> str:
    at = row.at.astimezone(UTC).isoformat()
    content = [row.previous_hash, at, row.user_id, row.username, row.address]
    text = json.dumps([*content, row.action, row.subject, row.reason], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _hashed(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]
