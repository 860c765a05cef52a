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

from bench.desk import database, empty_desk

OVERVIEW_MS, SLICE_MS = 300, 1000
ROUNDS = 5
HOME = "/admin/reports/"
YEARS = 3

COMPLAINTS = """
INSERT INTO complaints_complaint (number, status, version, account_id, text, language, has_photo, priority,
    urgent_words, department_id, received_at, due_at, answered_at, closed_at, close_reason, held_from,
    reopened{columns})
SELECT 'N' || n, CASE WHEN n % 50 = 0 THEN 'ASSIGNED' ELSE 'COMPLETED' END, 1, {account} + n % 2, '', 'ko', false,
    'NORMAL', '[]', {department} + n % 60, at, at + interval '3 hours', at + interval '2 hours',
    CASE WHEN n % 50 = 0 THEN NULL ELSE at + interval '5 hours' END, '', '', 0{values}
FROM (SELECT n, now() - n * interval '{step} seconds' AS at FROM generate_series(1, {count}) AS n) AS one
"""
DURATIONS = """
INSERT INTO complaints_duration (complaint_id, figure, state, excluded, account_id, district_id, department_id,
    began_at, ended_at, due_at, wall_seconds, working_seconds)
SELECT id, '{figure}', CASE WHEN open THEN 'OPEN' ELSE 'DONE' END, CASE WHEN id % 40 = 0 THEN 'DISMISSED' ELSE '' END,
    account_id, NULL, department_id, received_at,
    CASE WHEN open THEN NULL ELSE received_at + wall * interval '1 second' END,
    {due}, CASE WHEN open THEN NULL ELSE wall END, CASE WHEN open THEN NULL ELSE wall / 3 END
FROM (SELECT *, id % 50 = 0 AS open, (random() * random() * 200000)::int AS wall FROM complaints_complaint) AS one
"""
RAW = """
SELECT {group}, count(*) FILTER (WHERE {done}), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY wall_seconds)
    FILTER (WHERE {done}), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY working_seconds)
    FILTER (WHERE {done})
FROM complaints_duration WHERE figure = 'FIRST_RESPONSE' AND began_at >= %s AND began_at < %s GROUP BY {group}
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
        _fill(options.complaints)
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


def _fill(count: int) -> None:
    """Three years, two accounts, sixty departments; straight into the tables."""
    from django.db import connection

    from channels_sns.models import Account
    from complaints.models import Complaint
    from departments.models import Department

    accounts = [_account(kind) for kind in ("x", "facebook")]
    known = {"number", "status", "version", "account", "author", "text", "language", "has_photo", "priority"}
    known |= {"urgent_words", "department", "received_at", "due_at", "answered_at", "closed_at", "close_reason"}
    more = [
        f
        for f in Complaint._meta.concrete_fields
        if not f.null and f.name not in known | {"id", "held_from", "reopened"}
    ]
    departments = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    step = YEARS * 365 * 86_400 // count
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        columns, values = "".join(f", {f.column}" for f in more), "".join(f", '{f.get_default()}'" for f in more)
        shape = {"account": min(a.pk for a in accounts), "department": departments[0], "step": step, "count": count}
        cursor.execute(COMPLAINTS.format(columns=columns, values=values, **shape))
        for figure in ("FIRST_TOUCH", "FIRST_RESPONSE", "RESOLUTION"):
            due = "due_at" if figure == "FIRST_RESPONSE" else "NULL::timestamptz"
            cursor.execute(DURATIONS.format(figure=figure, due=due))
        cursor.execute("ANALYZE")
        cursor.execute("SET statement_timeout = '15s'")
    assert Account.objects.count() == len(accounts)
    print(f"{count:,} complaints, {3 * count:,} durations in {time.perf_counter() - begun:.0f} s")


def _account(kind: str) -> Any:
    from django.utils import timezone

    from channels_sns.models import Account

    return Account.objects.create(kind=kind, handle="bench", base_url="https://n.example", connected_at=timezone.now())


def _measure(client: Any, count: int) -> int:
    from django.utils import timezone

    today = timezone.localdate()
    year, ever = today - timedelta(days=365), today - timedelta(days=YEARS * 365)
    spans = {"month": today.replace(day=1), "year": year, "ever": ever}
    pages = (
        ("overview, month", "", "month", OVERVIEW_MS),
        ("slice by department, month", "slice/?by=department", "month", SLICE_MS),
        ("slice by channel, month", "slice/?by=network", "month", SLICE_MS),
        ("slice by department, year", "slice/?by=department", "year", SLICE_MS),
        ("slice by department, all three years", "slice/?by=department", "ever", SLICE_MS),
    )
    print(f"{database()}, {count:,} complaints, median of {ROUNDS}, milliseconds")
    print(f"{'page':38}{'page':>8}{'target':>8}{'raw SQL':>9}{'ratio':>7}")
    missed = 0
    for name, address, span, target in pages:
        query = "" if span == "month" else f"period=range&from={spans[span]}&to={today}"
        url = f"{HOME}{address}{'&' if '?' in address else '?'}{query}"
        page, raw = _median(partial(_get, client, url)), _median(partial(_raw, spans[span]))
        missed += page > target
        print(f"{name:38}{page:8.0f}{target:8}{raw:9.0f}{page / raw:7.1f}")
    _export(client, ever, today)
    return int(bool(missed))


def _get(client: Any, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code


def _raw(since: Any) -> None:
    from django.db import connection
    from django.utils import timezone

    done = "state = 'DONE' AND excluded = ''"
    with connection.cursor() as cursor:
        cursor.execute(RAW.format(group="department_id", done=done), [since, timezone.now()])
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
    from django.utils import timezone

    from complaints import measures
    from complaints.models import Complaint, ComplaintEvent, Duration, Figure
    from complaints.reports import numbers
    from complaints.reports.slices import read
    from departments.models import Agency, Department
    from tests.complaints.reports import reference
    from tests.make import make_person

    offices = list(Department.objects.order_by("pk")[:12])
    accounts = [_account(kind).pk for kind in ("x", "facebook")]
    agency, people = Agency.objects.order_by("pk")[0], [make_person(None).pk]
    reference.make_histories(
        count, account_ids=accounts, departments=offices, people=people, agency=agency, seed=20_000
    )
    begun = time.perf_counter()
    for _done in measures.backfill():
        pass
    print(f"{database()}: {count:,} histories measured in {time.perf_counter() - begun:.0f} s")
    events: dict[int, list[Any]] = defaultdict(list)
    for event in ComplaintEvent.objects.order_by("id"):
        events[event.complaint_id].append(event)
    spans = [span for row in Complaint.objects.iterator() for span in reference.spans_of(row, events[row.pk])]
    now, wrong, compared = timezone.now(), 0, 0
    for figure in Figure.values:
        of_figure = [span for span in spans if span.figure == figure]
        asked = read({"figure": figure, "period": "range", "from": "2026-01-01", "to": "2026-12-31"}, now=now)
        found = {"": numbers.of_slice(asked, Duration.objects.all(), now=now)}
        expected = {"": reference.numbers_of(of_figure, now=now)}
        for key, each in numbers.by_group(asked, Duration.objects.all(), now=now).items():
            found[key] = each
            expected[key] = reference.numbers_of([s for s in of_figure if s.department_id == key], now=now)
        for key, values in expected.items():
            compared += len(values)
            wrong += sum(getattr(found[key], name) != value for name, value in values.items())
    print(f"{compared:,} numbers of {len(spans):,} spans compared, {wrong} differ")
    return int(bool(wrong))
