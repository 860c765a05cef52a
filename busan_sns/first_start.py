"""What the embedded desk needs before its first start: secrets of its own, free ports."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

from cryptography.fernet import Fernet


def ensure_secrets(path: Path) -> bool:
    """Write SECRET_KEY and DESK_FIELD_KEYS to `path` (mode 0600) unless it exists; was it written now?

    The keys are never replaced: the accounts' tokens are sealed with them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\nDESK_FIELD_KEYS={Fernet.generate_key().decode()}\n")
    return True


def port_is_free(host: str, port: int) -> bool:
    """May a server be started there now?"""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
