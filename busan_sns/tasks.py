"""The roof's own task: the pulse that shows that clock, broker and a worker work together."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from channels_sns import pulse


@shared_task
def tick() -> None:
    """Note the time; /readyz turns red when this stops."""
    pulse.note("clock", now=timezone.now())
