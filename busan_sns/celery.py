"""The Celery app and THE CLOCK: one table of every periodic task.

A message only says "look at the database again": the broker may lose it or bring it twice. Production: Redis, workers
and one beat. Without REDIS_URL: the broker is the worker's own memory, and the clock is a thread of that one process.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.signals import setup_logging, worker_ready, worker_shutdown
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "busan_sns.settings")

HARD_LIMIT_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Tick:
    """A periodic task, its queue, and its period in seconds: with Redis, and in the embedded desk."""

    task: str
    queue: str
    every: float
    embedded: float

    def period(self, *, embedded: bool) -> float:
        return self.embedded if embedded else self.every


#: THE CLOCK. A tick that nobody took within its period expires: the next one does the same work.
CLOCK = (
    Tick("busan_sns.tasks.tick", "desk", every=10, embedded=5),
    Tick("complaints.tasks.sweep", "desk", every=5, embedded=0.5),
    Tick("complaints.tasks.watch", "desk", every=5, embedded=1),
    Tick("complaints.tasks.recheck", "poll", every=600, embedded=120),
    Tick("complaints.tasks.check_tokens", "poll", every=3600, embedded=3600),
    Tick("complaints.tasks.recount", "poll", every=60, embedded=10),
    Tick("complaints.tasks.take_back_idle", "desk", every=60, embedded=10),
    Tick("complaints.tasks.find_surges", "poll", every=60, embedded=30),
    Tick("complaints.tasks.count_results", "poll", every=600, embedded=60),
    Tick("complaints.tasks.plan", "desk", every=600, embedded=60),
    Tick("complaints.tasks.learn", "poll", every=3600, embedded=3600),
    Tick("complaints.tasks.catch_up_search", "poll", every=600, embedded=60),
    Tick("complaints.tasks.tidy_photos", "poll", every=3600, embedded=3600),
    Tick("complaints.tasks.pack_spans", "poll", every=600, embedded=60),
    Tick("complaints.tasks.mail_reports", "poll", every=60, embedded=10),
)

ROUTES = {
    "complaints.tasks.collect": {"queue": "poll"},
    "complaints.tasks.recheck": {"queue": "poll"},
    "complaints.tasks.check_tokens": {"queue": "poll"},
    "complaints.tasks.recount": {"queue": "poll"},
    "complaints.tasks.count_results": {"queue": "poll"},
    "complaints.tasks.find_surges": {"queue": "poll"},
    "complaints.tasks.learn": {"queue": "poll"},
    "complaints.tasks.catch_up_search": {"queue": "poll"},
    "complaints.tasks.tidy_photos": {"queue": "poll"},
    "complaints.tasks.pack_spans": {"queue": "poll"},
    "complaints.tasks.mail_reports": {"queue": "poll"},
    "complaints.tasks.deliver": {"queue": "deliver"},
    "complaints.tasks.send_alerts": {"queue": "deliver"},
    "complaints.tasks.tell": {"queue": "deliver"},
    "*": {"queue": "desk"},
}


def schedule(*, embedded: bool) -> dict[str, dict[str, Any]]:
    """The clock as Celery's beat wants it."""
    return {
        tick.task: {
            "task": tick.task,
            "schedule": tick.period(embedded=embedded),
            "options": {"queue": tick.queue, "expires": max(1.0, tick.period(embedded=embedded))},
        }
        for tick in CLOCK
    }


def configuration(redis_url: str) -> dict[str, Any]:
    """Celery's settings. Why each: docs/operations.md, section Celery."""
    return {
        "broker_url": redis_url or "memory://",
        "broker_transport_options": _redis_options() if redis_url else {"polling_interval": 0.05},
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "beat_schedule": schedule(embedded=not redis_url),
        "beat_scheduler": "celery.beat:Scheduler",
        "beat_max_loop_interval": 5 if redis_url else 0.5,
        "task_routes": ROUTES,
        "task_default_queue": "desk",
        "task_create_missing_queues": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": False,
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_time_limit": HARD_LIMIT_SECONDS,
        "task_soft_time_limit": HARD_LIMIT_SECONDS - 30,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 5000,
        "worker_soft_shutdown_timeout": 20.0,
        "worker_enable_remote_control": bool(redis_url),
        "worker_send_task_events": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "timezone": "Asia/Seoul",
        "enable_utc": True,
    }


def _redis_options() -> dict[str, Any]:
    """A silent Redis costs seconds, not for ever; what a dead worker held comes back soon after its time-out."""
    return {
        "visibility_timeout": 4 * HARD_LIMIT_SECONDS,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
    }


app = Celery("busan_sns")
app.config_from_object(configuration(settings.REDIS_URL))
app.autodiscover_tasks(["busan_sns", "channels_sns", "complaints"])

_beat: list[Any] = []


@setup_logging.connect
def _keep_our_logging(**kwargs: Any) -> None:
    """Django's LOGGING holds, with its redaction; Celery must not put its own handlers in front."""


def embedded_clock() -> Any:
    """The clock as a thread, not started. It keeps no file; Celery's own default would, in the working directory."""
    return EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)


@worker_ready.connect
def start_embedded_clock(**kwargs: Any) -> None:
    """The embedded worker carries the clock in a thread: another process could not reach its memory."""
    if settings.REDIS_URL:
        return
    _beat.append(embedded_clock())
    _beat[0].start()


@worker_shutdown.connect
def stop_embedded_clock(**kwargs: Any) -> None:
    while _beat:
        _beat.pop().stop()
