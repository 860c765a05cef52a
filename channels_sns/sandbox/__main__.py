"""Start the sandbox: migrate its own database, then be gunicorn (one worker, many threads)."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

THREADS = 32


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description="A local server that speaks the networks' dialects.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8401)
    parser.add_argument("--data", default="var/sandbox", help="folder of its database")
    options = parser.parse_args(argv)
    prepare(Path(options.data))
    serve(options.host, options.port)


def prepare(data: Path) -> None:
    """Point this process (and gunicorn's worker) at the sandbox's settings and bring its tables up to date."""
    data.mkdir(parents=True, exist_ok=True)
    os.environ["SANDBOX_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "channels_sns.sandbox.settings"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()  # the worker is a fork of this process


def serve(host: str, port: int) -> None:
    """Be gunicorn until told to stop; its worker inherits what is loaded already."""
    from gunicorn.app.wsgiapp import run

    sys.argv = gunicorn_command(host, port)
    run()


def gunicorn_command(host: str, port: int) -> list[str]:
    # One process: the rate windows live in its memory. Many threads: a fault that waits holds one of them.
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS), "--bind", f"{host}:{port}"]
    # me2day's own header is spelled with underscores (me2_application_key).
    options += ["--header-map", "dangerous"]
    options += ["--no-control-socket", "--graceful-timeout", "1", "--keep-alive", "5", "--log-level", "warning"]
    return ["sandbox", *options, "channels_sns.sandbox.wsgi:application"]


if __name__ == "__main__":
    main()
