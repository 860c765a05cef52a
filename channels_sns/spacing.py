"""Two posts of one account within minutes crowd each other out of the readers' sight: which ones would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from django.conf import settings
from django.db.models import Q

from channels_sns.models import Account, Broadcast, Variant

State = Broadcast.State
#: What is not going out, or did not, is in nobody's way.
LIVE = (State.DRAFT, State.APPROVED, State.RELEASED)


@dataclass(frozen=True, slots=True)
class Clash:
    """`other` goes out on the same account so soon before or after."""

    account: Account
    other: Broadcast
    minutes: int


def clashes(broadcasts: Iterable[Broadcast]) -> dict[int, list[Clash]]:
    """What stands too near to each of these, itself among them or not; by their ids, one query."""
    asked = {one.pk: one for one in broadcasts if one.publish_at and not one.under and one.state in LIVE}
    times = [one.publish_at for one in asked.values() if one.publish_at]
    found: dict[int, list[Clash]] = defaultdict(list)
    if not times:
        return found
    for rows in _by_account(min(times), max(times)).values():
        for at, row in enumerate(rows):
            for later in takewhile(partial(_is_near, row), rows[at + 1 :]):
                _note(found, asked, row, later)
                _note(found, asked, later, row)
    return found


def _by_account(first: datetime, last: datetime) -> dict[int, list[Variant]]:
    """Everything of these times and a little around, in its order."""
    around = (first - settings.BROADCAST_GAP, last + settings.BROADCAST_GAP)
    live = Q(broadcast__state__in=LIVE, broadcast__under=False, broadcast__publish_at__range=around)
    rows = Variant.objects.filter(live).select_related("broadcast", "account").defer("account__secrets", "parts")
    found: defaultdict[int, list[Variant]] = defaultdict(list)
    for row in rows.order_by("broadcast__publish_at", "broadcast_id"):
        found[row.account_id].append(row)
    return found


def _is_near(one: Variant, other: Variant) -> bool:
    return _gap(one, other) < settings.BROADCAST_GAP


def _gap(one: Variant, other: Variant) -> timedelta:
    first, second = one.broadcast.publish_at, other.broadcast.publish_at
    return abs(second - first) if first and second else timedelta.max


def _note(found: dict[int, list[Clash]], asked: dict[int, Broadcast], one: Variant, other: Variant) -> None:
    if one.broadcast_id in asked:
        minutes = int(_gap(one, other).total_seconds() // 60)
        found[one.broadcast_id].append(Clash(one.account, other.broadcast, minutes))
