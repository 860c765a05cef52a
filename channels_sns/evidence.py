"""How a post is kept: readable text that breaks no page, what was served as evidence, no resident number in either.

Text is NFC, without NUL and other controls, without lone surrogates. Resident registration numbers are masked before
the first write: the desk has no ground to hold them (개인정보 보호법 제24조의2; 민원 처리에 관한 법률 시행령 제52조).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

TEXT_MAX = 100_000
RAW_MAX = 1_000_000
#: No network of ours is older; a time outside this window is the network's mistake.
OLDEST = datetime(2006, 1, 1, tzinfo=UTC)

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
#: One code point in, one out, so that a match in the folded text masks the same place of the original.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－ㅡ·.~∼〜～_/"), "-")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
#: YYMMDD, a separator or none, then 1–8 and six more digits. No checksum: since 2020-10 the digits are random.
RESIDENT = re.compile(
    r"(?<![0-9])([0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))([\s-]{0,3})([1-8][0-9]{6})(?![0-9])"
)


def clean_text(text: str) -> str:
    """`text` as it may be stored and shown: NFC, no controls but line break and tab, surrogates as U+FFFD, ≤ 100 k."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return mask_resident_numbers(unicodedata.normalize("NFC", text[:TEXT_MAX])).strip()


def clean_name(name: str, limit: int) -> str:
    """A display name on one line: no controls or format characters (bidi, zero-width), at most two marks a letter."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", name[: limit * 8])):
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"} or marks > 2 or char in "\u3164\u115f\u1160\uffa0":
            continue
        kept.append(char)
    return " ".join("".join(kept).split())[:limit]


def mask_resident_numbers(text: str) -> str:
    """`text` with the last seven digits of every resident registration number starred, however it is typed."""
    folded, places = fold(text)
    hidden = {place for match in RESIDENT.finditer(folded) for place in places[match.start(3) : match.end(3)]}
    if not hidden:
        return text
    return "".join("*" if index in hidden else char for index, char in enumerate(text))


def mask_bytes(raw: bytes) -> bytes:
    """The same for bytes as served; what is no UTF-8 text holds no number that anybody could read.

    Of JSON only what its texts say is looked at, however they are escaped: a time or an id stays what it is.
    """
    try:
        text = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw
    try:
        value = json.loads(text)
        masked = _with_texts(value, mask_resident_numbers)
    except (ValueError, RecursionError):
        return mask_resident_numbers(text).encode("utf-8", "surrogatepass")
    return raw if masked == value else json.dumps(masked, ensure_ascii=False).encode("utf-8", "surrogatepass")


def fold(text: str) -> tuple[str, list[int]]:
    """A search copy with plain digits and dashes and nothing invisible, and where each of its characters came from."""
    chars: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        if char in _INVISIBLE:
            continue
        digit = unicodedata.digit(char, None)
        chars.append(str(digit) if digit is not None else _DASHES.get(ord(char), char))
        places.append(index)
    return "".join(chars), places


def clean_raw(raw: str) -> tuple[str, str]:
    """The evidence of a post: (JSON text to store, SHA-256 of what was served). Unreadable JSON is kept as text."""
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        tidy = json.dumps(_with_texts(json.loads(raw), _cleaned), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        tidy = clean_text(raw)
    return tidy[:RAW_MAX], digest


def _cleaned(text: str) -> str:
    """NUL and surrogates would not fit PostgreSQL."""
    return mask_resident_numbers(_SURROGATES.sub("\ufffd", text.replace("\x00", "\ufffd")))


def _with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with every text in it, the names too, as `change` makes it."""
    match value:
        case str():
            return change(value)
        case list():
            return [_with_texts(item, change) for item in value]
        case dict():
            return {change(key): _with_texts(item, change) for key, item in value.items()}
        case _:
            return value


def believable_time(posted_at: datetime, *, now: datetime) -> tuple[datetime, bool]:
    """(time to store, doubtful): a time before 2006 or more than a day ahead is replaced by `now` and marked."""
    if OLDEST <= posted_at <= now + timedelta(days=1):
        return posted_at, False
    return now, True
