"""The numbers: a small set counted by hand, and hundreds of random histories against the slow reference."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.models import Complaint, Duration, Figure
from complaints.models.duration import DurationQuerySet
from complaints.reports import numbers
from complaints.reports.numbers import PARTS, Numbers
from complaints.reports.slices import read
from tests.complaints.reports import reference
from tests.complaints.reports.office import HAND, make_hand_counted

pytestmark = [pytest.mark.django_db, pytest.mark.unmeasured]

NOW = datetime(2026, 12, 24, 3, 0, 0, tzinfo=UTC)
YEAR = {"period": "range", "from": "2026-01-01", "to": "2026-12-31"}


def all_rows() -> DurationQuerySet:
    return Duration.objects.all()


def same(found: Numbers, expected: dict[str, Any]) -> None:
    assert {name: getattr(found, name) for name in expected} == expected


def test_the_small_set_gives_what_was_counted_by_hand() -> None:
    make_hand_counted()
    for figure, expected in HAND.items():
        same(numbers.of_slice(read({"figure": figure, "on": "2026-11-01"}, now=NOW), all_rows(), now=NOW), expected)


def test_every_span_is_what_the_reference_says(histories: dict[int, list[reference.Span]]) -> None:
    stored: dict[int, list[reference.Span]] = defaultdict(list)
    for row in all_rows():
        times = (row.began_at, row.ended_at, row.due_at)
        span = reference.Span(
            row.figure, row.state, row.department_id, *times, row.excluded, row.reopened_at is not None
        )
        assert row.ended_at is None or (row.wall_seconds, row.working_seconds) == (span.wall, span.working)
        stored[row.complaint_id].append(span)
    for pk, spans in histories.items():
        assert in_order(stored[pk]) == in_order(spans)
    assert {span.figure for spans in histories.values() for span in spans} == set(Figure.values)


def in_order(spans: list[reference.Span]) -> list[reference.Span]:
    return sorted(spans, key=lambda span: (span.figure, span.began_at, span.state))


def test_every_number_equals_the_reference_to_the_second(histories: dict[int, list[reference.Span]]) -> None:
    spans = [span for some in histories.values() for span in some]
    accounts = dict(Complaint.objects.values_list("pk", "account_id"))
    for figure in Figure.values:
        of_figure = [span for span in spans if span.figure == figure]
        asked = read({"figure": figure, **YEAR}, now=NOW)
        same(numbers.of_slice(asked, all_rows(), now=NOW), reference.numbers_of(of_figure, now=NOW))
        groups = numbers.by_group(asked, all_rows(), now=NOW)
        assert set(groups) == {span.department_id for span in of_figure}
        for department, found in groups.items():
            mine = [span for span in of_figure if span.department_id == department]
            same(found, reference.numbers_of(mine, now=NOW))
    for account in set(accounts.values()):
        mine = [
            s for pk, some in histories.items() if accounts[pk] == account for s in some if s.figure == "RESOLUTION"
        ]
        asked = read({"figure": "RESOLUTION", "account": str(account), **YEAR}, now=NOW)
        same(numbers.of_slice(asked, all_rows(), now=NOW), reference.numbers_of(mine, now=NOW))


def test_the_months_together_are_the_year(histories: dict[int, list[reference.Span]]) -> None:
    year = numbers.by_figure(read(YEAR, now=NOW), all_rows(), now=NOW)
    months = [
        numbers.by_figure(read({"on": f"2026-{month:02}-15"}, now=NOW), all_rows(), now=NOW) for month in range(1, 13)
    ]
    for figure, found in year.items():
        parts = [month.get(figure, Numbers()) for month in months]
        for name in ("n", "open", "left", "excluded", "late", "within"):
            assert numbers.total(parts, name) == getattr(found, name)


def test_a_number_counts_exactly_its_list(histories: dict[int, list[reference.Span]]) -> None:
    found = numbers.by_figure(read(YEAR, now=NOW), all_rows(), now=NOW)
    for figure, values in found.items():
        asked = read({"figure": figure, **YEAR}, now=NOW)
        for part in PARTS.keys() - {"all"}:
            assert asked.rows(all_rows()).filter(PARTS[part](NOW)).count() == getattr(values, part), (figure, part)


def test_what_cannot_be_late_yet_is_in_no_share() -> None:
    assert Numbers(n=3, within=2, late=1, open=5, overdue=1).share == 0.5
    assert Numbers(open=4).share is None
    assert Numbers(n=9).is_small
    assert not Numbers(n=10).is_small


def test_an_empty_slice_has_no_median() -> None:
    found = numbers.of_slice(read({}, now=NOW), all_rows(), now=NOW)
    assert (found.n, found.wall_median, found.oldest_seconds, found.share, found.reopen_rate) == (
        0,
        None,
        None,
        None,
        None,
    )


def test_the_office_of_the_reference_closes_at_six() -> None:
    friday = datetime(2026, 11, 20, 8, 59, tzinfo=UTC)  # 17:59 in Busan
    assert reference.office_seconds(friday, friday + timedelta(days=3)) == 60 + 3600 * 8 - 60
