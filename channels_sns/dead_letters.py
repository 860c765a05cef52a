"""Items that could not become posts: the only writer of DeadLetter."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import F

from channels_sns.adapters.contract import BadItem
from channels_sns.evidence import clean_text, mask_bytes
from channels_sns.models import Account, DeadLetter


def bury(account: Account, item: BadItem, *, now: datetime) -> None:
    """Keep an unreadable item as it was served but for resident numbers; the same item again only counts."""
    letter, created = DeadLetter.objects.get_or_create(
        account=account,
        sha256=hashlib.sha256(item.raw).hexdigest(),
        defaults={
            "external_id": clean_text(item.external_id)[:128],
            "raw": mask_bytes(item.raw),
            "error": clean_text(item.error)[:2000],
            "first_seen_at": now,
            "last_seen_at": now,
        },
    )
    if not created:
        DeadLetter.objects.filter(pk=letter.pk).update(tries=F("tries") + 1, last_seen_at=now)
