"""Where a request came from: the one answer for the lock-out and for the access record."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address, as the outermost of our own proxies saw it.

    Each of the `DESK_PROXY_COUNT` proxies adds at the end of X-Forwarded-For whom it talked to. What stands before
    those entries the visitor wrote, so it is not believed; whoever came past the proxies is known by the connection.
    """
    passed, proxies = request.headers.get("X-Forwarded-For", "").split(","), int(settings.PROXY_COUNT)
    seen = _plain(passed[-proxies]) if 0 < proxies <= len(passed) else None
    return seen or _plain(request.META.get("REMOTE_ADDR", ""))


def _plain(entry: str) -> str | None:
    """“203.0.113.9”, “203.0.113.9:4711”, “[2001:db8::1]:4711” as an address; None if it is none."""
    bare = entry.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ip_address(bare))
    except ValueError:
        return None
