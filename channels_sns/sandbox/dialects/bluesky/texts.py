"""How long a text is, and which bytes of it are a mention, a link or a tag."""

from __future__ import annotations

import re
from typing import Any

import regex

from channels_sns.sandbox.dialects.bluesky import ids

GRAPHEMES, BYTES = 300, 3000
MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)+)")
LINK = re.compile(r"https?://[^\s<>\"']+")
TAG = re.compile(r"(?<![\w&/])#(\w*[^\W\d]\w*)")
GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> int:
    return len(GRAPHEME.findall(text))


def handles_in(text: str) -> list[str]:
    return [match[1].lower() for match in MENTION.finditer(text)]


def facets(text: str) -> list[dict[str, Any]]:
    """As the network's own app finds them; positions count bytes."""
    found = [
        *(_facet(text, match, {"mention": {"did": ids.did_of(match[1].lower())}}) for match in MENTION.finditer(text)),
        *(_facet(text, match, {"link": {"uri": match[0]}}) for match in LINK.finditer(text)),
        *(_facet(text, match, {"tag": {"tag": match[1]}}) for match in TAG.finditer(text)),
    ]
    return sorted(found, key=lambda facet: int(facet["index"]["byteStart"]))


def _facet(text: str, match: re.Match[str], feature: dict[str, dict[str, str]]) -> dict[str, Any]:
    start = len(text[: match.start()].encode())
    ((name, values),) = feature.items()
    index = {"byteStart": start, "byteEnd": start + len(match[0].encode())}
    return {"index": index, "features": [{"$type": f"app.bsky.richtext.facet#{name}", **values}]}


def mentioned(facets: list[dict[str, Any]]) -> set[str]:
    """The DIDs that the facets mention."""
    features = [feature for facet in facets for feature in facet.get("features", [])]
    return {str(feature["did"]) for feature in features if str(feature.get("$type")).endswith("#mention")}
