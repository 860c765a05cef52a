"""The numbers of a tally for programs: those of its page, and by every dimension that its rows have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from complaints.reports import tally_history, words
from complaints.reports.dimensions import NOBODY
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.tallies import Counted, Tally, by_group, periods_of, rows_of


def as_values(
    tally: Tally, asked: Slice, user: User | AnonymousUser, reader: Reader, *, now: datetime
) -> dict[str, Any]:
    """Every number of the page as plain values."""
    rows = rows_of(tally, asked, user, reader)
    periods = [_values(found) for _name, _asked, found in periods_of(tally, asked, user, reader, now=now)]
    return {
        "numbers": periods[0],
        "before": periods[1],
        "year_before": periods[2],
        "history": [
            {"period": period, "numbers": _values(found)}
            for period, found in tally_history.counted_of(tally, asked, user, reader, now=now)
        ],
        "groups": [
            {"by": by, "key": NOBODY if key is None else str(key), "name": name, "numbers": _values(found)}
            for by in tally.dimensions
            for key, name, found in _named(by, by_group(tally, rows, by, now=now))
        ],
    }


def _named(by: str, groups: Mapping[Any, Counted]) -> list[tuple[Any, str, Counted]]:
    names = words.names_of(by, groups)
    return [(key, str(names.get(key, key)), groups[key]) for key in sorted(groups, key=lambda key: str(names.get(key)))]


def _values(found: Counted) -> dict[str, Any]:
    return {**found.counts, "judged": found.judged, "share": found.share, "small_n": found.is_small}
