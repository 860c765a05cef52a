"""Ids are opaque strings: base 32 as in ULIDs, in the server's order, and no number at all."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WIDTH = 13


def _spelled(number: int) -> str:
    digits = ""
    for _ in range(WIDTH):
        number, rest = divmod(number, 32)
        digits = ALPHABET[rest] + digits
    return digits


def status_id(number: int) -> str:
    return f"01ST{_spelled(number)}"


def notification_id(number: int) -> str:
    return f"01NT{_spelled(number)}"


def account_id(number: int) -> str:
    return f"01AC{_spelled(number)}"


def media_id(number: int) -> str:
    return f"01MD{_spelled(number)}"


def number_of(text: str) -> int | None:
    """The number inside an id that we gave; None for anything else."""
    digits = text[4:]
    if len(digits) != WIDTH or set(digits) - set(ALPHABET):
        return None
    number = 0
    for digit in digits:
        number = number * 32 + ALPHABET.index(digit)
    return number
