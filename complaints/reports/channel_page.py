"""One account of the city, or all of a network: what came, how it was answered, how far the channel reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from channels_sns import followers
from channels_sns.followers import Point, Series
from channels_sns.models import Account, MetricSample
from complaints.models import Figure
from complaints.pages.names import channel_name, network_word
from complaints.reports import cards, charts, tables, words
from complaints.reports.overview import compared
from complaints.reports.periods import Period
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.trends import Trend, trend_of

#: So many points at most stand in the chart of the followers.
POINTS = 12


@dataclass(frozen=True, slots=True)
class Reach:
    """A counter at the end of the period. `change`: since its beginning, None where not known. `imported`: by hand."""

    account: str
    name: str
    value: int
    on: date
    change: int | None
    imported: bool = False

    @property
    def said(self) -> str:
        return f"{self.value:,}"

    @property
    def changed(self) -> str:
        return "" if self.change is None else f"{self.change:+,}"


@dataclass(frozen=True, slots=True)
class ChannelPage:
    """Everything the page shows."""

    name: str
    cards: list[cards.Card]
    figures: list[tables.Line]
    accounts: list[tables.Line]
    kinds: list[tables.Line]
    trend: Trend
    reach: list[Reach]
    followers: list[tuple[str, str]]
    bars: list[charts.Bar]


def accounts_of(asked: Slice) -> list[Account] | None:
    """Those the address asks for; None: it asks for none."""
    rows = Account.objects.defer("secrets").order_by("kind", "pk")
    if account := asked.where.get("account"):
        return list(rows.filter(pk=account))
    if network := asked.where.get("network"):
        return list(rows.filter(kind=network))
    return None


def name_of(accounts: Sequence[Account], asked: Slice) -> str:
    """Of the account, or of the network."""
    return channel_name(accounts[0]) if "account" in asked.where else network_word(accounts[0])


def reach_of(accounts: Sequence[Account], asked: Slice, *, now: datetime) -> list[Reach]:
    """Followers, and what else the network counts."""
    return _reach(accounts, _series(accounts, asked, now), asked.period)


def page_of(accounts: Sequence[Account], asked: Slice, reader: Reader, *, now: datetime) -> ChannelPage:
    """Some twenty queries, however many complaints there are."""
    source, first = reader.source, asked.of(Figure.FIRST_RESPONSE)
    by_account, by_kind = (replace(first, by=by) for by in ("account", "kind"))
    series, one = _series(accounts, asked, now), "account" in asked.where
    points = _points(series, asked.period)
    return ChannelPage(
        name=name_of(accounts, asked),
        cards=cards.backlog(asked, source, now=now),
        figures=compared(asked, source, now=now),
        accounts=[] if one else tables.of_groups(by_account, source.by_group(by_account, now=now)),
        kinds=tables.of_groups(by_kind, source.by_group(by_kind, now=now)),
        trend=trend_of(first, source, now=now),
        reach=_reach(accounts, series, asked.period),
        followers=[(f"{point.day:%Y-%m-%d}", f"{point.followers:,}") for point in points],
        bars=charts.bars([(f"{point.day:%m-%d}", point.followers, f"{point.followers:,}") for point in points]),
    )


def _series(accounts: Sequence[Account], asked: Slice, now: datetime) -> list[Series]:
    """What is known of these accounts' followers; of a network also what was brought for it as a whole."""
    wanted = {account.pk for account in accounts}
    network = "" if "account" in asked.where else asked.where["network"]
    parts = followers.read(now=now).parts
    return [one for one in parts if (one.account.pk in wanted if one.account else one.network == network)]


def _reach(accounts: Sequence[Account], series: Sequence[Series], period: Period) -> list[Reach]:
    """Followers as channels_sns.followers knows them; whatever else a network counts, as it says it."""
    names = {account.pk: channel_name(account) for account in accounts}
    return [*_of_followers(series, period), *_of_counters(names, period)]


def _of_followers(series: Sequence[Series], period: Period) -> Iterator[Reach]:
    for one in series:
        first, last = one.on(period.first), one.on(period.last)
        if last is not None:
            name = channel_name(one.account) if one.account else words.networks().get(one.network, one.network)
            change = last.followers - first.followers if first is not None else None
            yield Reach(name, words.counter("followers"), last.followers, last.day, change, last.imported)


def _of_counters(names: Mapping[int, str], period: Period) -> Iterator[Reach]:
    """One query; the desk counts once a day."""
    rows = MetricSample.objects.filter(account__in=names, sampled_at__gte=period.begins, sampled_at__lt=period.ends)
    found: dict[tuple[int, str], list[tuple[datetime, int]]] = defaultdict(list)
    for account, name, value, at in (
        rows.exclude(name="followers")
        .order_by("sampled_at", "id")
        .values_list("account", "name", "value", "sampled_at")
    ):
        found[account, name].append((at, value))
    for (account, name), values in sorted(found.items()):
        day, difference = timezone.localtime(values[-1][0]).date(), values[-1][1] - values[0][1]
        yield Reach(names[account], words.counter(name), values[-1][1], day, difference if len(values) > 1 else None)


def _points(series: Sequence[Series], period: Period) -> list[Point]:
    """Of one account, evenly spread over the period; several are not counted on the same days and have no chart."""
    if len(series) != 1:
        return []
    points = [point for point in series[0].points if period.first <= point.day <= period.last]
    return points[:: -(-len(points) // POINTS)] if points else []
