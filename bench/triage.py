"""The triage desk among a million complaints: its list and an open complaint, beside the time of their own SQL.

python -m tests.services -- python -m bench triage [--complaints 1000000]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.desk import database, empty_desk

ROUNDS = 15
TIMES_MAX = 3.0
#: One in so many is not closed yet: half of those wait at the desk, half lie in departments.
OPEN_ONE_IN = 50
COMPLAINTS = """
INSERT INTO complaints_complaint (number, status, version, account_id, author_id, text, language, has_photo, priority,
    urgent_words, department_id, district_id, received_at, due_at, answered_at, closed_at, close_reason, held_from,
    reopened{columns})
SELECT 'N' || n, CASE WHEN n % {open} <> 0 THEN 'COMPLETED' WHEN n % {half} = 0 THEN 'RECEIVED' ELSE 'ASSIGNED' END, 1,
    {account}, {author} + n % {authors}, '해운대구 우동 ' || n || '번지 앞 가로등이 꺼져 있습니다', 'ko', false,
    CASE WHEN n % 2000 = 0 THEN 'URGENT' ELSE 'NORMAL' END, '[]',
    CASE WHEN n % {half} = 0 THEN NULL ELSE {department} + n % 60 END, {district} + n % 16, at, at + interval '3 hours',
    CASE WHEN n % {open} <> 0 THEN at + interval '2 hours' END,
    CASE WHEN n % {open} <> 0 THEN at + interval '5 hours' END, '', '', 0{values}
FROM (SELECT n, now() - n * interval '90 seconds' AS at FROM generate_series(1, {count}) AS n) AS one
"""
EVENTS = """
INSERT INTO complaints_complaintevent (complaint_id, move, from_status, to_status, at, note, data)
SELECT id, 'register', '', 'RECEIVED', received_at, '', '{}' FROM complaints_complaint
"""
SPANS = """
INSERT INTO complaints_duration (complaint_id, figure, state, excluded, account_id, priority, legal_kind, ending,
    began_at)
SELECT id, 'RESOLUTION', 'OPEN', '', account_id, priority, legal_kind, '', received_at FROM complaints_complaint
WHERE status <> 'COMPLETED'
"""
AUTHORS, OFFICERS = 50_000, 8


@dataclass(frozen=True, slots=True)
class Timed:
    """One request in this process: all of it, and what the database took of it."""

    all_ms: float
    sql_ms: float
    queries: int


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if a page takes more than three times its own SQL."""
    parser = argparse.ArgumentParser(prog="bench triage")
    parser.add_argument("--complaints", type=int, default=1_000_000)
    options = parser.parse_args(arguments)
    with empty_desk():
        seconds = _fill(options.complaints)
        print(f"{database()}, {options.complaints:,} complaints ({seconds:.0f} s to fill), median of {ROUNDS}")
        return _measure(_pages())


def _fill(count: int) -> float:
    from django.db import connection

    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(COMPLAINTS.format(**_shape(count)))
        cursor.execute(EVENTS)
        cursor.execute(SPANS)
    _threads()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SET statement_timeout = '15s'")
    return time.perf_counter() - begun


def _shape(count: int) -> dict[str, Any]:
    from bench.million import account, columns_left
    from channels_sns.models import Author
    from departments.models import Department, District

    city = account("x")
    people = [Author(account=city, external_id=str(n), handle=f"citizen{n}") for n in range(AUTHORS)]
    authors = Author.objects.bulk_create(people, batch_size=5000)
    return {
        "account": city.pk,
        "author": authors[0].pk,
        "authors": AUTHORS,
        "department": Department.objects.order_by("pk")[0].pk,
        "district": District.objects.order_by("pk")[0].pk,
        "open": OPEN_ONE_IN,
        "half": 2 * OPEN_ONE_IN,
        "count": count,
        **columns_left(COMPLAINTS),
    }


