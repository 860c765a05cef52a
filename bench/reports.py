"""The reports with a million complaints: pages and exports, beside the raw SQL of their percentiles.

python -m tests.services -- python -m bench reports [--complaints 1000000]     (PostgreSQL)
python -m bench reports --compare 20000    every number against the slow reference of the tests, on any database
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from bench import million
from bench.desk import database, empty_desk

OVERVIEW_MS, SLICE_MS = 300, 1000
ROUNDS = 5
HOME = "/admin/reports/"
#: Spans of the days that are asked for: the last whole month, else counted back from today.
MONTH, RECENT, YEAR, EVER = "month", "thirty days", "year", "three years"
#: What it is called, its address, its days, its target, by what the raw SQL groups.
PAGES = (
    ("overview", "", MONTH, OVERVIEW_MS, "figure"),
    ("overview", "", RECENT, OVERVIEW_MS, "figure"),
    ("overview of one department", "?department={department}", MONTH, OVERVIEW_MS, "figure"),
    ("by department", "slice/?by=department", MONTH, SLICE_MS, "department_id"),
    ("by channel", "slice/?by=network", MONTH, SLICE_MS, "account_id"),
    ("by department", "slice/?by=department", YEAR, SLICE_MS, "department_id"),
    ("by officer, urgent ones", "slice/?by=officer&priority=URGENT", YEAR, SLICE_MS, "first_by_id"),
    ("by department", "slice/?by=department", EVER, SLICE_MS, "department_id"),
    ("by bureau", "slice/?by=bureau", EVER, SLICE_MS, "department_id"),
    ("by hour, one district", "slice/?by=hour&district={district}", EVER, SLICE_MS, "extract(hour FROM began_at)"),
    ("resolution by kind of post", "slice/?by=kind&figure=RESOLUTION", EVER, SLICE_MS, "account_id"),
    ("one department", "department/?department={department}", MONTH, SLICE_MS, "figure"),
    ("one channel", "channel/?network=x", MONTH, SLICE_MS, "figure"),
    ("due times kept", "due-times/?", MONTH, SLICE_MS, "department_id"),
    ("due times kept", "due-times/?", YEAR, SLICE_MS, "department_id"),
    ("hand-overs", "hand-overs/?", MONTH, SLICE_MS, "department_id"),
    ("hand-overs", "hand-overs/?", YEAR, SLICE_MS, "department_id"),
    ("districts", "districts/?", YEAR, SLICE_MS, "district_id"),
    ("monthly inspection", "monthly/?", MONTH, SLICE_MS, "figure"),
    ("list behind the p90", "list/?part=n", MONTH, SLICE_MS, ""),
)
RAW = """
SELECT {group}, count(*) FILTER (WHERE {done}), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY wall_seconds)
    FILTER (WHERE {done}), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY working_seconds)
    FILTER (WHERE {done})
FROM complaints_duration WHERE {which} AND began_at >= %s AND began_at < %s GROUP BY {group}
"""


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if a page misses its target or a number differs from the reference."""
    parser = argparse.ArgumentParser(prog="bench reports")
    parser.add_argument("--complaints", type=int, default=1_000_000)
    parser.add_argument("--compare", type=int, default=0)
    options = parser.parse_args(arguments)
    with empty_desk():
        if options.compare:
            return _compare(options.compare)
        if "PostgreSQL" not in database():
            print("a million complaints are measured on PostgreSQL only")
            return 2
        million.fill(options.complaints)
        return _measure(_manager(), options.complaints)


# --- a million ------------------------------------------------------------------------------------------------------


def _manager() -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    from departments import directory
    from departments.models import Role

    user = User.objects.create_user("bench")
    directory.grant(user, Role.MANAGER)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _measure(client: Any, count: int) -> int:
    from django.utils import timezone

    from departments.models import Department, District

    today = timezone.localdate()
    ended = today.replace(day=1) - timedelta(days=1)
    days = {
        MONTH: (ended.replace(day=1), ended),
        RECENT: (today - timedelta(days=29), today),
        YEAR: (today - timedelta(days=365), today),
        EVER: (today - timedelta(days=3 * 365), today),
    }
    first = {"department": Department.objects.order_by("pk")[0].pk, "district": District.objects.order_by("pk")[1].pk}
    print(f"{database()}, {count:,} complaints, median of {ROUNDS}, milliseconds; raw SQL: the percentiles alone")
    print(f"{'page':30}{'period':14}{'page':>8}{'target':>8}{'raw SQL':>9}{'ratio':>7}")
    missed = 0
    for name, address, span, target, group in PAGES:
        since, until = days[span]
        kinds = {MONTH: f"&period=month&on={until}", RECENT: f"&period=recent&on={until}"}
        query = kinds.get(span, f"&period=range&from={since}&to={until}")
        url = f"{HOME}{address.format(**first)}{query}".replace("reports/&", "reports/?")
        page, raw = _median(partial(_get, client, url)), _median(partial(_raw, since, until, group)) if group else 0.0
        missed += page > target
        ratio = f"{page / raw:7.2f}" if raw else ""
        print(f"{name:30}{span:14}{page:8.0f}{target:8}{raw:9.0f}{ratio}")
    _export(client, *days[EVER])
    return int(bool(missed))


