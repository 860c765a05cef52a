"""Values from the environment. A secret may come from a file: NAME_FILE=/run/secrets/name wins over NAME."""

from __future__ import annotations

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def secret(name: str, default: str = "") -> str:
    """The secret NAME, or the content of the file named by NAME_FILE, without its last line break."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path}: {error}") from error
    return os.environ.get(name, default)


def choice(name: str, default: str, *others: str) -> str:
    """One of a few words. Raises ImproperlyConfigured for another one."""
    value = env.str(name, default)
    if value not in (default, *others):
        raise ImproperlyConfigured(f"{name}={value}: one of {', '.join((default, *others))} is needed")
    return str(value)


def positive(name: str, default: int) -> int:
    """A whole number of at least one. Raises ImproperlyConfigured for another one."""
    value = env.int(name, default)
    if value < 1:
        raise ImproperlyConfigured(f"{name}={value}: at least 1 is needed")
    return int(value)


def read_embedded_secrets(path: Path) -> None:
    """Take over NAME=value lines that the embedded desk wrote on its first start; the environment wins over them."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            if value and f"{name}_FILE" not in os.environ:
                os.environ.setdefault(name, value)
