"""A list of the reports as CSV and as XLSX: seconds and memory of `manage.py export_report`, run as people run it.

python -m tests.services -- python -m bench exports [--rows 100000]     (PostgreSQL)
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from bench import million
from bench.desk import ROOT, database, empty_desk

#: Nothing is ever such a list here: what the command needs for itself.
EMPTY = "duplicate"
LOOK_SECONDS = 0.05


def main(arguments: list[str]) -> int:
    """0; 2 on another database than PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m bench exports", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args(arguments)
    with empty_desk() as folder:
        if "PostgreSQL" not in database():
            print("the exports are measured on PostgreSQL only")
            return 2
        million.fill(options.rows)
        measure(folder)
    return 0


def measure(folder: Path) -> None:
    """An empty file first; then all first answers."""
    print(f"{database()}; load {os.getloadavg()[0]:.1f}")
    print(f"{'file':8}{'rows':>10}{'seconds':>9}{'peak MB':>9}{'file MB':>9}")
    for ending, part in (("csv", EMPTY), ("csv", "all"), ("xlsx", EMPTY), ("xlsx", "all")):
        file = folder / f"first-answers.{ending}"
        rows = _rows(part)
        seconds, megabytes = _run(file, part)
        print(f"{ending:8}{rows:10,}{seconds:9.1f}{megabytes:9.0f}{file.stat().st_size / 1e6:9.1f}")


def _rows(part: str) -> int:
    from django.utils import timezone

    from complaints.models import Duration
    from complaints.reports.numbers import PARTS

    return Duration.objects.filter(PARTS[part](timezone.now()), figure="FIRST_RESPONSE").count()


def _run(file: Path, part: str) -> tuple[float, float]:
    """Seconds from the start of the process to its end, and the most memory it held."""
    from django.utils import timezone

    today = timezone.localdate()
    since = today - timedelta(days=million.YEARS * 366)
    days = ["--period", "range", "--from", str(since), "--to", str(today)]
    command = [sys.executable, "manage.py", "export_report", str(file), "--part", part, *days]
    begun, peak = time.perf_counter(), 0.0
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while child.poll() is None:
        peak = max(peak, _held_by(child.pid))
        time.sleep(LOOK_SECONDS)
    assert child.returncode == 0, child.returncode
    return time.perf_counter() - begun, peak


def _held_by(pid: int) -> float:
    """The most that a process has held until now, in MB. (Its rusage begins with what its parent held.)"""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
