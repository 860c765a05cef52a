"""How long a person waits for the desk: the first start, with tables, city and demo, and the second one.

python -m bench start [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from bench.desk import running_desk

TARGET_SECONDS = 10


def main(arguments: list[str]) -> int:
    """Print the figures beside the machine's load; 1 if every second start misses the target."""
    parser = argparse.ArgumentParser(prog="bench start")
    parser.add_argument("--rounds", type=int, default=3, help="second starts")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="desk-start-") as name:
        _start("first start, with the demo", Path(name) / "var")
        seconds = [_start("second start", Path(name) / "var") for _round in range(options.rounds)]
    print(f"best second start           {min(seconds):6.2f} s   (target {TARGET_SECONDS} s)")
    return int(min(seconds) > TARGET_SECONDS)


def _start(name: str, folder: Path) -> float:
    with running_desk(folder) as desk:
        print(f"{name:28}{desk.seconds:6.2f} s   load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        return desk.seconds
