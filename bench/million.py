"""A million complaints with all their spans, straight into the tables of PostgreSQL. No measurement of its own."""

from __future__ import annotations

import time
from typing import Any

YEARS = 3
NETWORKS = ("x", "facebook", "me2day", "mastodon", "youtube", "bluesky", "kakao")
DEPARTMENTS, OFFICERS = 60, 8

COMPLAINTS = """
INSERT INTO complaints_complaint (number, status, version, account_id, text, language, has_photo, priority,
    urgent_words, department_id, district_id, received_at, due_at, answered_at, closed_at, close_reason, held_from,
    reopened{columns})
SELECT 'N' || n, CASE WHEN n % 50 = 0 THEN 'ASSIGNED' ELSE 'COMPLETED' END, 1, {account} + n % 7, '', 'ko', false,
    CASE WHEN n % 20 = 0 THEN 'URGENT' ELSE 'NORMAL' END, '[]', {department} + n % 60,
    CASE WHEN n % 3 = 0 THEN NULL ELSE {district} + n % 16 END, at, at + interval '3 hours', at + interval '2 hours',
    CASE WHEN n % 50 = 0 THEN NULL ELSE at + interval '5 hours' END, '', '', 0{values}
FROM (SELECT n, now() - n * interval '{step} seconds' AS at FROM generate_series(1, {count}) AS n) AS one
"""
#: Figure → which complaints have it, and what is due.
FIGURES = {
    "FIRST_TOUCH": ("true", "NULL::timestamptz"),
    "FIRST_RESPONSE": ("true", "due_at"),
    "RESOLUTION": ("true", "NULL::timestamptz"),
    "IN_DEPARTMENT": ("true", "NULL::timestamptz"),
    "DELIVERY": ("id % 50 <> 0", "NULL::timestamptz"),
    "WAITING": ("id % 10 = 0", "NULL::timestamptz"),
    "RESPONSE_AGAIN": ("id % 33 = 0", "due_at"),
}
DURATIONS = """
INSERT INTO complaints_duration (complaint_id, figure, state, excluded, account_id, district_id, department_id,
    first_by_id, priority, legal_kind, ending, onward_id, began_at, ended_at, due_at, wall_seconds, working_seconds)
SELECT id, '{figure}', CASE WHEN open THEN 'OPEN' ELSE 'DONE' END, CASE WHEN id % 40 = 0 THEN 'DISMISSED' ELSE '' END,
    account_id, district_id, department_id, {officer} + id % 8, priority, legal_kind,
    CASE WHEN '{figure}' <> 'IN_DEPARTMENT' OR open THEN '' WHEN id % 9 = 0 THEN 'send_back' ELSE 'complete' END,
    CASE WHEN '{figure}' = 'IN_DEPARTMENT' AND NOT open AND id % 9 = 0 THEN {department} + id % 7 END, received_at,
    CASE WHEN open THEN NULL ELSE received_at + wall * interval '1 second' END, {due},
    CASE WHEN open THEN NULL ELSE wall END, CASE WHEN open THEN NULL ELSE wall / 3 END
FROM (SELECT *, status <> 'COMPLETED' AS open, (random() * random() * 200000)::int AS wall
    FROM complaints_complaint WHERE {which}) AS one
"""


def fill(count: int) -> None:
    """Three years, an account on each network, sixty departments, eight officers; packed as the clock would do it."""
    from django.db import connection

    from channels_sns.clock import database_now
    from complaints import packs
    from complaints.models import Duration

    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        shape = shape_of(count)
        cursor.execute(COMPLAINTS.format(**shape))
        first = {"officer": officers(), "department": shape["department"]}
        for figure, (which, due) in FIGURES.items():
            cursor.execute(DURATIONS.format(figure=figure, which=which, due=due, **first))
        cursor.execute("VACUUM ANALYZE")
    print(f"{count:,} complaints, {Duration.objects.count():,} spans in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    made = packs.refresh(now=database_now() + packs.SETTLED)
    print(f"{made} packs in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    packs._pack(("FIRST_RESPONSE", _first_of_this_month()))
    print(f"one figure of one month packed anew in {(time.perf_counter() - begun) * 1000:.0f} ms")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '15s'")


def shape_of(count: int) -> dict[str, Any]:
    """What the statement needs: first ids, seconds between two complaints, columns that came later."""
    from departments.models import Department, District

    departments = list(Department.objects.order_by("pk").values_list("pk", flat=True)[:DEPARTMENTS])
    district = District.objects.order_by("pk")[0].pk
    assert departments[-1] - departments[0] == DEPARTMENTS - 1
    accounts = [account(kind) for kind in NETWORKS]
    return {
        "account": accounts[0].pk,
        "department": departments[0],
        "district": district,
        "step": YEARS * 365 * 86_400 // count,
        "count": count,
        **columns_left(COMPLAINTS),
    }


def columns_left(statement: str) -> dict[str, str]:
    """The columns of a complaint that `statement` does not name, and their defaults, each as a list to append."""
    from complaints.models import Complaint

    named = statement.split("(")[1]
    left = [
        f
        for f in Complaint._meta.concrete_fields
        if not f.null and not f.primary_key and not f.generated and str(f.column) not in named
    ]
    return {
        "columns": "".join(f", {field.column}" for field in left),
        "values": "".join(f", '{field.get_default()}'" for field in left),
    }


def officers() -> int:
    from django.contrib.auth.models import User

    people = User.objects.bulk_create(User(username=f"officer{number}") for number in range(OFFICERS))
    return people[0].pk


def _first_of_this_month() -> Any:
    from django.utils import timezone

    return timezone.localdate().replace(day=1)


def account(kind: str) -> Any:
    from django.utils import timezone

    from channels_sns.models import Account

    return Account.objects.create(kind=kind, handle="bench", base_url="https://n.example", connected_at=timezone.now())
