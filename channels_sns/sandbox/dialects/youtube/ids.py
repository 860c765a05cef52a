"""Ids as YouTube spells them: opaque, in no order. A reply's id holds its thread's."""

from __future__ import annotations

import base64
import hashlib

TAIL = "4AaABAg"


def _spelled(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(8)).decode().rstrip("=")


def _mixed(number: int, length: int) -> str:
    """The number, behind letters that keep ids from standing in the order of time."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return digest[: length - 11] + _spelled(number)


def thread_id(number: int) -> str:
    return f"Ug{_mixed(number, 17)}{TAIL}"


def reply_id(thread: str, number: int) -> str:
    return f"{thread}.{_mixed(number, 22)}"


def channel_id(number: int) -> str:
    return f"UC{_mixed(number, 22)}"


def page_token(number: int) -> str:
    """Where the next page goes on: below this number."""
    return base64.urlsafe_b64encode(f"below:{number}".encode()).decode()


def number_in(token: str) -> int | None:
    """The number in a page token that we gave; None for anything else."""
    try:
        name, _, digits = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
    except ValueError:
        return None
    return int(digits) if name == "below" and digits.isascii() and digits.isdigit() else None
