"""Office time between two moments, a million times in one process, with the sums built on the way.

python -m bench clocks [--intervals 1000000]
"""

from __future__ import annotations

import argparse
import os
import random
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import django

#: What is wanted, for a million.
SECONDS = 10.0
MILLION = 1_000_000


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if the target is missed."""
    parser = argparse.ArgumentParser(prog="bench clocks")
    parser.add_argument("--intervals", type=int, default=MILLION)
    number = parser.parse_args(arguments).intervals
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "busan_sns.settings")
    django.setup()
    moments = _moments(number + 1)
    built, took = _measure(moments)
    due = _measure_due(moments[: number // 10])
    print(f"sums of 1990–2099 built in {built:.2f} s")
    print(f"{number:,} intervals in {took:.2f} s; with the building {built + took:.2f} s (target {SECONDS:.0f} s)")
    print(f"{number // 10:,} due times in {due:.2f} s")
    return int((built + took) * MILLION / number > SECONDS)


def _moments(number: int) -> list[datetime]:
    """Any seconds of four years, always the same ones."""
    draw, first = random.Random(5), datetime(2024, 1, 1, tzinfo=UTC)
    return [first + timedelta(seconds=draw.randrange(4 * 365 * 86_400)) for _ in range(number)]


def _measure(moments: list[datetime]) -> tuple[float, float]:
    from departments.working_time import Calendar

    calendar, started = Calendar(), time.perf_counter()
    calendar.working_time_between(moments[0], moments[1])
    built, started = time.perf_counter() - started, time.perf_counter()
    for begin, end in pairwise(moments):
        calendar.working_time_between(begin, end)
    return built, time.perf_counter() - started


def _measure_due(moments: list[datetime]) -> float:
    from complaints import deadlines
    from complaints.models.kinds import LegalKind
    from departments.working_time import Calendar

    calendar, read, started = Calendar(), deadlines.reading(), time.perf_counter()
    for moment in moments:
        deadlines.due(LegalKind.SNS, moment, calendar=calendar, read=read)
    return time.perf_counter() - started
