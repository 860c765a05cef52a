"""What every process loads when it starts: nothing slow that most of them never use."""

from __future__ import annotations

import os
import subprocess
import sys

#: Half a second of patterns, for whoever counts a post as X does.
LATER = ("twitter_text",)
START = "import sys, django; django.setup(); import busan_sns.urls, complaints.tasks; print(*sys.modules)"


def test_nothing_slow_is_loaded_before_it_is_used() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    started = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, check=True, text=True, timeout=60
    )
    loaded = started.stdout.split()
    assert "complaints.tasks" in loaded
    assert not {*LATER} & {*loaded}
