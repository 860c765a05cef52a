"""The container's health check: does this machine's own web process answer /healthz? Exit code 0 or 1.

Needs neither Django nor settings. The Host header is the first of DESK_ALLOWED_HOSTS, because Django refuses others.
"""

from __future__ import annotations

import http.client
import os
import sys


def alive(bind: str, hosts: str) -> bool:
    """`bind`: host:port the server listens on; `hosts`: allowed names, comma separated."""
    port = int(bind.rpartition(":")[2])
    name = hosts.split(",", maxsplit=1)[0].strip().lstrip(".") or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    healthy = alive(os.environ.get("DESK_BIND", "127.0.0.1:8400"), os.environ.get("DESK_ALLOWED_HOSTS", ""))
    sys.exit(0 if healthy else 1)
