"""Is a channel quieter than it should be? A feed that broke without an error is only noticed by what does not come.

A busy channel costs one look at its newest post. Only where nothing came for an hour the history is read, and what is
usual then is remembered until something comes or the hour is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from channels_sns.models import Account, InboundPost

#: How far back "usual" looks, and how much history it needs.
LOOKS_BACK = timedelta(days=28)
LEAST_HISTORY = timedelta(days=7)
LEAST_POSTS = 30
#: Never an alarm below this; then, how many times the longest usual silence.
LEAST = timedelta(hours=1)
FACTOR = 1.5


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing came for `lasted`, while at this hour the longest usual silence is `usual`."""

    lasted: timedelta
    usual: timedelta


def of(account: Account, *, now: datetime) -> Silence | None:
    """An unusual silence of the account, or None: it is as usual, or too young to know."""
    newest = _arrivals(account, now).order_by("-arrived_at").values_list("arrived_at", flat=True).first()
    if newest is None or now - newest <= LEAST:
        return None
    usual = _usual(account, newest, now)
    lasted = now - newest
    return Silence(lasted, usual) if usual is not None and lasted > max(LEAST, FACTOR * usual) else None


def _arrivals(account: Account, now: datetime) -> QuerySet[InboundPost]:
    posts = InboundPost.objects.filter(account=account, arrived_at__gte=now - LOOKS_BACK)
    return posts.exclude(state=InboundPost.State.OWN)


def _usual(account: Account, newest: datetime, now: datetime) -> timedelta | None:
    """What is usual at this hour; None: too young to know. It stays the same while nothing comes."""
    hour = timezone.localtime(now).hour
    key = f"usual-silence:{account.push_key}:{newest.timestamp()}:{timezone.localtime(now):%Y%m%d%H}"
    if (known := cache.get(key)) is None:
        times = list(_arrivals(account, now).order_by("arrived_at").values_list("arrived_at", flat=True))
        young = len(times) < LEAST_POSTS or now - times[0] < LEAST_HISTORY
        known = (None if young else usual_silence(times, hour=hour),)
        cache.set(key, known, timeout=3600)
    usual: timedelta | None = known[0]
    return usual


def usual_silence(times: list[datetime], *, hour: int) -> timedelta:
    """The longest silence that covered this hour of the day in Seoul; of many, the two longest count as chance."""
    gaps = sorted(later - earlier for earlier, later in pairwise(times) if _touches(earlier, later, hour))
    kept = gaps[:-2] if len(gaps) > 10 else gaps
    return max(kept, default=LOOKS_BACK)


def _touches(earlier: datetime, later: datetime, hour: int) -> bool:
    """Was it silent in this hour of the day?"""
    if later - earlier >= timedelta(hours=23):  # from 10:10 to 10:00 of the next day, and longer: in every hour
        return True
    first, last = timezone.localtime(earlier).hour, timezone.localtime(later).hour
    return first <= hour <= last if first <= last else hour >= first or hour <= last
