"""An alarm by mail, in the city's own language."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from complaints import alarm_words, mails
from complaints.models import Alert


def send(row: Alert, *, now: datetime) -> None:
    """Hand it to the mail server. Raises mails.NotSent."""
    assert row.user is not None  # noqa: S101 - alert_has_reader
    with translation.override(settings.LANGUAGE_CODE):
        subject, body = alarm_words.subject(row), alarm_words.body(row)
    headers = mails.headers("alert", row.pk)
    if row.emergency:
        headers |= {"X-Priority": "1", "Importance": "high"}
    mails.hand_over(EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [row.user.email], headers=headers))
