"""manage.py desk: the whole desk on this machine, as one group of processes, without any service."""

from __future__ import annotations

import io
import os
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from busan_sns import upkeep
from busan_sns.first_start import ensure_secrets, port_is_free
from busan_sns.supervisor import Child, Supervisor

START_SECONDS = 60
#: In front of the person who tries it out, the networks are asked more often than in production.
POLL_SECONDS = "5"


class Command(BaseCommand):
    help = _("Start the whole desk here: sandbox, web server and worker; Ctrl+C stops it")
    requires_migrations_checks = False
    #: `make check` and the worker make them; here they would only be waited for.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8400)
        parser.add_argument("--sandbox-port", type=int, default=8401)
        parser.add_argument("--no-sandbox", action="store_true", help=_("without the local networks"))
        parser.add_argument("--no-demo", action="store_true", help=_("without demo data"))

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        _refuse_taken_ports(options)
        if ensure_secrets(settings.VAR_DIR / "secret.env"):
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - once more, now with the secrets
        supervisor = Supervisor(self._report_death)
        supervisor.stop_on_signals()
        try:
            self._start(supervisor, options)
            self._welcome(options, time.monotonic() - begun)
            supervisor.watch()
        finally:
            supervisor.stop()
        self.stdout.write("\n" + _("The desk has stopped."))

    def _start(self, supervisor: Supervisor, options: dict[str, Any]) -> None:
        """Everybody at once, as far as one needs not another's work: all need the tables, the demo the sandbox."""
        environment = _environment(options)
        awaited: dict[str, Child] = {}
        if not options["no_sandbox"]:
            awaited[f"{_sandbox_url(options)}/control/ready"] = supervisor.add(_sandbox(options, environment))
        upkeep.bring_up_to_date()
        web = supervisor.add(_web(environment))
        if _wants_demo(options):
            _await(supervisor, awaited)
            _seed(_sandbox_url(options), environment["DESK_PUBLIC_URL"])
        connection.close()
        supervisor.add(_worker(environment))
        _await(supervisor, {**awaited, f"http://{options['host']}:{options['port']}/healthz": web})

    def _welcome(self, options: dict[str, Any], seconds: float) -> None:
        desk = f"http://{options['host']}:{options['port']}/"
        lines = ["", self.style.SUCCESS(_("The desk is open (%(seconds).1f s)") % {"seconds": seconds}), ""]
        lines.append("  " + _("Desk: %(address)s") % {"address": desk})
        if not options["no_sandbox"]:
            address = {"address": f"{_sandbox_url(options)}/"}
            lines.append("  " + _("Citizens’ networks (sandbox): %(address)s") % address)
        lines.append("  " + _("Logs: %(folder)s") % {"folder": settings.VAR_DIR / "log"})
        logins = settings.VAR_DIR / "demo-logins.txt"
        if logins.is_file():
            lines += ["", *logins.read_text(encoding="utf-8").splitlines()]
        lines += ["", _("Ctrl+C stops everything."), ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _report_death(self, child: Child, code: int, pause: float) -> None:
        text = _("%(name)s ended (%(code)s); it starts again in %(pause).1f s. Log: %(log)s")
        self.stderr.write(text % {"name": child.name, "code": code, "pause": pause, "log": child.log})


def _refuse_taken_ports(options: dict[str, Any]) -> None:
    wanted = {"PORT": options["port"]}
    if not options["no_sandbox"]:
        wanted["SANDBOX_PORT"] = options["sandbox_port"]
    for name, port in wanted.items():
        if not port_is_free(options["host"], port):
            # Both languages: nobody has chosen one yet.
            message = f"포트 {port}을(를) 다른 프로그램이 쓰고 있습니다. 예: make run {name}={port + 10}\n"
            message += f"Port {port} is taken by another program. Try: make run {name}={port + 10}"
            raise CommandError(message)


def _sandbox_url(options: dict[str, Any]) -> str:
    return f"http://{options['host']}:{options['sandbox_port']}"


def _environment(options: dict[str, Any]) -> dict[str, str]:
    """What every child gets: this environment, and the addresses and pace of the embedded desk unless set already."""
    address = f"{options['host']}:{options['port']}"
    defaults = {"DESK_PUBLIC_URL": f"http://{address}", "DESK_POLL_SECONDS": POLL_SECONDS, "PYTHONUNBUFFERED": "1"}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REDIS_URL")}
    return {**defaults, **inherited, "DESK_BIND": address, "DESK_SANDBOX_URL": _sandbox_url(options)}


def _child(name: str, environment: dict[str, str], *arguments: str) -> Child:
    log = settings.VAR_DIR / "log" / f"{name}.log"
    return Child(name, [sys.executable, *arguments], environment, Path(settings.BASE_DIR), log)


def _sandbox(options: dict[str, Any], environment: dict[str, str]) -> Child:
    where = ["--host", options["host"], "--port", str(options["sandbox_port"])]
    data = str(settings.VAR_DIR / "sandbox")
    return _child("sandbox", environment, "-m", "channels_sns.sandbox", *where, "--data", data)


def _web(environment: dict[str, str]) -> Child:
    configuration = "python:busan_sns.gunicorn_conf"
    return _child("web", environment, "-m", "gunicorn", "-c", configuration, "busan_sns.wsgi:application")


def _worker(environment: dict[str, str]) -> Child:
    """One process holds the broker, the clock and four hands."""
    pool = ["--pool", "threads", "--concurrency", "4", "--queues", "desk,poll,deliver"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
    return _child("worker", environment, "-m", "celery", "-A", "busan_sns", "worker", *pool, *quiet)


def _wants_demo(options: dict[str, Any]) -> bool:
    """Demo people and complaints only enter a desk that nobody has used yet, and live on the sandbox's networks."""
    return not (options["no_demo"] or options["no_sandbox"] or get_user_model().objects.exists())


def _seed(sandbox_url: str, desk_url: str) -> None:
    call_command(
        "demo", sandbox=sandbox_url, desk=desk_url, stdout=io.StringIO()
    )  # its log-ins are part of the welcome


def _await(supervisor: Supervisor, awaited: dict[str, Child]) -> None:
    """Until every address answers, or somebody wants to stop; a child that ends before that cannot start at all."""
    deadline = time.monotonic() + START_SECONDS
    for address, child in awaited.items():
        while not (supervisor.stopping or _answers(address)):
            if not child.alive or time.monotonic() > deadline:
                raise CommandError(_("%(name)s did not start. Log: %(log)s") % {"name": child.name, "log": child.log})
            time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own http address
            return True
    except (urllib.error.URLError, OSError):
        return False
