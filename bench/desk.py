"""A desk of its own for a measurement: empty tables or the whole of it, nothing of the machine's."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.sandbox import free_port

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DESK_", "DJANGO_")


@contextmanager
def empty_desk() -> Iterator[Path]:
    """Django on fresh tables: SQLite in a temporary folder, or the empty database that DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        os.environ["DESK_VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "busan_sns.settings"
        os.environ.setdefault("DESK_LOG_LEVEL", "WARNING")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_city", stdout=io.StringIO())
        yield Path(folder)


def database() -> str:
    """“SQLite 3.40.1” or “PostgreSQL 15.18”."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    version = connection.pg_version  # type: ignore[attr-defined]
    return f"PostgreSQL {version // 10000}.{version % 10000}"


@dataclass(frozen=True, slots=True)
class RunningDesk:
    """`seconds`: from the command to the welcome, as a person waits."""

    address: str
    sandbox: str
    seconds: float


@contextmanager
def running_desk(folder: Path, *arguments: str) -> Iterator[RunningDesk]:
    """`manage.py desk` on free ports, its files in `folder`; stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    ports, log = (free_port(), free_port()), folder.parent / f"{folder.name}.log"
    command = [sys.executable, "manage.py", "desk", "--port", str(ports[0]), "--sandbox-port", str(ports[1])]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment = {**kept, "DESK_VAR_DIR": str(folder)}
    with log.open("wb") as out:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        while "Ctrl+C" not in log.read_text(encoding="utf-8"):
            if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                raise RuntimeError(log.read_text(encoding="utf-8"))
            time.sleep(0.02)
        seconds = time.perf_counter() - begun
        yield RunningDesk(f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}", seconds)
    finally:
        process.terminate()
        process.wait(30)
