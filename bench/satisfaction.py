"""Satisfaction with very many answers: its page by several dimensions, and its JSON with all of them.

python -m tests.services -- python -m bench satisfaction [--answers 100000]     (PostgreSQL)
"""

from __future__ import annotations

import argparse
import os
from datetime import timedelta
from functools import partial
from typing import Any

from bench import million, reports
from bench.desk import database, empty_desk

#: All answers are of one year.
YEARS = 1
DIMENSIONS = ("department", "bureau", "account", "kind", "hour")
#: Of ten answers so many are of a citizen who said something.
SAID = 3


def main(arguments: list[str]) -> int:
    """0; 1 where a page misses its target; 2 on another database than PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m bench satisfaction", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--answers", type=int, default=100_000)
    options = parser.parse_args(arguments)
    with empty_desk():
        if "PostgreSQL" not in database():
            print("many answers are measured on PostgreSQL only")
            return 2
        million.YEARS = YEARS
        million.fill(options.answers)
        _answer_all()
        return _measure()


def _answer_all() -> None:
    """An answer that stands, of every complaint; of some of them the citizen spoke."""
    from django.contrib.auth.models import User
    from django.db import connection

    from channels_sns.models import Account
    from complaints.models import Complaint, Reply, Verdict
    from tests.make import make_post

    by, post = User.objects.order_by("pk")[0], make_post(Account.objects.order_by("pk")[0])
    rows: list[tuple[int, Any, Any]] = list(Complaint.objects.values_list("pk", "answered_at", "department_id"))
    state = {"number": 1, "text": "x", "state": Reply.State.SENT, "drafted_by": by, "approved_by": by}
    replies = (Reply(complaint_id=pk, drafted_at=at, approved_at=at, **state) for pk, at, _department in rows)
    Reply.objects.bulk_create(replies, batch_size=5000)
    of_complaint = dict(Reply.objects.values_list("complaint_id", "pk"))
    Verdict.objects.bulk_create(
        (
            Verdict(
                complaint_id=pk,
                reply_id=of_complaint[pk],
                department_id=department,
                answered_at=at,
                **({"said": "SATISFIED", "post": post, "said_at": at} if pk % 10 < SAID else {}),
            )
            for pk, at, department in rows
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _measure() -> int:
    from django.utils import timezone

    client, today = reports._manager(), timezone.localdate()
    ended = today.replace(day=1) - timedelta(days=1)
    spans = {
        "month": f"period=month&on={ended}",
        "quarter": f"period=quarter&on={ended}",
        "year": f"period=range&from={today - timedelta(days=365)}&to={today}",
    }
    print(f"{database()}, median of {reports.ROUNDS}, milliseconds; load {os.getloadavg()[0]:.1f}")
    print(f"{'by':14}" + "".join(f"{name:>10}" for name in spans))
    missed = 0
    for by in DIMENSIONS:
        address = f"{reports.HOME}satisfaction/?by={by}&"
        found = [reports._median(partial(reports._get, client, f"{address}{span}")) for span in spans.values()]
        missed += sum(each > reports.SLICE_MS for each in found)
        print(f"{by:14}" + "".join(f"{each:10.0f}" for each in found))
    address = f"{reports.HOME}export/satisfaction/json/?"
    found = [reports._median(partial(reports._get, client, f"{address}{span}")) for span in spans.values()]
    print(f"{'JSON of all':14}" + "".join(f"{each:10.0f}" for each in found))
    return int(bool(missed))
