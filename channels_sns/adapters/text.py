"""Texts as the networks see them: measured as they count, split as people read, HTML made plain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from html.parser import HTMLParser

import regex

Measure = Callable[[str], int]

_BREAKS = ("\n\n", "\n", ". ", "? ", "! ", "다. ", " ")
_BLOCKS = {"p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}


class TooLong(ValueError):
    """The text does not fit, however it is split."""


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=64)
def weighted_length(text: str) -> int:
    """Length as X counts it: Hangul and emoji 2, Latin 1, any URL 23; 280 is the limit (twitter-text, config v3).

    One page asks for the same text several times, and a long one takes a second.
    """
    from twitter_text import parse_tweet  # its patterns take half a second to compile: only who counts waits for them

    return int(parse_tweet(nfc(text)).weightedLength) if text else 0


def graphemes(text: str) -> list[str]:
    """`text` cut where a reader sees the end of a character."""
    return regex.findall(r"\X", text)


def split_numbered(
    text: str, *, limit: int, measure: Measure, frame: Callable[[str, int, int], str], most: int = 99
) -> list[str]:
    """`text` as one post, or as at most `most` (≤ 99) numbered parts that each fit `limit` with what `frame` adds.

    frame(body, n, of) makes the whole post of one body: mention, number, receipt tag; how long it is depends on the
    digits of its numbers only. Raises TooLong if the parts are too many or not even one character fits.
    """
    whole = frame(text, 1, 1)
    if measure(whole) <= limit:
        return [whole]
    for widest in (9, 99):
        bodies = _cut(text, min(widest, most), lambda body, n, of=widest: measure(frame(body, n, of)) <= limit)  # type: ignore[misc]
        if bodies is not None:
            return [frame(body, n, len(bodies)) for n, body in enumerate(bodies, start=1)]
    raise TooLong


def _cut(text: str, most: int, fits: Callable[[str, int], bool]) -> list[str] | None:
    """At most `most` bodies that fit, or None."""
    bodies: list[str] = []
    rest = graphemes(text.strip())
    while rest and len(bodies) < most:
        body = _longest(rest, lambda body: fits(body, len(bodies) + 1))
        if not body:
            raise TooLong
        bodies.append("".join(rest[:body]).strip())
        rest = rest[body:]
        while rest and rest[0].isspace():
            rest = rest[1:]
    return bodies if not rest else None


def _longest(pieces: list[str], fits: Callable[[str], bool]) -> int:
    """How many of `pieces` fit, cut back to the end of a paragraph, sentence or word where there is one.

    A measure costs time in the length of its text: the first guess is short and doubled while it fits.
    """
    low, high = 0, min(64, len(pieces))
    while high < len(pieces) and fits("".join(pieces[:high])):
        low, high = high, min(2 * high, len(pieces))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits("".join(pieces[:middle])) else (low, middle - 1)
    return low if low == len(pieces) else _cut_back(pieces[:low])


def _cut_back(pieces: list[str]) -> int:
    head = "".join(pieces)
    for mark in _BREAKS:
        place = head.rfind(mark)
        if place >= len(head) // 3:
            return len(graphemes(head[: place + len(mark)]))
    return len(pieces)


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain_text(html: str) -> str:
    """The words of an HTML body: br and paragraph ends become line breaks, entities are read once, tags vanish."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()
