"""What is left to spend on a network, and who may spend it: the only writer of Spending and RateWindow.

The most important lane goes on longest: a search stops while half is left, a poll while 30 % is left, a broadcast while
10 % is left, so that replies are never starved; an emergency may use the last of it (R10). The city's own limits stand
in the account's options, e.g. {"budget": {"USD": 50}}; they narrow what the network gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.db.models import F, Sum

from channels_sns.accounts import capabilities_of
from channels_sns.adapters.metering import LANES, READS, WRITES, Allowance, Lane, Meter
from channels_sns.models import Account, RateWindow, Spending

#: A lane stops when no more than this share is left.
RESERVE: dict[Lane, float] = {"emergency": 0.0, "reply": 0.02, "broadcast": 0.1, "mention": 0.3, "search": 0.5}
#: A window that a lane does not use up does not stop it.
FOREIGN: dict[Lane, str] = {
    "emergency": READS,
    "reply": READS,
    "broadcast": READS,
    "mention": WRITES,
    "search": WRITES,
}


@dataclass(frozen=True, slots=True)
class Left:
    """One limit as it stands: `share` of 1 that is left (1.0 where there is no limit), and when it begins anew."""

    name: str
    unit: str
    used: Decimal
    limit: Decimal | None
    share: float
    resets_at: datetime | None

    @property
    def remaining(self) -> Decimal | None:
        return None if self.limit is None else max(Decimal(0), self.limit - self.used)


def note(account: Account, meter: Meter, *, now: datetime) -> None:
    """Write down what an adapter used and heard."""
    at = now.astimezone(UTC)
    for (lane, unit), amount in meter.used.items():
        row, _new = Spending.objects.get_or_create(account=account, day=at.date(), hour=at.hour, lane=lane, unit=unit)
        Spending.objects.filter(pk=row.pk).update(amount=F("amount") + amount)
    for window in meter.windows.values():
        heard = {"unit": window.unit, "remaining": window.remaining, "limit": window.limit}
        RateWindow.objects.update_or_create(
            account=account,
            name=window.name[:60],
            defaults={**heard, "resets_at": window.resets_at, "heard_at": now},
        )


def left(account: Account, *, now: datetime) -> list[Left]:
    """Every limit of the account: the allowances counted by us, then the windows the network told of."""
    counted = [_counted(account, allowance, now) for allowance in capabilities_of(account).allowances]
    told = account.windows.filter(resets_at__gt=now).exclude(limit=None).order_by("name")
    return counted + [_told(window) for window in told]


def stopped(account: Account, lane: Lane, *, now: datetime) -> Left | None:
    """The limit that forbids `lane` now, or None: it may go on."""
    return _stopped(left(account, now=now), lane)


def shut(account: Account, *, now: datetime) -> frozenset[Lane]:
    """All lanes that may not go on now."""
    limits = left(account, now=now)
    return frozenset(lane for lane in LANES if _stopped(limits, lane))


def _stopped(limits: list[Left], lane: Lane) -> Left | None:
    bounded = [one for one in limits if one.limit is not None and one.unit != FOREIGN[lane]]
    spent = [one for one in bounded if one.share <= RESERVE[lane]]
    return min(spent, key=lambda one: one.share, default=None)


def _counted(account: Account, allowance: Allowance, now: datetime) -> Left:
    begun, ends = period_of(allowance, now)
    rows = account.spendings.filter(unit=allowance.unit, day__gte=begun.date())
    rows = rows.exclude(day=begun.date(), hour__lt=begun.hour)
    used = rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    limit = _limit(account, allowance)
    share = 1.0 if limit is None else float(max(Decimal(0), limit - used) / limit) if limit else 0.0
    return Left(f"{allowance.unit}/{allowance.period}", allowance.unit, used, limit, share, ends)


def _limit(account: Account, allowance: Allowance) -> Decimal | None:
    """The smaller of what the network gives and what the city allows."""
    given = (allowance.limit, _own_limit(account, allowance.unit))
    return min((one for one in given if one is not None), default=None)


def _own_limit(account: Account, unit: str) -> Decimal | None:
    """What the city allows. A limit that is no number allows nothing: nobody shall pay for a slip of the pen."""
    limits = account.options.get("budget") or {}
    own = limits.get(unit) if isinstance(limits, dict) else limits
    if own is None:
        return None
    try:
        limit = Decimal(str(own))
    except InvalidOperation:
        return Decimal(0)
    return limit if limit.is_finite() and limit > 0 else Decimal(0)


def _told(window: RateWindow) -> Left:
    limit = Decimal(str(window.limit))
    used = limit - Decimal(str(window.remaining))
    share = window.remaining / window.limit if window.limit else 0.0
    return Left(window.name, window.unit, used, limit, share, window.resets_at)


def period_of(allowance: Allowance, now: datetime) -> tuple[datetime, datetime]:
    """Beginning and end of the period that `now` lies in, in UTC; it turns at midnight where the network counts."""
    local = now.astimezone(ZoneInfo(allowance.timezone)).replace(minute=0, second=0, microsecond=0)
    if allowance.period == "hour":
        return local.astimezone(UTC), local.astimezone(UTC) + timedelta(hours=1)
    midnight = local.replace(hour=0, fold=0)
    begun = midnight if allowance.period == "day" else midnight.replace(day=1)
    later = begun + timedelta(days=1 if allowance.period == "day" else 32)
    ends = later if allowance.period == "day" else later.replace(day=1)
    return begun.astimezone(UTC), ends.astimezone(UTC)
