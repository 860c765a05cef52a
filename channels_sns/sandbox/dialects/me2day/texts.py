"""A body as it is typed, as me2day serves it in HTML, and as plain text.

A link is typed "글자":http://address. Naming a person is typed @id in the sandbox; me2day serves the nickname with a
link to that person's page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.utils.html import escape

ADDRESS = r"https?://[^\s<>\"']+"
MARKED = re.compile(rf'"(?P<words>[^"\n]+)":(?P<to>{ADDRESS})|(?P<bare>{ADDRESS})|(?<![\w@])@(?P<person>[a-z0-9_]+)')
LONGEST = 150


def named(text: str) -> list[str]:
    """The ids that `text` names."""
    return [match["person"] for match in MARKED.finditer(text) if match["person"]]


def plain(text: str, nicknames: Mapping[str, str]) -> str:
    """textBody."""
    return MARKED.sub(lambda match: _words(match, nicknames), text)


def _words(match: re.Match[str], nicknames: Mapping[str, str]) -> str:
    if person := match["person"]:
        return nicknames.get(person, match[0])
    return str(match["words"] or match["bare"])


def length(text: str) -> int:
    """What counts is what is left of the links' mark-up."""
    return len(plain(text, {}))


def html(text: str, nicknames: Mapping[str, str], *, home: Callable[[str], str], entities: bool = False) -> str:
    """body. Addresses stand in single quotes and with their & as it is. `entities`: letters as numbers, as of old."""
    pieces, end = list[str](), 0
    for match in MARKED.finditer(text):
        pieces.append(_escaped(text[end : match.start()], entities))
        target = home(match["person"]) if match["person"] in nicknames else match["to"] or match["bare"]
        words = _escaped(_words(match, nicknames), entities)
        pieces.append(f"<a href='{target}'>{words}</a>" if target else words)
        end = match.end()
    return "".join([*pieces, _escaped(text[end:], entities)])


def _escaped(text: str, entities: bool) -> str:
    safe = escape(text).replace("&quot;", '"').replace("&#x27;", "'")
    return "".join(f"&#{ord(letter)};" if entities and ord(letter) > 127 else letter for letter in safe)
