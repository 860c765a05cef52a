"""Is a channel quieter than it should be? A feed that broke without an error is only noticed by what does not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

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
    times = list(
        InboundPost.objects.filter(account=account, arrived_at__gte=now - LOOKS_BACK)
        .exclude(state=InboundPost.State.OWN)
        .order_by("arrived_at")
        .values_list("arrived_at", flat=True)
    )
    if len(times) < LEAST_POSTS or now - times[0] < LEAST_HISTORY:
        return None
    usual = usual_silence(times, hour=timezone.localtime(now).hour)
    lasted = now - times[-1]
    return Silence(lasted, usual) if lasted > max(LEAST, FACTOR * usual) else None


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