def _get(client: Any, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code


def _raw(since: Any, until: Any, group: str) -> None:
    from django.db import connection

    which = "true" if group == "figure" else "figure = 'FIRST_RESPONSE'"
    with connection.cursor() as cursor:
        query = RAW.format(group=group, which=which, done="state = 'DONE' AND excluded = ''")
        cursor.execute(query, [since, until + timedelta(days=1)])
        cursor.fetchall()


def _median(call: Callable[[], object]) -> float:
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _export(client: Any, since: Any, today: Any) -> None:
    """Everything as CSV: rows, seconds, and by how much the process grew."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    answer = client.get(f"{HOME}export/csv/?period=range&from={since}&to={today}&part=all")
    rows = sum(chunk.count(b"\n") for chunk in answer.streaming_content) - 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    print(f"CSV of {rows:,} rows in {time.perf_counter() - begun:.0f} s, {grown:.0f} MB more memory")


# --- against the reference ------------------------------------------------------------------------------------------


def _compare(count: int) -> int:
    """Random histories: every figure, all together and department by department, equal to the second."""
    from channels_sns.clock import database_now
    from complaints import measures, packs
    from complaints.models import Complaint, ComplaintEvent
    from departments.models import Agency, Department
    from tests.complaints.reports import reference
    from tests.make import make_person

    offices = list(Department.objects.order_by("pk")[:12])
    accounts = [million.account(kind).pk for kind in ("x", "facebook")]
    agency, people = Agency.objects.order_by("pk")[0], [make_person(None).pk]
    reference.make_histories(
        count, account_ids=accounts, departments=offices, people=people, agency=agency, seed=20_000
    )
    begun = time.perf_counter()
    for _done in measures.backfill():
        pass
    print(f"{database()}: {count:,} histories measured in {time.perf_counter() - begun:.0f} s")
    packs.refresh(now=database_now() + packs.SETTLED)
    events: dict[int, list[Any]] = defaultdict(list)
    for event in ComplaintEvent.objects.order_by("id"):
        events[event.complaint_id].append(event)
    spans = [span for row in Complaint.objects.iterator() for span in reference.spans_of(row, events[row.pk])]
    wrong, compared = _held_against(spans)
    print(f"{compared:,} numbers of {len(spans):,} spans compared, from the table and from the packs: {wrong} differ")
    return int(bool(wrong))


def _held_against(spans: list[Any]) -> tuple[int, int]:
    """How many numbers are wrong, out of how many."""
    from django.utils import timezone

    from complaints.models import Duration, Figure
    from complaints.reports.packed import Packed
    from complaints.reports.slices import read
    from complaints.reports.sources import Exact
    from tests.complaints.reports import reference

    now, wrong, compared = timezone.now(), 0, 0
    for figure in Figure.values:
        of_figure = [span for span in spans if span.figure == figure]
        asked = read({"figure": figure, "period": "range", "from": "2026-01-01", "to": "2026-12-31"}, now=now)
        expected: dict[Any, Any] = {"": reference.numbers_of(of_figure, now=now)}
        for key in {span.department_id for span in of_figure}:
            expected[key] = reference.numbers_of([s for s in of_figure if s.department_id == key], now=now)
        for source in (Exact(Duration.objects.all()), Packed(Duration.objects.all())):
            found = {"": source.of_slice(asked, now=now), **source.by_group(asked, now=now)}
            wrong += found.keys() != expected.keys()
            for key, values in expected.items():
                compared += len(values)
                wrong += sum(getattr(found[key], name) != value for name, value in values.items())
    return wrong, compared
