"""An alarm by mail, in the city's own language."""

from __future__ import annotations

import smtplib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from complaints import alarm_words
from complaints.models import Alert


class NotSent(Exception):
    """The mail server did not take it; worth another try."""


def send(row: Alert, *, now: datetime) -> None:
    """Hand it to the mail server. Raises NotSent. Its Message-ID is its own for ever: a second copy is known as one."""
    assert row.user is not None  # noqa: S101 - alert_has_reader
    with translation.override(settings.LANGUAGE_CODE):
        subject, body = alarm_words.subject(row), alarm_words.body(row)
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {"Message-ID": f"<alert-{row.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if row.emergency:
        headers |= {"X-Priority": "1", "Importance": "high"}
    message = EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [row.user.email], headers=headers)
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error
