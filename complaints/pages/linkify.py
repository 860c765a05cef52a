"""A citizen's text as pieces, addresses apart: the template escapes each piece, nothing is ever marked safe (R20)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]\x00-\x20\x7f「」『』（）“”‘’…]{1,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?)。，、·~"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain text, or with `href` a link that may be followed."""

    text: str
    href: str = ""


def pieces(text: str) -> list[Piece]:
    """`text` cut at its http and https addresses; joined again, it is the same text (long addresses shortened)."""
    found: list[Piece] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_TRAILING)
        href = safe_url(address)
        if not href:
            continue
        if match.start() > end:
            found.append(Piece(text[end : match.start()]))
        found.append(Piece(_short(address), href))
        end = match.start() + len(address)
    if end < len(text):
        found.append(Piece(text[end:]))
    return found


def _short(address: str) -> str:
    return address if len(address) <= _SHOWN else f"{address[: _SHOWN - 1]}…"


def safe_url(url: str) -> str:
    """`url` if it is a plain http or https address with a host and without a user name, else ""."""
    if not url or len(url) > 2000 or "\\" in url or any(_invisible(sign) for sign in url):
        return ""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and host and "@" not in parts.netloc
    return url if good else ""


def _invisible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
