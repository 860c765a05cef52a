"""How many follow the city, day by day: what the networks said (MetricSample) and what was brought from elsewhere.

`read` is the one door: reports and pages ask it, nobody adds up by himself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from channels_sns.models import Account, FollowerFigure, MetricSample

#: A network that is silent counts with its last number so long, then not at all.
CARRIED = timedelta(days=14)
#: The numbers that a city is glad to reach.
MILESTONES = (1_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Point:
    """The followers of one day. `imported`: brought from elsewhere, not heard from the network by this desk."""

    day: date
    followers: int
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Followers in the order of the days, one point a day at most, of an account, a network or all ("")."""

    points: tuple[Point, ...]
    account: Account | None = None
    network: str = ""

    @property
    def latest(self) -> Point | None:
        return self.points[-1] if self.points else None

    def since(self, day: date) -> Series:
        """Only from that day on."""
        return Series(tuple(point for point in self.points if point.day >= day), self.account, self.network)

    def growth(self, days: int) -> int | None:
        """How many more than so many days before the latest point; None where that day is not known."""
        if self.latest is None:
            return None
        before = self.on(self.latest.day - timedelta(days=days))
        return self.latest.followers - before.followers if before else None

    def on(self, day: date) -> Point | None:
        """What counts on that day: its own point, or the last one if that is not too old."""
        at = bisect_right(self.points, day, key=lambda point: point.day)
        found = self.points[at - 1] if at else None
        return found if found and day - found.day <= CARRIED else None

    def milestones(self) -> list[tuple[int, date]]:
        """Each number that was reached, and the first day on which it was, the newest first."""
        found: list[tuple[int, date]] = []
        for goal in MILESTONES:
            reached = next((point.day for point in self.points if point.followers >= goal), None)
            if reached is not None:
                found.append((goal, reached))
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Followers:
    """`total`: of all networks; `parts`: accounts, and networks of which only imported numbers are known."""

    total: Series
    parts: tuple[Series, ...]

    def of(self, account: Account) -> Series:
        """One account's; empty where nothing is known."""
        return next((one for one in self.parts if one.account and one.account.pk == account.pk), Series((), account))


def read(*, now: datetime) -> Followers:
    """Everything that is known until `now`; three queries."""
    accounts = {account.pk: account for account in Account.objects.defer("secrets")}
    heard, brought = _heard(now), list(FollowerFigure.objects.filter(day__lte=_day(now)))
    parts = [
        Series(_merged(figures, heard.get(pk, {})), accounts[pk])
        for pk, figures in _of_accounts(brought, accounts).items()
        if figures or heard.get(pk)
    ]
    networks = _of_networks(brought)
    parts += [Series(points, network=network) for network, points in networks.items() if network]
    return Followers(Series(_total(parts, networks.get("", ()))), tuple(parts))


def _day(moment: datetime) -> date:
    return timezone.localdate(moment, timezone.get_default_timezone())


def _heard(now: datetime) -> dict[int, dict[date, int]]:
    """The last sample of each day, by account."""
    rows = MetricSample.objects.filter(name="followers", sampled_at__lte=now).order_by("sampled_at")
    found: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for account, value, at in rows.values_list("account_id", "value", "sampled_at").iterator():
        found[account][_day(at)] = value
    return found


def _of_accounts(brought: Iterable[FollowerFigure], accounts: Iterable[int]) -> dict[int, list[FollowerFigure]]:
    found: dict[int, list[FollowerFigure]] = {pk: [] for pk in accounts}
    for figure in brought:
        if figure.account_id is not None:
            found[figure.account_id].append(figure)
    return found


def _of_networks(brought: Iterable[FollowerFigure]) -> dict[str, tuple[Point, ...]]:
    found: defaultdict[str, list[Point]] = defaultdict(list)
    for figure in brought:
        if figure.account_id is None:
            found[figure.network].append(Point(figure.day, figure.followers, imported=True))
    return {network: tuple(points) for network, points in found.items()}


def _merged(figures: Iterable[FollowerFigure], heard: Mapping[date, int]) -> tuple[Point, ...]:
    """What the desk heard itself stands before what was brought."""
    points = {figure.day: Point(figure.day, figure.followers, imported=True) for figure in figures}
    points |= {day: Point(day, value) for day, value in heard.items()}
    return tuple(points[day] for day in sorted(points))


def _total(parts: Sequence[Series], brought: Iterable[Point]) -> tuple[Point, ...]:
    """A total that was brought stands for its day; else the sum of what counts on each day."""
    found = {day: _sum(parts, day) for day in {point.day for part in parts for point in part.points}}
    found |= {point.day: point for point in brought}
    return tuple(found[day] for day in sorted(found))


def _sum(parts: Sequence[Series], day: date) -> Point:
    """A network's own numbers end where those of its accounts begin."""
    of_accounts = [(part.account.kind, point) for part in parts if part.account and (point := part.on(day))]
    known = {kind for kind, _point in of_accounts}
    points = [point for _kind, point in of_accounts]
    points += [point for part in parts if not part.account and part.network not in known and (point := part.on(day))]
    return Point(day, sum(point.followers for point in points), imported=any(point.imported for point in points))
