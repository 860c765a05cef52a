"""The desk's web application as journeys start it: one process serves many tests, each on a database of its own.

What a page remembers for a minute (names of departments) would be another test's: nothing is remembered here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache

from busan_sns.wsgi import application as desk


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    cache.clear()
    return desk(environ, start_response)
