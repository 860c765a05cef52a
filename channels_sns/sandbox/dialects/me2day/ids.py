"""me2day's ids: p51__u9-ketgy for a post, c6x8lvj-51__u9-ketgy for a comment below it."""

from __future__ import annotations

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz_"
HEAD = 6


def _spelled(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, len(DIGITS))
        digits = DIGITS[rest] + digits
    return digits.rjust(HEAD + 1, "0")


def post_id(number: int) -> str:
    digits = _spelled(number)
    return f"p{digits[-HEAD:]}-{digits[:-HEAD]}"


def comment_id(number: int, post: str) -> str:
    return f"c{_spelled(number)}-{post.removeprefix('p')}"


def photo_id(number: int) -> str:
    return f"phinf{_spelled(number)}"
