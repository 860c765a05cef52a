"""Named points at which a test may kill the process (DESK_CRASH_AT), to prove that no crash loses or doubles anything."""

from __future__ import annotations

import os
import signal

from django.conf import settings


def crash_point(name: str) -> None:
    """Die like power off if DESK_CRASH_AT names this point; otherwise nothing."""
    if settings.CRASH_AT and settings.CRASH_AT == name:
        os.kill(os.getpid(), signal.SIGKILL)
