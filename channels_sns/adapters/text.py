"""Texts as the networks see them: measured as they count, split as people read, HTML made plain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

import regex
from twitter_text import parse_tweet

Measure = Callable[[str], int]

_BREAKS = ("\n\n", "\n", ". ", "? ", "! ", "다. ", " ")
_BLOCKS = {"p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}


class TooLong(ValueError):
    """The text does not fit, however it is split."""


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def weighted_length(text: str) -> int:
    """Length as X counts it: Hangul and emoji 2, Latin 1, any URL 23; 280 is the limit (twitter-text, config v3)."""
    return int(parse_tweet(nfc(text)).weightedLength) if text else 0


def graphemes(text: str) -> list[str]:
    """`text` cut where a reader sees the end of a character."""
    return regex.findall(r"\X", text)


def split_numbered(text: str, *, limit: int, measure: Measure, frame: Callable[[str, int, int], str]) -> list[str]:
    """`text` as one post, or as numbered parts that each fit `limit` together with what `frame` adds.

    frame(body, n, of) makes the whole post of one body: mention, number, receipt tag. Raises TooLong if not even one
    character fits beside them.
    """
    whole = frame(text, 1, 1)
    if measure(whole) <= limit:
        return [whole]
    for of in range(2, 100):
        bodies = _cut(text, of, lambda body, n, of=of: measure(frame(body, n, of)) <= limit)  # type: ignore[misc]
        if bodies is not None:
            return [frame(body, n, len(bodies)) for n, body in enumerate(bodies, start=1)]
    raise TooLong


def _cut(text: str, of: int, fits: Callable[[str, int], bool]) -> list[str] | None:
    """At most `of` bodies that fit, or None."""
    bodies: list[str] = []
    rest = text.strip()
    while rest and len(bodies) < of:
        body = _longest(rest, lambda body: fits(body, len(bodies) + 1))
        if not body:
            raise TooLong
        bodies.append(body.strip())
        rest = rest[len(body) :].lstrip()
    return bodies if not rest else None


def _longest(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning that fits, cut back to the end of a paragraph, sentence or word where there is one."""
    pieces = graphemes(text)
    low, high = 0, len(pieces)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits("".join(pieces[:middle])) else (low, middle - 1)
    head = "".join(pieces[:low])
    if low == len(pieces):
        return head
    for mark in _BREAKS:
        place = head.rfind(mark)
        if place >= len(head) // 3:
            return head[: place + len(mark)]
    return head


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