def _threads() -> None:
    """What the open ones have: the post that began it, three suggestions."""
    from channels_sns.models import InboundPost
    from complaints.models import Complaint, ComplaintPost, Suggestion
    from departments.models import Department

    departments = list(Department.objects.order_by("pk")[:3])
    rows = list(Complaint.objects.exclude(status="COMPLETED").order_by("pk"))
    posts = InboundPost.objects.bulk_create(
        [
            InboundPost(
                account_id=row.account_id,
                external_id=row.number,
                kind="mention",
                state="REGISTERED",
                author_id=row.author_id,
                text=row.text,
                posted_at=row.received_at,
                arrived_at=row.received_at,
            )
            for row in rows
        ],
        batch_size=2000,
    )
    links = [
        ComplaintPost(complaint=row, post=post, joined_at=row.received_at, opened=True)
        for row, post in zip(rows, posts, strict=True)
    ]
    ComplaintPost.objects.bulk_create(links, batch_size=2000)
    guesses = [
        Suggestion(complaint=row, department=department, rank=rank, score=1, words=["가로등"])
        for row in rows
        for rank, department in enumerate(departments, start=1)
    ]
    Suggestion.objects.bulk_create(guesses, batch_size=2000)


def _pages() -> list[tuple[str, Callable[[], Any]]]:
    """What an officer asks for all day; eight colleagues have something open."""
    from django.utils import timezone

    from complaints.models import Complaint, Presence

    client, colleagues = _officer("bench"), [_person(f"colleague{n}") for n in range(OFFICERS)]
    waiting = list(Complaint.objects.filter(status="RECEIVED").order_by("received_at")[: ROUNDS + OFFICERS + 1])
    now = timezone.now()
    Presence.objects.bulk_create(
        [
            Presence(user=user, complaint=row, since=now, seen_at=now)
            for user, row in zip(colleagues, waiting, strict=False)
        ]
    )
    held = Complaint.objects.filter(status="ASSIGNED").order_by("received_at")[0]
    part = {"HX-Request": "true", "HX-Target": "item"}
    shown = iter(waiting[OFFICERS:])
    desk = "/admin/desk/"
    return [
        ("list", lambda: client.get(desk)),
        ("list, all", lambda: client.get(f"{desk}?tab=all")),
        ("list, due", lambda: client.get(f"{desk}?tab=due")),
        ("item, htmx", lambda: client.get(f"{desk}{next(shown).number}/", headers=part)),
        ("item, whole page", lambda: client.get(f"{desk}{held.number}/?tab=all")),
        ("pulse", lambda: client.get(f"{desk}pulse/?known=1000000&open={held.number}&event=1000000")),
    ]


def _officer(name: str) -> Any:
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(_person(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _person(name: str) -> Any:
    from django.contrib.auth.models import User

    from departments import directory
    from departments.models import Role

    user = User.objects.create_user(name)
    directory.grant(user, Role.OFFICER)
    return user


def _measure(pages: list[tuple[str, Callable[[], Any]]]) -> int:
    print(f"{'page':18}{'ms':>8}{'own SQL':>9}{'queries':>9}{'times':>7}   (wanted: at most {TIMES_MAX:g} times)")
    missed = 0
    for name, ask in pages:
        _timed(ask)
        rounds = [_timed(ask) for _round in range(ROUNDS)]
        whole, sql = (
            statistics.median(column) for column in zip(*((one.all_ms, one.sql_ms) for one in rounds), strict=True)
        )
        times = whole / sql
        missed += times > TIMES_MAX
        print(f"{name:18}{whole:8.1f}{sql:9.1f}{rounds[-1].queries:9d}{times:7.1f}")
    return int(bool(missed))


def _timed(ask: Callable[[], Any]) -> Timed:
    from django.db import connection

    spent, queries = 0.0, 0

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal spent, queries
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - begun
            queries += 1

    with connection.execute_wrapper(timed):
        begun = time.perf_counter()
        answer = ask()
        whole = time.perf_counter() - begun
    assert answer.status_code == 200, answer.status_code
    return Timed(whole * 1000, spent * 1000, queries)
