"""Mails as they leave the desk: each known by its name for ever, and marked as written by a machine."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage


class NotSent(Exception):
    """The mail server did not take it; worth another try."""


def headers(kind: str, pk: int) -> dict[str, str]:
    """Its Message-ID is its own for ever: a second copy is known as one."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return {"Message-ID": f"<{kind}-{pk}@{host}>", "Auto-Submitted": "auto-generated"}


def hand_over(message: EmailMessage) -> None:
    """To the mail server. Raises NotSent."""
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error
