"""How long an emergency takes from the decision until it stands on every account, on healthy networks.

python -m bench emergency [--accounts 12]

The worker runs as `manage.py desk` starts it; the accounts are spread over the five networks where the city speaks.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.desk import ROOT, database, empty_desk
from tests.sandbox import World, running_sandbox

if TYPE_CHECKING:
    from channels_sns.models import Account
    from complaints.models import Emergency

NETWORKS = ("x", "facebook", "mastodon", "bluesky", "me2day")
TARGET_SECONDS, PATIENCE_SECONDS = 10, 120
WORKER = ("--pool", "threads", "--concurrency", "4", "--queues", "desk,poll,deliver", "--loglevel", "warning")


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if the target is missed or a post stands twice."""
    parser = argparse.ArgumentParser(prog="bench emergency")
    parser.add_argument("--accounts", type=int, default=12)
    options = parser.parse_args(arguments)
    with empty_desk() as folder, running_sandbox(folder / "sandbox") as address:
        worker = _worker(folder)
        try:
            return _measure(address, options.accounts)
        finally:
            worker.terminate()
            worker.wait(30)


def _worker(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "-A", "busan_sns", "worker", *WORKER]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DESK_VAR_DIR": str(folder)})


def _measure(address: str, number: int) -> int:
    places = [(World(address, f"e{n // len(NETWORKS)}"), NETWORKS[n % len(NETWORKS)]) for n in range(number)]
    made = _prepare(places)
    begun = time.perf_counter()
    decided, taken = _decide(made, begun)
    return _tell(made, places, decided, taken)


def _prepare(places: list[tuple[World, str]]) -> Emergency:
    """A lost child on every account, checked; the worker's clock ticks."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from channels_sns.models import Pulse
    from complaints import emergency_plans
    from departments import directory
    from departments.models import Role

    officer, now = User.objects.create_user("duty"), timezone.now()
    directory.grant(officer, Role.OFFICER, now=now)
    accounts = tuple(_connect(world, network) for world, network in places)
    facts = emergency_plans.Facts(
        "LOST_CHILD", "가나다", "7세", "빨간 모자", "red cap", "해운대해수욕장", "Haeundae Beach"
    )
    made = emergency_plans.prepare(facts, emergency_plans.Plan(accounts), complaint=None, by=officer, now=now)
    emergency_plans.check(made, {"CONSENT": "전화로", "FACTS": ""}, by=officer, now=now)
    while not Pulse.objects.exists():
        time.sleep(0.1)
    return made


def _decide(made: Emergency, begun: float) -> tuple[float, float]:
    """Seconds until it lies in the outbox, and until all of it stands."""
    from django.utils import timezone

    from channels_sns.models import OutboundPost
    from complaints import emergencies

    emergencies.start(made, by=made.prepared_by, version=made.version, now=timezone.now())
    decided = time.perf_counter() - begun
    while OutboundPost.objects.exclude(state="SENT").exists() and time.perf_counter() - begun < PATIENCE_SECONDS:
        time.sleep(0.05)
    return decided, time.perf_counter() - begun


def _tell(made: Emergency, places: list[tuple[World, str]], decided: float, taken: float) -> int:
    from channels_sns.models import OutboundPost

    rows = list(OutboundPost.objects.all())
    standing = sum(bool(post["is_city"]) for world, network in places for post in world.posts(network))
    print(f"{database()}: {len(places)} accounts, {len(rows)} posts (parts counted)")
    print(f"  decided, in the outbox   {decided:6.2f} s")
    times = [(row.sent_at - made.approved_at).total_seconds() for row in rows if row.sent_at and made.approved_at]
    print(f"  the first post stands    {min(times, default=0):6.2f} s")
    print(f"  all of them stand        {taken:6.2f} s  (target {TARGET_SECONDS} s)")
    print(f"  on the networks' walls   {standing:6d} posts")
    return int(taken > TARGET_SECONDS or standing != len(rows))


def _connect(world: World, network: str) -> Account:
    from django.utils import timezone

    from channels_sns import accounts

    return accounts.connect(
        kind=network,
        handle=world.city(network)["handle"],
        base_url=world.base_url(network),
        secrets=world.credentials(network),
        now=timezone.now(),
    )
