"""A worker like the desk's own, with jobs as rows of one table: what is lost or doubled when it is killed?

Run as `celery -A tests.busan_sns.embedded_stub worker …`.
"""

from __future__ import annotations

import time

from django.db import connection, transaction

from busan_sns.celery import app

LEASE_SECONDS = 1.0
TABLE = """CREATE TABLE IF NOT EXISTS stub_job (
    id integer PRIMARY KEY,
    state text NOT NULL,
    lease_until real NOT NULL DEFAULT 0,
    starts integer NOT NULL DEFAULT 0
)"""
EFFECTS = "CREATE TABLE IF NOT EXISTS stub_effect (job integer NOT NULL)"

app.conf.beat_scheduler = "celery.beat:Scheduler"
app.conf.beat_schedule = {"dispatch": {"task": "stub.dispatch", "schedule": 0.3, "options": {"expires": 1}}}


def rows(statement: str, *values: float) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


@app.task(name="stub.dispatch")
def dispatch() -> None:
    """Lease what is due and tell the workers; the message may be lost: the row is due again after its lease."""
    now = time.time()
    with transaction.atomic():
        due = rows("SELECT id FROM stub_job WHERE state <> 'done' AND lease_until < %s LIMIT 20", now)
        for (job,) in due:
            rows("UPDATE stub_job SET state = 'leased', lease_until = %s WHERE id = %s", now + LEASE_SECONDS, job)
    for (job,) in due:
        run.delay(job)


@app.task(name="stub.run")
def run(job: int) -> None:
    """The work takes a while; its effect and the row's end are one transaction."""
    rows("UPDATE stub_job SET state = 'running', starts = starts + 1 WHERE state = 'leased' AND id = %s", job)
    time.sleep(0.2)
    with transaction.atomic():
        if rows("SELECT id FROM stub_job WHERE id = %s AND state <> 'done'", job):
            rows("INSERT INTO stub_effect (job) VALUES (%s)", job)
            rows("UPDATE stub_job SET state = 'done' WHERE id = %s", job)
