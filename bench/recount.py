"""A holiday changes: 100,000 open complaints counted anew in the background while an officer opens the list.

python -m bench recount [--complaints 100000] [--seconds 60 | --whole]
"""

from __future__ import annotations

import argparse
import math
import statistics
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.desk import database, empty_desk
from bench.million import COMPLAINTS, DURATIONS, officers, shape_of

LIST = "/admin/complaints/complaint/?tab=all"
ROUNDS = 20
#: What the list may take while the clock counts.
TARGET_MS = 1000


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if the list misses its target meanwhile."""
    parser = argparse.ArgumentParser(prog="bench recount")
    parser.add_argument("--complaints", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60, help="how long the clock counts at most")
    parser.add_argument(
        "--whole", action="store_true", help="count all of them, however long it takes, and look over them once more"
    )
    options = parser.parse_args(arguments)
    with empty_desk():
        _fill(options.complaints)
        print(f"{database()}, {options.complaints:,} open complaints")
        return _measure(math.inf if options.whole else options.seconds, options.complaints)


def _fill(count: int) -> None:
    """Grievances of this morning, each due seven days on: one holiday moves them all. Straight into the tables."""
    from django.db import connection
    from django.utils import timezone

    from complaints import deadlines
    from complaints.models import Complaint
    from complaints.models.kinds import LegalKind

    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(COMPLAINTS.format(**shape_of(count)))
        due_at = deadlines.due(LegalKind.GRIEVANCE, now)
        Complaint.objects.update(
            status="RECEIVED", legal_kind=LegalKind.GRIEVANCE, received_at=now, due_at=due_at, answered_at=None,
            closed_at=None, department=None,
        )  # fmt: skip
        cursor.execute(
            DURATIONS.format(figure="FIRST_RESPONSE", which="true", due="due_at", officer=officers(), department="NULL")
        )
        cursor.execute("VACUUM ANALYZE")


def _measure(seconds: float, count: int) -> int:
    from django.test import Client
    from django.utils import timezone

    from complaints import recount
    from departments.models import Holiday, Role
    from tests.make import make_person

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_person(Role.OFFICER), backend="django.contrib.auth.backends.ModelBackend")
    recount.recount(now=timezone.now())
    quiet = _look(client, rounds=ROUNDS)
    Holiday.objects.create(date=_tomorrow(), name="임시공휴일", reason="bench")
    counted = Counted()
    clock = threading.Thread(target=_count, args=(seconds, counted))
    clock.start()
    busy = _look(client, while_alive=clock)
    clock.join()
    print(counted.said(count))
    print(f"list: {statistics.median(quiet):.0f} ms before, {statistics.median(busy):.0f} ms meanwhile, "
          f"slowest {max(busy):.0f} ms of {len(busy)}")  # fmt: skip
    missed = math.isinf(seconds) and not (counted.moved == count and counted.over)
    return int(missed or statistics.median(busy) > TARGET_MS)


@dataclass
class Counted:
    """What the clock did: `again` is the second pass, which only looks; `over`: the new calendar is the known one."""

    moved: int = 0
    seconds: float = 0
    again: float = 0
    over: bool = False

    def said(self, count: int) -> str:
        pace = self.moved / self.seconds
        said = f"{self.moved:,} due times moved in {self.seconds:.0f} s: {pace:,.0f} a second"
        if not self.over:
            return f"{said}, all {count:,} in {count / pace / 60:.1f} min" if pace else said
        return f"{said}; looked over once more in {self.again:.0f} s, nothing left to move"


def _count(seconds: float, counted: Counted) -> None:
    """As the clock's hand does it, bit by bit; to the very end where no time is set."""
    from django.db import connection
    from django.utils import timezone

    from complaints import recount

    begun, said = time.perf_counter(), [0.0]

    def goes_on() -> bool:
        """With a sign of life every minute."""
        passed = time.perf_counter() - begun
        if passed >= said[0] + 60:
            said[0] = passed
            print(f"… {passed / 60:.0f} min, {_moved():,} moved", flush=True)
        return passed < seconds

    try:
        counted.moved = recount.recount(now=timezone.now(), goes_on=goes_on)
        counted.seconds = time.perf_counter() - begun
        if math.isinf(seconds):
            left = recount.recount(now=timezone.now() + recount.AGAIN_AFTER)
            counted.again, counted.over = time.perf_counter() - begun - counted.seconds, left == 0 and _is_over()
    finally:
        connection.close()


def _moved() -> int:
    from complaints.models import ComplaintEvent

    return ComplaintEvent.objects.filter(move="due").count()


def _is_over() -> bool:
    from complaints.models import DueBasis

    basis = DueBasis.objects.get()
    return basis.applied == basis.target


def _look(client: Any, *, rounds: int = 0, while_alive: threading.Thread | None = None) -> list[float]:
    """Milliseconds of the list, again and again with a breath between."""
    found: list[float] = []
    while len(found) < rounds or (while_alive is not None and while_alive.is_alive()):
        begun = time.perf_counter()
        assert client.get(LIST).status_code == 200
        found.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.2)
    return found or [0.0]


def _tomorrow() -> Any:
    """A day that counts, within the period."""
    from django.utils import timezone

    from departments.working_time import calendar_for

    day = timezone.localdate() + timedelta(days=1)
    while not calendar_for().is_counted_day(day):
        day += timedelta(days=1)
    return day
