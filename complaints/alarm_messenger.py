"""An alarm to the city's own messenger: a signed POST to one address that the operator set (docs/alerts.md)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from django.conf import settings
from django.utils import translation

from channels_sns import safe_fetch
from complaints import alarm_words
from complaints.models import Alert
from departments.working_time import KST


class NotSent(Exception):
    """The other side did not take it; worth another try."""


def send(row: Alert, *, now: datetime) -> None:
    """Post it. Raises NotSent."""
    payload = _payload(row)
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-Desk-Delivery": row.key,
        "X-Desk-Signature": f"t={stamp},v1={signature(stamp, payload)}",
    }
    try:
        safe_fetch.post(settings.ALERT_WEBHOOK_URL, payload, headers=headers, inside=settings.ALERT_WEBHOOK_INSIDE)
    except (safe_fetch.Refused, safe_fetch.FetchFailed) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error


def signature(stamp: str, payload: bytes) -> str:
    """HMAC-SHA256 of "<seconds>.<body>" by the shared key, in hexadecimal."""
    return hmac.new(settings.ALERT_WEBHOOK_KEY.encode(), stamp.encode() + b"." + payload, hashlib.sha256).hexdigest()


def _payload(row: Alert) -> bytes:
    complaint = row.complaint
    with translation.override(settings.LANGUAGE_CODE):
        said = {
            "text": f"{alarm_words.subject(row)}\n{alarm_words.address(row)}",
            "number": complaint.number,
            "stage": row.stage.lower(),
            "emergency": row.emergency,
            "department": complaint.department.name if complaint.department else None,
            "due_at": row.due_at.astimezone(KST).isoformat(),
            "url": alarm_words.address(row),
        }
    return json.dumps(said, ensure_ascii=False).encode()
